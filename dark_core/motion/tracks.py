"""Tracks: the joints of one person in the frames of a video, by several decoders from the same heatmaps."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dark_core.codec import decode
from dark_core.pose.crop_transform import CropTransform


@dataclass(frozen=True, eq=False)
class Tracks:
    """K joints in T frames. A frame in which nobody was found is NaN.

    heatmap_xy, photo_xy: by decoder, (T, K, 2) in px of the frame's own heatmap and of the video; score: (T, K) heatmap
    maxima; photo_px: (T,) photo px per heatmap px; seconds: (T,) since the first frame; names: (K,) of the joints.
    """

    heatmap_xy: dict[str, np.ndarray]
    photo_xy: dict[str, np.ndarray]
    score: np.ndarray
    photo_px: np.ndarray
    seconds: np.ndarray
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.seconds)

    @property
    def decoders(self) -> tuple[str, ...]:
        """In the order in which they were asked for."""
        return tuple(self.photo_xy)

    @property
    def scale(self) -> float:
        """Photo px per heatmap px, the median over the frames."""
        return float(np.nanmedian(self.photo_px)) if np.isfinite(self.photo_px).any() else float("nan")

    @property
    def fps(self) -> float:
        """Frames a second, the mean over the track; 25 where there is a single frame."""
        span = float(np.ptp(self.seconds)) if len(self) else 0.0
        return (len(self) - 1) / span if span > 0 else 25.0

    def only(self, joints: Sequence[int]) -> Tracks:
        """The tracks of these joints."""
        chosen = list(joints)
        return replace(
            self,
            heatmap_xy={name: xy[:, chosen] for name, xy in self.heatmap_xy.items()},
            photo_xy={name: xy[:, chosen] for name, xy in self.photo_xy.items()},
            score=self.score[:, chosen],
            names=tuple(self.names[k] for k in chosen),
        )

    def with_track(self, name: str, photo_xy: np.ndarray) -> Tracks:
        """The same with one more track (T, K, 2) in photo px, such as a filtered one; it has no heatmap px."""
        return replace(self, photo_xy=self.photo_xy | {name: photo_xy})


def decode_tracks(
    heatmaps: np.ndarray,
    transforms: Sequence[CropTransform],
    decoders: Iterable[str],
    sigma: float,
    seconds: np.ndarray | None = None,
    names: Sequence[str] = (),
) -> Tracks:
    """The tracks that each decoder gives on heatmaps (T, K, H, W), whose frames have these transforms to their crops.

    seconds: (T,), by default the number of the frame. Raises ValueError for an unknown decoder or a bad sigma.
    """
    frames, joints = heatmaps.shape[:2]
    decoded = {name: decode(heatmaps, name, sigma) for name in decoders}
    photo = {
        name: np.stack([one.to_photo(xy) for one, xy in zip(transforms, found.xy, strict=True)])
        for name, found in decoded.items()
    }
    return Tracks(
        {name: found.xy for name, found in decoded.items()},
        photo,
        heatmaps.reshape(frames, joints, -1).max(-1),
        np.array([one.photo_px for one in transforms]),
        np.arange(frames, dtype=np.float64) if seconds is None else np.asarray(seconds, dtype=np.float64),
        tuple(names) or tuple(map(str, range(joints))),
    )


def joined(parts: Sequence[Tracks]) -> Tracks:
    """Tracks of consecutive frames as one."""
    first = parts[0]
    return Tracks(
        {name: np.concatenate([one.heatmap_xy[name] for one in parts]) for name in first.heatmap_xy},
        {name: np.concatenate([one.photo_xy[name] for one in parts]) for name in first.photo_xy},
        np.concatenate([one.score for one in parts]),
        np.concatenate([one.photo_px for one in parts]),
        np.concatenate([one.seconds for one in parts]),
        first.names,
    )


def as_csv(tracks: Tracks) -> str:
    """One row per frame, decoder and joint, in full precision, so that no lattice is added by rounding."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["frame", "seconds", "decoder", "joint", "x", "y", "score"])
    for frame, seconds in enumerate(tracks.seconds.tolist()):
        for decoder, xy in tracks.photo_xy.items():
            for name, (x, y), score in zip(tracks.names, xy[frame].tolist(), tracks.score[frame].tolist(), strict=True):
                place = [f"{x:.6f}", f"{y:.6f}", f"{score:.4f}"] if np.isfinite(x) else ["", "", ""]
                writer.writerow([frame, f"{seconds:.6f}", decoder, name, *place])
    return text.getvalue()


def as_json(tracks: Tracks) -> str:
    """All tracks in photo px, and in px of each frame's heatmap, null where nobody was found."""

    def listed(values: np.ndarray, digits: int) -> list:
        held = np.round(values, digits).astype(object)
        held[~np.isfinite(values)] = None
        return held.tolist()

    return json.dumps(
        {
            "unit": "photo px; an integer is a pixel's center",
            "joints": list(tracks.names),
            "seconds": listed(tracks.seconds, 6),
            "photo_px_per_heatmap_px": listed(tracks.photo_px, 6),
            "score": listed(tracks.score, 4),
            "tracks": {name: listed(xy, 6) for name, xy in tracks.photo_xy.items()},
            "heatmap_tracks": {name: listed(xy, 6) for name, xy in tracks.heatmap_xy.items()},
        }
    )


def from_json(text: str) -> Tracks:
    """The tracks that `as_json` wrote. Raises KeyError or ValueError for any other text."""
    held = json.loads(text)

    def array(values: list) -> np.ndarray:
        return np.array(values, dtype=np.float64)  # null becomes NaN

    return Tracks(
        {name: array(xy) for name, xy in held["heatmap_tracks"].items()},
        {name: array(xy) for name, xy in held["tracks"].items()},
        array(held["score"]),
        array(held["photo_px_per_heatmap_px"]),
        array(held["seconds"]),
        tuple(held["joints"]),
    )
