"""The packages of pose, files and cluster give their documented names, their examples run, and importing is light."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POSE = [f"dark_core.pose.{found.name}" for found in pkgutil.iter_modules([str(ROOT / "dark_core" / "pose")])]


@pytest.mark.parametrize("package", ["pose", "files", "cluster"])
def test_every_documented_name_is_importable_from_its_package(package):
    module = importlib.import_module(f"dark_core.{package}")
    submodules = {found.name for found in pkgutil.iter_modules(module.__path__)}
    assert module.__all__ and not submodules & set(module.__all__), "a function never shares its module's path"
    if package == "cluster":
        pytest.importorskip("ray", reason="needs the extra cluster")
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("name", ["dark_core.pose", "dark_core.files", *POSE])
def test_the_examples_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_importing_the_packages_and_what_decodes_heatmaps_needs_numpy_alone():
    code = (
        "import sys\n"
        "import dark_core.cluster\n"
        "from dark_core.files import LAYOUTS, HeatmapsError, as_heatmaps, open_heatmaps\n"
        "from dark_core.pose import CONVENTIONS, SKELETON\n"
        "print(*{'torch', 'cv2', 'scipy', 'ray', 'streamlit', 'PIL'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
