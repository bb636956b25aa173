"""Results to take away: the overlay as PNG, the table as CSV, everything as JSON."""

from __future__ import annotations

import json

import numpy as np
import streamlit as st

from dark_core.app.widgets.downloads import Download, csv_text, download_buttons
from dark_core.app.widgets.photo_source import Picture
from dark_core.app.your_photo.placed_joints import CONVENTION
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.figures.export import overlay_png
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.estimator import Pose
from dark_core.pose.skeleton import SKELETON


def show(picture: Picture, comparison: Comparison, pose: Pose, frame: CropTransform, shown: list[str]) -> None:
    """Show the buttons of the picture, the table and everything."""
    with st.container(horizontal=True):
        download_buttons(
            Download("Picture (PNG)", lambda: png(picture, comparison, shown), "joints.png"),
            Download("Table (CSV)", lambda: csv_text(rows(comparison, pose)), "joints.csv"),
            Download("Everything (JSON)", lambda: as_json(picture, comparison, pose, frame), "joints.json"),
        )


def png(picture: Picture, comparison: Comparison, shown: list[str]) -> bytes:
    """The photo as it was read, with the chosen skeletons and the true joints that are known."""

    def as_shown(joints: np.ndarray) -> np.ndarray:
        return (joints + 0.5) / picture.scale - 0.5

    skeletons = {name: as_shown(comparison.photo[name]) for name in CORE_DECODERS if name in shown}
    return overlay_png(picture.rgb, skeletons, None if picture.truth is None else as_shown(picture.truth))


def rows(comparison: Comparison, pose: Pose) -> list[dict]:
    """The table's rows: confidence calibrated, the score it was made of, "", "guess" or "cut off", then the lengths."""
    found = []
    for row, sure, state in zip(comparison.rows(), pose.confidence, pose.joint_status, strict=True):
        first = {"joint": row["joint"], "confidence": round(float(sure), 3), "score": row["score"], "state": state}
        found.append(first | row)
    return found


def as_json(picture: Picture, comparison: Comparison, pose: Pose, frame: CropTransform) -> str:
    """The table, the box, the frame's matrix and the conventions, to be read by a program."""
    return json.dumps(
        {
            "convention": CONVENTION,
            "picture": {"width": picture.size[0], "height": picture.size[1], "key": picture.key},
            "box": [float(v) for v in (frame.corners()[[0, 2]] + 0.5).ravel()],
            "heatmap": {"size": list(frame.heatmap_size), "sigma": pose.sigma, "photo_px": comparison.photo_px},
            "photo_to_crop": frame.matrix.tolist(),
            "truth": None if picture.truth is None else "placed by hand" if picture.own else "exact",
            "joints": rows(comparison, pose),
            "bones": [[SKELETON.names[a], SKELETON.names[b]] for a, b in SKELETON.bones],
            "decoders": {name: DECODERS[name].title for name in CORE_DECODERS},
        },
        indent=1,
    )
