"""``dark-core train-detector``: the network that finds people, from boxed photos."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from typing import cast

import numpy as np
import torch

from dark_core.cli.main import note
from dark_core.evaluation.detection import recall_precision
from dark_core.files.annotations import read_people
from dark_core.files.boxed_photos import BoxedPhoto, from_person, read_boxed_photos
from dark_core.pose.detector import SIGMA, Detection, find_people
from dark_core.pose.network import SHAPES, PoseNet, normalize
from dark_core.pose.weights import load_model, save_model
from dark_core.training.batches import Batches
from dark_core.training.detection.model_card import as_markdown
from dark_core.training.detection.targets import detection_loss, make_detection_batch
from dark_core.training.fit import Phase, fit

DESCRIPTION = """\
Trains the person detector on photos whose people all have a box, and on crops of single people with
labeled joints. It stops on time and goes on from its last checkpoint when it is started again."""
EXAMPLE = "dark-core train-detector --images photos.tar --annotations boxes.json --minutes 60 --out runs/people"

LEAST = 0.3
"""Height of a peak from which the validation counts a detection."""


def take_over(network: PoseNet, other: PoseNet) -> bool:
    """Copy the leading channels of another network of the same design into ``network``.

    Its head comes along only where it is that of a detector: returns whether it does.
    """
    theirs = other.state_dict()
    detects = theirs["head.weight"].shape == network.head.weight.shape
    for name, ours in network.state_dict().items():
        if detects or not name.startswith("head"):
            ours.copy_(theirs[name][tuple(slice(length) for length in ours.shape)])
    return detects


def report(photos: list[BoxedPhoto], found: list[list[Detection]]) -> str:
    """Recall and precision for people of two heights, in a line."""
    parts = []
    for taller in (0.25, 0.12):
        result = recall_precision(photos, found, taller)
        parts.append(
            f"taller than {100 * taller:.0f} %: recall {100 * result['recall']:.1f}, "
            f"precision {100 * result['precision']:.1f}"
        )
    return ", ".join(parts)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``train-detector``; those of a data set may be given several times, once for each."""
    parser.add_argument("--images", action="append", required=True, help="folder or .tar of photos")
    parser.add_argument("--annotations", action="append", required=True, help="COCO-style JSON, a box for everyone")
    parser.add_argument("--people-images", action="append", default=[], help="folder or .tar of single people")
    parser.add_argument("--people-annotations", action="append", default=[], help="COCO-style keypoint JSON of them")
    parser.add_argument("--people-share", type=float, default=0.4, help="share of views that show those (0.4)")
    parser.add_argument("--val-images", help="folder or .tar of photos to judge it on")
    parser.add_argument("--val-annotations", help="COCO-style JSON of them, a box for everyone")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint, weights and card")
    parser.add_argument("--name", default="people")
    parser.add_argument("--size", type=int, default=256, help="side of the network's input in px, a multiple of 32")
    parser.add_argument("--start", type=Path, help="weights to go on from: a detector's, or a pose network's trunk")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate (0.001)")
    parser.add_argument("--about", help="name of a text beside the card that says where the data comes from")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float)
    length.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--every", type=int, default=500, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="threads that prepare batches")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def run(args: argparse.Namespace) -> None:
    """Train and validate; write weights and card to ``args.out``."""
    torch.manual_seed(args.seed)
    photos, singles, sources = [], [], []
    for images, file in zip(args.images, args.annotations, strict=True):
        photos += (found := read_boxed_photos(images, file))
        sources.append({"name": Path(file).stem, "photos": len(found), "everyone": True})
    for images, file in zip(args.people_images, args.people_annotations, strict=True):
        singles += (alone := [from_person(person) for person in read_people(images, file, say=note)])
        sources.append({"name": Path(file).stem, "photos": len(alone), "everyone": False})
    share = args.people_share if singles else 0.0
    often = np.sqrt([max(len(one.boxes), 1) for one in photos])  # groups are rare in photos, and hard
    weights = np.concatenate([(1 - share) * often / often.sum(), np.full(len(singles), share / max(len(singles), 1))])
    validation = read_boxed_photos(args.val_images, args.val_annotations) if args.val_images else []
    print(f"{len(photos)} photos, {len(singles)} single people, {len(validation)} photos to validate", flush=True)

    def validate(network: PoseNet, _phase) -> str:
        network.eval()

        @torch.inference_mode()
        def forward(crops: np.ndarray) -> np.ndarray:
            return network(normalize(torch.from_numpy(crops).to(args.device))).float().cpu().numpy()

        return report(validation, [find_people(one.photo, forward, args.size, LEAST) for one in validation])

    network = PoseNet(**SHAPES["people"])
    with torch.no_grad():
        detects = args.start and take_over(network, load_model(args.start.stem, args.start.parent).network)
        if not detects:
            cast(torch.Tensor, network.head.bias)[0] = -4.0  # most pixels show no one's center
    phases = (Phase(1.0, args.size, SIGMA, "detection", args.rate, 0.0),)
    network, progress = fit(
        network,
        Batches(photos + singles, weights, args.batch, make_detection_batch, args.seed, args.threads),
        phases,
        args.out,
        minutes=args.minutes,
        steps=args.steps,
        device=args.device,
        loss_of=detection_loss,
        validate=validate if validation else None,
        every=args.every,
        say=lambda line: print(line, flush=True),
    )
    if validation:
        print(validate(network, phases[0]))
    cpus = "CPU cores" if args.device == "cpu" else args.device
    start = f"{'It' if detects else 'Its trunk'} went on from the weights `{args.start.stem}`." if args.start else ""
    card = {
        "title": args.name,
        "size": args.size,
        "sigma": SIGMA,
        "least": LEAST,
        "parameters": sum(one.numel() for one in network.parameters()),
        "sources": sources,
        "about": args.about,
        "start": start,
        "batch": args.batch,
        "seed": args.seed,
        "steps": progress.step,
        "minutes": round(progress.seconds / 60, 1),
        "hardware": f"{os.cpu_count()} {cpus}, {platform.machine()}, PyTorch {torch.__version__.split('+')[0]}",
    }
    card = save_model(network, args.out / f"{args.name}.safetensors", card)
    (args.out / f"{args.name}.md").write_text(as_markdown(card), encoding="utf-8")
