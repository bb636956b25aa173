"""A codec for MMPose: unbiased targets in training, and any decoder in testing.

A configuration takes it with ``custom_imports = dict(imports=["dark_core.adapters.mmpose_codec"])`` and
``codec = dict(type="DarkHeatmap", input_size=(192, 256), heatmap_size=(48, 64), sigma=2)``.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from dark_core.adapters._photo import require
from dark_core.codec import decode, encode
from dark_core.pose.pixel_conventions import CONVENTIONS

BaseKeypointCodec: Any = require("mmpose.codecs.base").BaseKeypointCodec
KEYPOINT_CODECS: Any = require("mmpose.registry").KEYPOINT_CODECS

REACH = 3.0
"""Sigmas from the heatmap's edge beyond which a joint leaves no target."""


@KEYPOINT_CODECS.register_module()
class DarkHeatmap(BaseKeypointCodec):  # type: ignore[misc]
    """Joints as heatmaps whose Gaussians stand at the real-valued joint, decoded by any decoder.

    Parameters
    ----------
    input_size, heatmap_size
        (W, H) in px.
    sigma
        Standard deviation of the Gaussians in heatmap px.
    decoder
        A name of ``dark_core.codec.DECODERS``.
    convention
        A name of ``dark_core.pose.pixel_conventions.CONVENTIONS``: "size_ratio" is that of ``MSRAHeatmap``.
        "size_minus_one" is that of ``UDPHeatmap`` and belongs to ``TopdownAffine(use_udp=True)``.

    Raises
    ------
    ModuleNotFoundError
        If mmpose is not installed, on import of this module.
    ValueError
        If the decoder or the convention is unknown.
    """

    label_mapping_table: ClassVar = {"keypoint_weights": "keypoint_weights"}
    field_mapping_table: ClassVar = {"heatmaps": "heatmaps"}

    def __init__(
        self,
        input_size: tuple[int, int],
        heatmap_size: tuple[int, int],
        sigma: float = 2.0,
        decoder: str = "noise_matched",
        convention: str = "size_ratio",
    ) -> None:
        super().__init__()
        if convention not in CONVENTIONS:
            raise ValueError(f"unknown convention {convention!r}: expected one of {', '.join(CONVENTIONS)}")
        self.input_size, self.heatmap_size = (input_size[0], input_size[1]), (heatmap_size[0], heatmap_size[1])
        self.sigma, self.decoder, self.convention = sigma, decoder, convention
        decode(np.zeros((1, 1)), decoder, sigma)  # what is wrong with these two is told before the training

    def encode(self, keypoints: np.ndarray, keypoints_visible: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Draw the target heatmaps of one person.

        Parameters
        ----------
        keypoints
            (1, K, 2) input px.
        keypoints_visible
            (1, K), below 0.5 for joints without a label; None for labels of all.

        Returns
        -------
        dict
            ``heatmaps`` (K, H, W) float32, and ``keypoint_weights`` (1, K) float32: ``keypoints_visible``, but 0 for a
            joint more than three sigmas outside the heatmap. Without a label or a weight the heatmap is empty.

        Raises
        ------
        ValueError
            If there is not exactly one person.
        """
        if len(keypoints) != 1:
            raise ValueError(f"DarkHeatmap encodes one person at a time, got keypoints of shape {keypoints.shape}")
        xy = CONVENTIONS[self.convention].to_heatmap(keypoints, self.heatmap_size, self.input_size)
        reach, last = REACH * self.sigma, np.array(self.heatmap_size) - 1
        near = ((xy >= -reach) & (xy <= last + reach)).all(-1)
        visible = np.ones(xy.shape[:2]) if keypoints_visible is None else np.asarray(keypoints_visible)
        weights = np.where(near, visible, 0.0).astype(np.float32)
        drawn = np.where((weights >= 0.5)[..., None], xy, np.nan)
        return {"heatmaps": encode(drawn[0], self.heatmap_size, self.sigma), "keypoint_weights": weights}

    def decode(self, encoded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Decode the heatmaps of one person.

        Parameters
        ----------
        encoded
            (K, H, W) heatmaps.

        Returns
        -------
        tuple of numpy.ndarray
            (1, K, 2) positions in input px and (1, K) scores. MMPose divides positions by the input's size; for
            "size_minus_one" they are therefore scaled by W / (W - 1), as those of ``UDPHeatmap`` are.
        """
        decoded = decode(encoded[None], self.decoder, self.sigma)
        xy = CONVENTIONS[self.convention].to_input(decoded.xy, self.heatmap_size, self.input_size)
        if self.convention == "size_minus_one":
            size = np.array(self.input_size)
            xy = xy * size / (size - 1)
        return xy.astype(np.float32), decoded.score
