"""``dark-core predict``: the joints of the person in a photo, as a table or JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dark_core.codec import DECODERS

DESCRIPTION = """\
Finds the person in a photo, or takes the box given, and prints the position in photo px and the
confidence of each of the 14 joints."""
EXAMPLE = "dark-core predict photo.jpg --decoder dark --json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``predict``."""
    parser.add_argument("photo", type=Path, help="JPEG, PNG or WebP")
    parser.add_argument(
        "--box", type=float, nargs=4, metavar=("X0", "Y0", "X1", "Y1"), help="photo px; found if left out"
    )
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
    from dark_core.pose.skeleton import SKELETON

    try:
        photo = read_photo(args.photo.read_bytes())
    except (OSError, PhotoError) as error:
        raise SystemExit(f"{args.photo}: {error}") from error
    ratio = photo.original[0] / photo.rgb.shape[1]
    box = None if args.box is None else tuple(edge / ratio for edge in args.box)
    pose = Estimator.load(args.model, args.device).predict(photo.rgb, box, args.decoder)
    joints = photo.to_original(pose.xy)
    if args.json:
        found = {
            name: {
                "x": round(float(x), 2),
                "y": round(float(y), 2),
                "confidence": round(float(pose.confidence[k]), 3),
                "score": round(float(pose.score[k]), 3),
                "state": pose.joint_status[k],
            }
            for k, (name, (x, y)) in enumerate(zip(SKELETON.names, joints, strict=True))
        }
        edges = [round(float(edge) * ratio, 1) for edge in pose.box]
        print(json.dumps({"person": pose.has_person, "box": edges, "decoder": args.decoder, "joints": found}, indent=1))
        return
    print(f"{'joint':15} {'x':>8} {'y':>8} {'confidence':>11}")
    for name, (x, y), sure, state in zip(SKELETON.names, joints, pose.confidence, pose.joint_status, strict=True):
        print(f"{name:15} {x:8.1f} {y:8.1f} {100 * sure:9.0f} % {state}".rstrip())
    if not pose.has_person:
        print("No person found: these are guesses.")
