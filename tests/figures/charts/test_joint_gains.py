"""The gains per joint: a row a joint in the order given, an interval only where there is one."""

import numpy as np

from dark_core.figures.charts.joint_gains import gains
from dark_core.figures.decoder_style import style_of


def test_a_row_a_joint_with_its_interval():
    drawn = gains("dark", ["neck", "hip"], np.array([0.1, -0.2]), np.array([0.05, np.nan]), np.array([0.15, np.nan]))
    interval, one, other = drawn.data
    assert list(interval.x) == [0.05, 0.15] and list(interval.y) == ["neck", "neck"]
    assert list(one.x) == [0.1] and list(other.x) == [-0.2] and list(other.y) == ["hip"]
    assert one.marker.color == style_of("dark").color
    assert "interval 0.050 to 0.150" in one.hovertemplate and "interval" not in other.hovertemplate
    assert list(drawn.layout.yaxis.categoryarray) == ["neck", "hip"]
