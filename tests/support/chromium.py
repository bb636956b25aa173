"""This machine's Chromium or Chrome, and how the tests start it."""

import os
import shutil
from pathlib import Path

COMMANDS = "chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable chrome".split()
"""The shell first: without windows and menus it takes an eighth less of the processor."""
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",  # animations prove nothing and take the processor
)


def installed_browser() -> str | None:
    """The path of this machine's Chromium or Chrome, or what DARK_BROWSER says; None is Playwright's own."""
    if (chosen := os.environ.get("DARK_BROWSER")) is not None:
        return chosen or None
    found = (shutil.which(name) for name in COMMANDS)
    return next(filter(None, found), None) or next((path for path in PLACES if Path(path).exists()), None)
