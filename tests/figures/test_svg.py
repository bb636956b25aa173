"""The shapes are where the arrays say, and nothing a visitor wrote becomes markup."""

import base64
import re
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from dark_core.codec import DECODERS
from dark_core.figures import svg
from dark_core.figures.colors import VIRIDIS, colored
from dark_core.figures.decoder_style import style_of


def parse(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def test_attributes_are_written_as_svg_wants_them():
    element = parse(svg.tag("line", stroke_width=2, class_="a", data_pick="left knee", fill=None))
    assert element.attrib == {"stroke-width": "2", "class": "a", "data-pick": "left knee"}


def test_markup_in_a_value_or_an_alt_stays_text():
    hostile = '"><script>alert(1)</script>'
    element = parse(svg.view(0, 0, 1, 1, svg.tag("g", data_pick=hostile), alt=hostile))
    assert element.get("aria-label") == hostile
    assert element[0].text == hostile
    assert element[1].get("data-pick") == hostile
    assert "<script" not in svg.view(0, 0, 1, 1, alt=hostile)


@pytest.mark.parametrize("name", DECODERS)
def test_a_marker_is_centered_on_its_point(name):
    shape = parse(svg.marker(style_of(name), 3.25, -1.5, 2.0))
    points = np.array([[float(v) for v in pair.split(",")] for pair in shape[-1].get("points").split()])
    middle = (points.min(0) + points.max(0)) / 2
    np.testing.assert_allclose(middle, [3.25, -1.5], atol=0.4)
    assert shape[-1].get("fill") == style_of(name).color
    assert [part.get("fill") for part in shape] == ["#000", "#fff", style_of(name).color], "cased black, then white"


def test_a_heatmap_is_embedded_pixel_for_pixel():
    values = np.linspace(0, 1, 12).reshape(3, 4)
    text = svg.picture(colored(values), -0.5, -0.5, 4, 3, smooth=False)
    data = base64.b64decode(re.search(r"base64,([^\"]+)", text)[1])
    seen = cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    np.testing.assert_array_equal(seen, colored(values))
    assert "pixelated" in text


def test_grid_lines_run_between_pixels():
    path = parse(svg.grid(1.7, 2.0, 2.1)).get("d")
    assert re.findall(r"M([\d.]+) 2.000V", path) == ["2.500", "3.500"]
    assert re.findall(r"M1.700 ([\d.]+)H", path) == ["2.500", "3.500"]


def test_colors_run_from_darkest_to_brightest_and_stay_in_range():
    np.testing.assert_array_equal(colored(np.array([[-3.0, 0.0, 1.0, 9.0, np.nan]]))[0], VIRIDIS[[0, 0, 255, 255, 0]])
    luminance = VIRIDIS @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(luminance) > -0.6).all(), "viridis grows lighter all the way, up to rounding"
