"""``dark-core evaluate-detector``: recall and precision of the person detector, written into its model card."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

DESCRIPTION = """\
Prints and writes into the model card: recall and precision on photos whose people all have a box, in
how many photographs without a person somebody is found, and the milliseconds of one photo."""
EXAMPLE = "dark-core evaluate-detector --images photos.tar --annotations boxes.json"

HEIGHTS = (0.25, 0.12)
"""Least heights of people, as shares of their photo's, for which recall and precision are measured."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``evaluate-detector``."""
    parser.add_argument("--images", required=True, help="folder, or .tar of one, that file_name is relative to")
    parser.add_argument("--annotations", type=Path, required=True, help="COCO-style JSON, a box for everyone")
    parser.add_argument("--least", type=float, help="height of a peak from which it is a person (the card's)")
    parser.add_argument("--model", default="people", help="name of the network")
    parser.add_argument("--folder", type=Path, help="where the networks are (assets/models)")
    parser.add_argument("--device", default="auto")


def run(args: argparse.Namespace) -> None:
    """Measure, print the card and write it."""
    from dark_core.benchmarks.timing import durations
    from dark_core.evaluation.detection import recall_precision, without_people
    from dark_core.files.boxed_photos import read_boxed_photos
    from dark_core.pose.detector import Detector
    from dark_core.pose.device import NetworkOnDevice
    from dark_core.pose.estimator import Estimator
    from dark_core.pose.weights import MODELS, load_model
    from dark_core.training.detection.model_card import as_markdown

    folder = args.folder or MODELS
    model = load_model(args.model, folder)
    if args.least is not None:
        model.card["least"] = args.least
    find = Detector(model, NetworkOnDevice(model.network, args.device).forward).find
    photos = read_boxed_photos(args.images, args.annotations)
    found = [find(one.photo) for one in photos]
    results = {str(taller): recall_precision(photos, found, taller) for taller in HEIGHTS}
    estimator = Estimator.load(device=args.device)
    nobody = {"pictures": 0, "found": 0, "taken": 0}
    for picture in without_people(photos):
        boxes = [one.box for one in find(picture)]
        nobody["pictures"] += 1
        nobody["found"] += bool(boxes)
        nobody["taken"] += bool(estimator.predict_found(picture, boxes))
    name = args.annotations.stem
    card = model.card
    card["validation"] = card.get("validation", {}) | {name: results}
    card["nobody"] = card.get("nobody", {}) | {name: nobody}
    card["ms"] = round(min(durations(lambda: find(photos[0].photo), 20)), 1)
    (folder / f"{args.model}.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    page = as_markdown(card)
    (folder / f"{args.model}.md").write_text(page, encoding="utf-8")
    print(page)
