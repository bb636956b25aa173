"""For every test: properties are not hurried, processes side by side share the processors, and what takes long is begun
first by those who run side by side, last by one alone."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine makes single examples slow; that is no failure. CI tries the same examples every time.
settings.register_profile("unhurried", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("unhurried")

SIDE_BY_SIDE = "PYTEST_XDIST_WORKER" in os.environ
if SIDE_BY_SIDE:
    # Before PyTorch is imported, and for what the tests start: threads of several processes that wait for each other,
    # spinning, take several times what the work takes.
    os.environ.update(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="passive")

# The plain path is what most tests are about; tests/codec/test_compiled.py holds the compiled one to it.
os.environ["DARK_COMPILED"] = "0"

ROOT = Path(__file__).parent
LONGEST = (
    "cluster browser fuzz pages load deploy evaluation cli benchmarks simulation training rendering test_packaging.py"
).split()
"""Folders, and files beside them, by the time of their longest file."""
AGAINST_THE_CLOCK = ("browser", "cluster", "deploy", "load")
"""Folders whose tests wait for other processes: on a busy machine one may come too late. Once more tells, and pytest
lists what was run again."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser are marked as such, and those against the clock may fail once; files come in the order of
    ``LONGEST``, or for one alone its reverse."""
    for item in items:
        if item.path.is_relative_to(ROOT / "browser"):
            item.add_marker("browser")
        if item.path.relative_to(ROOT).parts[0] in AGAINST_THE_CLOCK:
            item.add_marker(pytest.mark.flaky(reruns=1))

    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(ROOT).parts[0]
        return LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=place, reverse=not SIDE_BY_SIDE)
