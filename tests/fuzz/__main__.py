"""A thousand mutated files and more through every parser: python -m tests.fuzz --files 2000 --seed 1 (Linux)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.monitor import Outcome, file_of, watch
from tests.fuzz.parsers import PARSERS


def summary(outcomes: Iterable[Outcome]) -> str:
    """A line a kind of input: files, read, refused, broken out, the most time and memory that one file took."""
    by_kind = {kind: [] for kind in PARSERS}
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    lines = [f"{'input':9} {'files':>6} {'read':>6} {'refused':>8} {'broke out':>10} {'most s':>7} {'most MB':>8}"]
    for kind, found in by_kind.items():
        if found:
            counts = [sum(o.end == end for o in found) for end in ("read", "refused")]
            most = max(o.seconds for o in found), max(o.megabytes for o in found)
            escaped = len(found) - sum(counts)
            lines.append(
                f"{kind:9} {len(found):6} {counts[0]:6} {counts[1]:8} {escaped:10} {most[0]:7.2f} {most[1]:8.0f}"
            )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=2000, help="how many files, shared among the kinds of input")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same files")
    asked = parser.parse_args()

    outcomes = []
    for outcome in watch(asked.files, asked.seed):
        outcomes.append(outcome)
        if outcome.escaped:
            place = Path(tempfile.gettempdir()) / f"dark-hostile-{asked.seed}-{outcome.number}-{outcome.kind}"
            place.write_bytes(file_of(outcome.number, asked.seed))
            print(
                f"{outcome.kind} {outcome.number} {outcome.end}: {outcome.why}\n  its bytes: {place}", file=sys.stderr
            )
    print(summary(outcomes))
    return int(any(outcome.escaped for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
