"""A photo and a box in, heatmaps and joints in photo px out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from dark_core.codec import decode, flip_average
from dark_core.errors import InputError
from dark_core.pose.calibration import confidence, joint_status
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import Box, Forward, expand_to_square, find_person
from dark_core.pose.network import fuse_batch_norm, normalize
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import MODELS, Model, load_model

NO_PERSON = 0.32
"""Mean joint score below which a photo counts as showing no person that this network can recognize.

The model card, made by ``dark-core faults``, says how many people in larger photos score above it, and how high
photos without a person score.
"""


class DeviceError(InputError, RuntimeError):
    """The machine has no such device; the message is one sentence."""


def with_flip(forward: Forward) -> Forward:
    """Return ``forward`` with the flip test: crops and their mirror images go through in one batch, and are averaged.

    See ``dark_core.codec.flip_average``. This project counts by half-pixel centers, so no shift is needed.

    Parameters
    ----------
    forward
        Crops (N, H, W, 3) uint8 to heatmaps (N, 14, H/4, W/4).

    Returns
    -------
    callable
        The same, averaged.
    """

    def averaged(crops: np.ndarray) -> np.ndarray:
        heatmaps, flipped = np.split(forward(np.concatenate([crops, crops[:, :, ::-1]])), 2)
        return flip_average(heatmaps, flipped, SKELETON.mirror, "half_pixel")

    return averaged


@dataclass(frozen=True)
class Pose:
    """The joints of one person in a photo, with the heatmaps that they were decoded from.

    Attributes
    ----------
    xy
        (14, 2) positions in photo px.
    score
        (14,) heatmap maxima, about 0 to 1.
    confidence
        (14,) probability that a joint lies within 20 % of the torso length of its label.
    joint_status
        "", "guess" or "cut off" for each joint.
    box
        The square (x0, y0, x1, y1) that the network saw, in pixel edges of the photo.
    heatmaps
        (14, H, W), with a peak of about 1 where the network is certain.
    transform
        From the photo to the crop and its heatmaps.
    sigma
        Of the Gaussians in the network's targets, in heatmap px.
    """

    xy: np.ndarray
    score: np.ndarray
    confidence: np.ndarray
    joint_status: tuple[str, ...]
    box: Box
    heatmaps: np.ndarray
    transform: CropTransform
    sigma: float

    @property
    def has_person(self) -> bool:
        """False where the scores say that the box shows no person, or none this network can recognize."""
        return has_person(self.score)


def has_person(score: np.ndarray) -> bool:
    """Return whether joint scores are high enough for a person.

    Calibrated confidences cannot tell: they were fitted on boxes that hold a person.

    Parameters
    ----------
    score
        (14,) heatmap maxima.

    Returns
    -------
    bool
        Whether their mean reaches ``NO_PERSON``.

    Examples
    --------
    >>> has_person(np.full(14, 0.9)), has_person(np.full(14, 0.1))
    (True, False)
    """
    return float(score.mean()) >= NO_PERSON


class PosePredictor:
    """A pose network that runs anywhere, behind a function from crops to heatmaps.

    Parameters
    ----------
    model
        The network's size, sigma and card.
    forward
        Crops (N, H, W, 3) uint8, 32 dividing H and W, to heatmaps (N, 14, H/4, W/4) float32.

    Attributes
    ----------
    model, forward
        As given.
    forward_flipped
        ``forward`` with the flip test of ``with_flip``.
    """

    def __init__(self, model: Model, forward: Forward):
        self.model, self.forward, self.forward_flipped = model, forward, with_flip(forward)

    def crop_transform(self, box: Box) -> CropTransform:
        """Return the transform from the photo to the network's crop of ``box``.

        Parameters
        ----------
        box
            (x0, y0, x1, y1) in pixel edges of the photo; it grows to a square.

        Returns
        -------
        CropTransform
            Its crop has the network's input size.

        Raises
        ------
        ValueError
            If the box is not finite or has no area.
        """
        return CropTransform.from_box(expand_to_square(box), (self.model.size, self.model.size))

    def heatmaps(self, photo: np.ndarray, transform: CropTransform) -> np.ndarray:
        """Return the heatmaps of one crop, averaged with those of its mirror image.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        transform
            From the photo to the crop, see ``crop_transform``.

        Returns
        -------
        numpy.ndarray
            (14, H, W) float32.
        """
        heatmaps: np.ndarray = self.forward_flipped(transform.crop(photo)[None])[0]
        return heatmaps

    def locate(self, photo: np.ndarray) -> Box:
        """Return a square around the person in the photo, found by this network.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.

        Returns
        -------
        tuple of float
            (x0, y0, x1, y1) in pixel edges of the photo.
        """
        return find_person(photo, self.forward, self.forward_flipped, self.model.size, self.model.sigma)

    def predict(self, photo: np.ndarray, box: Box | None = None, decoder: str = "dark") -> Pose:
        """Return the 14 joints of the person in a box.

        Parameters
        ----------
        photo
            (H, W, 3) uint8 RGB.
        box
            (x0, y0, x1, y1) in pixel edges of the photo; it grows to a square. None locates the person.
        decoder
            One of ``dark_core.codec.DECODERS``.

        Returns
        -------
        Pose
            Joints in photo px, and how they were found.

        Raises
        ------
        ValueError
            If ``photo`` has another shape or type, the box no area, or the decoder is unknown.
        """
        if photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8:
            raise ValueError(f"photo must be (H, W, 3) uint8 RGB, got {photo.shape} {photo.dtype}")
        box = self.locate(photo) if box is None else expand_to_square(box)
        transform = self.crop_transform(box)
        heatmaps = self.heatmaps(photo, transform)
        joints = decode(heatmaps, decoder, self.model.sigma)
        xy = transform.to_photo(joints.xy)
        probability = confidence(joints.score, self.model.card.get("calibration"))
        height, width = photo.shape[:2]
        status = joint_status(probability, xy, heatmaps, transform, (width, height), has_person(joints.score))
        return Pose(xy, joints.score, probability, status, box, heatmaps, transform, self.model.sigma)


class Estimator(PosePredictor):
    """A pose network on a device of this machine.

    Parameters
    ----------
    model
        The network with its card, see ``load_model``.
    device
        "cuda", "mps", "cpu", or "auto" for the fastest of them.

    Attributes
    ----------
    device
        The torch.device of the network.
    dtype
        Of its computation: float16 on CUDA, float32 elsewhere.
    network
        The network with its batch norms folded into the convolutions.

    Examples
    --------
    >>> estimator = Estimator.load(device="cpu")
    >>> estimator.predict(np.zeros((64, 64, 3), np.uint8), box=(0, 0, 64, 64)).has_person
    False
    """

    def __init__(self, model: Model, device: str = "auto"):
        self.device = device_named(device)
        # Half precision pays on CUDA only; elsewhere it is slower or less exact.
        self.dtype = torch.float16 if self.device.type == "cuda" else torch.float32
        network = fuse_batch_norm(model.network).to(self.device, self.dtype)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # not in its stubs
        super().__init__(model, self._forward)

    @classmethod
    def load(cls, name: str = "default", device: str = "auto", folder: Path = MODELS) -> Estimator:
        """Return a bundled network, ready to run.

        Parameters
        ----------
        name
            Of the model's files in ``folder``.
        device
            "cuda", "mps", "cpu", or "auto" for the fastest of them.
        folder
            Where the models are.

        Returns
        -------
        Estimator
            The network on its device.

        Raises
        ------
        WeightsError
            If the weights are missing or not those that their card names.
        """
        return cls(load_model(name, folder), device)

    @torch.inference_mode()
    def _forward(self, crops: np.ndarray) -> np.ndarray:
        batch = normalize(torch.from_numpy(crops).to(self.device)).to(self.dtype)
        heatmaps: np.ndarray = self.network(batch).float().cpu().numpy()
        return heatmaps


def device_named(name: str) -> torch.device:
    """Return a device of this machine by its name.

    Parameters
    ----------
    name
        "cuda", "cuda:1", "mps", "cpu", or "auto" for the fastest of them.

    Returns
    -------
    torch.device
        The device, on which a tensor could be made.

    Raises
    ------
    DeviceError
        If there is no such device, or PyTorch cannot use it.
    """
    if name == "auto":
        return best_device()
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError, NotImplementedError) as error:  # an AssertionError where CUDA was left out
        raise DeviceError(f"There is no device {name!r} here: choose auto, cpu, cuda or mps.") from error


def best_device() -> torch.device:
    """Return CUDA if there is any, else Apple's MPS, else the CPU.

    Returns
    -------
    torch.device
        The fastest device of this machine.
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
