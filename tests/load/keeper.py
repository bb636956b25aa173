"""What `assets/components/upload_recovery.js` does for a visitor with a browser, done here in the protocol."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streamlit.proto.Element_pb2 import Element

if TYPE_CHECKING:
    from tests.load.visitor import Visitor

KIND = "photo"


@dataclass
class Kept:
    """A file, its number, and the name of the session it was given to last."""

    number: int
    session: str
    name: str
    data: bytes


class Keeper:
    """Keeps the photo that a visitor gave last and hands it to a session that lacks it. handed: how often."""

    def __init__(self, visitor: Visitor):
        self._visitor = visitor
        self._kept: Kept | None = None
        self._given: tuple[str, int] | None = None
        self.handed = 0

    async def hold(self, name: str, data: bytes) -> None:
        """Keep what is on its way from now on, and say so."""
        number = self._kept.number + 1 if self._kept else 1
        self._kept = Kept(number, self._visitor.live("tab")["session"], name, data)
        self._visitor.tell("chosen", {"chosen": {"kind": KIND, "number": number}})
        await self._visitor.rerun(self._visitor.widget("chosen")[1])

    def reconnected(self) -> None:
        """Say what is kept, with the run that follows."""
        if self._kept:
            held = {"kind": KIND, "number": self._kept.number, "session": self._kept.session, "notes": None}
            self._visitor.tell("tab", {"held": [held]})

    def see(self, element: Element) -> Coroutine[None, None, None] | None:
        """Look at an element that the page has drawn; what there is to do now, if anything."""
        if self._kept is None:
            return None
        shown = getattr(element, element.WhichOneof("type") or "", None)
        name = getattr(shown, "id", "")
        if name.endswith("-tab"):
            data = json.loads(shown.json)
            if data["kept"][KIND] == self._kept.number:
                self._kept.session = data["session"]
        key, given = f"handed_{KIND}_{self._kept.number}", (self._visitor.session, self._kept.number)
        if not name.endswith(key) or given == self._given:
            return None
        self._given = given
        self.handed += 1
        return self._visitor.hand_in(key, self._kept.name, self._kept.data)
