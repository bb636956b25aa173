"""The heatmap of a lesson: a simulated one, which the visitor changes, or the network's of a real joint."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace

import numpy as np

from dark_core.app.widgets.interactive_figure import Field
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.figures.images import data_url
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import Box
from dark_core.simulation.heatmaps import SimulatedHeatmap, field

REAL = "real"
"""The choice of a real joint, beside the simulated cases."""

PHOTO_PX = 8.0
"""Photo px per heatmap px of a simulated heatmap: a person of 250 px on a heatmap of 32."""


@dataclass(frozen=True, eq=False)
class LessonHeatmap:
    """A heatmap (H, W) float64, its sigma, the truth (2,) in heatmap px or None, and the way back to the photo."""

    heatmap: np.ndarray
    sigma: float
    truth: np.ndarray | None
    scale: np.ndarray
    shift: np.ndarray
    noise: float | None = None

    @property
    def photo_px(self) -> float:
        """Photo px per heatmap px."""
        return float(np.sqrt(np.prod(self.scale)))

    def to_photo(self, xy: np.ndarray) -> np.ndarray:
        return self.scale * xy + self.shift


def fields(case: SimulatedHeatmap) -> dict[str, Field]:
    """What the visitor can change of a simulated case."""
    width, height = case.size
    return {
        "x": Field(case.joint[0], -0.5, width - 0.5),
        "y": Field(case.joint[1], -0.5, height - 0.5),
        "noise": Field(case.noise, 0, 0.3),
        "pedestal": Field(case.pedestal, 0, 0.3),
        "second": Field(case.second, 0, 1),
    }


def changed(case: SimulatedHeatmap, values: dict[str, float]) -> SimulatedHeatmap:
    """The case with the visitor's values; a value that the page does not offer stays."""
    return replace(
        case,
        joint=(values["x"], values["y"]),
        noise=values.get("noise", case.noise),
        pedestal=values.get("pedestal", case.pedestal),
        second=values.get("second", case.second),
    )


def simulated(case: SimulatedHeatmap) -> LessonHeatmap:
    """The heatmap of a simulated case."""
    scale = np.full(2, PHOTO_PX)
    truth = np.array(case.joint) if case.amplitude > 0 else None
    return LessonHeatmap(case.heatmap(), case.sigma, truth, scale, scale / 2 - 0.5, case.noise)


def real(picked: PickedJoint) -> LessonHeatmap:
    """The network's heatmap of the chosen joint."""
    transform = picked.transform
    shift = transform.to_photo([0.0, 0.0])
    truth = None if picked.truth is None else transform.to_heatmap(picked.truth)
    # Double precision, as in the browser, so that both draw the same numbers.
    return LessonHeatmap(
        picked.heatmap.astype(np.float64), picked.pose.sigma, truth, np.diag(transform.jacobian), shift
    )


def figure_data(shown: LessonHeatmap, case: SimulatedHeatmap | None, picked: PickedJoint | None) -> dict:
    """What the figure draws from: the parts of a simulated heatmap, or a real one with the crop under it."""
    height, width = shown.heatmap.shape
    out = {
        "size": [width, height],
        "sigma": shown.sigma,
        "photoPx": shown.photo_px,
        "back": {"scale": shown.scale.tolist(), "shift": shown.shift.tolist()},
        "truth": None if shown.truth is None else shown.truth.tolist(),
        "made": None,
    }
    if case is not None:
        made = {"amplitude": case.amplitude, "second_at": list(case.second_at)}
        return {**out, "made": made, "noise": floats(field(case.size, case.seed))}
    assert picked is not None, "a heatmap is simulated or somebody's"
    return {**out, "map": floats(picked.heatmap), "ground": crop(picked.picture.rgb, picked.pose.box)}


def floats(values: np.ndarray) -> str:
    """An array as base64 of little-endian float32, row by row."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def crop(photo: np.ndarray, box: Box, pixels: int = 640) -> str:
    """The photo under the whole heatmap of a box as a data URL."""
    return data_url(CropTransform.from_box(box, (pixels, pixels)).crop(photo))
