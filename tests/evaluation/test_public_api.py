"""The packages of the studies give their documented names, their examples run, and importing them stays light."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("evaluation", "simulation", "diagnosis", "benchmarks", "training")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_documented_name_is_importable_from_its_package(package):
    module = importlib.import_module(f"dark_core.{package}")
    submodules = {found.name for found in pkgutil.iter_modules(module.__path__)}
    assert module.__all__ and set(module.__all__) <= set(dir(module))
    assert not submodules & set(module.__all__), "a function never shares its module's import path"
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = module.no_such_name


@pytest.mark.parametrize("name", ["evaluation", "simulation", "diagnosis", "simulation.sweeps"])
def test_the_examples_run(name):
    results = doctest.testmod(importlib.import_module(f"dark_core.{name}"))
    assert results.attempted and results.failed == 0


def test_importing_the_packages_and_the_light_names_needs_numpy_alone():
    code = (
        f"import importlib, sys; [importlib.import_module('dark_core.' + name) for name in {PACKAGES}]\n"
        "from dark_core.evaluation import BatchResult, oks, pck\n"
        "print(*{'torch', 'cv2', 'scipy', 'streamlit', 'PIL'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
