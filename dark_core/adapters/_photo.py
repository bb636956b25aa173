"""What the adapters share: joints in photo px, and one sentence where a package is missing."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dark_core.codec import Decoded

if TYPE_CHECKING:  # it needs OpenCV, these modules do not
    from dark_core.pose.crop_transform import CropTransform


class PhotoJoints(NamedTuple):
    """Joints of N people in a photo.

    Attributes
    ----------
    xy
        (N, K, 2) photo px.
    score
        (N, K) largest values of the heatmaps.
    ok
        (N, K) False where the decoder fell back.
    covariance
        (N, K, 2, 2) photo px^2, or None from a decoder that has none.
    """

    xy: np.ndarray
    score: np.ndarray
    ok: np.ndarray
    covariance: np.ndarray | None


def in_photo(decoded: Decoded[Any], transforms: CropTransform | Sequence[CropTransform]) -> PhotoJoints:
    """Take decoded joints from heatmap px to photo px.

    Parameters
    ----------
    decoded
        Joints of shape (N, K), or (K,) for one person.
    transforms
        From the photo to the crop of each person; a single one for one person.

    Returns
    -------
    PhotoJoints
        With the covariance J C J^T, where J is the transform's Jacobian.

    Raises
    ------
    ValueError
        If there is not one transform for each person.
    """
    each = list(transforms) if isinstance(transforms, Sequence) else [transforms]
    shape = decoded.shape if len(decoded.shape) == 2 else (1, *decoded.shape)
    if len(shape) != 2 or shape[0] != len(each):
        raise ValueError(
            "decoded must have shape (people, joints), or (joints,) for one person, with one transform for each "
            f"person, got shape {decoded.shape} and {len(each)} transforms"
        )
    heatmap_xy = to_numpy(decoded.xy).reshape(*shape, 2)
    xy = np.array([one.to_photo(person) for one, person in zip(each, heatmap_xy)]).reshape(*shape, 2)
    covariance = None
    if decoded.covariance is not None:
        jacobian = np.array([one.jacobian for one in each]).reshape(-1, 1, 2, 2)
        covariance = jacobian @ to_numpy(decoded.covariance).reshape(*shape, 2, 2) @ jacobian.swapaxes(-1, -2)
    return PhotoJoints(
        xy, to_numpy(decoded.score).reshape(shape), to_numpy(decoded.ok).reshape(shape).astype(bool), covariance
    )


def to_numpy(values: Any) -> np.ndarray:
    """Return an array of an array or a tensor; of a tensor on any device and in any precision, in double precision."""
    return np.asarray(values.detach().cpu().double() if hasattr(values, "detach") else values)


def absent_joints(absent: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return ``absent`` as an array (N, K) of bool, all False for None.

    Raises ValueError if it is not (N, K), or (K,) for one person.
    """
    if absent is None:
        return np.zeros(shape, dtype=bool)
    found = np.asarray(absent, dtype=bool)
    if found.shape not in (shape, shape[1:] if shape[0] == 1 else shape):
        raise ValueError(f"absent must have one value for each joint, {shape}, got shape {found.shape}")
    return found.reshape(shape)


def require(module: str) -> Any:
    """Import a module of a package that is no dependency.

    Raises ModuleNotFoundError, which names the package to install, if this is missing.
    """
    package = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] != package:
            raise
        raise ModuleNotFoundError(f"{package} is not installed: pip install {package}", name=package) from None
