"""The curves as files: the lines are where the numbers say, gaps stay gaps, and the PNG shows what the SVG does."""

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from dark_core.figures.charts.track_curves import LEFT, PANEL, RIGHT, SHARPNESS, TOP, WIDTH, JointPath, as_png, as_svg
from dark_core.figures.decoder_style import style_of

T = np.arange(5) / 2
DARK = np.column_stack([10 * T, 40 - 10 * T])
PATH = JointPath(T, {"argmax": np.round(DARK, -1), "dark": DARK}, DARK, ("x – of it", "y & more"))
COLOR = style_of("dark").color


def lines(svg: str, color: str) -> list[np.ndarray]:
    """The curves in the two panels of this color; the first is the key."""
    found = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}polyline")
    texts = [one.get("points") for one in found if one.get("stroke") == color]
    return [np.array([pair.split(",") for pair in text.split()], float) for text in texts][1:]


def test_time_runs_across_x_upwards_and_y_downwards_as_on_the_photo():
    x, y = lines(as_svg(PATH), COLOR)
    assert x[:, 0] == pytest.approx(np.linspace(LEFT, WIDTH - RIGHT, 5), abs=0.01)
    # The range is 0 to 20 with 8 % and 1 px of air, 2.6 in all, on either side.
    share = (10 * T + 2.6) / 25.2
    assert x[:, 1] == pytest.approx(TOP + PANEL * (1 - share), abs=0.02)
    assert np.diff(y[:, 1]) == pytest.approx(np.full(4, -5 / 25.2 * PANEL), abs=0.02), "y falls, so the line rises"


def test_a_difference_to_the_truth_is_a_level_line_and_a_gap_stays_a_gap():
    level = as_svg(replace(PATH, reference=DARK))
    assert [np.ptp(one[:, 1]) for one in lines(level, COLOR)] == [0, 0]
    lost = DARK.copy()
    lost[2] = np.nan
    assert [len(one) for one in lines(as_svg(replace(PATH, curves={"dark": lost})), COLOR)] == [2, 2, 2, 2]
    nobody = replace(PATH, curves={"dark": np.full_like(DARK, np.nan)}, dashed=None)
    assert lines(as_svg(nobody), COLOR) == [] and not re.search("nan", as_svg(nobody))


def test_the_png_has_the_line_where_the_svg_has_it():
    picture = np.asarray(Image.open(io.BytesIO(as_png(PATH)))).astype(int)
    ink = tuple(bytes.fromhex(COLOR[1:]))
    hits = np.abs(picture - ink).sum(-1) < 12
    for panel in lines(as_svg(replace(PATH, dashed=None)), COLOR):
        middle = SHARPNESS * (panel[1] + panel[2]) / 2
        column, row = middle.round().astype(int)
        assert hits[row - 2 : row + 3, column - 8 : column + 9].any()
