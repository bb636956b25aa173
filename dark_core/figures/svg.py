"""The few SVG shapes every figure is made of, as strings; coordinates are the caller's pixels.

A pixel's center is an integer here as everywhere, so a picture of W x H pixels fills the
view box "-0.5 -0.5 W H" and a point drawn at (x, y) is where the arrays say it is.
"""

from __future__ import annotations

import base64
from html import escape

import numpy as np

from dark_core.figures.colors import encoded


def tag(name: str, *children: str, **attributes) -> str:
    """``<name attributes>children</name>``; ``stroke_width=2`` becomes ``stroke-width="2"``, None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>"


def _number(value) -> str:
    return (
        f"{value:.4g}"
        if isinstance(value, float | np.floating) and abs(value) < 10
        else (f"{value:.2f}" if isinstance(value, float | np.floating) else str(value))
    )


def picture(rgb: np.ndarray, x: float, y: float, width: float, height: float, *, smooth: bool) -> str:
    """An (h, w, 3) uint8 array filling a rectangle; photos ``smooth``, maps as the pixels they are."""
    kind = "jpg" if smooth else "png"
    data = base64.b64encode(encoded(rgb, kind)).decode()
    return tag(
        "image",
        href=f"data:image/{'jpeg' if smooth else 'png'};base64,{data}",
        x=x,
        y=y,
        width=width,
        height=height,
        preserveAspectRatio="none",
        style=None if smooth else "image-rendering:pixelated",
    )


def view(
    x: float, y: float, width: float, height: float, *children: str, alt: str, role: str = "img", **attributes
) -> str:
    """An ``<svg>`` showing the rectangle, scaled to its container, with its text alternative.

    A picture with things to choose in it is a "group": an "img" hides them from assistive technology.
    """
    box = f"{x:.3f} {y:.3f} {width:.3f} {height:.3f}"
    return tag("svg", tag("title", escape(alt)), *children, viewBox=box, role=role, aria_label=alt, **attributes)


def line(a, b, color: str, width: float, **attributes) -> str:
    return tag("line", x1=a[0], y1=a[1], x2=b[0], y2=b[1], stroke=color, stroke_width=width, **attributes)


def cased_line(a, b, color: str, width: float, **attributes) -> str:
    """A line with a dark casing, to be seen on any ground."""
    return line(a, b, "#000", width * 1.9, opacity=0.45, stroke_linecap="round") + line(
        a, b, color, width, stroke_linecap="round", **attributes
    )


def grid(x0: float, y0: float, x1: float, y1: float, width: float) -> str:
    """Pixel borders, at half-integers, inside a rectangle."""
    xs, ys = np.arange(np.ceil(x0 - 0.5) + 0.5, x1, 1.0), np.arange(np.ceil(y0 - 0.5) + 0.5, y1, 1.0)
    path = "".join(f"M{x:.3f} {y0:.3f}V{y1:.3f}" for x in xs) + "".join(f"M{x0:.3f} {y:.3f}H{x1:.3f}" for y in ys)
    return tag("path", d=path, stroke="#fff", stroke_width=width, opacity=0.28, fill="none")


def _regular(corners: int, radius: float = 1.1) -> list[tuple[float, float]]:
    """A regular polygon that stands on a side, one corner at the top."""
    turns = 2 * np.pi * np.arange(corners) / corners
    return [(radius * np.sin(turn), -radius * np.cos(turn)) for turn in turns]


SHAPES = {
    "circle": _regular(20, 1.0),
    "pentagon": _regular(5),
    "hexagon": _regular(6),
    "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
    "diamond": [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    "triangle": [(0, -1.1), (1.05, 0.75), (-1.05, 0.75)],
    "plus": [
        (-0.35, -1.1),
        (0.35, -1.1),
        (0.35, -0.35),
        (1.1, -0.35),
        (1.1, 0.35),
        (0.35, 0.35),
        (0.35, 1.1),
        (-0.35, 1.1),
        (-0.35, 0.35),
        (-1.1, 0.35),
        (-1.1, -0.35),
        (-0.35, -0.35),
    ],
    "star": [
        (
            (1.25 if k % 2 == 0 else 0.55) * np.sin(np.pi * k / 5),
            -(1.25 if k % 2 == 0 else 0.55) * np.cos(np.pi * k / 5),
        )
        for k in range(10)
    ],
}
"""A name and its corners, of about unit radius; y runs down."""
SHAPES["triangle_down"] = [(u, -v) for u, v in SHAPES["triangle"]]
SHAPES["cross"] = [((u - v) / 2**0.5, (u + v) / 2**0.5) for u, v in SHAPES["plus"]]


def marker(shape: str, x: float, y: float, size: float, color: str, **attributes) -> str:
    """A decoder's marker of about ``size`` radius centerd on (x, y), cased white and black."""
    points = " ".join(f"{x + size * u:.4f},{y + size * v:.4f}" for u, v in SHAPES[shape])
    common = {"points": points, "stroke_linejoin": "round"}
    return tag(
        "g",
        tag("polygon", fill="#000", stroke="#000", stroke_width=size * 0.75, **common),
        tag("polygon", fill="#fff", stroke="#fff", stroke_width=size * 0.4, **common),
        tag("polygon", fill=color, **common),
        **attributes,
    )


def truth_mark(x: float, y: float, size: float) -> str:
    """The true joint: a white ring with a cross, cased black."""
    arms = f"M{x - size:.4f} {y:.4f}H{x + size:.4f}M{x:.4f} {y - size:.4f}V{y + size:.4f}"
    ring = {"cx": x, "cy": y, "r": size, "fill": "none"}
    return "".join(
        tag("circle", stroke=color, stroke_width=width, **ring)
        + tag("path", d=arms, stroke=color, stroke_width=width, fill="none")
        for color, width in (("#000", size * 0.42), ("#fff", size * 0.2))
    )


def scale_bar(x: float, y: float, length: float, thickness: float) -> str:
    """A white bar cased black, its left end at (x, y)."""
    bar = {"x": x, "width": length, "rx": thickness / 4}
    return tag("rect", y=y - thickness * 0.75, height=thickness * 1.5, fill="#000", opacity=0.6, **bar) + tag(
        "rect", y=y - thickness / 2, height=thickness, fill="#fff", **bar
    )
