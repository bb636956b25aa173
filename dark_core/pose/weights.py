"""Weights on disk: one safetensors file and one JSON beside it that says what they are.

The JSON holds the network's shape, the input size in px, the sigma of the training targets
in heatmap px, and the SHA-256 of the weights, which is checked before they are used. No
pickle is read or written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load, save_file

from dark_core.pose.network import PoseNet

MODELS = Path(__file__).parents[2] / "assets" / "models"


class WeightsError(RuntimeError):
    """The weights are missing, incomplete or not the ones their card names."""


@dataclass(frozen=True)
class Model:
    """A network ready to run, and what its card says.

    Attributes
    ----------
    name : str
        Its file's name without the suffix.
    network : PoseNet
        In evaluation mode, float32, on the CPU.
    size : int
        Side of the square crop in px.
    sigma : float
        Standard deviation of the training targets in heatmap px.
    card : dict
        The whole JSON.
    """

    name: str
    network: PoseNet
    size: int
    sigma: float
    card: dict[str, Any]


def save_model(network: PoseNet, path: Path, card: dict[str, Any]) -> dict[str, Any]:
    """Write weights and the card beside them.

    Parameters
    ----------
    network : PoseNet
        Written in float16.
    path : Path
        Of the weights, .safetensors; the card is the .json beside it.
    card : dict
        What the card says; shape and SHA-256 are added.

    Returns
    -------
    dict
        The card as written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    halves = {
        key: (value.half() if value.is_floating_point() else value).contiguous()
        for key, value in network.state_dict().items()
    }
    save_file(halves, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = {**card, "network": network.config, "sha256": digest}
    path.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n")
    return card


def load_model(name: str = "default", folder: Path = MODELS) -> Model:
    """Load the network ``name`` of ``folder``: float32, in evaluation mode, on the CPU.

    Raises
    ------
    WeightsError
        If a file is missing or cannot be read, or if the SHA-256 differs from the card's.
    """
    path = Path(folder) / f"{name}.safetensors"
    try:
        data = path.read_bytes()
        card = json.loads(path.with_suffix(".json").read_text())
        digest = card["sha256"]
        size, sigma = int(card["size"]), float(card["sigma"])
        network = PoseNet(**card["network"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"the network {name!r} is not complete in {folder}: {type(error).__name__}: {error}"
        ) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise WeightsError(f"{path.name} does not match the SHA-256 on its card: the file was changed or damaged")
    try:
        network.load_state_dict(load(data))
    except RuntimeError as error:
        raise WeightsError(f"{path.name} holds the weights of another network than its card describes") from error
    return Model(name, network.float().eval(), size, sigma, card)
