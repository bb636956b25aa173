"""The continuous integration that the repository describes: systems, versions, and commands that exist."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def jobs(name: str) -> dict:
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))["jobs"]


def commands(path: Path) -> list[str]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    return [step["run"] for job in found for step in job["steps"] if "run" in step]


def test_every_system_runs_the_oldest_and_a_new_python():
    matrix = jobs("ci")["systems"]["strategy"]["matrix"]
    assert {one.split("-")[0] for one in matrix["os"]} == {"ubuntu", "macos", "windows"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={matrix['python'][0]}" and len(matrix["python"]) == 2


def test_the_oldest_versions_and_the_long_tests_have_their_jobs():
    assert any("--resolution lowest-direct" in step.get("run", "") for step in jobs("ci")["oldest"]["steps"])
    assert set(jobs("nightly")) == {"fuzz", "load", "oldest-browser"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_a_job_calls_is_there(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in commands(path):
        for line in re.findall(r"\bmake ([a-z -]+)", command):
            for target in line.split():
                assert re.search(rf"^{target}:", makefile, re.M), f"make {target}"
        for file in re.findall(r"(?:^|\s)((?:tests|\.ci|requirements)[\w./-]*)", command):
            assert (ROOT / file).exists(), file


def test_before_a_commit_the_same_tools_run_as_in_make_test():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    lint = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1].split("\n\n")[0]
    for hook in hooks:
        assert re.sub(r"^\.venv/bin/", "$(BIN)/", hook["entry"].removesuffix(" --fix")) in lint
