"""Python and the browser draw an inset alike, pixel by pixel: they use one style file in the same way."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from dark_core.app.widgets.interactive_component import figure_script
from dark_core.codec import CORE_DECODERS
from dark_core.figures import panels, svg
from dark_core.figures.decoder_style import ENCODING_STYLES, style_of
from dark_core.figures.style import STYLE

SIDE = 400  # px of the screen
CENTER, RADIUS, TRUTH = np.array([5.0, 4.0]), 2.0, (5.25, 3.875)
# One of them far outside: it is drawn on the border.
LANDINGS = dict(zip(CORE_DECODERS, [(5.0, 4.0), (5.25, 4.5), (9.5, 3.0), (4.25, 3.25), (5.5, 3.5)]))
PAGE = (
    f"<style>body {{ margin: 0; background: #346 }} svg {{ display: block; width: {SIDE}px; height: {SIDE}px }}</style>"
)

INSET = """
(landings, truth, [x0, y0, side]) =>
  grid(x0, y0, side) + landed(Object.keys(landings), landings, truth, [x0, y0, side]) + scaleBar(x0, y0, side, 1)
"""
MARKS = """
(names) => names.map((name, k) => marker(name, [k % 3 + 0.5, Math.floor(k / 3) + 0.5], 0.3)).join("")
  + truthMark([2.5, 2.5], 0.3) + frame(0.25, 0.25, 2.5, 0.0625)
"""


def seen(page: Page, drawing: str) -> np.ndarray:
    """The screen with one SVG on it, (SIDE, SIDE, 3)."""
    page.set_content(PAGE + drawing)
    return np.array(Image.open(io.BytesIO(page.locator("svg").screenshot())).convert("RGB")).astype(int)


def by_browser(page: Page, function: str, arguments: list, box: str) -> np.ndarray:
    """What ``function``, written with the names of our scripts, draws into the view ``box``."""
    script, _, _ = figure_script("encode").partition("export default")
    shapes = page.evaluate(f"(arguments) => {{ {script}; return ({function})(...arguments); }}", arguments)
    return seen(page, f'<svg viewBox="{box}">{shapes}</svg>')


def differing(one: np.ndarray, other: np.ndarray) -> int:
    """How many pixels differ by more than the rounding of coordinates explains; a few on edges do."""
    return int((np.abs(one - other).max(-1) > 24).sum())


def inset(page: Page) -> np.ndarray:
    return seen(page, panels.magnified("", CENTER, RADIUS, LANDINGS, TRUTH, "inset", errors=True))


@pytest.fixture
def inset_by_browser(page: Page) -> np.ndarray:
    x0, y0 = CENTER - RADIUS
    window = [float(x0), float(y0), 2 * RADIUS]
    return by_browser(page, INSET, [LANDINGS, TRUTH, window], f"{x0} {y0} {2 * RADIUS} {2 * RADIUS}")


def test_an_inset_is_the_same(page, inset_by_browser):
    assert len(np.unique(inset_by_browser.reshape(-1, 3), axis=0)) > 20, "something is drawn"
    different = differing(inset(page), inset_by_browser)
    assert different < 10


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        ("grid", "opacity", 0.1),
        ("marker", "white", 0.2),
        ("inset", "border", 2.4),
        ("inset_side_over", "error_line", 80),
    ],
)
def test_a_value_that_drifts_is_noticed(page, inset_by_browser, monkeypatch, group, name, value):
    monkeypatch.setitem(STYLE[group], name, value)
    assert differing(inset(page), inset_by_browser) > 100


def test_the_marks_are_the_same(page):
    names = [*CORE_DECODERS, *ENCODING_STYLES]
    drawn = [svg.marker(style_of(name), k % 3 + 0.5, k // 3 + 0.5, 0.3) for k, name in enumerate(names)]
    drawn += [svg.truth_mark(2.5, 2.5, 0.3), svg.frame(0.25, 0.25, 2.5, 0.0625)]
    ours = seen(page, svg.view(0, 0, 3, 3, *drawn, alt="marks"))
    different = differing(ours, by_browser(page, MARKS, [names], "0 0 3 3"))
    assert different < 10
