"""The image without a container engine: its commands in a clean virtual environment, as its user, on what it copies."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from streamlit import config

from tests.deploy.image import DOCKERFILE, ROOT, USER, as_user, install, lay_out, stages
from tests.deploy.room import free_ports
from tests.load.visitor import Visitor
from tests.support.servers import HOST, run_async, wait_until_healthy

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")


# What the Dockerfile says


def test_what_is_built_is_slim_and_run_by_no_root():
    *_, last = stages()
    app = stages()["app"]
    assert last == "app" and re.fullmatch(r"python:3\.11-slim-\w+", app.base)
    user = app.one("USER")
    assert f"--uid {USER} " in app.one("RUN") and app.one("RUN").endswith(user)
    words = [word for word, _ in app.lines]
    assert words.index("USER") < words.index("CMD")


def test_code_comes_after_what_changes_less():
    """A changed page builds neither the packages nor the assets again."""
    targets = [target for _, target in stages()["app"].copied]
    assert targets.index("assets") < targets.index("dark_core") < targets.index("pages")
    assert [source for source, _ in stages()["packages"].copied] == ["requirements.txt"]


def test_the_builder_is_sent_what_is_copied_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in lines if line.startswith("!")}
    copied = {source for stage in stages().values() for source, _ in stage.copied}
    assert "*" in lines and {name.removesuffix("/config.toml") for name in sent} == copied
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.parametrize("build", ["cpu", "cu130"])
def test_torch_is_the_pinned_one_in_the_build_asked_for(build):
    (command,) = [run for run in stages()["packages"].all("RUN") if "torch" in run]
    assert stages()["packages"].all("ARG") == ["TORCH=cpu"]
    shown = subprocess.run(
        ["sh", "-ec", 'pip() { echo pip "$@"; }\n' + command],
        cwd=ROOT,
        env={**os.environ, "TORCH": build},
        capture_output=True,
        text=True,
        check=True,
    )
    pinned = re.search(r"^torch==\S+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)[0]
    assert shown.stdout == f"pip install --no-deps --index-url https://download.pytorch.org/whl/{build} {pinned}\n"


def test_every_setting_is_one_of_streamlit():
    names = {f"STREAMLIT_{key.replace('.', '_')}" for key in config.get_config_options()}
    known = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper() for name in names}
    environment = stages()["app"].environment
    secret = COMPOSE["services"]["replica"]["env_file"]
    assert {name for name in environment if name.startswith("STREAMLIT_")} <= known
    assert "STREAMLIT_SERVER_COOKIE_SECRET" in known and secret == ["room.env"]


# It installs, starts, is healthy and answers


@dataclass(frozen=True)
class Running:
    """The app as the image starts it: its folder, where it may write, its environment, port and log."""

    app: Path
    scratch: Path
    environment: dict[str, str]
    port: int
    log: Path

    def health(self, port: int) -> int:
        """What the command of the health check ends with."""
        environment = {**self.environment, "STREAMLIT_SERVER_PORT": str(port)}
        return subprocess.run(
            as_user(["sh", "-c", stages()["app"].health]), cwd=self.app, env=environment, capture_output=True
        ).returncode


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """The packages are those of the tests, from the same requirements.txt; with CLEAN=true, which takes minutes, they
    are installed anew by the image's own commands.

    The user may write to the folder that stands for /tmp and to nothing else, as on a read-only root file system.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        base.chmod(0o755)
        app, scratch, log = base / "app", base / "tmp", base / "log"
        app.mkdir()
        scratch.mkdir()
        scratch.chmod(0o777)
        venv = install(base, sys.executable) if os.environ.get("CLEAN") == "true" else Path(sys.prefix)
        lay_out(app)
        (port,) = free_ports(1)
        stage = stages()["app"]
        # $PATH is the image's own; HOME is the image's /tmp.
        own = {name: value.replace("/tmp", str(scratch)) for name, value in stage.environment.items()}
        own |= {"PATH": f"{venv / 'bin'}:{os.environ['PATH']}", "TMPDIR": str(scratch)}
        own |= {"STREAMLIT_SERVER_ADDRESS": HOST, "STREAMLIT_SERVER_PORT": str(port)}
        with log.open("wb") as output:
            process = subprocess.Popen(
                as_user(stage.command), cwd=app, env=own, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            wait_until_healthy(process, port, log)
            yield Running(app, scratch, own, port, log)
        finally:
            process.kill()
            process.wait()


def contents(folder: Path) -> dict[str, int]:
    """Every file below ``folder``, with the time of its last change."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_it_answers_with_what_was_copied_alone_and_writes_nothing(running):
    before = contents(running.app)

    async def visit() -> tuple[list[str], int]:
        async with Visitor(f"http://{HOST}:{running.port}") as visitor:
            await visitor.open()
            shown = len(visitor.elements)
            for page in sorted((running.app / "pages").glob("*.py")):
                await visitor.open(page.stem.partition("_")[2])
            return visitor.told, shown

    told, shown = run_async(visit())
    log = running.log.read_text(encoding="utf-8")
    assert told == [] and shown > 10 and "Traceback" not in log
    assert "external IP" not in log and "External URL" not in log  # it asks nobody for its address
    assert contents(running.app) == before and contents(running.scratch) == {}


def test_its_health_check_tells_a_server_that_answers_from_one_that_does_not(running):
    assert running.health(running.port) == 0
    assert running.health(free_ports(1)[0]) != 0


# What compose makes of it


def test_compose_starts_the_image_by_its_own_command():
    built = stages()
    for name, service in COMPOSE["services"].items():
        build = service["build"]
        target = built[build["target"]]
        assert not {"command", "entrypoint", "healthcheck"} & set(service)
        assert (ROOT / "deploy" / build["context"] / build["dockerfile"]).resolve() == DOCKERFILE
        assert set(build["args"]) == {text.partition("=")[0] for text in built["packages"].all("ARG")}
        inside = {port.rpartition(":")[2] for port in service.get("ports", [])}
        assert inside <= set(target.one("EXPOSE").split())
        assert all((ROOT / "deploy" / file).name == "room.env" for file in service.get("env_file", []))
        if name == "proxy":
            assert set(service["environment"]) <= set(target.environment)
            assert service["volumes"][0].split(":")[-2] == target.environment["CERTIFICATE"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_bounded_and_may_do_little(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and "mem_limit" in service
    assert service["security_opt"] == ["no-new-privileges:true"] and service["restart"] == "unless-stopped"
    assert [mount.partition(":")[0] for mount in service["tmpfs"]] == ["/tmp"] and "privileged" not in service


def test_alone_is_the_default_and_the_room_waits_for_healthy_processes_with_one_secret():
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "profiles" not in service] == ["app"]
    replica, proxy = services["replica"], services["proxy"]
    assert replica["profiles"] == proxy["profiles"] == ["room"] and "ports" not in replica
    assert proxy["depends_on"]["replica"]["condition"] == "service_healthy"
    assert proxy["environment"]["APPS"] == f"replica:{stages()['app'].one('EXPOSE')}"
    assert "deploy/room.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_processes_of_a_room_share_the_guesses_of_a_class_in_memory():
    replica, volume = COMPOSE["services"]["replica"], COMPOSE["volumes"]["rooms"]
    assert replica["volumes"] == [f"rooms:{replica['environment']['DARK_ROOMS']}"]
    options = dict(part.split("=") for part in volume["driver_opts"]["o"].split(","))
    assert volume["driver_opts"]["type"] == "tmpfs" and options["mode"] == "0700"
    assert f"--uid {options['uid']} " in stages()["app"].one("RUN"), "the app may write to it"


def test_the_proxy_lets_pass_what_the_app_takes():
    largest = max(int(size) for size in re.findall(r"client_max_body_size (\d+)m;", NGINX))
    assert largest == config.get_option("server.maxUploadSize") + 1  # and what wraps it: the app says no, in words
