"""Colors that carry a meaning stay apart for every kind of sight, and markers tell apart what colors might not.

Color blindness is simulated at full severity in linear RGB with the matrices of G. M. Machado, M. M. Oliveira,
L. A. F. Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE Transactions on
Visualization and Computer Graphics 15(6), 2009. Distances are CIE76: Euclidean in CIE Lab (D65). About 2 is just
noticeable side by side.
"""

import re
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest

from dark_core.codec import CORE_DECODERS
from dark_core.figures import colors
from dark_core.figures.decoder_style import DECODER_STYLES, ENCODING_STYLES, SIMCC_STYLES, style_of
from dark_core.figures.marker_shapes import SHAPES
from dark_core.figures.style import COLORS, STYLE

ASSETS = Path(__file__).parents[2] / "assets" / "components"

SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}

WHITE = np.array([0.95047, 1.0, 1.08883])
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def rgb(hexes: list[str]) -> np.ndarray:
    return np.array([[int(text[k : k + 2], 16) for k in (1, 3, 5)] for text in hexes])


def lab(colors: np.ndarray, sight: str = "normal") -> np.ndarray:
    """sRGB (N, 3) 0 to 255 as CIE Lab (N, 3), as someone with this sight has them."""
    share = np.asarray(colors) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ SIGHTS[sight].T, 0, 1) @ TO_XYZ.T / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], -1)


def distances(names: list[str], colors: np.ndarray, sight: str) -> dict[tuple[str, str], float]:
    places = lab(colors, sight)
    return {
        (names[a], names[b]): float(np.linalg.norm(places[a] - places[b]))
        for a, b in combinations(range(len(names)), 2)
    }


def test_the_instrument_measures_known_colors():
    known = [[100, 0, 0], [53.24, 80.09, 67.20], [32.30, 79.19, -107.86], [0, 0, 0]]
    np.testing.assert_allclose(lab(rgb(["#ffffff", "#ff0000", "#0000ff", "#000000"])), known, atol=0.01)
    for sight in SIGHTS:
        np.testing.assert_allclose(
            lab([[119, 119, 119]], sight), lab([[119, 119, 119]]), atol=0.01, err_msg="gray stays"
        )
    red, green = rgb(["#D55E00", "#009E73"])
    far, near = (np.linalg.norm(np.subtract(*lab([red, green], sight))) for sight in ("normal", "deuteranopia"))
    assert near < far * 2 / 3, "what they mix up comes closer"


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_decoders_can_be_distinguished_by_color(sight):
    # Measured: 20.7 for the weighted average and Unsmoothed step in protanopia, 24.8 or more for all else
    # but blue and purple there (22.7). So nothing is near; the shapes below part them all the same.
    apart = distances(list(CORE_DECODERS), rgb([style_of(name).color for name in CORE_DECODERS]), sight)
    assert min(apart.values()) > 20, min(apart, key=apart.get)


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_families_of_decoders_can_be_distinguished_by_color(sight):
    # Seven colors leave less room: 16.1 for the fits' green and the averages' blue in tritanopia, the least.
    families = sorted({look.color for look in DECODER_STYLES.values()})
    apart = distances(families, rgb(families), sight)
    assert min(apart.values()) > 15, min(apart, key=apart.get)


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_targets_can_be_distinguished_by_color(sight):
    apart = distances(list(ENCODING_STYLES), rgb([look.color for look in ENCODING_STYLES.values()]), sight)
    assert min(apart.values()) > 30, min(apart, key=apart.get)  # 33.6: floor and unbiased in deuteranopia


@pytest.mark.parametrize("sight", SIGHTS)
def test_less_nothing_and_more_can_be_distinguished(sight):
    table = colors.TABLES["diverging"]
    apart = distances(["less", "nothing", "more"], table[[0, 128, 255]], sight)
    assert min(apart.values()) > 40  # 46.2: the ends in tritanopia
    # Where the log is concave or not is drawn at 0.6 of either side.
    no, yes = lab(table[[round(255 * (1 + value) / 2) for value in (-0.6, 0.6)]], sight)
    assert np.linalg.norm(no - yes) > 60


@pytest.mark.parametrize("sight", SIGHTS)
def test_a_brighter_value_is_a_lighter_color(sight):
    lightness = lab(colors.VIRIDIS, sight)[:, 0]
    assert np.diff(lightness).min() > -0.1, "up to rounding to whole colors"
    assert lightness[-1] - lightness[0] > 70


def formula_colors() -> dict[str, str]:
    """Symbol -> color, in Decode's formulas and on its map."""
    return {symbol: COLORS[color] for symbol, color in STYLE["symbols"].items()}


def test_a_symbol_has_one_color_in_the_formula_and_on_the_map():
    source = "".join((ASSETS / name).read_text(encoding="utf-8") for name in ("decode.js", "decode_formulas.js"))
    drawn = set(re.findall(r"COLORS\.(\w+)", source))
    told = set(re.findall(r'mi\("\w", "(\w+)"\)|primed\("D", "(\w+)"|colored\("(\w+)"\)', source))
    assert drawn <= set(STYLE["symbols"]) == {name for names in told for name in names if name}


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_symbols_of_the_formula_can_be_distinguished_by_color(sight):
    colors = formula_colors()
    apart = distances(list(colors), rgb(list(colors.values())), sight)
    # 16.1: slope and step in tritanopia; 17.9: bend and step in deuteranopia. Each carries its letter besides.
    assert min(apart.values()) > 15, min(apart, key=apart.get)


def drawn(shape: str) -> np.ndarray:
    """The marker as a boolean picture, 100 px a unit."""
    picture = np.zeros((300, 300), np.uint8)
    cv2.fillPoly(picture, [np.round(100 * np.array(SHAPES[shape]) + 150).astype(np.int32)], 1)
    return picture.astype(bool)


@pytest.mark.parametrize(
    "shapes",
    [
        [style_of(name).marker for name in CORE_DECODERS],
        [look.marker for look in ENCODING_STYLES.values()],
        [look.marker for look in SIMCC_STYLES.values()],
        *(
            [look.marker for look in DECODER_STYLES.values() if look.color == hue]
            for hue in sorted({look.color for look in DECODER_STYLES.values()})
        ),
    ],
)
def test_no_two_markers_have_the_same_shape(shapes):
    pictures = [drawn(shape) for shape in shapes]
    assert all(picture.sum() > 10_000 for picture in pictures)
    for a, b in combinations(range(len(shapes)), 2):
        differs = (pictures[a] ^ pictures[b]).sum() / (pictures[a] | pictures[b]).sum()
        assert differs > 0.25, (shapes[a], shapes[b])
