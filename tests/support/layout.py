"""How a page fits its window."""

from pathlib import Path

from playwright.sync_api import Page


def sideways(page: Page) -> int:
    """How far anything on the page reaches beyond its width, px."""
    return page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth); }"
    )


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
