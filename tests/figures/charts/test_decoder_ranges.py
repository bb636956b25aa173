"""The ranges of distances: a row a decoder, in the order given, on an axis that zero does not break."""

import numpy as np

from dark_core.codec import DECODERS
from dark_core.figures.charts.decoder_ranges import LEAST, ranges
from dark_core.figures.decoder_style import style_of

NAMES = [name for name in DECODERS if name != "dark"]


def test_a_row_a_decoder_with_its_marker_at_the_median():
    percentiles = {name: np.array([0.1, 0.2, 0.3, 0.4, 0.5]) * (k + 1) for k, name in enumerate(NAMES)}
    drawn = ranges(percentiles, px=4)
    thin, thick, marker = drawn.data[3:6]
    assert list(thin.x) == [0.2, 1.0] and list(thick.x) == [0.4, 0.8] and list(marker.x) == [0.6]
    assert marker.marker.color == style_of(NAMES[1]).color and list(marker.y) == [DECODERS[NAMES[1]].title]
    assert "median 2.40 input px" in marker.hovertemplate
    assert list(drawn.layout.yaxis.categoryarray) == [DECODERS[name].title for name in NAMES]


def test_no_distance_at_all_is_drawn_at_the_axis_beginning():
    drawn = ranges({NAMES[0]: np.zeros(5)})
    assert all(min(trace.x) == LEAST for trace in drawn.data)
    assert "0.000, 0.000" in drawn.data[2].hovertemplate and "input px" not in drawn.data[2].hovertemplate
