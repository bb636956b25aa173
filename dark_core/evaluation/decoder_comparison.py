"""One person decoded by the core decoders: positions, their distances from DARK, and their errors against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.codec import CORE_DECODERS, decode
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.skeleton import SKELETON

MATCHED = "noise_matched"
"""The decoder recommended for real networks, compared beside the core ones."""


@dataclass(frozen=True)
class Comparison:
    """K joints decoded by each of ``CORE_DECODERS``, and by the noise-matched one.

    heatmap, photo: decoder name -> (K, 2) in heatmap px and photo px, NaN for a joint that is not in the picture; ok:
    decoder name -> (K,) False where it fell back; score: (K,) heatmap maximum; truth: (K, 2) photo px, NaN where
    unknown, or None; photo_px: photo px per heatmap px.
    """

    heatmap: dict[str, np.ndarray]
    photo: dict[str, np.ndarray]
    ok: dict[str, np.ndarray]
    score: np.ndarray
    truth: np.ndarray | None
    photo_px: float

    def distance_from_dark(self, decoder: str) -> np.ndarray:
        """(K,) distance of a decoder's positions from DARK's, photo px."""
        return np.linalg.norm(self.photo[decoder] - self.photo["dark"], axis=-1)

    def error(self, decoder: str) -> np.ndarray:
        """(K,) distance of a decoder's positions from the truth, photo px; NaN where it is unknown."""
        if self.truth is None:
            return np.full(len(self.score), np.nan)
        return np.linalg.norm(self.photo[decoder] - self.truth, axis=-1)

    def rows(self) -> list[dict]:
        """One flat dict per joint, for tables and files: lengths in photo px, two decimals."""
        rows = []
        for k, joint in enumerate(SKELETON.names):
            row: dict = {"joint": joint, "score": round(float(self.score[k]), 3)}
            for name in CORE_DECODERS:
                row[f"{name}_x"], row[f"{name}_y"] = (_rounded(v) for v in self.photo[name][k])
            for name in CORE_DECODERS:
                if name != "dark":
                    row[f"{name}_from_dark"] = _rounded(self.distance_from_dark(name)[k])
            if self.truth is not None:
                for axis, value in zip("xy", self.truth[k], strict=True):
                    row[f"true_{axis}"] = _rounded(value)
                for name in CORE_DECODERS:
                    row[f"{name}_error"] = _rounded(self.error(name)[k])
            rows.append(row)
        return rows


def _rounded(value: float) -> float | None:
    """Two decimals; None where there is no number."""
    return round(float(value), 2) if np.isfinite(value) else None


def compare_decoders(
    heatmaps: np.ndarray,
    transform: CropTransform,
    sigma: float,
    truth: np.ndarray | None = None,
    absent: np.ndarray | None = None,
) -> Comparison:
    """Decode heatmaps (K, H, W) of one person with each of ``CORE_DECODERS`` and the noise-matched decoder.

    transform: from the heatmaps to the photo; sigma: heatmap px; truth: (K, 2) photo px, NaN where unknown;
    absent: (K,) True for joints that are not in the picture. Raises ValueError for a bad sigma.
    """
    decoded = {name: decode(heatmaps, name, sigma) for name in (*CORE_DECODERS, MATCHED)}
    gone = np.zeros(len(heatmaps), bool) if absent is None else absent
    positions = {name: np.where(gone[:, None], np.nan, joints.xy) for name, joints in decoded.items()}
    return Comparison(
        heatmap=positions,
        photo={name: transform.to_photo(xy) for name, xy in positions.items()},
        ok={name: joints.ok for name, joints in decoded.items()},
        score=decoded["dark"].score,
        truth=truth,
        photo_px=transform.photo_px,
    )
