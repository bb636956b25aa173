"""One person read by the classic decoders at once: where they land, how far apart, how far from the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.codec import CORE_DECODERS, decode
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.skeleton import SKELETON


@dataclass(frozen=True)
class Comparison:
    """K joints read by the classic decoders of the registry.

    heatmap, photo: decoder name -> (K, 2) in heatmap px and photo px; ok: decoder name -> (K,);
    score: (K,); truth: (K, 2) photo px, NaN where unknown, or None; photo_px: photo px a heatmap px.
    """

    heatmap: dict[str, np.ndarray]
    photo: dict[str, np.ndarray]
    ok: dict[str, np.ndarray]
    score: np.ndarray
    truth: np.ndarray | None
    photo_px: float

    def apart(self, name: str) -> np.ndarray:
        """(K,) distance of a decoder's joints from DARK's, photo px."""
        return np.linalg.norm(self.photo[name] - self.photo["dark"], axis=-1)

    def error(self, name: str) -> np.ndarray:
        """(K,) distance of a decoder's joints from the truth, photo px; NaN where it is unknown."""
        if self.truth is None:
            return np.full(len(self.score), np.nan)
        return np.linalg.norm(self.photo[name] - self.truth, axis=-1)

    def rows(self) -> list[dict]:
        """One flat dict a joint, for tables and files: lengths in photo px, two decimals."""
        rows = []
        for k, joint in enumerate(SKELETON.names):
            row: dict = {"joint": joint, "score": round(float(self.score[k]), 3)}
            for name in CORE_DECODERS:
                row[f"{name}_x"], row[f"{name}_y"] = (round(float(v), 2) for v in self.photo[name][k])
            for name in CORE_DECODERS:
                if name != "dark":
                    row[f"{name}_from_dark"] = round(float(self.apart(name)[k]), 2)
            if self.truth is not None:
                known = bool(np.isfinite(self.truth[k]).all())
                for axis, value in zip("xy", self.truth[k], strict=True):
                    row[f"true_{axis}"] = round(float(value), 2) if known else None
                for name in CORE_DECODERS:
                    row[f"{name}_error"] = round(float(self.error(name)[k]), 2) if known else None
            rows.append(row)
        return rows


def compare(heatmaps: np.ndarray, frame: CropTransform, sigma: float, truth: np.ndarray | None = None) -> Comparison:
    """Every classic decoder on heatmaps (K, H, W) of one person; ``truth`` (K, 2) in photo px if known."""
    read = {name: decode(heatmaps, name, sigma) for name in CORE_DECODERS}
    return Comparison(
        heatmap={name: joints.xy for name, joints in read.items()},
        photo={name: frame.to_photo(joints.xy) for name, joints in read.items()},
        ok={name: joints.ok for name, joints in read.items()},
        score=read["dark"].score,
        truth=truth,
        photo_px=frame.photo_px,
    )
