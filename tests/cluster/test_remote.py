"""The client against a stand-in for the cluster that answers as it is told. Ray is not needed, nor imported."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dark_core.cluster import remote
from dark_core.cluster.remote import Remote, RemoteError, wait_until_ready
from dark_core.cluster.wire import MOST_CROPS, maps_shape, pack, unpack_crops

ROOT = Path(__file__).parents[2]
SHA = "ab" * 32


def brightness(crops: np.ndarray) -> np.ndarray:
    """Maps as bright as each crop's first value."""
    first = crops[:, 0, 0, 0].astype(np.float32)
    return np.broadcast_to(first[:, None, None, None], maps_shape(crops.shape)).copy()


@pytest.fixture
def stand_in() -> Iterator[SimpleNamespace]:
    """url; sha256 told; answer: from crops to (status, body); requests: what was asked; clients: connections made."""
    told = SimpleNamespace(sha256=SHA, answer=lambda crops: (200, pack(brightness(crops))), requests=[], clients=set())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.reply(200, json.dumps({"sha256": told.sha256}).encode())

        def do_POST(self):
            crops = unpack_crops(self.rfile.read(int(self.headers["Content-Length"])))
            self.reply(*told.answer(crops))

        def reply(self, status: int | None, body: bytes) -> None:
            told.requests.append((self.command, self.path))
            told.clients.add(self.client_address)
            if status is None:  # hangs up without a word
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            with suppress(OSError):  # who asked may have left
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(remote, "PAUSES", (0.0, 0.01, 0.01))


def test_the_client_needs_neither_ray_nor_the_network():
    code = "import sys, dark_core.cluster.remote; print(*{'ray', 'torch', 'cv2', 'streamlit'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr


def test_crops_come_back_as_heatmaps_over_one_connection(stand_in, crops):
    cluster = Remote(stand_in.url + "/", SHA)
    for _ in range(3):
        np.testing.assert_array_equal(cluster.forward(crops), brightness(crops))
    assert stand_in.requests == [("GET", "/about")] + 3 * [("POST", "/read")] and len(stand_in.clients) == 1
    assert cluster.device == f"cluster at {stand_in.url.removeprefix('http://')}"


def test_many_crops_go_in_several_requests(stand_in):
    crops = np.random.default_rng(0).integers(0, 256, (2 * MOST_CROPS + 1, 32, 32, 3), dtype=np.uint8)
    np.testing.assert_array_equal(Remote(stand_in.url, SHA).forward(crops), brightness(crops))
    assert stand_in.requests.count(("POST", "/read")) == 3


def test_threads_each_get_their_own_answer(stand_in):
    cluster, found = Remote(stand_in.url, SHA), {}

    def ask(value: int) -> None:
        for _ in range(10):
            found.setdefault(value, set()).add(float(cluster.forward(np.full((1, 32, 32, 3), value, np.uint8)).mean()))

    threads = [threading.Thread(target=ask, args=(value,)) for value in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {value: {float(value)} for value in range(8)}
    assert len(stand_in.clients) <= 8


def test_other_weights_are_refused_before_any_crop_is_sent(stand_in, crops):
    stand_in.sha256 = "cd" * 32
    with pytest.raises(RemoteError, match="has other weights"):
        Remote(stand_in.url, SHA).forward(crops)
    assert stand_in.requests == [("GET", "/about")]


@pytest.mark.parametrize("status", [404, 500, 503, None])
def test_what_passes_is_tried_again(stand_in, crops, status):
    sound, left = stand_in.answer, [status, status]
    stand_in.answer = lambda crops: (left.pop(), b"not now") if left else sound(crops)
    np.testing.assert_array_equal(Remote(stand_in.url, SHA).forward(crops), brightness(crops))


def test_a_cluster_that_comes_up_is_waited_for_and_one_that_does_not_is_told_of(stand_in):
    sound, left = stand_in.answer, 20 * [404]
    stand_in.answer = lambda crops: (left.pop(), b"not yet") if left else sound(crops)
    wait_until_ready(stand_in.url, SHA, 60)
    assert left == []
    stand_in.answer = lambda crops: (404, b"never")
    with pytest.raises(RemoteError, match=r"does not answer: (404|timed out)"):  # whichever ends the last try
        wait_until_ready(stand_in.url, SHA, 0.2)


Answer = Callable[[np.ndarray], tuple[int, bytes]]
WRONG: dict[str, tuple[Answer, str]] = {
    "down": (lambda crops: (500, b""), "does not answer: 500"),
    "not there": (lambda crops: (404, b""), "does not answer: 404"),
    "refused": (lambda crops: (400, b"Crops are too good."), "refused with 400: Crops are too good"),
    "elsewhere": (lambda crops: (302, b""), "refused with 302"),
    "no array": (lambda crops: (200, b"hello"), "answered no heatmaps"),
    "other numbers": (lambda crops: (200, pack(np.zeros(3))), "answered no heatmaps"),
    "another shape": (lambda crops: (200, pack(brightness(crops[1:]))), "answered heatmaps of shape"),
    "no end": (lambda crops: (200, bytes(10**6)), "answered more than was asked for"),
}


@pytest.mark.parametrize("answer, says", WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_one_sentence(stand_in, crops, answer, says):
    stand_in.answer = answer
    with pytest.raises(RemoteError, match=says) as refused:
        Remote(stand_in.url, SHA).forward(crops)
    assert re.fullmatch(r"The cluster at .*[^.]\.", str(refused.value), re.DOTALL)


def test_nobody_there_is_one_sentence(crops, free_port):
    with pytest.raises(RemoteError, match=r"^The cluster at 127\.0\.0\.1:\d+ does not answer: .*refused.*\.$"):
        Remote(f"http://127.0.0.1:{free_port()}", SHA).forward(crops)


def test_a_silent_cluster_is_waited_for_no_longer_than_the_timeout(stand_in, crops):
    told = threading.Event()
    stand_in.answer = lambda crops: (told.wait(60), (200, b""))[1]
    try:
        with pytest.raises(RemoteError, match="does not answer: timed out"):
            Remote(stand_in.url, SHA, timeout=0.3).forward(crops)
    finally:
        told.set()


@pytest.mark.parametrize("url", ["", "host:80", "ftp://host", "http://", "http://me:pw@host", "http://host/path?x=1"])
def test_an_address_is_a_host_and_a_port(url):
    with pytest.raises(ValueError, match=r"http://host:port"):
        Remote(url, SHA)
