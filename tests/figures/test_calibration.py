"""The reliability diagram is a file of its own, with every bin at its place."""

from xml.etree import ElementTree

import pytest

from dark_core.figures.calibration import SIDE, reliability

BINS = [
    {"low": 0.2, "said": 0.25, "joints": 40, "right": 0.5, "interval": [0.35, 0.65]},
    {"low": 0.9, "said": 0.95, "joints": 900, "right": 0.94, "interval": [0.92, 0.96]},
]


def test_a_point_stands_where_stated_and_true_meet():
    drawing = ElementTree.fromstring(reliability(BINS))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    points = [(float(c.get("cx")), float(c.get("cy"))) for c in drawing.iter("{http://www.w3.org/2000/svg}circle")]
    assert points[0] == pytest.approx((0.25 * SIDE, 0.5 * SIDE))
    assert points[1] == pytest.approx((0.95 * SIDE, 0.06 * SIDE))
    words = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"40", "900", "within 0.2 torsos, %"} <= set(words)
    assert "50 at 25, 94 at 95" in drawing[0].text
