"""The command line: ``python -m dark_core predict | decode | evaluate | faults | train | ablation | bench | …``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from dark_core.cli import ablation as command_ablation
from dark_core.cli import cluster as command_cluster
from dark_core.cli import decode as command_decode
from dark_core.cli import evaluate as command_evaluate
from dark_core.cli import faults as command_faults


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

    evaluate = commands.add_parser("evaluate", help="a bundled network on COCO-style sets, decoder by decoder")
    command_evaluate.add_arguments(evaluate)

    faults = commands.add_parser("faults", help="where a network fails, written into its model card")
    command_faults.add_arguments(faults)
    faults.set_defaults(run=command_faults.run)

    ablation = commands.add_parser("ablation", help="what encoding, decoding and input size are each worth")
    command_ablation.add_arguments(ablation)
    ablation.set_defaults(run=command_ablation.run)

    decoders = commands.add_parser("bench", help="how fast every decoder is beside a plain argmax")
    decoders.add_argument("--pose", action="store_true", help="crops a second of the network instead, on each device")
    decoders.add_argument("--model", default="default", help="the network of --pose and --cluster")
    decoders.add_argument(
        "--cluster",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="people a second of one process and of the Ray cluster at ADDRESS, or of this machine, instead",
    )
    decoders.add_argument("--people", type=int, default=400, help="read by --cluster (400)")
    decoders.set_defaults(run=run_bench)
    accuracy = commands.add_parser(
        "limits", help="how exact DARK and the Gaussian fit are, beside the Cramér–Rao bound"
    )
    accuracy.add_argument("--count", type=int, default=100_000, help="joints for each sigma and place (100000)")
    accuracy.set_defaults(run=run_limits)

    serve = commands.add_parser("serve", help="serve the app; Streamlit's other settings by the environment")
    serve.add_argument("--address", help="to answer on; 0.0.0.0 is every one")
    serve.add_argument("--port", type=int)
    serve.add_argument("--certificate", help="for https, with --key: PEM file")
    serve.add_argument("--key", help="PEM file")
    serve.set_defaults(run=run_serve)

    cluster = commands.add_parser("cluster", help="serve the pose network from a Ray cluster")
    command_cluster.add_arguments(cluster)
    cluster.set_defaults(run=command_cluster.run)

    train = commands.add_parser("train", help="train a network on COCO-style sets")
    if sys.argv[1:2] == ["train"]:  # its options come with PyTorch, which the others may do without
        from dark_core.cli import train as training

        training.add_arguments(train)
        train.set_defaults(run=run_train)
    predict.set_defaults(run=run_predict)
    decode.set_defaults(run=command_decode.run)
    evaluate.set_defaults(run=command_evaluate.run)

    args = parser.parse_args()
    args.run(args)


def run_predict(args: argparse.Namespace) -> None:
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
        box = [round(float(edge) * ratio, 1) for edge in pose.box]
        print(json.dumps({"person": pose.has_person, "box": box, "decoder": args.decoder, "joints": found}, indent=1))
        return
    print(f"{'joint':15} {'x':>8} {'y':>8} {'confidence':>11}")
    for name, (x, y), sure, state in zip(SKELETON.names, joints, pose.confidence, pose.joint_status, strict=True):
        print(f"{name:15} {x:8.1f} {y:8.1f} {100 * sure:9.0f} % {state}".rstrip())
    if not pose.has_person:
        print("No person found: these are guesses.")


def run_train(args: argparse.Namespace) -> None:
    from dark_core.cli import train as command

    command_evaluate.draw(command.run(args), args.out)  # after all else: training knows no figures


def run_serve(args: argparse.Namespace) -> None:
    from dark_core.app.runtime.server import serve
    from dark_core.cluster.remote import CLUSTER, Remote

    try:
        Remote(os.environ.get(CLUSTER) or "http://none", "")
    except ValueError as error:
        raise SystemExit(f"{CLUSTER}: {error}") from error
    options = {
        "server_address": args.address,
        "server_port": args.port,
        "server_sslCertFile": args.certificate,
        "server_sslKeyFile": args.key,
    }
    serve(**{name: value for name, value in options.items() if value is not None})


def run_bench(args: argparse.Namespace) -> None:
    if args.cluster is not None:
        command_cluster.join(args.cluster)
        from dark_core.cluster import bench as bench_cluster

        lines = bench_cluster.report(args.model, max(1, args.people))
    elif args.pose:
        from dark_core.benchmarks import network

        lines = network.report(args.model)
    else:
        from dark_core.benchmarks import decoders

        lines = decoders.report()
    for line in lines:
        print(line, flush=True)


def run_limits(args: argparse.Namespace) -> None:
    from dark_core.benchmarks import accuracy

    if args.count < 4:
        raise SystemExit("--count: at least 4 joints are needed, one for each noise.")
    for line in accuracy.report(args.count):
        print(line, flush=True)


if __name__ == "__main__":
    main()
