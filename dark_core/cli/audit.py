"""``dark-core audit``: whether a file of coordinates was decoded to whole pixels, quarter pixels, or finer."""

from __future__ import annotations

import argparse
from pathlib import Path

from dark_core.errors import InputError

DESCRIPTION = """\
Prints the lattice on which the coordinates of a file stand, if they stand on one, and says how
they were decoded: COCO results, OpenPose, MediaPipe, DeepLabCut, SLEAP, or plain columns."""
EXAMPLE = "dark-core audit tracks.csv --photo-px 4"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``audit``."""
    parser.add_argument("file", type=Path, help="JSON or CSV of coordinates")
    parser.add_argument("--photo-px", type=float, help="photo px per heatmap px, where known")
    parser.add_argument("--size", type=int, nargs=2, metavar=("W", "H"), help="of the picture, for normalized files")


def run(args: argparse.Namespace) -> None:
    """Audit and print."""
    from dark_core.files.motion.track_files import read_tracks
    from dark_core.motion.audit import audit

    if args.photo_px is not None and not 0 < args.photo_px <= 1000:
        raise InputError("--photo-px: expected a positive number of photo px per heatmap px, such as 4.")
    if args.size is not None and min(args.size) < 1:
        raise InputError("--size: expected the width and height of the picture in px, such as 1920 1080.")
    tracks = read_tracks(args.file)
    if tracks.normalized and args.size is None:
        raise InputError("The coordinates are shares of the picture: give its size with --size W H.")
    xy = tracks.xy * args.size if tracks.normalized else tracks.xy
    found = audit(xy, args.photo_px, tracks.consecutive)
    print(f"{tracks.kind}: {xy.shape[0]} {'frames' if tracks.consecutive else 'people'}, {xy.shape[1]} joints")
    for name, axis in (("x", found.x), ("y", found.y)):
        step = "no lattice" if axis.step is None else f"step {axis.step:.4g} photo px"
        print(f"{name}: {step}, coherence {axis.coherence:.2f}, p = {axis.p:.2g}")
    print(found.text)
