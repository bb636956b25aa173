"""Every page in either theme under axe-core: nothing that keeps somebody from using it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dark_core.app.runtime.page import PAGES
from tests.support.themes import in_both_themes

PATHS = ["/" if file == "app.py" else f"/{file[8:-3]}" for file, _, _ in PAGES]  # pages/2_Decode.py: /Decode

PALE = """() => {
  const channels = (text) => (text.match(/[0-9.]+/g) ?? [0, 0, 0]).map(Number);
  const linear = (v) => (v <= 10.3 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
  const pale = [];
  const walk = (root) => {
    for (const text of root.querySelectorAll("*")) {
      if (text.shadowRoot) walk(text.shadowRoot);
      if (!text.matches(".cuts text, .log-step text, .xtick text, .ytick text, .xtitle, .ytitle")) continue;
      const fill = channels(getComputedStyle(text).fill);
      let ground = null, alpha = fill[3] ?? 1;
      for (let over = text; over; over = over.parentElement ?? over.getRootNode().host) {
        const { opacity, backgroundColor } = getComputedStyle(over), color = channels(backgroundColor);
        alpha *= Number(opacity);
        if (!ground && (color[3] ?? 1) === 1) ground = color;
      }
      const seen = ground.slice(0, 3).map((value, k) => alpha * fill[k] + (1 - alpha) * value);
      const [dark, light] = [luminance(seen), luminance(ground)].sort((a, b) => a - b);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < 4.5) pale.push(`${text.textContent}: ${contrast.toFixed(1)}`);
    }
  };
  walk(document);
  return pale;
}"""
"""The texts of axes, which axe does not look at, with a contrast below 4.5 : 1."""


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_serious(server, page, path):
    page.emulate_media(color_scheme="dark")
    page.goto(server.url + path)
    expect(page.locator(".figure-root svg, [data-testid=stPlotlyChart] svg").first).to_be_visible()
    for scheme in in_both_themes(page):
        found = Axe().run(page).response["violations"]
        assert [
            (one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ] == [], scheme
        assert page.evaluate(PALE) == [], scheme


def test_axe_would_see_what_is_wrong(page):
    page.set_content("<html lang='en'><title>x</title><img src='x.png'><p style='color:#ccc'>pale</p></html>")
    assert {one["id"] for one in Axe().run(page).response["violations"]} >= {"image-alt", "color-contrast"}


def test_a_pale_axis_is_found(page):
    texts = "".join(f"<g class=xtick><text fill='{color}'>{color}</text></g>" for color in ("#777", "#757575", "#eee"))
    page.set_content(f"<body style='background: #fff'><svg>{texts}</svg></body>")
    assert page.evaluate(PALE) == ["#777: 4.5", "#eee: 1.2"]  # 4.48 and 4.61 are the two grays' contrasts with white
