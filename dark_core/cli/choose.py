"""``dark-core choose``: which decoder a network needs, by its heatmaps and the true joints. Needs NumPy alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from dark_core.cli.main import note

DESCRIPTION = """\
Prints every decoder, with the assumed σ that suits it, ranked by its mean error against the true
joints, with 95 % intervals from a bootstrap over people; the pixel convention that fits; mistakes
of frame, such as a shift or exchanged axes; the gain per joint; a recommendation and its code."""
EXAMPLE = "dark-core choose assets/samples/heatmaps.npz"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``choose``."""
    parser.add_argument("maps", type=Path, help=".npy, .npz or .safetensors of heatmaps")
    parser.add_argument(
        "--truth", type=Path, help="true joints: .npz, .npy, COCO keypoint JSON or CSV (beside the maps)"
    )
    parser.add_argument("--name", help="which array of an .npz or .safetensors holds the heatmaps")
    parser.add_argument("--truth-name", default="", metavar="NAME", help="which array of an .npz holds the joints")
    parser.add_argument("--layout", type=str.upper, help="axes of the heatmaps, such as NKHW (recognized)")
    parser.add_argument("--sigma", type=float, help="of the network's training targets, heatmap px (measured)")
    parser.add_argument(
        "--stride", type=float, help="input px a heatmap px, where the truth is in input px (recognized)"
    )
    parser.add_argument("--padding", type=float, help="factor by which the truth's boxes were grown (recognized)")


def run(args: argparse.Namespace) -> None:
    """Print the report."""
    import numpy as np

    from dark_core.codec import decode
    from dark_core.evaluation import decoder_choice, truth_frames
    from dark_core.files.formats.stored import HeatmapsError
    from dark_core.files.heatmap_files import open_heatmaps
    from dark_core.files.heatmap_layouts import as_heatmaps, survey
    from dark_core.files.joint_files import JointsError, joints_beside, joints_of, read_joints

    for name in ("sigma", "stride", "padding"):
        value = getattr(args, name)
        if value is not None and not 0 < value <= 1000:
            raise JointsError(f"--{name} must be a positive number: leave it out to have it recognized.")
    try:
        file = open_heatmaps(args.maps)
        stored = file.choose(args.name)
        heatmaps = as_heatmaps(stored, args.layout)
    except HeatmapsError as error:
        raise JointsError(str(error)) from error
    if args.truth is not None:
        joints = read_joints(args.truth, args.truth_name)
    elif beside := args.truth_name or joints_beside(file, stored.name):
        joints = joints_of(file, beside)
    else:
        raise JointsError("The heatmaps hold no true joints beside them: give --truth.")
    found = survey(heatmaps)
    sigma = args.sigma or found.sigma
    which = decoder_choice.people_looked_at(heatmaps.people, heatmaps.joints * heatmaps.size[0] * heatmaps.size[1])
    if len(joints) == heatmaps.people:
        joints = joints.take(which)
    maps = np.stack([heatmaps.take(range(p * heatmaps.joints, (p + 1) * heatmaps.joints)) for p in which])
    frames = truth_frames.truth_in_heatmap_px(
        joints, heatmaps.size, decode(maps, "argmax").xy, args.stride, args.padding
    )
    if len(which) < heatmaps.people:
        note(f"{len(which)} of {heatmaps.people} people, evenly spread, are looked at")
    note(f"sigma = {sigma:g} heatmap px{'' if args.sigma else ', measured'}; truth in {frames.how}")
    choice = decoder_choice.choose_decoder(maps, frames.by_convention, sigma, joints.names, frames.areas, frames.stride)
    _print(choice, heatmaps.size, frames.stride)


def _print(choice, size: tuple[int, int], stride: float) -> None:
    """The report, with a line per decoder and per joint."""
    from dark_core.evaluation import decoder_choice_text as text

    print(f"{choice.people} people, {choice.labeled} labeled joints; PCK@0.1 of the {choice.yardstick}")
    for sentence in [text.conventions(choice), *text.mistakes(choice)]:
        if sentence:
            print(sentence)
    print(f"\n{'decoder':40}{'error, px':>10}{'PCK@0.1':>9}{'OKS':>7}   gain over argmax, px (95 %)")
    for row in choice.decoders:
        mark = "*" if row in choice.tied else " "
        shares = f"{100 * row.pck:9.1f}{100 * row.oks:7.1f}".replace("nan", "  –")
        print(f"{mark} {text.title(row):38}{row.error:10.3f}{shares}   {text.interval(row.gain)}")
    print("* the best, and what these data cannot tell from it")
    print(f"\n{'joint':40}{'gain of the recommended one over argmax, px (95 %)'}")
    gains = zip(choice.joints.value, choice.joints.low, choice.joints.high, strict=True)
    for number, three in enumerate(gains):
        print(f"  {choice.names[number] if choice.names else f'joint {number}':38}{text.interval(three)}")
    print(f"\n{text.verdict(choice)}\n{text.recommendation(choice)}\n\n{text.code(choice, size, stride)}")
