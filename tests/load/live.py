"""`python -m tests.load.live`: how many live frames a second a server answers, for one visitor or several at once."""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from urllib.parse import urlsplit

from dark_core.app.live.route import ADDRESS
from tests.support.camera import jpeg, small_frames
from tests.support.servers import own_server_unless


def rate(url: str, seconds: float) -> float:
    """Frames a second of one visitor, who sends the next when the last is answered; the first ones do not count."""
    at, visitor, box = urlsplit(url), secrets.token_hex(16), ""
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=120)
    start, count = 0.0, -5
    for frame in cycle([jpeg(rgb) for rgb in small_frames("wave")]):
        headers = {"X-Live-Visitor": visitor, "X-Live-Box": box}
        connection.request("POST", f"{at.path}/{ADDRESS}", frame, headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"The server answered with status {answer.status}.")
        box = " ".join(map(str, json.loads(answer.read())["box"] or []))
        count += 1
        if count == 0:
            start = time.monotonic()
        elif count > 0 and time.monotonic() - start > seconds:
            return count / (time.monotonic() - start)
    raise AssertionError


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.load.live", description=__doc__)
    parser.add_argument("--visitors", type=int, default=1, help="at once; the server has seats for DARK_LIVE of them")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--url", help="a server that already runs, instead of one of our own")
    options = parser.parse_args()
    with own_server_unless(options.url) as url:
        show(url, options)


def show(url: str, options: argparse.Namespace) -> None:
    with ThreadPoolExecutor(options.visitors) as pool:
        rates = list(pool.map(lambda _: rate(url, options.seconds), range(options.visitors)))
    print(", ".join(f"{one:.1f}" for one in rates), "frames a second")


if __name__ == "__main__":
    main()
