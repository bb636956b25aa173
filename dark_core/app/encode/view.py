"""What Encode shows: the data of its interactive figure, and where the target of one joint is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.runtime import inference
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.interactive_figure import Field
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.codec import decode, quantize
from dark_core.evaluation.metrics import mean_rounding
from dark_core.figures.charts.cost_curves import cost_curve, loss_curve
from dark_core.figures.decoder_style import ENCODING_STYLES
from dark_core.figures.images import data_url
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import expand_to_square

TEXT = read_catalog("encode")

INPUTS = (64, 96, 128, 160, 192, 256, 384)
"""Sides of the crop a network may see, px; the heatmap is a quarter."""

VIEWS = {
    TEXT["views"]["floor"]: ("grid", "floor"),
    TEXT["views"]["both"]: ("floor", "unbiased"),
    TEXT["views"]["round"]: ("grid", "round"),
    TEXT["views"]["difference"]: ("grid", "difference"),
    TEXT["views"]["floor_error"]: ("grid", "unit-floor"),
    TEXT["views"]["round_error"]: ("grid", "unit-round"),
}
"""What is shown together while presenting."""

ANSWER = frozenset(part for parts in VIEWS.values() for part in parts) - {"grid"}
"""The parts of these that an exercise keeps back."""

WINDOW = 12
"""Heatmap px that the grid shows on a side."""


@dataclass(frozen=True)
class EncodedJoint:
    """Where one encoding draws a joint's target: (2,) heatmap px and photo px, and how far off in both."""

    heatmap: np.ndarray
    photo: np.ndarray
    off_heatmap: float
    off_photo: float


def encoded_joints(joint: np.ndarray, transform: CropTransform) -> dict[str, EncodedJoint]:
    """The center of each encoding's target for a joint (2,) in photo px."""
    # Summed as in the browser: on a pixel's edge one bit decides where floor and round go.
    true = np.diag(transform.matrix[:, :2]) / transform.stride * joint + transform.to_heatmap([0.0, 0.0])
    out = {}
    for name in ENCODING_STYLES:
        center = quantize(true, name)
        photo = transform.to_photo(center)
        out[name] = EncodedJoint(
            center, photo, float(np.linalg.norm(center - true)), float(np.linalg.norm(photo - np.asarray(joint)))
        )
    return out


def crop_transforms(picked: PickedJoint, size: int) -> tuple[CropTransform, CropTransform]:
    """The crop of the person's box at ``size`` px: its transform in px of the file, and in px of the shown photo."""
    shown = CropTransform.from_box(expand_to_square(picked.pose.box), (size, size))
    return shown.rescaled(picked.picture.scale), shown


def start(picked: PickedJoint) -> np.ndarray:
    """(2,) photo px where the joint first stands: the truth where it is known, else the position that DARK decodes."""
    if picked.truth is not None:
        return picked.truth
    return picked.transform.to_photo(decode(picked.heatmap, "dark", picked.pose.sigma).xy)


def fields(at: np.ndarray, transform: CropTransform, seen: tuple[int, int, int]) -> dict[str, Field]:
    """The joint's x and y in photo px, at ``at`` until it is dragged, within the window."""
    x0, y0, n = seen
    low, high = transform.to_photo([[x0 - 0.5, y0 - 0.5], [x0 + n - 0.5, y0 + n - 0.5]])
    return {axis: Field(float(at[k]), float(low[k]), float(high[k])) for k, axis in enumerate("xy")}


def window(joint: np.ndarray, transform: CropTransform) -> tuple[int, int, int]:
    """(x0, y0, n): the n by n heatmap px around a joint (2,) in photo px, by their first pixel, within the heatmap."""
    first = np.floor(transform.to_heatmap(joint) + 0.5).astype(int) - WINDOW // 2
    x, y = np.clip(first, 0, np.array(transform.heatmap_size) - WINDOW)
    return int(x), int(y), WINDOW


def data(transform: CropTransform, seen: tuple[int, int, int], sigma: float, under: str | None) -> dict:
    """What the interactive figure draws from, and what it says; ``under`` is the ground of its grid."""
    x0, y0, n = seen
    return {
        "scale": [float(v) for v in np.diag(transform.matrix[:, :2]) / transform.stride],
        "shift": [float(v) for v in transform.to_heatmap([0.0, 0.0])],
        "size": list(transform.heatmap_size),
        "window": [x0, y0, n],
        "sigma": sigma,
        "photoPx": transform.photo_px,
        "ground": under,
        "text": TEXT["figure"],
    }


def ground(photo: np.ndarray, transform: CropTransform, seen: tuple[int, int, int], pixels: int = 480) -> str:
    """The photo under the window as a data URL; ``transform`` counts px of ``photo``."""
    x0, y0, n = seen
    low, high = transform.to_photo([[x0 - 0.5, y0 - 0.5], [x0 + n - 0.5, y0 + n - 0.5]]) + 0.5
    patch = CropTransform.from_box((*low, *high), (pixels, pixels)).crop(photo)
    return data_url(patch)


def cost(picked: PickedJoint, size: int) -> None:
    """Why compress at all: what resolution costs on this machine, beside what rounding loses at it."""
    with st.container(key="cost"):
        st.subheader(TEXT["cost"]["title"])
        measuring = inference.costs(INPUTS)
        if not measuring.done():
            inference.wait_for_costs(measuring)
            return
        costs = measuring.result()
        photo_px = [crop_transforms(picked, side)[0].photo_px for side in INPUTS]
        lost = {name: [mean_rounding(name) * px for px in photo_px] for name in ENCODING_STYLES}
        ms, gigas = [one.ms for one in costs], [one.multiply_adds / 1e9 for one in costs]
        first, last = costs[0], costs[-1]
        values = {
            "first": first.size,
            "last": last.size,
            "smaller": last.size / first.size,
            "more": last.multiply_adds / first.multiply_adds,
            "first_ms": first.ms,
            "last_ms": last.ms,
            "first_loss": lost["floor"][0],
            "last_loss": lost["floor"][-1],
            "device": inference.device_name(inference.estimator()),
        }
        st.markdown(TEXT["cost"]["text"].format(**values))
        charts = {
            "cost": cost_curve(list(INPUTS), ms, gigas, size),
            "loss": loss_curve(list(INPUTS), lost, size),
        }
        for column, (name, chart) in zip(st.columns(2), charts.items(), strict=True):
            with column:
                st.plotly_chart(
                    chart,
                    key=f"{name}_chart",
                    config={"displayModeBar": False},
                    alt=TEXT["cost"][f"{name}_alt"].format(**values),
                )
