"""A photo and a box in, heatmaps and joints in the photo out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from dark_core.codec import decode
from dark_core.pose.calibration import confidence, states
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import Box, find_person, squared
from dark_core.pose.network import folded, normalize
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import MODELS, Model, load_model

Heatmaps = Callable[[np.ndarray], np.ndarray]
"""uint8 crops (N, S, S, 3) to heatmaps (N, 14, S/4, S/4)."""

NO_PERSON = 0.32
"""Mean joint score below which a picture is said to show no person this network can read.

How many people looked for in larger pictures score above it, and how high pictures without a person come, is in the
model card, by ``python -m dark_core faults``.
"""


def flip_average(heatmaps: Heatmaps) -> Heatmaps:
    """``heatmaps`` averaged with those of the mirrored crops, mirrored back; both are read in one call.

    By half-pixel centers a reversed grid falls on itself, so no shift is needed or made.
    """
    mirror = list(SKELETON.mirror)

    def both(crops: np.ndarray) -> np.ndarray:
        maps, mirrored = np.split(heatmaps(np.concatenate([crops, crops[:, :, ::-1]])), 2)
        return 0.5 * (maps + mirrored[:, mirror, :, ::-1])

    return both


@dataclass(frozen=True)
class Pose:
    """One person read from a photo.

    xy: (14, 2) photo px; score: (14,) each joint's heatmap maximum, about 0 to 1; confidence: (14,) how likely it
    lies within 0.2 torsos of the label; state: "", "guess" or "cut off" for each joint; box: the square
    (x0, y0, x1, y1) in pixel edges of the photo that the network saw; heatmaps: (14, H, W), peak 1
    where the network is sure; frame: takes heatmap px to photo px; sigma: of the maps' Gaussians,
    in heatmap px.
    """

    xy: np.ndarray
    score: np.ndarray
    confidence: np.ndarray
    state: tuple[str, ...]
    box: Box
    heatmaps: np.ndarray
    frame: CropTransform
    sigma: float

    @property
    def found(self) -> bool:
        """False where the scores say that there is no person here, or none this network can read."""
        return there(self.score)


def there(score: np.ndarray) -> bool:
    """Whether joint scores (14,) speak for a person: calibrated ones cannot, for each was learnt where one is."""
    return float(score.mean()) >= NO_PERSON


class PosePredictor:
    """A pose network behind ``forward``, wherever that runs. Photos are (H, W, 3) uint8 RGB arrays.

    forward: crops (N, H, W, 3) uint8, 32 dividing H and W, to heatmaps (N, 14, H/4, W/4) float32;
    forward_flipped: the same, averaged with the mirrored crops' as ``flip_average`` does.
    """

    def __init__(self, model: Model, forward: Heatmaps):
        self.model, self.forward, self.forward_flipped = model, forward, flip_average(forward)

    def frame(self, box: Box) -> CropTransform:
        """The frame the network reads ``box`` (x0, y0, x1, y1, photo px) in, grown to a square."""
        return CropTransform.from_box(squared(box), (self.model.size, self.model.size))

    def heatmaps(self, photo: np.ndarray, box: Box) -> np.ndarray:
        """Heatmaps (14, H, W) of the person in ``box``, averaged over the crop and its mirror image."""
        return self.forward_flipped(self.frame(box).crop(photo)[None])[0]

    def locate(self, photo: np.ndarray) -> Box:
        """The square round the person, found by this same network."""
        return find_person(photo, self.forward, self.forward_flipped, self.model.size, self.model.sigma)

    def predict(self, photo: np.ndarray, box: Box | None = None, decoder: str = "dark") -> Pose:
        """The 14 joints of the person in ``box``, or of the person it finds, read by ``decoder``.

        Raises ValueError for an array that is not a photo, a bad box or an unknown decoder.
        """
        if photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8:
            raise ValueError(f"photo must be (H, W, 3) uint8 RGB, got {photo.shape} {photo.dtype}")
        box = self.locate(photo) if box is None else squared(box)
        frame, maps = self.frame(box), self.heatmaps(photo, box)
        joints = decode(maps, decoder, self.model.sigma)
        xy, sure = frame.to_photo(joints.xy), confidence(joints.score, self.model.card.get("calibration"))
        state = states(sure, xy, maps, frame, photo.shape[1::-1], there(joints.score))
        return Pose(xy, joints.score, sure, state, box, maps, frame, self.model.sigma)


class Estimator(PosePredictor):
    """The network on a device of this machine, ready to read people."""

    def __init__(self, model: Model, device: str = "auto"):
        self.device = best_device() if device == "auto" else torch.device(device)
        # Half precision pays on CUDA alone; elsewhere it is slower or less exact.
        self.dtype = torch.float16 if self.device.type == "cuda" else torch.float32
        self.network = folded(model.network).to(self.device, self.dtype, memory_format=torch.channels_last)
        super().__init__(model, self._forward)

    @classmethod
    def load(cls, name: str = "default", device: str = "auto", folder: Path = MODELS) -> Estimator:
        """The bundled network ``name``; ``device`` "auto" takes CUDA, then MPS, then the CPU.

        Raises WeightsError where the weights are missing or not the ones their card names.
        """
        return cls(load_model(name, folder), device)

    @torch.inference_mode()
    def _forward(self, crops: np.ndarray) -> np.ndarray:
        batch = normalize(torch.from_numpy(crops).to(self.device)).to(self.dtype)
        return self.network(batch).float().cpu().numpy()


def best_device() -> torch.device:
    """CUDA if there is any, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
