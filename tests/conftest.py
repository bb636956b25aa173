"""For every test: properties are not hurried, and the browser comes last."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine makes single examples slow; that is no failure. CI tries the same examples every time.
settings.register_profile("unhurried", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("unhurried")

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser are marked as such and run after the quick ones."""
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker("browser")
    items.sort(key=lambda item: item.path.is_relative_to(BROWSER))
