"""What keeps somebody from using a page, as axe-core sees it, and the texts of axes, which it does not look at."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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


def pale_axes(page: Page) -> list[str]:
    """The texts of axes with a contrast below 4.5 : 1."""
    return page.evaluate(PALE)


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[dict]:
    """What axe finds by its ``rules``, by default all: each with its ``id``, ``impact``, ``help`` and ``nodes``."""
    options = {"runOnly": list(rules)} if rules else None
    return Axe().run(page, options=options).response["violations"]


def barriers(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What is serious, a sentence each."""
    found = [one for one in violations(page, rules) if one["impact"] in ("serious", "critical")]
    serious = [f"{one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found]
    return serious + [f"pale axis {text}" for text in pale_axes(page)]
