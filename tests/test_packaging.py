"""What `pip install .` gives: the codec on NumPy alone, typed, and extras that agree with the pinned requirements."""

import ast
import csv
import io
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement

import dark_core
from dark_core.cli.main import VERBS
from dark_core.codec import DECODERS, decode, encode

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DATA = {"dark_core/py.typed", "dark_core/figures/style.json"}
NUMPY = Path(np.__file__).parents[1]

# Put before what runs on the wheel: Python with no site-packages but NumPy's, and of these NumPy only.
ALONE = """
import sys
target, numpy, *sys.argv[1:] = sys.argv[1:]

class OnlyNumPy:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {"dark_core", "numpy", *sys.stdlib_module_names}:
            raise ModuleNotFoundError(f"No module named {name!r} here", name=name)

sys.meta_path.insert(0, OnlyNumPy())
sys.path += [target, numpy]
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy of the sources so that nothing is left among them, without a network."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for folder in ("dark_core", "pages", "tests"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip("wheel", source, "--no-build-isolation", "--wheel-dir", out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder that the wheel, and nothing else, is installed to."""
    target = tmp_path_factory.mktemp("installed")
    pip("install", wheel, "--target", target)
    return target


def pip(command: str, *arguments) -> None:
    options = ["--no-deps", "--no-index", "--disable-pip-version-check", "--quiet"]
    run = subprocess.run(
        [sys.executable, "-m", "pip", command, *options, *map(str, arguments)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def alone(installed: Path, code: str, *arguments, cwd: Path) -> str:
    """What `code` prints on the installed wheel with NumPy alone; `arguments` are its sys.argv[1:]."""
    command = [sys.executable, "-I", "-S", "-c", ALONE + code, installed, NUMPY, *arguments]
    run = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_wheel_holds_the_library_typed_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    info = f"dark_explorer-{dark_core.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"dark_core", info}
    sources = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("dark_core/**/*.py")}
    sources = {source for source in sources if source.split("/")[1] not in ("app", "rendering")}
    assert {name for name in names if name.startswith("dark_core/")} == {*sources, *DATA}
    assert f"{info}/licenses/LICENSE" in names


def test_numpy_is_all_it_needs(installed):
    (distribution,) = distributions(path=[str(installed)])
    needed = [Requirement(line) for line in distribution.requires]
    assert [need.name for need in needed if need.marker is None] == ["numpy"]
    assert set(distribution.metadata.get_all("Provides-Extra")) == {"fast", "torch", "pose", "app", "cluster"}


def test_every_decoder_reads_with_numpy_alone(installed, tmp_path):
    code = """
import dark_core.codec as codec

joints = [[20.3, 31.7], [9.0, 5.5]]
maps = codec.encode(joints, size=(48, 64), sigma=2.0)
for name in codec.DECODERS:
    print(name, abs(codec.decode(maps, name, 2.0).xy - joints).max())
print(codec.__file__)
"""
    *lines, file = alone(installed, code, cwd=tmp_path).splitlines()
    assert Path(file).is_relative_to(installed)
    errors = {name: float(error) for name, error in map(str.split, lines)}
    assert list(errors) == list(DECODERS)
    assert max(errors.values()) <= 1 and errors["dark"] < 1e-3 and errors["argmax"] == 0.5


def test_the_command_decodes_with_numpy_alone(installed, tmp_path):
    joints = np.array([[[20.3, 31.7], [9.0, 5.5]]])
    maps = encode(joints, size=(48, 64), sigma=2.0)
    np.save(tmp_path / "maps.npy", maps)
    (distribution,) = distributions(path=[str(installed)])
    (script,) = distribution.entry_points.select(group="console_scripts")
    assert script.name == "dark-core"
    command = f"from {script.module} import {script.attr} as run; run()"
    text = alone(installed, command, "decode", "maps.npy", "--sigma", "2", cwd=tmp_path)
    rows = list(csv.DictReader(io.StringIO(text)))
    read = [[float(row["x"]), float(row["y"])] for row in rows]
    np.testing.assert_allclose(read, decode(maps).xy[0], atol=1e-3)


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"choose", "decode", "doctor", "limits"}))
def test_every_other_verb_says_in_one_line_what_it_needs(installed, tmp_path, verb):
    code = """
from importlib import import_module
from shlex import split
from dark_core.cli.main import main, module_of
verb = sys.argv[1]
try:
    example = import_module(module_of(verb)).EXAMPLE
except ModuleNotFoundError:
    example = f"dark-core {verb}"
try:
    main(split(example)[1:])
except SystemExit as end:
    print(end.code)
"""
    (line,) = alone(installed, code, verb, cwd=tmp_path).splitlines()
    if verb == "serve":
        assert line == "The app is not part of the wheel: run it from a checkout after pip install -e '.[app]'."
    else:
        assert re.fullmatch(r"\w+ is not installed: pip install 'dark-explorer\[pose(,cluster)?\]'", line)


def test_limits_needs_numpy_alone(installed, tmp_path):
    code = "from dark_core.cli.main import main; main(sys.argv[1:])"
    assert "gaussian_fit" in alone(installed, code, "limits", "--count", 8, cwd=tmp_path)


def test_every_adapter_says_in_one_sentence_what_to_install(installed, tmp_path):
    code = """
from types import SimpleNamespace
import dark_core.codec as codec
from dark_core.adapters import post_process_pose_estimation, to_fiftyone, to_supervision

joints = codec.decode(codec.encode([[20.3, 31.7]], size=(48, 64), sigma=2.0))
for use in (
    lambda: to_supervision(joints, []),
    lambda: to_fiftyone(joints, [], (1, 1)),
    lambda: post_process_pose_estimation(SimpleNamespace(heatmaps=None), []),
    lambda: __import__("dark_core.adapters.mmpose_codec"),
):
    try:
        use()
    except ModuleNotFoundError as error:
        print(error)
"""
    packages = ["supervision", "fiftyone", "torch", "mmpose"]
    wanted = [f"{package} is not installed: pip install {package}" for package in packages]
    assert alone(installed, code, cwd=tmp_path).splitlines() == wanted


def test_nothing_but_numpy_can_be_imported_there(installed, tmp_path):
    refused = """
for name in ("torch", "cv2", "scipy", "streamlit", "plotly", "PIL", "safetensors", "pytest"):
    try:
        __import__(name)
        print(name)
    except ModuleNotFoundError:
        pass
"""
    assert alone(installed, refused, cwd=tmp_path) == ""


# The extras

# Modules named otherwise than what brings them; both Streamlit and Ray Serve bring Starlette.
MODULES = {"cv2": "opencv-python-headless", "PIL": "pillow", "pillow_heif": "pillow-heif", "starlette": "streamlit"}

OPTIONAL = {"onnxruntime", "numba"}
"""`dark-core parity` says in its row that the first is missing; without the second, NumPy decodes."""


def extra(name: str) -> dict[str, Requirement]:
    needs = map(Requirement, PROJECT["dependencies"] + PROJECT["optional-dependencies"][name])
    return {need.name: need for need in needs}


def imported(*globs: str) -> set[str]:
    """What brings the third-party modules that the sources import, wherever in them."""
    found = set()
    for path in (path for glob in globs for path in ROOT.glob(glob)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.partition(".")[0])
    return {MODULES.get(name, name) for name in found - sys.stdlib_module_names - OPTIONAL - {"dark_core"}}


CODEC = ["dark_core/codec/**/*.py", "dark_core/cli/decode.py", "dark_core/cli/main.py"]
LIBRARY = [
    *CODEC,
    *(
        f"dark_core/{folder}/**/*.py"
        for folder in "pose files motion evaluation simulation diagnosis benchmarks".split()
    ),
]
POSE = [*LIBRARY, *(f"dark_core/{folder}/**/*.py" for folder in "training figures cli".split())]
CLUSTER = ["dark_core/cluster/*.py"]
SHOWN = ["dark_core/figures/**/*.py", "dark_core/app/**/*.py", "dark_core/*.py", "pages/*.py", "app.py"]
APP = [*LIBRARY, "dark_core/cluster/remote.py", *SHOWN]


@pytest.mark.parametrize("name, globs", [("torch", CODEC), ("pose", POSE), ("app", APP)])
def test_an_extra_brings_all_that_its_part_imports(name, globs):
    assert imported(*globs) <= set(extra(name))


def test_the_compiled_loops_have_an_extra_of_their_own():
    assert set(extra("fast")) == {"numpy", "numba"}
    assert "numba" not in {*extra("torch"), *extra("pose"), *extra("app")}


def test_an_adapter_imports_nothing_but_numpy_and_its_own_package():
    for path in (ROOT / "dark_core/adapters").glob("*.py"):
        own = {"torch"} if path.stem == "vitpose" else {path.stem}
        assert imported(path.relative_to(ROOT).as_posix()) <= {"numpy", *own}, path


def test_the_cluster_needs_what_its_extra_and_that_of_the_app_bring():
    assert imported(*CLUSTER) <= set(extra("app")) | set(extra("cluster"))


def test_what_is_pinned_for_the_app_is_within_the_bounds_of_its_extra():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()]
    app = extra("app")
    assert {pin.name for pin in pins} == set(app)
    for pin in pins:
        (pinned,) = pin.specifier
        assert pinned.operator == "==" and pinned.version in app[pin.name].specifier, f"{pin} is not {app[pin.name]}"


def test_the_extras_agree_on_their_bounds():
    bounds = {}
    for name in PROJECT["optional-dependencies"]:
        for need in extra(name).values():
            assert bounds.setdefault(need.name, need.specifier) == need.specifier
