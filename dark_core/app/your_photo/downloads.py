"""Results to take away: the overlay as PNG, the table as CSV, everything as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import streamlit as st

from dark_core.app.widgets.downloads import Download, csv_text, download_buttons
from dark_core.app.widgets.photo_source import Picture
from dark_core.app.your_photo.text import TEXT
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import Comparison, compare_decoders
from dark_core.figures.export import overlay_png
from dark_core.files.joint_files import CONVENTION
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON


def show(picture: Picture, poses: Sequence[Pose], person: int, shown: list[str]) -> None:
    """Show the buttons of the picture, the table and everything; each holds everyone found."""
    texts = TEXT["files"]
    with st.container(horizontal=True):
        download_buttons(
            Download(texts["picture"], lambda: png(picture, poses, person, shown), "joints.png"),
            Download(texts["table"], lambda: csv_text(everyone(picture, poses, person)), "joints.csv"),
            Download(texts["everything"], lambda: as_json(picture, poses, person), "joints.json"),
        )


def comparison_of(picture: Picture, pose: Pose, truth: np.ndarray | None) -> Comparison:
    """One person's joints by each decoder, in px of the picture's own file."""
    frame = pose.transform.rescaled(picture.scale)
    return compare_decoders(pose.heatmaps, frame, pose.sigma, truth, pose.absent)


def png(picture: Picture, poses: Sequence[Pose], person: int, shown: list[str]) -> bytes:
    """The photo as the network saw it, with the chosen skeletons of everyone and the true joints that are known."""

    def as_shown(joints: np.ndarray) -> np.ndarray:
        return (joints + 0.5) / picture.scale - 0.5

    skeletons = [
        {
            name: as_shown(positions)
            for name, positions in comparison_of(picture, pose, None).photo.items()
            if name in shown
        }
        for pose in (*poses[:person], *poses[person + 1 :], poses[person])  # the chosen one on top
    ]
    return overlay_png(picture.rgb, skeletons, None if picture.truth is None else as_shown(picture.truth))


def everyone(picture: Picture, poses: Sequence[Pose], person: int) -> list[dict]:
    """The table's rows of everyone, after the number of the person where there are several."""
    found = []
    for number, pose in enumerate(poses):
        comparison = comparison_of(picture, pose, picture.truth if number == person else None)
        first = {"person": number + 1} if len(poses) > 1 else {}
        found += [first | row for row in rows(comparison, pose)]
    return found


def rows(comparison: Comparison, pose: Pose) -> list[dict]:
    """One person's rows: confidence calibrated, the score it was made of, the status in a word, then the lengths."""
    found = []
    for row, sure, state in zip(comparison.rows(), pose.confidence, pose.joint_status, strict=True):
        first = {"joint": row["joint"], "confidence": round(float(sure), 3), "score": row["score"], "state": state}
        found.append(first | row)
    return found


def as_json(picture: Picture, poses: Sequence[Pose], person: int) -> str:
    """Everyone's joints, the box and matrix of each crop, and the conventions, for a program."""
    people = []
    for number, pose in enumerate(poses):
        frame = pose.transform.rescaled(picture.scale)
        comparison = comparison_of(picture, pose, picture.truth if number == person else None)
        people.append(
            {
                "person": number + 1,
                "box": [float(v) for v in (frame.corners()[[0, 2]] + 0.5).ravel()],
                "photo_to_crop": frame.matrix.tolist(),
                "heatmap": {"size": list(frame.heatmap_size), "sigma": pose.sigma, "photo_px": comparison.photo_px},
                "truth": None if comparison.truth is None else TEXT["files"]["by_hand"] if picture.own else "exact",
                "joints": rows(comparison, pose),
            }
        )
    return json.dumps(
        {
            "convention": CONVENTION,
            "picture": {"width": picture.size[0], "height": picture.size[1], "key": picture.key},
            "chosen": person + 1,
            "people": people,
            "bones": [[SKELETON.names[a], SKELETON.names[b]] for a, b in SKELETON.bones],
            "decoders": {name: DECODERS[name].title for name in CORE_DECODERS},
        },
        indent=1,
    )
