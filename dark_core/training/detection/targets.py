"""What the detector's three maps should be for a view, and how far they are from it.

The first map is a heatmap of people: an unbiased Gaussian at the center of each box, wide and high as the box is. It
is as wide as the center is uncertain. The network learns the mean of the targets, and the peak of a narrower Gaussian
would be low where a person is surely there and only the center is in doubt. The two other maps hold the logarithm of
the box's width and height round its center.

References
----------
People as points: Zhou et al., "Objects as points", arXiv 1904.07850, 2019.
The loss of a soft target: Li et al., "Generalized focal loss", NeurIPS 2020, equation (3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from dark_core.files.boxed_photos import BoxedPhoto
from dark_core.pose.detector import UNIT
from dark_core.pose.network import STRIDE
from dark_core.training.detection.views import View, random_view

SPREAD = np.array([0.15, 0.11])
"""Sigma of a person's Gaussian in x and y, in widths and heights of their box, within ``SIGMAS``."""
SIGMAS = (1.0, 6.0)
"""Smallest and largest sigma, in heatmap px."""
NEAR = 0.4
"""Value of the Gaussian above which a pixel is asked for the size of the box."""
SIZES = 2.0
"""Weight of the sizes' loss beside that of the people."""


@dataclass(frozen=True)
class DetectionBatch:
    """crops: (B, S, S, 3) uint8; people: (B, H, W) heatmaps; asked: (B, H, W) weight of each of their pixels;
    sizes: (B, 2, H, W) logarithms of width and height; near: (B, H, W) weights of those; all float32.
    count: people in all views."""

    crops: np.ndarray
    people: np.ndarray
    asked: np.ndarray
    sizes: np.ndarray
    near: np.ndarray
    count: int


def make_detection_batch(photos: list[BoxedPhoto], size: int, sigma: float, empty: float, seed: int) -> DetectionBatch:
    """One batch of random views of ``photos``. ``sigma`` and ``empty`` are those of a phase, and not needed."""
    rng = np.random.default_rng(seed)
    views = [random_view([photos[(k + n) % len(photos)] for n in range(4)], size, rng) for k in range(len(photos))]
    people, asked, sizes, near = zip(*(draw_targets(view, size // STRIDE) for view in views), strict=True)
    crops = np.stack([view.crop for view in views])
    return DetectionBatch(
        crops,
        np.stack(people),
        np.stack(asked),
        np.stack(sizes),
        np.stack(near),
        sum(len(view.boxes) for view in views),
    )


def draw_targets(view: View, cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(people (cells, cells), asked (cells, cells), sizes (2, cells, cells), near (cells, cells)) of a view."""
    people, asked = np.zeros((cells, cells), np.float32), np.ones((cells, cells), np.float32)
    sizes = np.zeros((2, cells, cells), np.float32)
    ys, xs = np.mgrid[:cells, :cells]
    for x0, y0, x1, y1 in view.ignored / STRIDE:
        asked[max(0, int(y0)) : int(np.ceil(y1)), max(0, int(x0)) : int(np.ceil(x1))] = 0
    for x0, y0, x1, y1 in view.boxes:
        x, y = (np.array([x0 + x1, y0 + y1]) / 2) / STRIDE - 0.5  # from pixel edges of the crop to heatmap px
        wide, high = np.clip(SPREAD * [x1 - x0, y1 - y0] / STRIDE, *SIGMAS)
        bell = np.exp(-(((xs - x) / wide) ** 2 + ((ys - y) / high) ** 2) / 2).astype(np.float32)
        nearer = (bell > people) & (bell > 0.1)
        sizes[:, nearer] = np.log(np.array([[x1 - x0], [y1 - y0]]) / UNIT)
        people = np.maximum(people, bell)
    asked[people > 0.1] = 1
    return people, asked, sizes, np.where(people > NEAR, people, 0)


def detection_loss(maps: Tensor, batch: DetectionBatch, _phase) -> Tensor:
    """The loss of maps (B, 3, H, W) against a batch, per person in it."""

    def there(array: np.ndarray) -> Tensor:
        return torch.from_numpy(array).to(maps.device)

    people, asked, sizes, near = there(batch.people), there(batch.asked), there(batch.sizes), there(batch.near)
    logits = maps[:, 0]
    off = (people - logits.sigmoid()).square()
    focal = F.binary_cross_entropy_with_logits(logits, people, reduction="none") * off * asked
    wrong = F.smooth_l1_loss(maps[:, 1:], sizes, reduction="none", beta=0.1).sum(1) * near
    return focal.sum() / max(batch.count, 1) + SIZES * wrong.sum() / near.sum().clamp_min(1)
