"""`make docs` builds the API reference from the docstrings, and every public name of the codec is in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import dark_core.codec

ROOT = Path(__file__).parents[2]
RECIPE = re.search(r"-m pdoc ((?:.*\\\n)*.*)", (ROOT / "Makefile").read_text(encoding="utf-8")).group(1)


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    """The pages that the recipe of the Makefile writes."""
    folder = tmp_path_factory.mktemp("api")
    assert "build/api" in RECIPE
    words = RECIPE.replace("\\\n", " ").replace("build/api", str(folder)).split()
    run = subprocess.run([sys.executable, "-m", "pdoc", *words], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0 and "Error" not in run.stderr, run.stderr
    return folder


def page(reference: Path, module: str) -> str:
    return (reference / f"{module.replace('.', '/')}.html").read_text(encoding="utf-8")


def test_every_public_name_of_the_codec_has_an_entry(reference):
    text = page(reference, "dark_core.codec")
    missing = [name for name in dark_core.codec.__all__ if f'id="{name}"' not in text]
    assert missing == []


def test_the_entry_of_a_function_has_its_signature_and_its_docstring(reference):
    text = page(reference, "dark_core.codec")
    entry = text[text.index('id="decode"') :]
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", entry[: entry.index("</section>")]))
    assert "decoder" in shown and "sigma" in shown
    first = dark_core.codec.decode.__doc__.strip().splitlines()[0].replace("`", "")
    assert first in shown


def test_the_estimator_and_the_crop_are_in_it(reference):
    assert 'id="Estimator"' in page(reference, "dark_core.pose.estimator")
    assert 'id="CropTransform"' in page(reference, "dark_core.pose.crop_transform")


def test_its_pages_fetch_nothing(reference):
    for path in reference.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"""<(?:script|img|iframe|link)\b[^>]*(?:src|href)=["']?(?:https?:)?//""", text) == [], path
