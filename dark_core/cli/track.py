"""``dark-core track``: the joints of the person in a video, decoder by decoder, as CSV, JSON and a video."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.errors import InputError
from dark_core.pose.skeleton import SKELETON

if TYPE_CHECKING:
    from dark_core.motion.tracks import Tracks

DESCRIPTION = """\
Finds the largest person in a video and prints the position of the 14 joints in each frame as CSV,
by one or all decoders from the same heatmaps, or writes CSV or JSON and a video with skeletons.
Positions are in px of the video. Frames of more than 1280 px are reduced before the network and in --video."""
EXAMPLE = "dark-core track clip.mp4 --decoder all -o tracks.csv --video out.mp4"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``track``."""
    parser.add_argument("source", type=Path, metavar="video", help="MP4, MOV or WebM of at most 100 MB")
    names = ", ".join(DECODERS)
    parser.add_argument("--decoder", default="dark", help=f"all, core, or names with commas of {names} (dark)")
    parser.add_argument("--start", type=float, default=0.0, help="seconds from the start of the video (0)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how many are tracked, at most 20 (20)")
    parser.add_argument("-o", "--out", type=Path, help=".csv or .json (CSV on the standard output)")
    parser.add_argument(
        "--video",
        type=Path,
        help="video to write, the first and last decoder side by side; .webm takes a quarter of the time of .mp4",
    )
    parser.add_argument("--figure", type=Path, help=".svg or .png to write: x and y of one joint over time")
    parser.add_argument("--joint", default="left wrist", help="the joint of the figure (left wrist)")
    parser.add_argument("--model", default="default", help="name of a bundled network")
    parser.add_argument("--device", default="auto", help="cuda, mps or cpu (the fastest there is)")


def run(args: argparse.Namespace) -> None:
    """Track, write, and say in one sentence what decoding removes."""
    groups = {"all": list(DECODERS), "core": list(CORE_DECODERS)}
    decoders = groups.get(args.decoder, args.decoder.split(","))
    if unknown := [one for one in decoders if one not in DECODERS]:
        raise InputError(f"There is no decoder {unknown[0]!r}: choose all, core, or of {', '.join(DECODERS)}.")
    if args.out is not None and args.out.suffix.lower() not in (".csv", ".json"):
        raise InputError("The output can be .csv or .json: give -o a name that ends so.")
    if args.video is not None and args.video.suffix.lower() not in (".mp4", ".webm"):
        raise InputError("The video can be .mp4 or .webm: give --video a name that ends so.")
    if args.figure is not None and args.figure.suffix.lower() not in (".svg", ".png"):
        raise InputError("The figure can be .svg or .png: give --figure a name that ends so.")
    if args.joint not in SKELETON.names:
        raise InputError(f"There is no joint {args.joint!r}: choose of {', '.join(SKELETON.names)}.")
    for out in (args.out, args.video, args.figure):
        if out is not None and out.exists() and args.source.exists() and out.samefile(args.source):
            raise InputError("The output would overwrite the video: give it another name.")

    from dark_core.cli.main import note
    from dark_core.files.motion.videos import read_frames
    from dark_core.motion import as_csv, as_json, removed_jitter, summary_text
    from dark_core.motion.track import track
    from dark_core.pose.estimator import Estimator

    frames = read_frames(args.source, args.start, args.seconds)
    predictor = Estimator.load(args.model, args.device)
    tracks = track(frames, predictor, decoders, lambda done: note(f"{done} frames") if done % 40 == 0 else None)
    text = as_json(tracks) if args.out is not None and args.out.suffix.lower() == ".json" else as_csv(tracks)
    if args.out is None:
        sys.stdout.write(text)
    else:
        args.out.write_text(text, encoding="utf-8")
    if args.video is not None:
        _write_video(args, tracks)
    if args.figure is not None:
        _write_figure(args.figure, tracks, args.joint)
    if {"argmax", "dark"} <= set(decoders):
        note(summary_text(removed_jitter(tracks)))


def _write_video(args: argparse.Namespace, tracks: Tracks) -> None:
    """The frames once more, with the skeletons of the first and the last decoder side by side."""
    from dark_core.figures.track_pictures import side_by_side
    from dark_core.files.motion.videos import read_frames
    from dark_core.files.motion.written_videos import write_video

    names = dict.fromkeys([tracks.decoders[0], tracks.decoders[-1]])
    pictures = (
        side_by_side(frame.rgb, {name: frame.to_rgb(tracks.photo_xy[name][k]) for name in names}, SKELETON.bones)
        for k, frame in enumerate(read_frames(args.source, args.start, args.seconds))
    )
    try:
        write_video(args.video, pictures, tracks.fps)
    except OSError as error:
        raise InputError(str(error)) from error


def _write_figure(out: Path, tracks: Tracks, joint: str) -> None:
    """x and y of one joint over time by every decoder."""
    from dark_core.figures.charts.track_curves import JointPath, as_png, as_svg

    number = SKELETON.names.index(joint)
    curves = {name: xy[:, number] for name, xy in tracks.photo_xy.items()}
    path = JointPath(tracks.seconds, curves, None, (f"x of the {joint}, photo px", f"y of the {joint}, photo px"))
    out.write_bytes(as_png(path) if out.suffix.lower() == ".png" else as_svg(path).encode())
