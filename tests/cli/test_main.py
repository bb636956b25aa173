"""The dispatcher: every verb explains itself, ends quietly, and needs no more than its own packages."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dark_core.cli import main as module
from dark_core.cli.main import BENCHMARKS, EXTRAS, VERBS, main, module_of
from dark_core.files.scenes import SCENES

ROOT = Path(__file__).parents[2]


def test_every_module_of_a_verb_is_listed_and_has_its_extra():
    modules = {path.stem for path in (ROOT / "dark_core" / "cli").rglob("*.py")} - {"__init__", "main"}
    assert {name.replace("_", "-") for name in modules} == set(VERBS) == set(EXTRAS)
    folder = ROOT / "dark_core" / "cli" / "benchmarks"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(BENCHMARKS)


@pytest.mark.parametrize("verb", VERBS)
def test_help_says_what_comes_out_and_gives_an_example_that_parses(verb, capsys, monkeypatch):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0 and text.startswith(f"usage: dark-core {verb} ")
    description = text.split("\n\n")[1]
    assert re.match(r"(Finds|Prints|Writes|Trains|Serves) ", description) and description.endswith(".")
    example = text.rsplit("example:\n", 1)[1].strip()
    command, *arguments = shlex.split(example)
    assert command == "dark-core" and arguments[0] == verb
    ran = []
    monkeypatch.setattr(f"{module_of(verb)}.run", ran.append)
    main(arguments)
    assert len(ran) == 1 and ran[0].verb == verb


def test_the_list_of_verbs_imports_none_of_them():
    code = "import sys; from dark_core.cli.main import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout
    help_text, modules = shown.rsplit("\n", 2)[:2]
    assert all(re.search(rf"^    {verb}\b", help_text, re.M) for verb in VERBS)
    assert not {"numpy", "torch", "cv2", "streamlit"} & set(modules.split())


@pytest.mark.parametrize("arguments", [["predict", SCENES / "standing.jpg"], ["limits", "--count", 40], ["--help"]])
def test_a_reader_that_leaves_ends_a_verb_quietly(arguments):
    command = [sys.executable, "-m", "dark_core", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.close()  # before the first line
    error = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), error) == (0, "")


def test_the_program_is_called_as_it_was_started(capsys):
    with pytest.raises(SystemExit):
        main(["decode", "--help"], prog="python -m dark_core")
    assert capsys.readouterr().out.startswith("usage: python -m dark_core decode ")
    shown = subprocess.run([sys.executable, "-m", "dark_core", "-h"], cwd=ROOT, capture_output=True, text=True).stdout
    assert shown.startswith("usage: python -m dark_core ")


def test_one_option_has_one_spelling():
    """Every verb that chooses decoders calls the option --decoder."""
    for verb in VERBS:
        source = (ROOT / f"{module_of(verb).replace('.', '/')}.py").read_text(encoding="utf-8")
        assert set(re.findall(r'"(--(?:decod|method)\w*)"', source)) <= {"--decoder"}, verb


@pytest.mark.parametrize("verb, extra", EXTRAS.items())
def test_a_missing_package_ends_with_the_command_that_installs_it(verb, extra, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn")

    monkeypatch.setattr(module.importlib, "import_module", missing)
    with pytest.raises(SystemExit, match=re.escape(f"torch is not installed: pip install 'dark-explorer[{extra}]'")):
        main([verb])


def test_every_extra_that_is_named_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {name for extra in EXTRAS.values() for name in extra.split(",")} <= set(project["optional-dependencies"])


def test_a_fault_of_our_own_is_not_taken_for_a_missing_package(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError("No module named 'dark_core.gone'", name="dark_core.gone")

    monkeypatch.setattr(module.importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError, match=r"dark_core\.gone"):
        main(["predict"])


def test_serve_says_where_the_app_is_when_the_package_came_without(monkeypatch):
    monkeypatch.setattr("dark_core.cli.serve.importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"run it from a checkout after pip install -e '\.\[app\]'\.$"):
        main(["serve"])
