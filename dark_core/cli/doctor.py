"""``dark-core doctor``: what a port does differently, by its results and those of the reference. Needs NumPy alone."""

from __future__ import annotations

import argparse
from pathlib import Path

DESCRIPTION = """\
Prints what separates two files of joints of the same pictures, a sentence for each mistake: a shift,
a scale, size − 1 scaling, exchanged or mirrored axes, exchanged joints, a missing quarter shift,
coordinates rounded to whole heatmap px. Says so where the files agree up to rounding."""
EXAMPLE = "dark-core doctor port.json reference.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``doctor``."""
    files = "COCO results or annotations, .npz, .npy or CSV"
    parser.add_argument("port", type=Path, help=f"joints of the port: {files}")
    parser.add_argument("reference", type=Path, help="joints of the reference, in any of these formats")
    parser.add_argument(
        "--size", type=int, nargs=2, metavar=("W", "H"), help="of the heatmap: joints are in heatmap px"
    )
    parser.add_argument("--stride", type=float, help="input px a heatmap px: joints are in input px (photo px)")


def run(args: argparse.Namespace) -> None:
    """Print the report."""
    from dark_core.diagnosis.port_doctor import examine_port
    from dark_core.files.joint_files import JointsError, read_joints

    if args.size is not None and min(args.size) < 2:
        raise JointsError("--size: give the width and the height of the heatmap, at least 2 px each.")
    if args.stride is not None and not 0 < args.stride <= 1000:
        raise JointsError("--stride must be a positive number of input px a heatmap px: 4 for most networks.")
    report = examine_port(
        read_joints(args.port), read_joints(args.reference), args.size and tuple(args.size), args.stride
    )
    missing = f", {report.missing} people are in one file only" if report.missing else ""
    print(f"{report.people} people, {report.joints} joints in both files{missing}")
    print(f"distance of the two: median {report.median:.3g} px, at most {report.largest:.3g} px")
    for sentence in report.sentences:
        print(sentence)
    if {*report.kinds} - {"lattice", "quarter", "mirror"}:
        print(f"With this undone a median of {report.after:.3g} {report.unit} is left.")
