"""An interactive figure in a page of its own, without a server: as the app mounts it, and nothing else."""

from playwright.sync_api import Page

from dark_core.app.runtime.component_files import component_file
from dark_core.app.widgets.interactive_component import figure_script

MOUNT = """
async ([source, data]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const draw = (await import(url)).default;
  const setStateValue = (_key, value) => { window.sent = value; };
  draw({ data, parentElement: document.querySelector("main"), setStateValue });
}
"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def mount(page: Page, name: str, data: dict) -> None:
    """The figure ``assets/components/NAME.js`` with ``data``, on a page that is taller than any window."""
    styles = component_file("figure.css") + component_file("interactive_figure.css")
    page.set_content(f"<style>{styles} body {{ height: 3000px }}</style><main></main>")
    page.evaluate(MOUNT, [figure_script(name), {"hide": [], "present": False, "epoch": "one", **data}])


def drawn(page: Page) -> dict:
    """What the figure drew last, once it has drawn what it was told."""
    page.evaluate(SETTLED)
    return page.evaluate("() => document.querySelector('.figure-root').drawn")
