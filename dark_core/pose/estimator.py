"""A photo and a box in, heatmaps and joints in the photo out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from dark_core.codec import decode
from dark_core.pose.calibration import confidence, joint_status
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import Box, expand_to_square, find_person
from dark_core.pose.network import fuse_batch_norm, normalize
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import MODELS, Model, load_model

Heatmaps = Callable[[np.ndarray], np.ndarray]
"""uint8 crops (N, S, S, 3) to heatmaps (N, 14, S/4, S/4)."""

NO_PERSON = 0.32
"""Mean joint score below which a picture is said to show no person.

The model card says how many people score above it, and how high pictures without a person score
(``dark-core faults``).
"""


def with_flip(forward: Heatmaps) -> Heatmaps:
    """Average a network's heatmaps with those of the mirrored crops, mirrored back.

    Both halves run in one call. With half-pixel centers a reversed grid falls on itself, so no shift
    is needed.

    Parameters
    ----------
    forward : callable
        uint8 crops (N, S, S, 3) to heatmaps (N, 14, S/4, S/4).

    Returns
    -------
    callable
        The same, averaged over the crop and its mirror image (the flip test of the field).
    """
    mirror = list(SKELETON.mirror)

    def averaged(crops: np.ndarray) -> np.ndarray:
        maps, mirrored = np.split(forward(np.concatenate([crops, crops[:, :, ::-1]])), 2)
        average: np.ndarray = 0.5 * (maps + mirrored[:, mirror, :, ::-1])
        return average

    return averaged


@dataclass(frozen=True)
class Pose:
    """One person predicted in a photo.

    Attributes
    ----------
    xy : ndarray (14, 2)
        Joint positions in photo px.
    score : ndarray (14,)
        The maximum of each joint's heatmap, about 0 to 1.
    confidence : ndarray (14,)
        The probability that a joint lies within 0.2 of the torso length of its label.
    state : tuple of str
        "", "guess" or "cut off" for each joint.
    box : Box
        The square (x0, y0, x1, y1) that the network saw, in pixel edges of the photo.
    heatmaps : ndarray (14, H, W)
        Peak 1 where the network is sure.
    transform : CropTransform
        From the photo to the crop and the heatmap.
    sigma : float
        Standard deviation of the network's target Gaussians, in heatmap px.
    """

    xy: np.ndarray
    score: np.ndarray
    confidence: np.ndarray
    state: tuple[str, ...]
    box: Box
    heatmaps: np.ndarray
    transform: CropTransform
    sigma: float

    @property
    def found(self) -> bool:
        """False where the scores say that the box holds no person."""
        return has_person(self.score)


def has_person(score: np.ndarray) -> bool:
    """Tell whether joint scores (14,) are those of a person.

    Calibrated confidences cannot tell this: each was fitted where there is a person.
    """
    return float(score.mean()) >= NO_PERSON


class PosePredictor:
    """A pose network behind a function ``forward``, wherever that runs.

    Parameters
    ----------
    model : Model
        Its size, sigma and calibration; the network itself is not used.
    forward : callable
        Crops (N, H, W, 3) uint8, H and W multiples of 32, to heatmaps (N, 14, H/4, W/4) float32.

    Attributes
    ----------
    forward_flipped : callable
        ``forward`` averaged over the crop and its mirror image, see ``with_flip``.
    """

    def __init__(self, model: Model, forward: Heatmaps):
        self.model, self.forward, self.forward_flipped = model, forward, with_flip(forward)

    def crop_transform(self, box: Box) -> CropTransform:
        """Return the transform from a photo to the network's crop of ``box``, grown to a square.

        Parameters
        ----------
        box : Box
            (x0, y0, x1, y1) in pixel edges of the photo.
        """
        return CropTransform.from_box(expand_to_square(box), (self.model.size, self.model.size))

    def heatmaps(self, photo: np.ndarray, box: Box) -> np.ndarray:
        """Return the heatmaps (14, H, W) of the person in ``box``, averaged over the crop and its mirror image.

        Parameters
        ----------
        photo : ndarray (H, W, 3)
            uint8 RGB.
        box : Box
            (x0, y0, x1, y1) in pixel edges of the photo.
        """
        return self._heatmaps(photo, self.crop_transform(box))

    def _heatmaps(self, photo: np.ndarray, transform: CropTransform) -> np.ndarray:
        maps: np.ndarray = self.forward_flipped(transform.crop(photo)[None])[0]
        return maps

    def locate(self, photo: np.ndarray) -> Box:
        """Return the square round the person of a photo (H, W, 3), found by this same network."""
        return find_person(photo, self.forward, self.forward_flipped, self.model.size, self.model.sigma)

    def predict(self, photo: np.ndarray, box: Box | None = None, decoder: str = "dark") -> Pose:
        """Predict the 14 joints of one person.

        Parameters
        ----------
        photo : ndarray (H, W, 3)
            uint8 RGB.
        box : Box, optional
            (x0, y0, x1, y1) in pixel edges of the photo; by default the person is looked for.
        decoder : str
            A name of ``dark_core.codec.DECODERS``.

        Returns
        -------
        Pose

        Raises
        ------
        ValueError
            For an array that is not a photo, a box without area or an unknown decoder.
        """
        if photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8:
            raise ValueError(f"photo must be (H, W, 3) uint8 RGB, got {photo.shape} {photo.dtype}")
        box = self.locate(photo) if box is None else expand_to_square(box)
        transform = self.crop_transform(box)
        maps = self._heatmaps(photo, transform)
        joints = decode(maps, decoder, self.model.sigma)
        xy, sure = transform.to_photo(joints.xy), confidence(joints.score, self.model.card.get("calibration"))
        height, width = photo.shape[:2]
        state = joint_status(sure, xy, maps, transform, (width, height), has_person(joints.score))
        return Pose(xy, joints.score, sure, state, box, maps, transform, self.model.sigma)


class Estimator(PosePredictor):
    """The pose network on a device of this machine, ready to predict.

    Parameters
    ----------
    model : Model
        As ``load_model`` returns it.
    device : str
        "auto" takes CUDA, then MPS, then the CPU.

    Examples
    --------
    >>> estimator = Estimator.load(device="cpu")
    >>> estimator.predict(np.zeros((64, 64, 3), np.uint8), box=(0, 0, 64, 64)).found
    False
    """

    def __init__(self, model: Model, device: str = "auto"):
        self.device = best_device() if device == "auto" else torch.device(device)
        # Half precision pays on CUDA alone; elsewhere it is slower or less exact.
        self.dtype = torch.float16 if self.device.type == "cuda" else torch.float32
        network = fuse_batch_norm(model.network).to(self.device, self.dtype)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        super().__init__(model, self._forward)

    @classmethod
    def load(cls, name: str = "default", device: str = "auto", folder: Path = MODELS) -> Estimator:
        """Load the network ``name`` of ``folder``, by default a bundled one.

        Raises
        ------
        WeightsError
            If the weights are missing or are not the ones their card names.
        """
        return cls(load_model(name, folder), device)

    @torch.inference_mode()
    def _forward(self, crops: np.ndarray) -> np.ndarray:
        batch = normalize(torch.from_numpy(crops).to(self.device)).to(self.dtype)
        maps: np.ndarray = self.network(batch).float().cpu().numpy()
        return maps


def best_device() -> torch.device:
    """Return CUDA if there is any, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
