"""How a page fits its window."""

from pathlib import Path

from playwright.sync_api import Page

SIDEWAYS = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth);
}"""
"""How far anything on the page reaches beyond its width, px."""


def sideways(page: Page) -> int:
    """How far anything on the page reaches beyond its width, px."""
    return page.evaluate(SIDEWAYS)


BEYOND = """() => {
  const found = [], above = (one) => one.parentElement ?? one.getRootNode().host ?? null;
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const box = element.getBoundingClientRect();
      if (box.width < 2 || (box.left > -1 && box.right < innerWidth + 1)) continue;
      let over = above(element);
      while (over && getComputedStyle(over).overflowX === "visible") over = above(over);
      const kept = over && over.matches("pre, .wide-table, .formula, .plot, .katex-display, .katex-mathml");
      if (!kept && element.checkVisibility() && !element.closest("svg, [data-testid=stSidebar]")) {
        found.push(`<${element.localName} class="${element.className}"> from ${box.left} to ${box.right} px`);
      }
    }
  };
  walk(document.querySelector("[data-testid=stMain]"));
  return found;
}"""


def beyond(page: Page) -> list[str]:
    """Elements that reach beyond the sides of the window, but for those in a box that scrolls."""
    return page.evaluate(BEYOND)


TEXT_FAULTS = (Path(__file__).parent / "text_faults.js").read_text(encoding="utf-8")

LETTER_SPACING = """(wide) => {
  const styles = Object.assign(new CSSStyleSheet(), { wide: true }), drawn = ":is(.katex, .js-plotly-plot)";
  if (wide) {
    styles.insertRule(`*:not(${drawn}, ${drawn} *) { letter-spacing: 0.04em !important; }`);
    styles.insertRule(`${drawn} { letter-spacing: normal !important; }`);
  }
  const dress = (root) => {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((sheet) => !sheet.wide), styles];
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) dress(element.shadowRoot);
  };
  dress(document);
}"""
"""Letters take more room, as those of a wider font, but for the texts that Plotly and KaTeX measured as they drew."""


def text_faults(page: Page) -> list[str]:
    """Texts of the page that overlap or are cut off, a sentence each, in its font and in a wider one."""
    found = page.evaluate(TEXT_FAULTS)
    page.evaluate(LETTER_SPACING, True)
    wide = [f"{fault}, in a wider font" for fault in page.evaluate(TEXT_FAULTS)]
    page.evaluate(LETTER_SPACING, False)
    return found + wide
