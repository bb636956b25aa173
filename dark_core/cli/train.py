"""``dark-core train``: a pose network from COCO-style sets, in one command."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import numpy as np
import torch

from dark_core.cli.evaluate import draw
from dark_core.cli.main import note
from dark_core.evaluation import regions
from dark_core.evaluation.calibration import calibrate, judge
from dark_core.evaluation.evaluate import absent_rates, pck_in_words, predict_heatmaps, score
from dark_core.files.annotations import read_people
from dark_core.pose.device import device_named
from dark_core.pose.network import SHAPES, PoseNet, normalize
from dark_core.pose.predictor import with_flip
from dark_core.pose.weights import load_model, save_model
from dark_core.training.average import averaged_with
from dark_core.training.batches import Batches, make_batch
from dark_core.training.fit import fit, recipe
from dark_core.training.model_card import as_markdown, make_card

DESCRIPTION = """\
Trains a network and writes its weights, its model card and a calibration figure to --out. It stops
on time and goes on from its last checkpoint when it is started again. The options of a data set may
be given several times, once for each."""
EXAMPLE = "dark-core train --images people.tar --annotations people.json --minutes 60 --out runs/mine"

CALLED = 0.015
"""Share of the joints in a picture that may be called absent, which sets the height below which a joint is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``train``; those of a data set may be given several times, once for each."""
    parser.add_argument(
        "--images", action="append", required=True, help="folder, or .tar of one, that file_name is relative to"
    )
    parser.add_argument("--annotations", action="append", required=True, help="COCO-style keypoint JSON")
    parser.add_argument("--weight", action="append", type=float, help="how often to draw from this data set (1)")
    parser.add_argument("--unsure", action="append", type=float, help="weight of this data set's v=1 joints (1)")
    parser.add_argument("--val-images", action="append", default=[])
    parser.add_argument("--val-annotations", action="append", default=[])
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint, weights and card")
    parser.add_argument("--name", default="default")
    parser.add_argument("--encoding", choices=("unbiased", "floor", "round", "ceil"), default="unbiased")
    parser.add_argument("--size", type=int, default=160, help="side of the crop in px, a multiple of 32")
    parser.add_argument("--sigma", type=float, default=2.0, help="of the targets, in heatmap px")
    parser.add_argument("--network", choices=SHAPES, default="default", help="its shape")
    parser.add_argument("--start", type=Path, help="weights to go on from, with squared loss alone")
    parser.add_argument(
        "--trunk",
        help="leave the trunk as it is in --start, and write it to a file of this name, which all networks with the "
        "same start share",
    )
    parser.add_argument("--average", type=Path, help="weights to average with those that were trained")
    parser.add_argument("--average-share", type=float, default=0.25, help="their share in the average (0.25)")
    parser.add_argument("--about", help="name of a text beside the card that says where the data comes from")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float)
    length.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--every", type=int, default=500, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="threads that prepare batches")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


MEASURED = ("argmax", "dark", "noise_matched")
"""The decoders with which the trained network is measured, as the card says."""


def one_each(given: list | None, default: float, count: int, what: str) -> list:
    values = given or [default] * count
    if len(values) != count:
        raise SystemExit(
            f"--{what} was given {len(values)} times for {count} data sets: give it once for each, or never"
        )
    return values


def check(args: argparse.Namespace) -> None:
    """Refuse what would stop the training later, in one sentence; make the folder ``args.out``."""
    if len(args.val_images) != len(args.val_annotations):
        raise SystemExit("Give --val-images and --val-annotations equally often, once for each set.")
    if args.size < 32 or args.size % 32:
        raise SystemExit("--size: the side of the crop is a multiple of 32 px.")
    for name in ("batch", "every", "threads", "steps"):
        if (value := getattr(args, name)) is not None and value < 1:
            raise SystemExit(f"--{name}: at least 1 is needed.")
    for name in ("sigma", "minutes"):
        if (value := getattr(args, name)) is not None and not 0 < value < np.inf:
            raise SystemExit(f"--{name}: a positive number is needed.")
    if not all(0 <= value <= 1 for value in args.unsure or []):
        raise SystemExit("--unsure: a weight from 0 to 1 is needed.")
    if not all(0 <= value < np.inf for value in args.weight or []) or sum(args.weight or [1]) == 0:
        raise SystemExit("--weight: positive numbers are needed; 0 leaves a data set out, but not all of them.")
    if args.trunk and (args.start is None or args.average is not None):
        raise SystemExit("--trunk goes with --start and without --average: the trunk is shared as --start has it.")
    device_named(args.device)
    args.out.mkdir(parents=True, exist_ok=True)


def run(args: argparse.Namespace) -> None:
    """Train, validate and calibrate with flip average; write weights, card and figure to ``args.out``."""
    check(args)
    torch.manual_seed(args.seed)
    count = len(args.images)
    sources = zip(
        args.images,
        one_each(args.annotations, 0, count, "annotations"),
        one_each(args.weight, 1.0, count, "weight"),
        one_each(args.unsure, 1.0, count, "unsure"),
        strict=True,
    )
    people, weights, used = [], [], []
    for images, file, weight, unsure in sources:
        found = read_people(images, file, unsure, say=note)
        people += found
        weights += [weight] * len(found)
        used.append({"name": Path(file).stem, "people": len(found), "weight": weight, "unsure": unsure})
        print(used[-1], flush=True)
    validation = [
        (Path(annotations).stem, read_people(images, annotations, say=note))
        for images, annotations in zip(args.val_images, args.val_annotations, strict=True)
    ]

    def heatmaps_of(network):
        @torch.inference_mode()
        def heatmaps(crops: np.ndarray) -> np.ndarray:
            return network(normalize(torch.from_numpy(crops).to(args.device))).float().cpu().numpy()

        return heatmaps

    def validate(network, phase) -> str:
        network.eval()
        lines = []
        for name, group in validation:
            maps, transforms = predict_heatmaps(group, heatmaps_of(network), phase.size)
            result = score(group, maps, transforms, "dark", phase.sigma)
            lines.append(f"{name} {pck_in_words(result)}")
            rates = absent_rates(group, maps)
            if np.isfinite(rates["found"]):
                lines[-1] += f" absent {100 * rates['found']:.0f}"
        return ", ".join(lines)

    started = load_model(args.start.stem, args.start.parent) if args.start else None
    phases = recipe(args.size, args.sigma, started is not None)
    fresh = started.network if started else PoseNet(**SHAPES[args.network])
    network, progress = fit(
        fresh,
        Batches(
            people, np.array(weights), args.batch, partial(make_batch, encoding=args.encoding), args.seed, args.threads
        ),
        phases,
        args.out,
        minutes=args.minutes,
        steps=args.steps,
        device=args.device,
        frozen=args.trunk is not None,
        validate=validate,
        every=args.every,
        say=lambda line: print(line, flush=True),
    )
    average = load_model(args.average.stem, args.average.parent) if args.average else None
    if average:
        network = averaged_with(network, average.network, args.average_share)
    network = network.half().float()  # as the file stores it: what is measured here is what ships
    results, judgments, distances, absent = {}, [], [], {}
    for name, group in validation:
        maps, frames = predict_heatmaps(group, with_flip(heatmaps_of(network)), args.size)
        results[name] = {decoder: score(group, maps, frames, decoder, args.sigma) for decoder in MEASURED}
        for decoder, result in results[name].items():
            print(f"{name} {decoder}: {pck_in_words(result)}")
        judgments.append(judge(group, maps, frames, args.sigma))
        distances.append(regions.label_distances(group, maps, frames, args.sigma))
        if (rates := absent_rates(group, maps, CALLED))["found"] > 0:  # NaN where no joint is labeled absent
            absent[name] = rates
            print(f"{name}: {100 * rates['found']:.0f} % of absent joints peak below {rates['threshold']:.2f}")
    card = make_card(args, used, phases, progress, network, results, started.card if started else None)
    if average:
        kept = {key: average.card[key] for key in ("title", "steps", "sha256")}
        card["average"] = kept | {"share": args.average_share}
    if absent:
        card["absent"] = max(rates["threshold"] for rates in absent.values())
        card["absent joints"] = {name: rates["found"] for name, rates in absent.items()} | {"called": CALLED}
    card |= calibrate(judgments, [name for name, _ in validation])
    card |= regions.calibrate(distances, [name for name, _ in validation])
    card = save_model(network, args.out / f"{args.name}.safetensors", card, args.trunk)
    (args.out / f"{args.name}.md").write_text(as_markdown(card), encoding="utf-8")
    draw(card, args.out)
