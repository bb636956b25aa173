"""What deploy/Dockerfile says, and its commands run without a container engine."""

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"


@dataclass(frozen=True)
class Stage:
    """One `FROM`: its base image and what follows, as (instruction, text)."""

    base: str
    lines: tuple[tuple[str, str], ...]

    def all(self, instruction: str) -> list[str]:
        return [text for word, text in self.lines if word == instruction]

    def one(self, instruction: str) -> str:
        (text,) = self.all(instruction)
        return text

    @property
    def environment(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for text in self.all("ENV") for pair in shlex.split(text))

    @property
    def copied(self) -> list[tuple[str, str]]:
        """(source, target) of what comes from the working tree."""
        found = []
        for text in self.all("COPY"):
            *sources, target = text.split()
            if not sources[0].startswith("--from="):
                found += [(source, target) for source in sources]
        return found

    @property
    def command(self) -> list[str]:
        return [part.strip('"') for part in self.one("CMD").strip("[]").split(", ")]

    @property
    def health(self) -> str:
        """The shell command of the health check."""
        return self.one("HEALTHCHECK").partition("CMD ")[2]


def stages() -> dict[str, Stage]:
    """The stages by name, in order: the last is what is built unless another is named."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    found: dict[str, tuple[str, list]] = {}
    for line in filter(str.strip, lines):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, name = rest.split(" AS ")
            found[name] = (base, [])
        else:
            found[name][1].append((word, rest.strip()))
    return {name: Stage(base, tuple(lines)) for name, (base, lines) in found.items()}


def install(folder: Path, python: str) -> Path:
    """The virtual environment that the stage `packages` makes, here in ``folder``; ``python`` is its interpreter's."""
    stage, venv = stages()["packages"], folder / "venv"
    for source, target in stage.copied:
        shutil.copy(ROOT / source, folder / target)
    path = f"{venv / 'bin'}:{Path(python).parent}:{os.environ['PATH']}"
    arguments = dict(text.split("=") for text in stage.all("ARG"))
    for command in stage.all("RUN"):
        run = subprocess.run(
            ["sh", "-ec", command.replace("/venv", str(venv))],
            cwd=folder,
            env={**os.environ, **arguments, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"
    return venv


def lay_out(folder: Path) -> None:
    """What the stage `app` copies from the working tree, in ``folder``."""
    for source, target in stages()["app"].copied:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, folder / target)


USER = 10001


def as_user(command: list[str]) -> list[str]:
    """``command`` as the image's user, who may read everything and write only what is theirs, where root runs this."""
    if os.name != "posix" or os.geteuid() != 0:
        return command
    reads = ["--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search", "--no-new-privs"]
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *reads, *command]
