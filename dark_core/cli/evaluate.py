"""``dark-core evaluate``: a bundled network on COCO-style sets, decoder by decoder, and its calibration."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path

import numpy as np

from dark_core.cli.cluster import join
from dark_core.cli.main import note
from dark_core.codec import CORE_DECODERS, DECODERS

DESCRIPTION = """\
Prints OKS AP and PCK for each set and decoder, the share of joints predicted on the other side of
the body, seen from the front, the side and behind, and how often the network is right when it says
so. --calibrate fits the confidences to all sets together and writes them into the network's card.
--cluster gives the same numbers from a Ray cluster."""
EXAMPLE = "dark-core evaluate --images people.tar --annotations people.json --decoder dark argmax"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``evaluate``; those of a set may be given several times, once for each."""
    parser.add_argument(
        "--images", action="append", required=True, help="folder, or .tar of one, that file_name is relative to"
    )
    parser.add_argument("--annotations", action="append", required=True, help="COCO-style keypoint JSON")
    parser.add_argument("--model", default="default", help="name of the network, with its sub-folder if it has one")
    parser.add_argument("--folder", type=Path, help="where the networks are (assets/models)")
    parser.add_argument("--device", default="auto")
    parser.add_argument(
        "--decoder", nargs="+", default=[*CORE_DECODERS, "gaussian_fit"], choices=[*DECODERS, "all"], metavar="DECODER"
    )
    parser.add_argument("--no-flip", action="store_true", help="read the crop alone, without its mirror image")
    parser.add_argument("--placed", action="store_true", help="place people in larger pictures and find them unaided")
    parser.add_argument("--calibrate", action="store_true", help="fit the confidences and write them into the card")
    parser.add_argument(
        "--cluster",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="read on the Ray cluster at ADDRESS (host:port), or without one on that of this machine",
    )


def run(args: argparse.Namespace) -> None:
    """Read every set, print its table, then the reliability over all of them."""
    from dark_core.evaluation import calibration, evaluate, regions
    from dark_core.files.annotations import read_people
    from dark_core.pose.calibration import confidence
    from dark_core.pose.estimator import Estimator
    from dark_core.pose.weights import MODELS

    if len(args.images) != len(args.annotations):
        raise SystemExit("Give --images and --annotations equally often, once for each set.")
    if args.calibrate and args.no_flip:
        raise SystemExit("--calibrate goes with the mirror image, as the app reads: leave out --no-flip.")
    if args.cluster is not None and args.placed:
        raise SystemExit("--placed reads on this machine alone: leave out --cluster.")
    folder = args.folder or MODELS
    here = args.device if args.cluster is None else "cpu"
    estimator = Estimator.load(args.model, here, folder)
    model = estimator.model
    if args.cluster is None:
        heatmaps = estimator.forward if args.no_flip else estimator.forward_flipped
        predict = partial(evaluate.predict_heatmaps, heatmaps=heatmaps, size=model.size)
    else:
        join(args.cluster)
        from dark_core.cluster import compare

        predict = partial(compare.predict_heatmaps, model=model, device=args.device, flip=not args.no_flip)
    names = list(DECODERS) if "all" in args.decoder else list(dict.fromkeys(args.decoder))
    judgments, distances, sets = [], [], [Path(file).stem for file in args.annotations]
    groups = [read_people(*files, say=note) for files in zip(args.images, args.annotations, strict=True)]
    for name, people in zip(sets, groups, strict=True):
        maps, frames = predict(people)
        flip = "no flip" if args.no_flip else "flip average"
        print(f"{name}: {len(people)} people, network {args.model!r}, {flip}, in %")
        _print_table({decoder: evaluate.score(people, maps, frames, decoder, model.sigma) for decoder in names})
        judgments.append(calibration.judge(people, maps, frames, model.sigma))
        distances.append(regions.label_distances(people, maps, frames, model.sigma))
        rates = evaluate.absent_rates(people, maps)
        if np.isfinite(rates["found"]):
            print(f"absent joints found: {100 * rates['found']:.1f} ", end="")
            print(f"below a peak of {rates['threshold']:.2f}, as are 3.0 of the labeled ones")
        if args.placed:
            print(f"placed at 30-100 % of the height: {_placed(evaluate.score_without_box(people, estimator))}")
    if not args.calibrate:
        for score, right in judgments:
            _print_reliability(calibration.reliability_table(confidence(score, model.card.get("calibration")), right))
        return
    fitted = calibration.calibrate(judgments, sets)
    if not fitted:
        raise SystemExit(f"--calibrate: at least {calibration.LEAST} labeled joints are needed.")
    ellipses = regions.calibrate(distances, sets)
    write_card(folder / f"{args.model}.json", fitted | ellipses)
    for name, joints, holds in ellipses.get("regions", {}).get("holds", []):
        print(f"{100 * regions.SHARE:.0f} % regions hold {100 * holds:.1f} % of {joints} joints of {name}")
    fitted = fitted["calibration"]
    bins = [calibration.Bin(**{**one, "interval": tuple(one["interval"])}) for one in fitted["reliability"]]
    _print_reliability(bins)
    print(f"stated and true differ by {100 * fitted['gap']:.1f} points, bare {100 * fitted['gap of the score']:.1f}")


def write_card(card_file: Path, found: dict) -> dict:
    """Put ``found`` into a card, its sections into the page beside it, and draw the figure; returns the whole card."""
    from dark_core.training.card_sections import with_sections
    from dark_core.training.model_card import as_markdown

    card = json.loads(card_file.read_text(encoding="utf-8")) | found
    card_file.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    page = card_file.with_suffix(".md")
    text = with_sections(page.read_text(encoding="utf-8"), card) if page.exists() else as_markdown(card)
    page.write_text(text, encoding="utf-8")
    draw(card, card_file.parent)
    return card


def draw(card: dict, folder: Path) -> None:
    """The figure of a card's page, if it has a calibration."""
    from dark_core.figures.calibration import reliability as calibration_figure
    from dark_core.training.card_sections import figure_name

    if found := card.get("calibration"):
        (folder / figure_name(card)).write_text(
            calibration_figure(found["reliability"], found["within"]), encoding="utf-8"
        )


def _print_table(results: dict[str, dict]) -> None:
    """A column a decoder: OKS AP, PCK over the limbs, what is swapped by view, then PCK of every joint.

    Behind each PCK stands how many of the people it counts.
    """
    from dark_core.evaluation.evaluate import THRESHOLDS
    from dark_core.pose.skeleton import SKELETON

    width, first = max(map(len, results)) + 2, next(iter(results.values()))
    why = "not labeled" if first["measured"] else first["unmeasured"]

    def row(title: str, shares, counts: int | None = None) -> None:
        numbers = "".join(f"{100 * share:{width}.1f}" for share in shares)
        people = "" if counts is None else f"   {counts} of {first['people']} people"
        print(f"{title:22}{f'  not measured ({why})' if counts == 0 else numbers}{people}")

    print(f"{'':22}" + "".join(f"{name:>{width}}" for name in results))
    row("OKS AP", [result["oks_ap"] for result in results.values()])
    for threshold in THRESHOLDS:
        row(f"PCK@{threshold}", [result[f"pck@{threshold}"] for result in results.values()], first["measured"])
    for view, one in first["swapped"].items():
        joints = f"swapped, {view} ({one['joints']})"
        row(joints, [result["swapped"][view]["share"] for result in results.values()])
    for joint in SKELETON.names:
        for threshold in THRESHOLDS:
            shares = [result[f"pck@{threshold} per joint"][joint] for result in results.values()]
            row(f"{joint} @{threshold}", shares, first["measured per joint"][joint])


def _placed(result: dict) -> str:
    """PCK of people placed in larger pictures, with the labeled box and with the one found."""
    people = f"{result['measured']} of {result['people']} people"
    if not result["measured"]:
        return f"PCK not measured ({result['unmeasured']}), {people}"
    boxed, found = result["labeled box"], result["found box"]
    ratio = f", ratio {found / boxed:.3f}" if boxed else ""
    return f"PCK@0.2 labeled box {100 * boxed:.1f}, found {100 * found:.1f}, {people}{ratio}"


def _print_reliability(bins: list) -> None:
    """A line a tenth of confidence."""
    print(f"{'confidence stated, %':22}{'joints':>8}{'right':>8}   95 %")
    for one in bins:
        low, high = (100 * share for share in one.interval)
        print(f"{100 * one.said:<22.0f}{one.joints:>8}{100 * one.right:>8.0f}   {low:.0f}-{high:.0f}")
