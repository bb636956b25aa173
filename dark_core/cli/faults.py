"""``dark-core faults``: where a network fails, written into its model card with pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from dark_core.cli.ablation import add_sets
from dark_core.cli.evaluate import write_card
from dark_core.cli.main import note

DESCRIPTION = """\
Prints and writes into the model card: joints predicted on the other side of the body, what is said
of joints that the photo leaves out, of pictures without a person, and of people who are looked for
without a box. --show names a rendered set whose worst people are drawn; no photo should be."""
EXAMPLE = "dark-core faults --set rendered people/ people/scenes.json --show rendered"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``faults``."""
    add_sets(parser)
    parser.add_argument("--show", metavar="NAME", help="the set whose worst people are drawn beside the card")
    parser.add_argument("--model", default="default", help="name of the network, with its sub-folder if it has one")
    parser.add_argument("--folder", type=Path, help="where the networks are (assets/models)")
    parser.add_argument("--device", default="auto")


def run(args: argparse.Namespace) -> None:
    """Measure, print the section of the card and write it."""
    from dark_core.evaluation.failures import report
    from dark_core.figures.export import sheet_jpg
    from dark_core.files.annotations import read_people
    from dark_core.pose.estimator import Estimator
    from dark_core.pose.weights import MODELS
    from dark_core.training.card_sections import failures_name, faults_section

    if args.show is not None and args.show not in (name for name, _, _ in args.sets):
        raise SystemExit(f"--show: no set is called {args.show}.")
    folder = args.folder or MODELS
    estimator = Estimator.load(args.model, args.device, folder)
    sets = {name: read_people(images, file, say=note) for name, images, file in args.sets}
    found, worst = report.measure(estimator, sets, say=lambda line: print(line, flush=True))
    file = folder / f"{args.model}.json"
    if args.show is not None:
        shown = worst[args.show]
        found["shown"] = {"set": args.show, "errors": [round(one.error, 2) for one in shown]}
        picture = sheet_jpg([(one.photo, one.joints, one.truth) for one in shown], "dark")
        (file.parent / failures_name(estimator.model.card)).write_bytes(picture)
    print("\n".join(faults_section(write_card(file, {"faults": found}))))
