"""How a page fits its window."""

from playwright.sync_api import Page


def sideways(page: Page) -> int:
    """How far anything on the page reaches beyond its width, px."""
    return page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth); }"
    )
