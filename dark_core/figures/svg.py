"""The few SVG shapes every figure is made of, as strings; coordinates are the caller's pixels.

A pixel's center is an integer here as everywhere, so a picture of W x H pixels fills the
view box "-0.5 -0.5 W H" and a point drawn at (x, y) is where the arrays say it is.
"""

from __future__ import annotations

from html import escape

import numpy as np

from dark_core.figures.decoder_style import MarkStyle
from dark_core.figures.images import data_url
from dark_core.figures.marker_shapes import SHAPES
from dark_core.figures.style import STYLE


def tag(name: str, *children: str, **attributes) -> str:
    """``<name attributes>children</name>``; ``stroke_width=2`` becomes ``stroke-width="2"``, None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>"


def _number(value: object) -> str:
    if not isinstance(value, float | np.floating):
        return str(value)
    return f"{value:.4g}" if -10 < float(value) < 10 else f"{value:.2f}"


def picture(rgb: np.ndarray, x: float, y: float, width: float, height: float, *, smooth: bool) -> str:
    """An (h, w, 3) uint8 array filling a rectangle; photos ``smooth``, heatmaps as the pixels they are."""
    return tag(
        "image",
        href=data_url(rgb, "jpeg" if smooth else "png"),
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
    casing = STYLE["line"]
    below = line(a, b, "#000", width * casing["casing"], opacity=casing["casing_opacity"], stroke_linecap="round")
    return below + line(a, b, color, width, stroke_linecap="round", **attributes)


def frame(x: float, y: float, side: float, width: float) -> str:
    """A white square cased black, its first corner at (x, y)."""
    square = {"x": x, "y": y, "width": side, "height": side, "fill": "none"}
    casing = tag("rect", stroke="#000", stroke_width=width * STYLE["frame"]["casing"], **square)
    return casing + tag("rect", stroke="#fff", stroke_width=width, **square)


def grid(x0: float, y0: float, side: float) -> str:
    """Pixel borders, at half-integers, inside a square window whose first corner is (x0, y0)."""
    x1, y1, width = x0 + side, y0 + side, side / STYLE["inset_side_over"]["grid"]
    xs, ys = np.arange(np.ceil(x0 - 0.5) + 0.5, x1, 1.0), np.arange(np.ceil(y0 - 0.5) + 0.5, y1, 1.0)
    path = "".join(f"M{x:.3f} {y0:.3f}V{y1:.3f}" for x in xs) + "".join(f"M{x0:.3f} {y:.3f}H{x1:.3f}" for y in ys)
    return tag("path", d=path, stroke="#fff", stroke_width=width, opacity=STYLE["grid"]["opacity"], fill="none")


def marker(look: MarkStyle, x: float, y: float, size: float, **attributes) -> str:
    """A decoder's marker of about ``size`` radius centered on (x, y), cased white and black."""
    points = " ".join(f"{x + size * u:.4f},{y + size * v:.4f}" for u, v in SHAPES[look.marker])
    common = {"points": points, "stroke_linejoin": "round"}
    black, white = (size * STYLE["marker"][ink] for ink in ("black", "white"))
    return tag(
        "g",
        tag("polygon", fill="#000", stroke="#000", stroke_width=black, **common),
        tag("polygon", fill="#fff", stroke="#fff", stroke_width=white, **common),
        tag("polygon", fill=look.color, **common),
        **attributes,
    )


def hole(x: float, y: float, size: float) -> str:
    """The white middle of a hollow marker of this size: the sign of floored targets."""
    return tag("circle", cx=x, cy=y, r=size * 0.42, fill="#fff", stroke="#000", stroke_width=size * 0.2)


def truth_mark(x: float, y: float, size: float) -> str:
    """The true joint: a white ring with a cross, cased black."""
    arms = f"M{x - size:.4f} {y:.4f}H{x + size:.4f}M{x:.4f} {y - size:.4f}V{y + size:.4f}"
    ring = {"cx": x, "cy": y, "r": size, "fill": "none"}
    return "".join(
        tag("circle", stroke=color, stroke_width=width, **ring)
        + tag("path", d=arms, stroke=color, stroke_width=width, fill="none")
        for color, width in (("#000", size * STYLE["truth"]["black"]), ("#fff", size * STYLE["truth"]["white"]))
    )


def scale_bar(x0: float, y0: float, side: float, length: float) -> str:
    """A white bar cased black, at the lower left of a square window whose first corner is (x0, y0)."""
    style, thickness = STYLE["scale_bar"], side / STYLE["inset_side_over"]["scale_bar"]
    x, y = x0 + side * style["left"], y0 + side * style["bottom"]
    bar = {"x": x, "width": length, "rx": thickness * style["corner"]}
    below = thickness * style["casing"]
    casing = tag("rect", y=y - below / 2, height=below, fill="#000", opacity=style["casing_opacity"], **bar)
    return casing + tag("rect", y=y - thickness / 2, height=thickness, fill="#fff", **bar)
