"""``dark-core predict``: the joints of one or all people in a photo, as a table or JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dark_core.codec import DECODERS
from dark_core.errors import InputError
from dark_core.pose.skeleton import SKELETON

if TYPE_CHECKING:
    from dark_core.pose.pose import Pose

DESCRIPTION = """\
Finds the people in a photo, or takes the box given, and prints the position in photo px and the
confidence of each of the 14 joints: of the largest person, or with --all of everyone."""
EXAMPLE = "dark-core predict photo.jpg --all --json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``predict``."""
    parser.add_argument("photo", type=Path, help="JPEG, PNG, WebP, HEIC or AVIF")
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument(
        "--box", type=float, nargs=4, metavar=("X0", "Y0", "X1", "Y1"), help="photo px; found if left out"
    )
    whom.add_argument("--all", action="store_true", help="everyone, the largest person first")
    parser.add_argument(
        "--decoder", default="dark", choices=DECODERS, metavar="DECODER", help=f"one of {', '.join(DECODERS)} (dark)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--model", default="default", help="name of a bundled network")
    parser.add_argument("--device", default="auto", help="cuda, mps or cpu (the fastest there is)")


def run(args: argparse.Namespace) -> None:
    """Predict and print."""
    from dark_core.files.photos import PhotoError, read_photo
    from dark_core.pose.estimator import Estimator

    try:
        photo = read_photo(args.photo.read_bytes())
    except (OSError, PhotoError) as error:
        raise SystemExit(f"{args.photo}: {error}") from error
    ratio = photo.original[0] / photo.rgb.shape[1]
    box = None if args.box is None else tuple(edge / ratio for edge in args.box)
    if box and not (np.isfinite(box).all() and box[0] < box[2] and box[1] < box[3]):
        raise InputError(f"--box: expected X0 < X1 and Y0 < Y1 in photo px, got {' '.join(map(str, args.box))}.")
    estimator = Estimator.load(args.model, args.device)
    if args.all:
        poses = estimator.predict_all(photo.rgb, args.decoder)
    else:
        poses = [estimator.predict(photo.rgb, box, args.decoder)]
    if args.json:
        people = [_as_json(pose, photo.to_original(pose.xy), ratio) for pose in poses]
        shown = {"people": people} if args.all else people[0]
        print(json.dumps({"decoder": args.decoder} | shown, indent=1))
        return
    for number, pose in enumerate(poses, 1):
        if args.all:
            print(f"person {number}")
        _print_table(pose, photo.to_original(pose.xy))
    if not any(pose.has_person for pose in poses):
        print("No person found." if args.all else "No person found: these are guesses.")


def _as_json(pose: Pose, joints: np.ndarray, ratio: float) -> dict:
    """A pose with its joints (14, 2) in photo px, as JSON holds it: null for a joint that is not in the picture."""
    found = {}
    for k, (name, xy) in enumerate(zip(SKELETON.names, joints.tolist(), strict=True)):
        x, y = (None if pose.absent[k] else round(value, 2) for value in xy)
        found[name] = {
            "x": x,
            "y": y,
            "confidence": round(float(pose.confidence[k]), 3),
            "score": round(float(pose.score[k]), 3),
            "state": pose.joint_status[k],
        }
    edges = [round(float(edge) * ratio, 1) for edge in pose.box]
    return {"person": pose.has_person, "box": edges, "joints": found}


def _print_table(pose: Pose, joints: np.ndarray) -> None:
    """A row per joint."""
    print(f"{'joint':15} {'x':>8} {'y':>8} {'confidence':>11}")
    for name, (x, y), sure, state in zip(SKELETON.names, joints, pose.confidence, pose.joint_status, strict=True):
        if state == "absent":
            print(f"{name:15} {'–':>8} {'–':>8} {'':11} not in the picture")
        else:
            print(f"{name:15} {x:8.1f} {y:8.1f} {100 * sure:9.0f} % {state}".rstrip())
