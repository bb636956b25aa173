"""One look for both languages: every decoder has a style of its own, and no drawing holds a color besides."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.figures.decoder_style import DECODER_STYLES, ENCODING_STYLES, SIMCC_STYLES, UNKNOWN, style_of
from dark_core.figures.marker_shapes import PLOTLY_SYMBOLS, SHAPES
from dark_core.figures.style import COLORS, LEFT, RIGHT, STYLE

ROOT = Path(__file__).parents[2]
DRAWN_WITH = sorted([*ROOT.glob("assets/components/*.*"), *ROOT.glob("dark_core/figures/**/*.py")])

LAW_4 = {
    "argmax": ("#D55E00", "square"),
    "quarter_shift": ("#0072B2", "diamond"),
    "weighted_average": ("#56B4E9", "triangle"),
    "dark": ("#F0E442", "star"),
}


def test_every_decoder_has_a_style_and_every_style_a_decoder():
    assert set(DECODER_STYLES) == set(DECODERS)
    for look in (*DECODER_STYLES.values(), *ENCODING_STYLES.values(), *SIMCC_STYLES.values(), UNKNOWN):
        assert re.fullmatch("#[0-9A-Fa-f]{6}", look.color) and look.marker in SHAPES
    assert set(SHAPES) == set(PLOTLY_SYMBOLS)


def test_the_colors_are_those_of_law_4():
    assert {name: (style_of(name).color, style_of(name).marker) for name in LAW_4} == LAW_4
    assert (LEFT, RIGHT) == ("#56B4E9", "#D55E00")


def test_no_two_decoders_look_alike():
    looks = [(look.color, look.marker) for look in (DECODER_STYLES | SIMCC_STYLES).values()]
    assert len(set(looks)) == len(looks)
    for one, other in combinations([style_of(name) for name in CORE_DECODERS], 2):
        assert one.color != other.color and one.marker != other.marker


def test_a_decoder_without_a_style_can_be_drawn():
    assert style_of("somebody's own") == UNKNOWN
    assert UNKNOWN.color not in {look.color for look in DECODER_STYLES.values()}


@pytest.mark.parametrize("path", DRAWN_WITH, ids=lambda path: path.name)
def test_no_drawing_holds_a_color_of_its_own(path):
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8"))
    # Black and white, also transparent, and the pale grid of a figure on paper.
    assert {color for color in found if not re.fullmatch("#(0{3}|f{3})[0-9a-f]?", color)} <= {"#e3e6e8"}


def test_every_group_names_colors_that_exist():
    groups = [STYLE["symbols"], STYLE["limbs"], *STYLE["decoders"].values(), *STYLE["encodings"].values()]
    named = {value for group in groups for key, value in group.items() if key not in ("title", "marker")}
    assert named <= set(COLORS)


SHARED = ("marker", "truth", "line", "frame", "grid", "scale_bar", "inset", "inset_side_over", "heatmap_width_over")


@pytest.mark.parametrize("name", [f"{group}.{name}" for group in SHARED for name in STYLE[group]])
def test_every_shared_size_is_used_by_both_languages(name):
    python = "".join(path.read_text(encoding="utf-8") for path in DRAWN_WITH if path.suffix == ".py")
    browser = "".join(path.read_text(encoding="utf-8") for path in DRAWN_WITH if path.suffix == ".js")
    _, key = name.split(".")
    assert f'"{key}"' in python and re.search(rf"\b{key}\b", browser)


def test_nothing_else_is_in_the_file():
    assert set(STYLE) == {"colors", "decoders", "encodings", "simcc", "symbols", "limbs", *SHARED}
