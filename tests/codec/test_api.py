"""What the codec offers: every name from the package itself, documented, on NumPy alone, and no other way in."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

import dark_core.codec
from dark_core.codec import DECODERS, Status, decoder

ROOT = Path(__file__).parents[2]
PUBLIC = {name: getattr(dark_core.codec, name) for name in dark_core.codec.__all__}


def test_a_public_name_is_no_module_but_the_reference():
    assert [name for name, value in PUBLIC.items() if inspect.ismodule(value)] == ["reference"]


def imports(path: Path) -> list[str]:
    """Every dotted name that a source imports from the codec."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in names if name.startswith("dark_core.codec")]


def test_nothing_outside_imports_a_private_name_of_the_codec():
    own = (ROOT / "dark_core/codec", ROOT / "tests/codec")
    sources = [
        path for glob in ("dark_core/**/*.py", "tests/**/*.py", "pages/*.py", "*.py") for path in ROOT.glob(glob)
    ]
    outside = [path for path in sources if not any(path.is_relative_to(folder) for folder in own)]
    assert len(outside) > 100
    private = {path.name: name for path in outside for name in imports(path) if "._" in name}
    assert private == {}


@pytest.mark.parametrize("name", [name for name, value in PUBLIC.items() if callable(value)])
def test_every_function_and_class_is_documented_by_section(name):
    value = PUBLIC[name]
    text = inspect.getdoc(value)
    assert text.splitlines()[0].endswith(".") and len(text.splitlines()[0]) < 100
    if inspect.isfunction(value):
        for section in ("Parameters", "Returns", "Examples"):
            assert f"{section}\n{'-' * len(section)}\n" in text, f"{name}: {section}"
        for parameter in inspect.signature(value).parameters:
            assert parameter in text.partition("Parameters\n")[2].partition("Returns\n")[0], f"{name}: {parameter}"
        raises = "raise " in inspect.getsource(value)
        assert raises == ("Raises\n------\n" in text), f"{name}: Raises"


def test_a_decoder_is_declared_above_its_function(monkeypatch):
    monkeypatch.setattr(dark_core.codec.registry, "DECODERS", {})

    @decoder("still", title="Still", formula="x", source="a test", known_failure="Always.", core=True)
    def still(batch):
        return np.zeros((batch.count, 2)), Status.FINE

    assert dark_core.codec.registry.DECODERS["still"].function is still
    assert dark_core.codec.registry.DECODERS["still"].core
    with pytest.raises(ValueError, match="'still' already"):
        decoder("still", title="", formula="", source="", known_failure="")


def test_each_family_has_its_own_file():
    files = {name: inspect.getsourcefile(one.function) for name, one in DECODERS.items()}
    families = {name: Path(file).stem for name, file in files.items()}
    assert families == {
        "argmax": "argmax",
        "quarter_shift": "shift",
        "second_maximum": "shift",
        "weighted_average": "centroid",
        "thresholded_average": "centroid",
        "patch_average_5": "centroid",
        "patch_average_7": "centroid",
        "soft_argmax": "soft_argmax",
        "soft_argmax_compensated": "soft_argmax",
        "soft_argmax_local": "soft_argmax",
        "bicubic": "bicubic",
        "parabola": "parabola",
        "taylor": "dark",
        "dark_release": "dark",
        "dark_raw_peak": "dark",
        "dark": "dark",
        "noise_matched": "noise_matched",
        "gaussian_fit": "gaussian_fit",
        "gaussian_fit_free": "gaussian_fit",
        "gaussian_fit_rotated": "rotated_fit",
    }
    assert list(families) == list(DECODERS)
