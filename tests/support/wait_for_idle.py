"""Until a page is at rest: what is done to it earlier may find it not listening yet, or moving."""

from playwright.sync_api import Page, expect

RUNNING = "[data-testid=stApp][data-test-script-state=running]"

STILL = """async () => {
  let changed = performance.now();
  const since = changed;
  const observer = new MutationObserver(() => { changed = performance.now(); });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  while (performance.now() - changed < 300 && performance.now() - since < 10000) {
    await new Promise((next) => requestIdleCallback(next, { timeout: 1000 }));
    await new Promise((next) => setTimeout(next, 20));
  }
  observer.disconnect();
}"""
"""Nothing on the page has changed for 300 ms in which the browser had time for it."""


def settle(page: Page) -> None:
    """Until Python has heard what was done, which a figure may hold back for 70 ms, and answered."""
    page.wait_for_timeout(200)
    expect(page.locator(RUNNING)).to_have_count(0)


def opened(page: Page) -> None:
    """Until a page that was just opened has drawn everything, and listens.

    In place of an element whose script is still being loaded, after Python is at rest too, stands a skeleton.
    """
    settle(page)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    shown = page.locator("body:is([data-laid-out=yes], [data-laid-out=late])")  # what is hidden has no text
    expect(shown).to_have_count(1)
    page.evaluate(STILL)
