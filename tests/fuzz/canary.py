"""The watched process with parsers that misbehave on purpose: the watch is watched."""

import sys
import time

from tests.fuzz import monitor
from tests.fuzz.parsers import PARSERS

armed = False


def misbehave(data: bytes) -> str:
    if not armed:
        return "read"
    what = PLANTED.pop(0)
    if what == "raise":
        raise KeyError("planted")
    if what == "swell":
        bytearray(300 * 10**6)
    if what == "hang":
        time.sleep(3600)
    if what == "die":
        import ctypes

        ctypes.string_at(0)
    return "read"


if __name__ == "__main__":
    first, files, seed = map(int, sys.argv[1:])
    PLANTED = ["read", "raise", "swell", "hang", "die", "read"][first:]
    for kind in PARSERS:
        PARSERS[kind] = misbehave
    shut_in = monitor._shut_in

    def arm() -> None:
        global armed
        armed = True
        shut_in()

    monitor._shut_in = arm
    monitor.serve(first, files, seed)
