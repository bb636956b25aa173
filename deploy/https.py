"""Serve the app by https to the local network, with a certificate made here: browsers give the webcam to https only.

python deploy/https.py [--port 8501] [--folder .https]
"""

import argparse
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
DAYS = 90


def addresses() -> list[str]:
    """The IPv4 addresses of this machine in its networks, that of the default route first."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):  # without a network
        probe.connect(("192.0.2.1", 9))  # an address of documentation: routed, and nothing is sent
        found.append(probe.getsockname()[0])
    with suppress(OSError):  # where the name of this machine is known to nobody
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [address for address in dict.fromkeys(found) if not ipaddress.ip_address(address).is_loopback]


def certificate(folder: Path, hosts: list[str]) -> tuple[Path, Path]:
    """(certificate, key) in ``folder`` for ``hosts``, made anew if they do not cover them or end within a day.

    The key can be read by its owner alone. Exits with one sentence where openssl is missing or fails.
    """
    openssl = shutil.which("openssl")
    if openssl is None:
        sys.exit("The certificate is made by openssl, which is not installed: on Debian, apt-get install openssl.")
    cert, key = folder / "cert.pem", folder / "key.pem"
    if cert.exists() and key.exists() and all(_covers(openssl, cert, host) for host in hosts):
        return cert, key
    names = ",".join(f"{'IP' if _is_address(host) else 'DNS'}:{host}" for host in hosts)
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in (cert, key):
        old.unlink(missing_ok=True)
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-sha256",
    ]
    command += ["-days", str(DAYS), "-subj", "/CN=DARK Explorer", "-keyout", str(key), "-out", str(cert)]
    for extension in (f"subjectAltName={names}", "extendedKeyUsage=serverAuth", "keyUsage=digitalSignature"):
        command += ["-addext", extension]
    run = subprocess.run(command, capture_output=True, text=True, umask=0o077 if os.name == "posix" else -1)
    if run.returncode:
        sys.exit(f"openssl made no certificate: {run.stderr.strip()}")
    return cert, key


def _covers(openssl: str, cert: Path, host: str) -> bool:
    """Whether the certificate names ``host`` and lasts for another day."""

    def ask(*question: str) -> str:
        command = [openssl, "x509", "-noout", "-in", str(cert), *question]
        return subprocess.run(command, capture_output=True, text=True).stdout

    named = ask("-checkip" if _is_address(host) else "-checkhost", host)
    return "does match" in named and "will not expire" in ask("-checkend", "86400")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--folder", type=Path, default=ROOT / ".https", help="where the certificate is kept")
    given = parser.parse_args()
    here = addresses()
    cert, key = certificate(given.folder, ["localhost", "127.0.0.1", *here])
    for host in here or ["localhost"]:
        print(f"Open https://{host}:{given.port}", flush=True)
    print("Each browser asks once whether to trust this machine's own certificate.", flush=True)
    options = ["--address", "0.0.0.0", "--port", str(given.port), "--certificate", str(cert), "--key", str(key)]
    try:
        return subprocess.call([sys.executable, "-m", "dark_core", "serve", *options], cwd=ROOT)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
