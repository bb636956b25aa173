"""The stops of the tour, and the links that open each with its exact state."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from dark_core.app.text.catalog import read_catalog

TEXT = read_catalog("tour")


@dataclass(frozen=True)
class Stop:
    """A page in the state ``query``, what is said of it, and a question of whose ``options`` one is "right".

    ``minutes`` are those of a visitor, ``class_minutes`` those of a teacher, for whom ``points`` are.
    """

    page: str
    query: dict[str, str]
    title: str
    minutes: float
    class_minutes: int
    say: str
    question: str
    points: list[str]
    options: list[dict]


STOPS = tuple(Stop(**stop) for stop in TEXT["stop"])


def link(at: int, present: bool = False) -> str:
    """The address of stop ``at``, the first being 1, as seen from any page."""
    stop = STOPS[at - 1]
    query = {"tour": str(at), **stop.query, **({"present": "1"} if present else {})}
    name = "" if stop.page == "Home" else stop.page.replace(" ", "_")
    return f"./{name}?{urlencode(query, safe=',')}"


def stop_at(asked: str, page: str) -> int | None:
    """The number of the stop that the address asks for as ``?tour=``, if ``page`` is where it stands."""
    numbers = [str(at) for at, stop in enumerate(STOPS, 1) if stop.page == page]
    return int(asked) if asked in numbers else None
