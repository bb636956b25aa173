"""A visitor without a browser: speaks to the server what Streamlit's page in a browser speaks.

The page is a websocket of protobuf messages. The visitor sends the state of its widgets and asks for a run of the
script; the server answers with the elements that changed and `script_finished`. Photos go by HTTP to an address that
is asked for on the websocket. A connection that drops is taken up again under the same session; where the server knows
that one no more, the photo is handed in anew, as the page's own script does it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.load.keeper import Keeper

LIMIT = 300
"""Seconds after which an answer is taken to be lost."""

PATIENCE = 30
"""Seconds in which a dropped connection is taken up again, or the server is gone."""

THROTTLE = 0.07
"""Seconds between two states of a drag, as the live figures send them."""

XSRF = "_streamlit_xsrf"

_REFERS = re.compile(r'(?:src|href)="\./((?:static/|favicon)[^"]+)"')


class VisitError(RuntimeError):
    """What the visitor saw was an error, or nothing at all."""


class Visitor:
    """One tab: `async with Visitor(url) as visitor`, then `open` a page and act on it.

    elements: what the page shows, by its place. told: errors that the page showed. reconnects: connections that
    dropped and were taken up again; renewed: those of them to which the server gave a new, empty session. repeated:
    uploads that had to be sent again. received: bytes of the websocket. keeper: of the photo that was given last.
    """

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self.http = requests.Session()
        self._hand = ThreadPoolExecutor(1)  # a session of requests serves one thread
        self.elements: dict[tuple[int, ...], tuple[Element, str, str]] = {}  # place -> element, fragment, run
        self.told: list[str] = []
        self.reconnects = self.renewed = self.repeated = self.received = 0
        self._socket: ClientConnection | None = None
        self._tasks: set[asyncio.Task] = set()
        self._awaited: list[tuple[Callable[[ForwardMsg], bool], asyncio.Future[float]]] = []
        self._states: dict[str, WidgetState] = {}
        self._cached: dict[str, tuple[Element, int]] = {}  # hash -> element, number of the run that last used it
        self._pages: dict[str, str] = {}  # name -> hash
        self._media: set[str] = set()
        self._query = self._page = self._name = self._run = self.session = ""
        self._runs, self._age, self._timers = 0, 0, {}
        self._numbers = itertools.count()
        self.keeper = Keeper(self)

    # Coming and going

    async def __aenter__(self) -> Visitor:
        await self.get("/_stcore/health")  # brings the cookie that uploads must show
        await self.get("/_stcore/host-config")
        self._socket = await self._connect()
        self._begin(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()
        self.http.close()
        self._hand.shutdown(wait=False)

    async def _connect(self) -> ClientConnection:
        cookies = self.http.cookies.get_dict()
        spoken = ["streamlit", *filter(None, [cookies.get(XSRF), self.session])]
        socket = await connect(
            "ws" + self.url.removeprefix("http") + "/_stcore/stream",
            subprotocols=spoken,
            origin=self.url,
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
            compression=None,
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
            close_timeout=1,
        )
        for header in socket.response.headers.get_all("Set-Cookie"):  # a proxy says which process it has become
            name, value = header.partition(";")[0].split("=", 1)
            self.http.cookies.set(name, value, domain=urlsplit(self.url).hostname, path="/")
        return socket

    def _begin(self, work) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def read_slowly(self, pause: float = 1.0, glimpse: float = 0.02) -> None:
        """From now on read for ``glimpse`` seconds, then not for ``pause``: a line far too thin for this page."""

        async def trickle() -> None:
            while True:
                self._socket.transport.pause_reading()
                await asyncio.sleep(pause)
                self._socket.transport.resume_reading()
                await asyncio.sleep(glimpse)

        self._begin(trickle())

    # HTTP

    async def _off(self, work: Callable, *arguments, **named):
        """``work`` on the visitor's own thread, so that a slow answer holds up nobody else."""
        return await asyncio.get_running_loop().run_in_executor(self._hand, partial(work, *arguments, **named))

    async def get(self, path: str) -> None:
        """Fetch what is at an address of the server, and leave it compressed: nobody here draws it."""
        reply = await self._off(self.http.get, urljoin(self.url + "/", path.lstrip("/")), stream=True, timeout=LIMIT)
        with reply:
            reply.raise_for_status()
            await self._off(reply.raw.read)

    async def text(self, path: str = "") -> str:
        """What the server answers at an address, as text."""
        reply = await self._off(self.http.get, urljoin(self.url + "/", path.lstrip("/")), timeout=LIMIT)
        reply.raise_for_status()
        return reply.text

    async def load(self) -> None:
        """What a browser loads before it connects: the page's frame, and the scripts and styles that it names."""
        for path in _REFERS.findall(await self.text()):
            await self.get(path)

    async def media(self) -> None:
        """The files that the page has shown so far."""
        for path in self._media:
            await self.get(path)

    # Acting on the page

    async def open(self, page: str = "", **query: str) -> float:
        """Follow a link from outside; seconds until the page stands."""
        self._name, self._query = page, urlencode(query)
        return await self._ran()

    async def go(self, page: str) -> float:
        """Choose a page of the menu; seconds until it stands."""
        self._page, self._query, self._states = self._pages[page], "", {}
        return await self._ran()

    async def set(self, key: str, check: Callable[[], bool] | None = None, **value) -> float:
        """Set the widget `key`, such as `set("sigma", double_array_value=[2.5])`; seconds until the page follows.

        The page has followed at the end of the first run after which `check()` holds.
        """
        self._state(key, **value)
        return await self._ran(check, self._fragment(key))

    async def drag(self, key: str, changes: list[dict[str, float]]) -> float:
        """Move something on a live figure; seconds from the last of its states until the page has followed that far."""
        sent = [self.live(key)["state"] | change for change in changes]
        for state in sent[:-1]:
            await self._send_live(key, state)
            await asyncio.sleep(THROTTLE)

        def followed() -> bool:
            shown = self.live(key)["state"]
            return all(abs(shown[name] - value) < 1e-6 for name, value in sent[-1].items())

        return await self.set(key, followed, json_value=self._live_json(key, sent[-1]))

    async def _send_live(self, key: str, state: dict) -> None:
        self._state(key, json_value=self._live_json(key, state))
        await self.rerun(self._fragment(key))

    def _live_json(self, key: str, state: dict) -> str:
        return json.dumps({"state": {**state, "revealed": True, "epoch": self.live(key)["epoch"]}})

    async def upload(self, key: str, name: str, data: bytes, done: Callable[[], bool]) -> float:
        """Give a file to the uploader `key`; seconds from the choice until `done()` holds of what the page shows."""
        start, renewed = time.perf_counter(), self.renewed
        await self.keeper.hold(name, data)
        shown = self._heard(lambda _: done())
        for left in reversed(range(3)):
            try:
                await self.give(key, name, data)
                break
            except (requests.RequestException, VisitError):
                if self.renewed > renewed:
                    break  # the file is handed to the new session
                if not left:
                    raise
                self.repeated += 1
                await asyncio.sleep(1)
        return await self._within(shown, f"the overlay of {name}") - start

    async def put(self, name: str, data: bytes) -> FileURLs:
        """Send a file to the place the server names for it."""
        number = f"{self.session}-{next(self._numbers)}"
        asked, place = BackMsg(), FileURLs()
        asked.file_urls_request.request_id = number
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session

        def named(message: ForwardMsg) -> bool:
            if message.file_urls_response.response_id != number:
                return False
            place.CopyFrom(message.file_urls_response.file_urls[0])
            return True

        answer = self._heard(named)
        await self._send(asked)
        await self._within(answer, f"a place for {name}")
        reply = await self._off(
            self.http.put,
            urljoin(self.url + "/", place.upload_url.lstrip("/")),
            files={name: (name, data, "image/jpeg")},
            headers={"X-Xsrftoken": self.http.cookies.get(XSRF, ""), "Origin": self.url},
            timeout=LIMIT,
        )
        if reply.status_code != 204:
            raise VisitError(f"upload of {name}: {reply.status_code} {reply.text[:200]}")
        return place

    async def _choose(self, key: str, name: str, size: int, place: FileURLs) -> None:
        state = WidgetState(id=self.identity(key))
        state.file_uploader_state_value.uploaded_file_info.append(
            UploadedFileInfo(file_id=place.file_id, name=name, size=size, file_urls=place)
        )
        self._states[state.id] = state
        await self.rerun()

    async def give(self, key: str, name: str, data: bytes) -> None:
        """Give a file to the uploader `key` and wait for nothing but its arrival."""
        await self._choose(key, name, len(data), await self.put(name, data))

    async def hand_in(self, key: str, name: str, data: bytes) -> None:
        """Give a file until it has arrived, or the session that asks for it is gone."""
        session = self.session
        while session == self.session:
            with suppress(requests.RequestException, VisitError):
                return await self.give(key, name, data)
            await asyncio.sleep(0.3)

    # What the page shows

    def widget(self, key: str) -> tuple[object, str]:
        """(element, fragment it belongs to) of the widget with this key. Raises VisitError if the page has none."""
        for element, fragment, _ in self.elements.values():
            shown = getattr(element, element.WhichOneof("type") or "", None)
            if getattr(shown, "id", "").endswith(f"-{key}"):
                return shown, fragment
        raise VisitError(f"the page {self._name or 'Home'} shows no widget {key!r}")

    def identity(self, key: str) -> str:
        return self.widget(key)[0].id

    def _fragment(self, key: str) -> str:
        return self.widget(key)[1]

    def live(self, key: str) -> dict:
        """The data of a component."""
        return json.loads(self.widget(key)[0].json)

    # The protocol

    def tell(self, key: str, state: dict) -> None:
        """What the component `key` says from now on, with the next run."""
        self._state(key, json_value=json.dumps(state))

    def _state(self, key: str, **value) -> None:
        state = WidgetState(id=self.identity(key))
        for name, content in value.items():
            if isinstance(content, list):
                getattr(state, name).data.extend(content)
            else:
                setattr(state, name, content)
        self._states[state.id] = state

    async def rerun(self, fragment: str = "", timed: bool = False) -> None:
        """Ask for a run of the script, or of one fragment of it."""
        message = BackMsg()
        message.rerun_script.CopyFrom(
            ClientState(
                query_string=self._query,
                page_script_hash=self._page,
                page_name="" if self._page else self._name,
                fragment_id=fragment,
                is_auto_rerun=timed,
                cached_message_hashes=list(self._cached),
            )
        )
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        message.rerun_script.context_info.url = f"{self.url}/{self._name}"
        message.rerun_script.context_info.color_scheme = "light"
        await self._send(message)

    async def _send(self, message: BackMsg) -> None:
        """Send, or leave it to the run that follows a reconnection."""
        with suppress(ConnectionClosed):
            await self._socket.send(message.SerializeToString())

    async def _ran(self, check: Callable[[], bool] | None = None, fragment: str = "") -> float:
        """Ask for a run and wait for its end, or with a ``check`` for the first at which that holds; seconds it took.

        The end of a whole run is not sent on where a fragment's run follows at once: what is checked may then stand at
        the fragment's end.
        """
        ends = {ForwardMsg.FINISHED_SUCCESSFULLY}
        if fragment or check:
            ends.add(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)

        def ended(message: ForwardMsg) -> bool:
            over = message.WhichOneof("type") == "script_finished" and message.script_finished in ends
            return over and (check is None or check())

        start = time.perf_counter()
        heard = self._heard(ended)
        await self.rerun(fragment)
        return await self._within(heard, "the end of a run") - start

    def _heard(self, condition: Callable[[ForwardMsg], bool]) -> asyncio.Future[float]:
        """When the first message came that meets ``condition``, in seconds of perf_counter."""
        future = asyncio.get_running_loop().create_future()
        self._awaited.append((condition, future))
        return future

    async def _within(self, future: asyncio.Future[float], what: str) -> float:
        try:
            return await asyncio.wait_for(future, LIMIT)
        except TimeoutError:
            raise VisitError(f"{what} did not come within {LIMIT} s") from None
        finally:
            self._awaited = [entry for entry in self._awaited if entry[1] is not future]

    async def _listen(self) -> None:
        """Take every message; where the connection drops, take it up again."""
        try:
            while True:
                with suppress(ConnectionClosed):
                    async for data in self._socket:
                        self._take(data)
                await self._reconnect()
        except Exception as error:  # whoever waits must hear of it
            for _, future in self._awaited:
                if not future.done():
                    future.set_exception(VisitError(f"the connection is lost: {error!r}"))

    async def _reconnect(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._socket = await self._connect()
                break
            except (OSError, InvalidHandshake, TimeoutError):
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.5)
        self.reconnects += 1
        self.keeper.reconnected()
        await self.rerun()

    def _take(self, data: bytes) -> None:
        self.received += len(data)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        run = message.metadata.run
        if kind == "new_session":
            self._new_run(message)
        elif kind in ("delta", "ref_hash"):
            self._draw(message)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._sweep(run.script_run_id)
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
            self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._name = next(name for name, page in self._pages.items() if page == self._page)
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "page_config_changed":
            self._media.update(filter(None, [message.page_config_changed.favicon]))
        elif kind == "auto_rerun":
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._still(message.stop_auto_rerun.fragment_id)
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            self.told.append(message.session_event.script_compilation_exception.message)
        elif kind == "page_not_found":
            self.told.append(f"page not found: {message.page_not_found.page_name}")
        for condition, future in self._awaited:
            if not future.done() and condition(message):
                future.set_result(time.perf_counter())

    def _new_run(self, message: ForwardMsg) -> None:
        new = message.new_session
        self._run, self._runs = message.metadata.run.script_run_id, self._runs + 1
        if self.session not in ("", new.initialize.session_id):
            self.renewed += 1
        self.session = new.initialize.session_id
        if not message.metadata.run.fragment_ids:
            for fragment in list(self._timers):
                self._still(fragment)
        self._age = new.config.max_cached_message_age

    def _draw(self, message: ForwardMsg) -> None:
        place, fragment = tuple(message.metadata.delta_path), message.delta.fragment_id
        if message.WhichOneof("type") == "ref_hash":
            element = self._cached[message.ref_hash][0]
            self._cached[message.ref_hash] = element, self._runs
            fragment = self.elements[place][1] if place in self.elements else ""
        elif message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if message.metadata.cacheable:
                self._cached[message.hash] = element, self._runs
        else:
            return
        self.elements[place] = element, fragment, self._run
        if work := self.keeper.see(element):
            self._begin(work)
        if element.WhichOneof("type") == "exception":
            self.told.append(f"{element.exception.type}: {element.exception.message}")
        elif element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
            self.told.append(element.alert.body)
        elif element.WhichOneof("type") == "imgs":
            self._media.update(image.url for image in element.imgs.imgs if image.url.startswith("/media"))

    def _sweep(self, run: str) -> None:
        """At the end of a run what it did not draw is gone, and what no run has drawn for long is kept no more."""
        self.elements = {place: entry for place, entry in self.elements.items() if entry[2] == run}
        oldest = self._runs - self._age
        self._cached = {key: entry for key, entry in self._cached.items() if entry[1] >= oldest}

    def _repeat(self, fragment: str, seconds: float) -> None:
        """A fragment that the page asks to be run again and again."""

        async def again() -> None:
            while True:
                await asyncio.sleep(seconds)
                await self.rerun(fragment, timed=True)

        self._still(fragment)
        self._timers[fragment] = asyncio.ensure_future(again())
        self._tasks.add(self._timers[fragment])

    def _still(self, fragment: str) -> None:
        if timer := self._timers.pop(fragment, None):
            timer.cancel()
            self._tasks.discard(timer)
