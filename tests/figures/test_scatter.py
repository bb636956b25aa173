"""Many readings beside the limit: each dot where it was read, the ellipse as large as the covariance says."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy.stats import chi2

from dark_core.figures.decoder_style import style_of
from dark_core.figures.scatter import bar_length, cloud

TRUTH = np.array([13.37, 16.62])
COVARIANCE = np.array([[0.09, 0.04], [0.04, 0.05]])


def draw(xy=((13.4, 16.6),), covariance=COVARIANCE, reach=2.0, name="dark") -> ElementTree.Element:
    return ElementTree.fromstring(cloud(name, np.array(xy), TRUTH, covariance, reach, 'said "so" & more'))


def outline(picture: ElementTree.Element) -> np.ndarray:
    """The ellipse's points; it is drawn twice, cased."""
    casing, line = (path.get("d") for path in picture.iter("path") if path.get("d").endswith("Z"))
    assert casing == line
    return np.array([[float(v) for v in pair.split()] for pair in re.split("[ML]", line.rstrip("Z"))[1:]])


@pytest.mark.parametrize("covariance", [COVARIANCE, np.diag([0.25, 0.01]), np.eye(2) * 0.04])
def test_the_ellipse_holds_95_percent(covariance):
    away = outline(draw(covariance=covariance)) - TRUTH
    radius = np.sqrt(np.einsum("ni,ij,nj->n", away, np.linalg.inv(covariance), away))
    np.testing.assert_allclose(radius, np.sqrt(chi2.ppf(0.95, 2)), rtol=2e-3)
    # All the way round: its extent on each axis is that of the covariance.
    np.testing.assert_allclose(np.ptp(away, axis=0) / 2, np.sqrt(5.991 * np.diag(covariance)), rtol=0.01)


def test_every_position_inside_is_a_dot_and_those_beyond_are_left_out():
    inside = [(13.37, 16.62), (12.5, 17.25), (15.25, 14.75)]
    beyond = [(15.5, 16.62), (13.37, 14.5), (200.0, 200.0)]
    dots = list(draw([inside[0], beyond[0], inside[1], *beyond[1:], inside[2]]).iter("circle"))
    np.testing.assert_allclose([(float(d.get("cx")), float(d.get("cy"))) for d in dots], inside, atol=0.006)
    assert {dot.get("fill") for dot in dots} == {style_of("dark").color}
    assert draw(name="taylor").find("circle").get("fill") == style_of("taylor").color


def test_the_square_is_centered_on_the_truth_and_says_what_it_shows():
    picture = draw(reach=1.5)
    x, y, width, height = (float(v) for v in picture.get("viewBox").split())
    np.testing.assert_allclose([x + width / 2, y + height / 2, width, height], [*TRUTH, 3, 3], atol=0.002)
    assert picture.get("aria-label") == 'said "so" & more'


@pytest.mark.parametrize(("reach", "length"), [(3.0, 1.0), (1.0, 0.5), (0.3, 0.2), (0.02, 0.01)])
def test_the_bar_is_a_round_length_that_fits(reach, length):
    assert bar_length(reach) == length
    casing, bar = list(draw(reach=reach).iter("rect"))[-2:]
    assert float(casing.get("width")) == float(bar.get("width")) == length
