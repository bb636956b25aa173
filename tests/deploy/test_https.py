"""`make https`: the app to the local network, by a certificate made here."""

import importlib.util
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.deploy.image import ROOT
from tests.deploy.room import free_ports

SCRIPT = ROOT / "deploy" / "https.py"

spec = importlib.util.spec_from_file_location("https", SCRIPT)
https = importlib.util.module_from_spec(spec)
spec.loader.exec_module(https)


@pytest.fixture(autouse=True)
def openssl() -> str:
    path = shutil.which("openssl")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("openssl is not installed")
    return path


def test_the_key_is_for_its_owner_alone(tmp_path):
    cert, key = https.certificate(tmp_path / "kept", ["localhost", "192.0.2.7"])
    assert [path.stat().st_mode & 0o777 for path in (key, cert.parent)] == [0o600, 0o700]


def test_a_certificate_is_kept_while_it_covers_this_machine(tmp_path):
    cert, key = https.certificate(tmp_path, ["localhost", "192.0.2.7"])
    first = cert.read_bytes(), key.read_bytes()
    https.certificate(tmp_path, ["192.0.2.7"])
    assert (cert.read_bytes(), key.read_bytes()) == first
    https.certificate(tmp_path, ["localhost", "192.0.2.8"])
    assert cert.read_bytes() != first[0] and key.read_bytes() != first[1]


def test_a_certificate_about_to_end_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(https, "DAYS", 1)
    cert, _ = https.certificate(tmp_path, ["localhost"])
    first = cert.read_bytes()
    https.certificate(tmp_path, ["localhost"])
    assert cert.read_bytes() != first


def test_without_openssl_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(https.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="openssl, which is not installed"):
        https.certificate(tmp_path, ["localhost"])


def test_the_network_of_this_machine_is_not_itself():
    assert not any(address.startswith("127.") for address in https.addresses())


def test_the_server_answers_by_that_certificate_and_by_no_other_way(tmp_path):
    (port,) = free_ports(1)
    log, folder = tmp_path / "log", tmp_path / "kept"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), f"--port={port}", f"--folder={folder}"],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        assert answer(f"https://localhost:{port}", folder) == "ok"
        with pytest.raises(OSError):
            urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=10)
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(f"https://localhost:{port}/_stcore/health", timeout=10)
        said = log.read_text(encoding="utf-8")
        hosts = https.addresses() or ["localhost"]
        assert [line for line in said.splitlines() if line.startswith("Open ")] == [
            f"Open https://{host}:{port}" for host in hosts
        ]
        for host in hosts:  # as a phone in the room would
            assert answer(f"https://{host}:{port}", folder) == "ok"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def answer(url: str, folder: Path) -> str:
    """The answer to a health check whose certificate is verified, once there is one."""
    deadline = time.monotonic() + 90
    while True:
        try:
            trusted = ssl.create_default_context(cafile=str(folder / "cert.pem"))
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=10, context=trusted) as reply:
                return reply.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
