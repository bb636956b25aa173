"""`make docs` builds the API reference from the docstrings, and every public name of codec and pose is in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import dark_core.codec
import dark_core.pose

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    """The pages that the command of `make docs` writes."""
    folder = tmp_path_factory.mktemp("api")
    assert "python -m docs.build_api build/api" in (ROOT / "Makefile").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "docs.build_api", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    return folder


def page(reference: Path, module: str) -> str:
    return (reference / f"{module.replace('.', '/')}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("package", [dark_core.codec, dark_core.pose], ids=lambda package: package.__name__)
def test_every_public_name_has_an_entry_or_a_page(reference, package):
    text = page(reference, package.__name__)
    pages = {path.stem for path in (reference / package.__name__.replace(".", "/")).glob("*.html")}
    assert [name for name in package.__all__ if f'id="{name}"' not in text and name not in pages] == []


def test_the_entry_of_a_function_has_its_signature_and_its_docstring(reference):
    text = page(reference, "dark_core.codec")
    entry = text[text.index('id="decode"') :]
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", entry[: entry.index("</section>")]))
    first = dark_core.codec.decode.__doc__.strip().splitlines()[0].replace("`", "")
    assert "sigma" in shown and first in shown


def test_a_name_that_is_imported_late_has_its_docstring(reference):
    text = page(reference, "dark_core.pose")
    entry = text[text.index('id="Estimator"') :]
    assert dark_core.pose.Estimator.__doc__.strip().splitlines()[0] in entry


def test_its_pages_fetch_nothing(reference):
    for path in reference.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"""<(?:script|img|iframe|link)\b[^>]*(?:src|href)=["']?(?:https?:)?//""", text) == [], path
