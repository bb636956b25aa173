"""A page in either theme after one load."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.wait_for_idle import opened

GROUND = """(dark) => {
  const ground = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
  return (Number(ground.match(/[0-9]+/)[0]) < 128) === dark;
}"""
"""Whether the browser has the theme."""

STYLE = """(dark) => {
  const styles = [...document.querySelectorAll("style")].map((style) => style.textContent);
  return styles.some((text) => text.includes("stSliderThumbValue")) === dark;
}"""
"""Whether Python has it: the page has the style that is added in the dark theme only."""


def in_both_themes(page: Page) -> Iterator[str]:
    """ "dark", which the page must have been opened in, then "light" once both the browser and Python draw in it."""
    for scheme in ("dark", "light"):
        if scheme == "light":
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(GROUND, arg=False)
            page.keyboard.press("r")  # Streamlit's key for another run
        page.wait_for_function(STYLE, arg=scheme == "dark")
        opened(page)
        yield scheme
