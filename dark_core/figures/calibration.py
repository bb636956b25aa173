"""A reliability diagram: the confidence of a network against the share of joints that are right."""

from __future__ import annotations

from dark_core.figures.style import COLORS, NEUTRAL
from dark_core.figures.svg import line, tag

SIDE = 300.0
"""Of the square from 0 to 100 %, in px of the drawing."""

BLUE, INK = COLORS["blue"], COLORS["ink"]


def reliability(bins: list[dict], within: float = 0.2) -> str:
    """An SVG file of ``bins``: each {said, right, joints, interval (low, high)}, shares of 1.

    A point on the diagonal is calibrated; bars are the 95 % intervals, with the number of joints beside them.
    """
    pieces = [tag("rect", x=-62, y=-34, width=SIDE + 92, height=SIDE + 92, fill="#fff")]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = _point(tick, tick)
        pieces += [line((x, 0), (x, SIDE), "#e3e6e8", 1), line((0, y), (SIDE, y), "#e3e6e8", 1)]
        pieces += [_text(f"{100 * tick:.0f}", x, SIDE + 18), _text(f"{100 * tick:.0f}", -8, y + 4, "end")]
    pieces.append(line((0, SIDE), (SIDE, 0), NEUTRAL, 1.5, stroke_dasharray="5 4"))
    for one in bins:
        x, y = _point(one["said"], one["right"])
        low, high = (_point(0, share)[1] for share in one["interval"])
        pieces += [line((x, low), (x, high), BLUE, 1.6), tag("circle", cx=x, cy=y, r=4.0, fill=BLUE)]
        pieces.append(_text(f"{one['joints']}", x + 7, low + 4, "start", 10))
    pieces += [
        _text("confidence stated, %", SIDE / 2, SIDE + 40),
        tag("g", _text(f"within {within:g} torsos, %", 0, 0), transform=f"translate(-42 {SIDE / 2:.0f}) rotate(-90)"),
        _text("how often the network is right when it says so", SIDE / 2, -16, size=13),
    ]
    said = ", ".join(f"{100 * one['right']:.0f} at {100 * one['said']:.0f}" for one in bins)
    alt = f"Share of joints that are right against the confidence stated, both in %: {said}."
    return (
        tag(
            "svg",
            tag("title", alt),
            *pieces,
            xmlns="http://www.w3.org/2000/svg",
            viewBox="-62 -34 392 392",
            width=392,
            height=392,
            role="img",
            font_family="system-ui, sans-serif",
        )
        + "\n"
    )


def _point(said: float, right: float) -> tuple[float, float]:
    return said * SIDE, (1 - right) * SIDE


def _text(words: str, x: float, y: float, anchor: str = "middle", size: int = 11) -> str:
    return tag("text", words, x=x, y=y, text_anchor=anchor, font_size=size, fill=INK)
