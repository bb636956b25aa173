"""The walls of the house: imports run one way, the library never imports the app, nothing is unpickled or fetched.

And what makes it easy to enter: no folder above fifteen modules, no private module used by another package, no private
name used outside its own module and the test of that module, no function that hides behind its own module.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LIBRARY = {
    *("codec", "pose", "files", "motion", "simulation"),
    *("diagnosis", "evaluation", "benchmarks", "training", "rendering"),
}

# What each package of dark_core may import of the others; app, app.py and the pages may import all.
SEES = {
    "codec": set(),
    "pose": {"codec"},
    "adapters": {"codec", "pose"},
    "files": {"codec", "pose"},
    "simulation": {"codec", "pose"},
    "motion": {"codec", "pose", "files"},
    "diagnosis": {"codec", "pose", "files", "simulation"},
    "evaluation": {"codec", "pose", "files", "simulation", "diagnosis"},
    "benchmarks": {"codec", "pose", "files", "evaluation", "simulation", "diagnosis"},
    "training": {"codec", "pose", "files", "evaluation"},
    "rendering": set(),
    "figures": {"codec", "pose"},
    "cluster": {"codec", "pose", "files", "evaluation"},
    "cli": {*LIBRARY, "figures", "cluster"},
}
MOST_MODULES = 15
UNPICKLERS = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "torch.load"}
FETCHERS = {"requests", "urllib.request", "urllib3", "http.client", "httpx", "aiohttp", "socket", "torch.hub"}
ASKS_THE_CLUSTER = {"dark_core/cluster/remote.py": "http.client", "dark_core/cluster/connection.py": "socket"}
"""The modules that speak to another machine, those of DARK_POSE_URL and of --cluster, and what they do so with."""
STARTS_THE_APP = "dark_core/cli/serve.py"
"""The module that runs the app as a program of its own, and imports nothing of it."""


def violations(root: Path) -> list[str]:
    """Every breach in the project under `root`, as "file:line what"; folders may be missing."""
    ours = sorted([*root.glob("app.py"), *root.glob("pages/**/*.py"), *root.glob("dark_core/**/*.py")])
    found = []
    for check, paths in ((breaches, ours), (intrusions, sorted(root.glob("tests/**/*.py")))):
        for path in paths:
            name = path.relative_to(root)
            found += [f"{name.as_posix()}:{line} {what}" for line, what in check(name, path.read_text("utf-8"))]
    for folder in sorted({path.parent for path in root.glob("dark_core/**/*.py")}):
        name = folder.relative_to(root)
        found += [f"{name.as_posix()}:0 {what}" for what in disorder(folder, ".".join(name.parts))]
    return found


def disorder(folder: Path, package: str) -> list[str]:
    """What is wrong with a folder as a whole: too many modules, or a function with the import path of its module."""
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    init, found = folder / "__init__.py", []
    if len(modules) > MOST_MODULES:
        found.append(f"holds {len(modules)} modules, more than {MOST_MODULES}")
    tree = ast.parse(init.read_text(encoding="utf-8")) if init.exists() else ast.Module([], [])
    for node in tree.body:
        names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        if isinstance(node, ast.ImportFrom) and (node.level, node.module) not in ((1, None), (0, package)):
            names = [alias.asname or alias.name for alias in node.names]
        found += [f"{name} is a module and the name of something else" for name in names if name in modules]
    return found


def intrusions(path: Path, source: str) -> list[tuple[int, str]]:
    """(line, what is wrong) of one test: only tests/a/test_b.py may use what is private to dark_core/a/b.py."""
    package = "app" if path.parts[1] in ("pages", "browser") else path.parts[1]
    module = ".".join(["dark_core", *path.parts[1:-1], path.stem.removeprefix("test_")])
    return sorted(private_breaches(path, source, package, module))


def private_breaches(path: Path, source: str, package: str | None, module: str) -> set[tuple[int, str]]:
    """(line, what is wrong) of every private name that neither ``package`` nor ``module`` owns."""
    found = {(line, what) for line, what, owner in private_uses(path, source) if owner != package}
    lines = {line for line, _ in found}
    for line, name in used_names(ast.parse(source), path.with_suffix("").parts[:-1]):
        owner, _, last = name.rpartition(".")
        ours = within(owner, "dark_core") and (ROOT / owner.replace(".", "/")).with_suffix(".py").exists()
        if ours and owner != module and re.fullmatch(r"_[^_].*", last) and line not in lines:
            found.add((line, f"uses {last}, which is private to {owner}"))
    return found


def private_uses(path: Path, source: str) -> list[tuple[int, str, str]]:
    """(line, what is wrong, owner) of every name that is private to a package of dark_core."""
    found = []
    for line, name in used_names(ast.parse(source), path.with_suffix("").parts[:-1]):
        _, owner, *rest = (*name.split("."), "", "")
        private = next((part for part in rest if re.fullmatch(r"_[^_].*", part)), None)
        if within(name, "dark_core") and private:
            found.append((line, f"imports {private}, which is private to {owner}", owner))
    return found


def breaches(path: Path, source: str) -> list[tuple[int, str]]:
    """(line, what is wrong) of one source at `path`, relative to the repository."""
    parts = path.with_suffix("").parts
    package = parts[1] if parts[0] == "dark_core" and len(parts) > 2 else None
    found = list(private_breaches(path, source, package, ".".join(parts)))
    tree = ast.parse(source)
    for line, name in used_names(tree, parts[:-1]):
        if within(name, "pages") or name == "app":
            found.append((line, f"imports {name}: nothing sees the pages"))
        if within(name, "streamlit") and parts[0] == "dark_core" and package != "app":
            found.append((line, "imports streamlit outside the app"))
        if within(name, "ray") and package != "cluster":
            found.append((line, "imports ray outside the cluster"))
        if package in SEES and within(name, "dark_core"):
            other = (*name.split("."), "")[1]
            allowed = {*SEES[package], package, *({"app"} if path.as_posix() == STARTS_THE_APP else ())}
            if other in {*SEES, "app", "__main__"} - allowed:
                found.append((line, f"{package} imports {other}"))
        if within(name, "dark_core.app") and package is None and parts[0] == "dark_core":
            found.append((line, "imports app: the library never does"))
        found += [(line, f"uses {name}, which unpickles") for bad in UNPICKLERS if within(name, bad)]
        allowed = {ASKS_THE_CLUSTER.get(path.as_posix())}
        found += [(line, f"uses {name}, which fetches") for bad in FETCHERS - allowed if within(name, bad)]
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            found.append((node.value.lineno, "allows pickle"))
    return sorted(set(found))


def within(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


def used_names(tree: ast.AST, package: tuple[str, ...]) -> list[tuple[int, str]]:
    """(line, dotted name) of everything imported, and of every attribute read from an imported module."""
    names, known = [], {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names.append((node.lineno, alias.name))
                bound = alias.name if alias.asname else alias.name.split(".")[0]  # `import a.b` binds a
                known[alias.asname or bound] = bound
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = [*above, *filter(None, [node.module])]
            for alias in node.names:
                full = ".".join([*base, alias.name])
                names.append((node.lineno, full))
                known[alias.asname or alias.name] = full
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            # importlib.import_module("x"), __import__("x") and runpy.run_module("x")
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__", "run_module"):
                names.append((node.lineno, str(node.args[0].value)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            names.append((node.lineno, f"{known[node.value.id]}.{node.attr}"))
    return names


def test_the_walls_stand():
    assert violations(ROOT) == []


def test_the_codec_imports_numpy_alone():
    code = """
import sys
before = set(sys.modules)
import dark_core.codec
names = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(names - sys.stdlib_module_names))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.split()) == (0, ["dark_core", "numpy"]), run.stderr


@pytest.mark.parametrize(
    "path, source, breach",
    [
        ("dark_core/codec/_decode.py", "import dark_core.pose", "codec imports pose"),
        ("dark_core/codec/_decode.py", "from dark_core import pose", "codec imports pose"),
        ("dark_core/codec/_decode.py", "from ..pose.transform import CropTransform", "codec imports pose"),
        ("dark_core/codec/_decode.py", "from .. import pose", "codec imports pose"),
        ("dark_core/codec/__init__.py", "from ..pose import CropTransform", "codec imports pose"),
        (
            "dark_core/pose/crop_transform.py",
            "def f():\n    from dark_core.evaluation import metrics",
            "pose imports evaluation",
        ),
        (
            "dark_core/evaluation/metrics.py",
            "import importlib\nimportlib.import_module('dark_core.training')",
            "evaluation imports training",
        ),
        ("dark_core/figures/skeleton.py", "from dark_core.evaluation import metrics", "figures imports evaluation"),
        ("dark_core/training/fit.py", "from dark_core import figures", "training imports figures"),
        ("dark_core/motion/track.py", "from dark_core.simulation import motion", "motion imports simulation"),
        ("dark_core/adapters/vitpose.py", "from dark_core.files import photos", "adapters imports files"),
        ("dark_core/pose/predictor.py", "from dark_core import adapters", "pose imports adapters"),
        ("dark_core/training/fit.py", "from dark_core.app.home import view", "training imports app"),
        ("dark_core/pose/estimator.py", "import streamlit as st", "streamlit outside the app"),
        ("dark_core/__main__.py", "from streamlit import cache_data", "streamlit outside the app"),
        ("dark_core/app/frame.py", "import pages.home", "nothing sees the pages"),
        ("app.py", "from pages import home", "nothing sees the pages"),
        ("pages/1_Encode.py", "import app", "nothing sees the pages"),
        ("dark_core/pose/weights.py", "import pickle", "unpickles"),
        ("dark_core/pose/weights.py", "import torch\ntorch.load('w')", "unpickles"),
        ("dark_core/pose/weights.py", "import torch as t\nx = t.load", "unpickles"),
        ("dark_core/pose/weights.py", "from torch import load as read", "unpickles"),
        ("dark_core/files/photos.py", "import numpy as np\nnp.load('x', allow_pickle=True)", "allows pickle"),
        ("dark_core/files/photos.py", "f('x', allow_pickle=flag)", "allows pickle"),
        ("app.py", "import requests", "fetches"),
        ("pages/1_Encode.py", "from urllib.request import urlopen", "fetches"),
        ("pages/1_Encode.py", "from urllib import request", "fetches"),
        ("dark_core/pose/weights.py", "import torch\ntorch.hub.load('r', 'm')", "fetches"),
        ("dark_core/cluster/remote.py", "from urllib.request import urlopen", "fetches"),
        ("dark_core/cluster/remote.py", "import socket", "fetches"),
        ("dark_core/cluster/serve.py", "import http.client", "fetches"),
        ("dark_core/cluster/connection.py", "import http.client", "fetches"),
        ("dark_core/app/remote.py", "import http.client", "fetches"),
        ("dark_core/cluster/compare.py", "from dark_core.app import services", "cluster imports app"),
        ("dark_core/evaluation/evaluate.py", "from dark_core.cluster import compare", "evaluation imports cluster"),
        ("dark_core/cli/cluster.py", "import ray", "ray outside the cluster"),
        ("dark_core/cli/predict.py", "from dark_core.app.runtime import server", "cli imports app"),
        ("dark_core/__main__.py", "from dark_core.app import home", "imports app: the library never does"),
        ("dark_core/files/photos.py", "from dark_core.evaluation import metrics", "files imports evaluation"),
        ("dark_core/benchmarks/decoders.py", "from dark_core.cli import main", "benchmarks imports cli"),
        ("dark_core/pose/estimator.py", "from dark_core.codec import _smooth", "_smooth, which is private to codec"),
        ("dark_core/app/home/view.py", "from dark_core.codec._fast import newton", "_fast, which is private to codec"),
        ("app.py", "from dark_core.codec._decode import BLOCK", "_decode, which is private to codec"),
        ("app.py", "from dark_core import codec\ncodec._decode", "_decode, which is private to codec"),
        ("tests/pose/test_network.py", "from dark_core.codec._fast import newton", "_fast, which is private to codec"),
        ("tests/test_fast.py", "from dark_core.pose.network import _stem", "_stem, which is private to pose"),
        ("tests/pose/test_network.py", "from dark_core.codec.registry import _all", "_all, which is private to codec"),
        ("dark_core/cli/train.py", "import runpy\nrunpy.run_module('dark_core.app')", "cli imports app"),
        ("dark_core/cli/serve.py", "import dark_core.training._fit", "_fit, which is private to training"),
        (
            "dark_core/app/noise_lab/quiz.py",
            "from dark_core.app.noise_lab.view import _known_errors",
            "_known_errors, which is private to dark_core.app.noise_lab.view",
        ),
        (
            "dark_core/app/noise_lab/quiz.py",
            "from . import view\nview._known_errors",
            "_known_errors, which is private to dark_core.app.noise_lab.view",
        ),
        (
            "tests/pages/test_noise_lab.py",
            "from dark_core.app.noise_lab.view import _known_errors",
            "_known_errors, which is private to dark_core.app.noise_lab.view",
        ),
    ],
)
def test_a_planted_breach_is_found(tmp_path, path, source, breach):
    plant(tmp_path, path, source)
    found = violations(tmp_path)
    assert len(found) == 1 and found[0].startswith(f"{path}:{source.count(chr(10)) + 1} ") and breach in found[0]


@pytest.mark.parametrize("count, breaches", [(15, 0), (16, 1)])
def test_a_crowded_folder_is_found(tmp_path, count, breaches):
    for number in range(count):
        plant(tmp_path, f"dark_core/pose/module_{number}.py", "")
    plant(tmp_path, "dark_core/pose/__init__.py", "")
    assert violations(tmp_path) == ["dark_core/pose:0 holds 16 modules, more than 15"] * breaches


@pytest.mark.parametrize(
    "source",
    [
        "from dark_core.codec.decode import decode",
        "from .decode import decode",
        "from dark_core.codec._decode import run as decode",
        "def decode(heatmaps): ...",
    ],
)
def test_a_function_with_the_import_path_of_its_module_is_found(tmp_path, source):
    plant(tmp_path, "dark_core/codec/decode.py", "def decode(heatmaps): ...")
    plant(tmp_path, "dark_core/codec/__init__.py", source)
    assert violations(tmp_path) == ["dark_core/codec:0 decode is a module and the name of something else"]


@pytest.mark.parametrize(
    "path, source",
    [
        (
            "dark_core/codec/_decode.py",
            "from . import smooth\nfrom .encode import encode\nfrom dark_core.codec import trace",
        ),
        (
            "dark_core/pose/estimator.py",
            "import torch\nfrom dark_core.codec import decode\nfrom dark_core import __version__",
        ),
        ("dark_core/training/fit.py", "from ..evaluation.metrics import pck\nfrom ..pose import CropTransform"),
        ("dark_core/app/caches.py", "import streamlit as st\nfrom dark_core import figures, evaluation"),
        ("dark_core/__main__.py", "from .files.photos import read_photo\nfrom .training import fit"),
        ("dark_core/cluster/remote.py", "import http.client\nhttp.client.HTTPConnection('host')"),
        ("dark_core/cluster/connection.py", "import socket\nsocket.create_connection(('host', 6379))"),
        ("dark_core/cluster/serve.py", "from ray import serve\nfrom ..evaluation.evaluate import read_batch"),
        (
            "pages/1_Encode.py",
            "import streamlit as st\nfrom dark_core.app import frame\nfrom urllib.parse import urlencode",
        ),
        ("app.py", "import numpy as np\nnp.load('x', allow_pickle=False)"),
        ("dark_core/cli/serve.py", "import runpy\nrunpy.run_module('dark_core.app')"),
        ("dark_core/codec/__init__.py", "from dark_core.codec._decode import decode\nfrom . import _decode"),
        (
            "dark_core/codec/decoders/__init__.py",
            "from dark_core.codec.decoders import dark\nfrom dark_core.codec.decoders.dark import newton",
        ),
        ("tests/app/runtime/test_page.py", "from dark_core.app.runtime.page import _pace"),
        ("tests/app/noise_lab/test_view.py", "from dark_core.app.noise_lab import view\nview._known_errors"),
        ("tests/codec/test_newton.py", "from dark_core.codec._fast import newton"),
        ("tests/codec/decoders/test_dark.py", "from dark_core.codec._fast import newton"),
    ],
)
def test_a_sound_source_passes(tmp_path, path, source):
    plant(tmp_path, path, source)
    assert violations(tmp_path) == []


def plant(root: Path, path: str, source: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(source, encoding="utf-8")
