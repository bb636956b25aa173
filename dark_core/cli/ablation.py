"""``dark-core ablation``: networks of every encoding and input size, decoded by every decoder and scored."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dark_core.cli.main import note

DESCRIPTION = """\
Writes the table that the Evidence page shows, and prints the gains over the baseline, over all
seeds and for each. It refuses to overwrite a table with networks that the folder does not have."""
EXAMPLE = "dark-core ablation --set rendered people/ people/scenes.json --exact rendered -o table.json"


def add_sets(parser: argparse.ArgumentParser) -> None:
    """The option that names the sets of people to measure on."""
    parser.add_argument(
        "--set",
        dest="sets",
        nargs=3,
        action="append",
        required=True,
        metavar=("NAME", "IMAGES", "ANNOTATIONS"),
        help="a COCO-style set and the name it is shown by; may be given several times",
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``ablation``."""
    add_sets(parser)
    parser.add_argument("--exact", nargs="*", default=[], metavar="NAME", help="sets whose joints are known exactly")
    parser.add_argument("--networks", type=Path, help="folder of the networks (assets/models/ablation)")
    parser.add_argument("--resamples", type=int, default=1000, help="of the people, for the intervals (1000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("-o", "--out", type=Path, help="JSON to write (assets/results/ablation.json)")


def run(args: argparse.Namespace) -> None:
    """Score every network on every set, write the table, print its gains."""
    from dark_core.evaluation.ablation import Ablation, bundled
    from dark_core.evaluation.ablation_table import NETWORKS, RESULTS, Table, load, missing
    from dark_core.files.annotations import read_people

    unknown = set(args.exact) - {name for name, _, _ in args.sets}
    if unknown:
        raise SystemExit(f"--exact: no set is called {', '.join(sorted(unknown))}.")
    if args.resamples < 1:
        raise SystemExit("--resamples: at least 1 is needed.")
    networks = bundled(args.networks or NETWORKS, args.device)
    if not networks:
        raise SystemExit(f"There is no network in {args.networks or NETWORKS}: train some with --name and --encoding.")
    out = args.out or RESULTS
    try:
        lost = missing(load(out), args.networks) if out.exists() else []
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{out.name} is there and is no table of the ablation: name another file by --out.") from error
    if lost:
        names = ", ".join(one["name"] for one in lost)
        raise SystemExit(
            f"{out.name} was made with {names} as well, which are not in {args.networks or NETWORKS}: name a folder "
            "that holds them by --networks, or another file to write by --out."
        )
    ablation = Ablation(networks, args.resamples, args.seed, say=lambda line: print(line, flush=True))
    # Errors in px are those of the whole photo. All files are opened before the first is measured.
    sets = [(name, read_people(images, file, whole=True, say=note)) for name, images, file in args.sets]
    for name, people in sets:
        ablation.add(name, people, name in args.exact)
    out.parent.mkdir(parents=True, exist_ok=True)
    table = ablation.table()
    out.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")
    print("\n".join(_gains(Table(table))))


def _gains(table) -> list[str]:
    """A line for every set, size and metric: the standard, unbiased targets read by DARK, and what lies between."""
    lines = [f"{one['name']}: PCK counts {one['measured']} of {one['people']} people" for one in table.sets.values()]
    lines += [f"{'set':12}{'size':>6}  {'metric':10}{'standard':>10}{'DARK':>8}   gain, 95 % (by seed)"]
    for name in table.sets:
        for size in table.sizes:
            for metric in table.metrics(name):
                before = table.value(name, "floor", size, "quarter_shift", metric)
                after = table.value(name, "unbiased", size, "dark", metric)
                gain = table.gain(name, "unbiased", size, "dark", metric)
                each = table.gain_by_seed(name, "unbiased", size, "dark", metric)
                seeds = ", ".join(f"{one:+.2f}" for one in each.values())
                lines.append(
                    f"{name:12}{size:6}  {metric:10}{before.value:10.2f}{after.value:8.2f}   {gain.value:+.2f} "
                    f"({gain.low:+.2f} to {gain.high:+.2f}) ({seeds})"
                )
    return lines
