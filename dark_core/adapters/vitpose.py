"""What transformers does after ViTPose, with any decoder: heatmaps to the joints of each person in photo px.

``VitPoseImageProcessor.post_process_pose_estimation`` blurs every heatmap by 0.8 px, steps without a bound, and knows
no other decoder. The function of that name here takes its arguments and returns its result. It needs torch, but not
transformers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_core.adapters._photo import require, to_numpy
from dark_core.codec import decode

if TYPE_CHECKING:
    import torch

PADDING = 1.25
"""Sides of the area that the processor crops, in sides of the person's box once this has the crop's proportions."""


def post_process_pose_estimation(
    outputs: Any,
    boxes: Any,
    *,
    threshold: float | None = None,
    target_sizes: Iterable[Sequence[int]] | None = None,
    decoder: str = "noise_matched",
    sigma: float = 2.0,
) -> list[list[dict[str, torch.Tensor]]]:
    """Return the joints of every person in photo px, as ``VitPoseImageProcessor`` does.

    Three things differ from transformers 5.24. ``bbox`` is the person's box there, and half of it is the crop's size
    in units of 200 px in transformers. ``target_sizes`` has one entry for each image, (height, width), as its
    documentation says; its code takes one for each person, (width, height). A heatmap without a peak gives a position
    on the heatmap, and not one outside.

    Parameters
    ----------
    outputs
        Of ``VitPoseForPoseEstimation``: its ``heatmaps`` are a tensor (P, K, H, W) of all people in a row.
    boxes
        Of each image, the boxes (x, y, width, height) of its people in photo px, as the processor was given them.
    threshold
        Joints with a score not above this are left out; None keeps all.
    target_sizes
        (height, width) of each image in px, for boxes that are relative to it; None for boxes in px.
    decoder
        A name of ``dark_core.codec.DECODERS``.
    sigma
        Standard deviation of the Gaussians that the network was trained on: 2 heatmap px for the released ViTPose.

    Returns
    -------
    list of list of dict
        For each image and person, tensors on the CPU: ``keypoints`` (K, 2) photo px, ``scores`` (K,), ``labels`` (K,)
        the numbers of the joints, ``bbox`` (4,) as (x0, y0, x1, y1), and from a decoder that has one ``covariance``
        (K, 2, 2) in photo px^2.

    Raises
    ------
    ModuleNotFoundError
        If torch is not installed.
    ValueError
        If there is not one finite box for each person, one target size for each image, or the decoder is unknown.

    References
    ----------
    https://github.com/huggingface/transformers, models/vitpose/image_processing_vitpose.py, whose convention is
    ``size_minus_one``.

    Examples
    --------
    >>> import torch
    >>> from types import SimpleNamespace
    >>> from dark_core.codec import encode
    >>> heatmaps = torch.from_numpy(encode([[[0.0, 0.0], [23.5, 31.5]]], size=(48, 64), sigma=2.0))
    >>> ((person,),) = post_process_pose_estimation(SimpleNamespace(heatmaps=heatmaps), [[[0, 0, 96, 128]]])
    >>> person["keypoints"].round().tolist()  # the box grows by an eighth of its size on every side
    [[-12.0, -16.0], [48.0, 64.0]]
    """
    torch = require("torch")
    heatmaps = outputs.heatmaps.detach()
    counts = [len(image) for image in boxes]
    each = _people_boxes(boxes, len(heatmaps))
    if target_sizes is not None:
        sizes = np.array([(width, height) * 2 for height, width in target_sizes], np.float64).reshape(-1, 4)
        if len(sizes) != len(counts):
            raise ValueError(f"target_sizes must have one (height, width) for each image, got {len(sizes)} sizes")
        each = each * sizes.repeat(counts, axis=0)
    decoded = decode(heatmaps, decoder, sigma)
    size = np.array(heatmaps.shape[:-3:-1])  # (W, H)
    corner, side = each[:, :2], each[:, 2:]
    area = PADDING * np.maximum(side, side[:, ::-1] * size / size[::-1])  # it has the heatmap's proportions
    stride = (area / np.maximum(size - 1, 1))[:, None]  # photo px per heatmap px, (P, 1, 2)
    columns = {
        "keypoints": to_numpy(decoded.xy) * stride + (corner + (side - area) / 2)[:, None],
        "scores": to_numpy(decoded.score),
        "labels": np.tile(np.arange(heatmaps.shape[1]), (len(each), 1)),
    }
    if decoded.covariance is not None:
        columns["covariance"] = to_numpy(decoded.covariance) * stride[..., :, None] * stride[..., None, :]
    scores = columns["scores"]
    kept = np.ones(scores.shape, dtype=bool) if threshold is None else scores > threshold

    def tensor(values: np.ndarray) -> Any:
        return torch.from_numpy(values.astype(np.float32) if values.dtype.kind == "f" else values)

    people = []
    for person, keep in enumerate(kept):
        found = {name: tensor(values[person][keep]) for name, values in columns.items()}
        people.append({**found, "bbox": tensor(np.concatenate([corner[person], corner[person] + side[person]]))})
    ends = np.cumsum(counts)
    return [people[end - count : end] for count, end in zip(counts, ends)]


def _people_boxes(boxes: Any, people: int) -> np.ndarray:
    """Return the boxes (P, 4) of all images in a row, or raise ValueError if they are not those of P people."""
    each = [np.asarray(box, np.float64)[:4] for image in boxes for box in image]
    if len(each) != people or not all(box.shape == (4,) and np.isfinite(box).all() for box in each):
        raise ValueError(
            "boxes must have one finite (x, y, width, height) for each person, "
            f"got {len(each)} boxes and the heatmaps of {people} people"
        )
    return np.reshape(each, (-1, 4))
