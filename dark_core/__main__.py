"""The command line: ``python -m dark_core predict | decode | evaluate | train | bench | limits``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from dark_core import command_ablation, command_decode
from dark_core.codec import CLASSICS, DECODERS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dark_core", description="Heatmaps written and read as DARK does.")
    commands = parser.add_subparsers(dest="command", required=True)

    predict = commands.add_parser("predict", help="the 14 joints of the person in a photo")
    predict.add_argument("photo", type=Path)
    predict.add_argument(
        "--box", type=float, nargs=4, metavar=("X0", "Y0", "X1", "Y1"), help="photo px; found if left out"
    )
    predict.add_argument("--decoder", default="dark")
    predict.add_argument("--json", action="store_true", help="print JSON instead of a table")
    predict.add_argument("--model", default="default")
    predict.add_argument("--device", default="auto")

    decode = commands.add_parser("decode", help="the joints in a file of heatmaps, of any network; needs NumPy alone")
    command_decode.add_arguments(decode)

    evaluate = commands.add_parser("evaluate", help="PCK of a bundled network on a COCO-style set, decoder by decoder")
    evaluate.add_argument("--images", required=True)
    evaluate.add_argument("--annotations", required=True)
    evaluate.add_argument("--model", default="default")
    evaluate.add_argument("--device", default="auto")
    evaluate.add_argument(
        "--decoders", nargs="+", default=[*CLASSICS, "gaussian_fit"], choices=[*DECODERS, "all"], metavar="DECODER"
    )
    evaluate.add_argument("--no-flip", action="store_true", help="read the crop alone, without its mirror image")
    evaluate.add_argument("--placed", action="store_true", help="place people in larger pictures and find them unaided")

    ablation = commands.add_parser("ablation", help="what encoding, decoding and input size are each worth")
    command_ablation.add_arguments(ablation)
    ablation.set_defaults(run=command_ablation.run)

    commands.add_parser("bench", help="how fast every decoder is beside a plain argmax").set_defaults(run=run_bench)
    limits = commands.add_parser("limits", help="how exact DARK and the Gaussian fit are, beside the Cramér–Rao bound")
    limits.add_argument("--count", type=int, default=100_000, help="joints for each sigma and place (100000)")
    limits.set_defaults(run=run_limits)

    train = commands.add_parser("train", help="train a network on COCO-style sets")
    if sys.argv[1:2] == ["train"]:  # its options come with PyTorch, which the others may do without
        from dark_core.training import command as training

        training.add_arguments(train)
        train.set_defaults(run=training.run)
    predict.set_defaults(run=run_predict)
    decode.set_defaults(run=command_decode.run)
    evaluate.set_defaults(run=run_evaluate)

    args = parser.parse_args()
    args.run(args)


def run_predict(args: argparse.Namespace) -> None:
    from dark_core.pose.estimator import Estimator
    from dark_core.pose.skeleton import SKELETON
    from dark_core.ui.inputs import PhotoError, read_photo

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
            name: {"x": round(float(x), 2), "y": round(float(y), 2), "score": round(float(score), 3)}
            for name, (x, y), score in zip(SKELETON.names, joints, pose.score, strict=True)
        }
        box = [round(float(edge) * ratio, 1) for edge in pose.box]
        print(json.dumps({"person": pose.found, "box": box, "decoder": args.decoder, "joints": found}, indent=1))
        return
    print(f"{'joint':15} {'x':>8} {'y':>8} {'score':>6}")
    for name, (x, y), score in zip(SKELETON.names, joints, pose.score, strict=True):
        print(f"{name:15} {x:8.1f} {y:8.1f} {score:6.2f}")
    if not pose.found:
        print("No person found: these are guesses.")


def run_evaluate(args: argparse.Namespace) -> None:
    from dark_core.pose.estimator import Estimator, flip_average
    from dark_core.pose.skeleton import SKELETON
    from dark_core.study import evaluate
    from dark_core.training.dataset import read_people

    estimator = Estimator.load(args.model, args.device)
    people = read_people(args.images, args.annotations)
    read = estimator.read if args.no_flip else flip_average(estimator.read)
    maps, frames = evaluate.read_all(people, read, estimator.model.size)
    names = list(DECODERS) if "all" in args.decoders else list(dict.fromkeys(args.decoders))
    results = {name: evaluate.score(people, maps, frames, name, estimator.model.sigma) for name in names}
    print(f"{len(people)} people, network {args.model!r}, {'no flip' if args.no_flip else 'flip average'}, PCK in %")
    width = max(map(len, names)) + 2

    def row(title: str, shares) -> None:
        print(f"{title:18}" + "".join(f"{100 * share:{width}.1f}" for share in shares))

    print(f"{'':18}" + "".join(f"{name:>{width}}" for name in names))
    for threshold in (0.2, 0.1):
        row(f"PCK@{threshold}", [r[f"pck@{threshold}"] for r in results.values()])
    for joint in SKELETON.names:
        row(f"{joint} @0.2", [r["pck@0.2 per joint"][joint] for r in results.values()])
    print(
        "by score, DARK: "
        + ", ".join(
            f"from {low:.1f} {100 * share:.0f} % of {count}"
            for low, count, share in evaluate.reliability(people, maps, frames, estimator.model.sigma)
        )
    )
    if args.placed:
        boxed, found = evaluate.unaided(people, estimator)
        print(f"placed at 30-100 % of the height: labelled box {100 * boxed:.1f}, found {100 * found:.1f}, ", end="")
        print(f"ratio {found / boxed:.3f}")


def run_bench(args: argparse.Namespace) -> None:
    from dark_core.study import bench

    for line in bench.report():
        print(line, flush=True)


def run_limits(args: argparse.Namespace) -> None:
    from dark_core.study import limits

    if args.count < 4:
        raise SystemExit("--count: at least 4 joints are needed, one for each noise.")
    for line in limits.report(args.count):
        print(line, flush=True)


if __name__ == "__main__":
    main()
