"""The Firefox that Playwright drives, where it has been fetched: ``python -m playwright install firefox``."""

import os
import sys
from pathlib import Path

_CACHES = {"darwin": Path.home() / "Library" / "Caches", "win32": Path(os.environ.get("LOCALAPPDATA", ""))}
_EXECUTABLES = ("firefox/firefox", "firefox/firefox.exe", "firefox/*.app/Contents/MacOS/firefox")


def installed_firefox() -> str | None:
    """Its path; DARK_FIREFOX says another one. A Firefox as it comes from elsewhere does not answer Playwright."""
    if chosen := os.environ.get("DARK_FIREFOX"):
        return chosen
    cache = _CACHES.get(sys.platform, Path.home() / ".cache") / "ms-playwright"
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", cache))
    found = (path for name in _EXECUTABLES for path in folder.glob(f"firefox-*/{name}"))
    return next(map(str, found), None)
