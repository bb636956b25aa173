"""``dark-core decode``: a file of heatmaps of any network, decoded to a table or JSON. Needs NumPy alone."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dark_core.codec import DECODERS, Status
from dark_core.evaluation import batch_decode
from dark_core.files.formats.stored import HeatmapsError, listed, plain
from dark_core.files.heatmap_files import open_heatmaps
from dark_core.files.heatmap_layouts import LAYOUTS, Heatmaps, Survey, as_heatmaps, survey
from dark_core.files.heatmap_likeness import openpose_parts
from dark_core.files.heatmap_values import VALUES, likely_values, told
from dark_core.pose.pixel_conventions import CONVENTIONS

DESCRIPTION = """\
Prints the joints in a file of heatmaps as CSV, one row per joint, or writes CSV or JSON. The axes
of the file are recognized and σ is measured where they are not given; both are told on the standard
error, as are values that are no heatmaps and the reasons why a decoder fell back."""
EXAMPLE = "dark-core decode heatmaps.npz --name heatmaps --decoder all --stride 4 -o joints.json"

UNPACKED = 4 * 2**30
"""The most bytes that a compressed array may unpack to here, on the visitor's own machine."""

MOST_PEAKS = 20
"""The most peaks of a heatmap that are listed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``decode``."""
    parser.add_argument("maps", type=Path, help=".npy, .npz or .safetensors of heatmaps")
    parser.add_argument("--decoder", default="dark", help=f"all, or one of {', '.join(DECODERS)} (dark)")
    parser.add_argument("--sigma", type=float, help="of the network's training targets, heatmap px (measured)")
    parser.add_argument("--name", help="which array of an .npz or .safetensors")
    parser.add_argument("--layout", type=str.upper, help=f"one of {', '.join(LAYOUTS)} (recognized)")
    parser.add_argument("--values", help=f"what they are: {', '.join(_spelled())} (heatmaps)")
    parser.add_argument("--joints", type=int, help="how many of the joints, the first ones (all)")
    parser.add_argument("--peaks", type=int, default=1, help="how many of the best peaks each heatmap lists (1)")
    parser.add_argument("--stride", type=float, help="input px a heatmap px: positions are told in input px")
    parser.add_argument("--frame", help=f"how they are mapped: {', '.join(CONVENTIONS)} (half_pixel)")
    parser.add_argument("-o", "--out", type=Path, help=".csv or .json (CSV on the standard output)")


def _spelled() -> list[str]:
    return [f"{name}, {done}" for name, done in VALUES.items()]


def run(args: argparse.Namespace) -> None:
    """Decode ``args.maps``; exits with code 2 and one sentence where that cannot be done."""
    try:
        _decode(args)
    except HeatmapsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error


def _decode(args: argparse.Namespace) -> None:
    names = list(DECODERS) if args.decoder == "all" else [args.decoder]
    if names[0] not in DECODERS:
        raise HeatmapsError(f"There is no decoder of that name: choose all, {', '.join(DECODERS)}.")
    if args.out is not None and args.out.suffix.lower() not in (".csv", ".json"):
        raise HeatmapsError("The output can be .csv or .json: give -o a name that ends so.")
    if args.out is not None and args.out.exists() and args.maps.exists() and args.out.samefile(args.maps):
        raise HeatmapsError("The output would overwrite the heatmaps: give -o another name.")
    if args.sigma is not None and not 0 < args.sigma <= 1000:
        raise HeatmapsError("Sigma must be a positive number of heatmap px: leave it out to have it measured.")
    if not 1 <= args.peaks <= MOST_PEAKS:
        raise HeatmapsError(f"The number of peaks must be 1 to {MOST_PEAKS}: 2 shows two people, or left and right.")
    heatmaps = _read(args)
    frame = _frame(args, heatmaps)
    sigma = args.sigma
    if args.values is None or sigma is None:
        found = survey(heatmaps)
    if args.values is None:
        _tell_values(found)
    if sigma is None:
        sigma = found.sigma
        how = f"measured on {found.clear} clear peaks of {found.seen} maps" if found.clear else "assumed: no clear peak"
        print(f"sigma = {sigma:g} heatmap px, {how}", file=sys.stderr)
    counts: Counter[tuple[int, str]] = Counter()
    read = _counted(batch_decode.decode_blocks(heatmaps, sigma, names, args.peaks), counts)
    if args.out is not None and args.out.suffix.lower() == ".json":
        pieces = batch_decode.as_json(read, heatmaps, frame, sigma, names)
    else:
        pieces = batch_decode.as_csv(read, heatmaps.joints, frame, names, args.peaks)
    _write(pieces, args.out)
    for status in Status:
        if told_of := [f"{name} {counts[status, name]}" for name in names if status and counts[status, name]]:
            print(f"{', '.join(told_of)} of {len(heatmaps)} maps: {status.sentence}", file=sys.stderr)


def _counted(blocks: Iterator[batch_decode.Block], counts: Counter[tuple[int, str]]) -> Iterator[batch_decode.Block]:
    """The same blocks; how often each decoder ended in each status is added up in ``counts``."""
    for block in blocks:
        for name, codes in block.reason.items():
            counts.update((code, name) for code in codes.tolist())
        yield block


def _read(args: argparse.Namespace) -> Heatmaps:
    file = open_heatmaps(args.maps, UNPACKED)
    stored = file.choose(args.name)
    if args.name is None and len(file.usable) > 1:
        others = listed({name: other for name, other in file.arrays.items() if other is not stored})
        print(
            f"{args.maps.name}: decoding ‘{plain(stored.name)}’, which looks most like heatmaps; "
            f"--name chooses another: {others}",
            file=sys.stderr,
        )
    heatmaps = as_heatmaps(stored, args.layout)
    if heatmaps.why:
        meant = f"{heatmaps.layout} ({LAYOUTS[heatmaps.layout]})"
        print(f"{args.maps.name}: taken for {meant}, because {heatmaps.why}", file=sys.stderr)
    if args.values is not None:
        heatmaps = heatmaps.taken_for(args.values.lower())
    if args.joints is not None:
        return heatmaps.first_joints(args.joints)
    parts = openpose_parts(heatmaps)
    if parts is not None:
        print(
            f"The {heatmaps.joints} channels are OpenPose's {parts} parts, the background and the limbs' affinity "
            f"fields: --joints {parts} decodes the parts alone",
            file=sys.stderr,
        )
    return heatmaps


def _tell_values(found: Survey) -> None:
    """Say where the values seem to be no heatmaps."""
    if what := told(found.least, found.middle, found.most):
        kind = likely_values(found.least, found.middle, found.most)
        print(f"{what}: --values {kind} decodes them {VALUES[kind]}", file=sys.stderr)


def _frame(args: argparse.Namespace, heatmaps: Heatmaps) -> batch_decode.InputFrame:
    if args.frame is not None and args.frame not in CONVENTIONS:
        raise HeatmapsError(f"There is no frame of that name: choose {', '.join(CONVENTIONS)}.")
    if args.stride is None:
        if args.frame is not None:
            raise HeatmapsError("A frame maps to input px: say with --stride how many a heatmap px has.")
        return batch_decode.InputFrame("", 1.0, heatmaps.size)
    if not 0 < args.stride <= 1000:
        raise HeatmapsError("The stride must be a positive number of input px a heatmap px: 4 for most networks.")
    return batch_decode.InputFrame(args.frame or "half_pixel", args.stride, heatmaps.size)


def _write(pieces: Iterator[str], out: Path | None) -> None:
    if out is None:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
        return
    try:
        with open(out, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        raise HeatmapsError(f"The output cannot be written ({error.strerror}): check its path.") from error
