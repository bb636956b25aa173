"""Weights on disk: a .safetensors file and a .json model card beside it.

The card holds the network's shape, the input size in px, the sigma of the training targets in heatmap px, and the
SHA-256 of the weights, which is checked before they are used. Networks that differ only in the path back to stride 4
share their trunk: it is a file of its own in the same folder, which their cards name. No pickle is read or written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load, save_file
from torch import Tensor

from dark_core.errors import InputError
from dark_core.pose.network import TRUNK, PoseNet

MODELS = Path(__file__).parents[2] / "assets" / "models"


class WeightsError(InputError, RuntimeError):
    """The weights are missing, incomplete or not those that their card names."""


@dataclass(frozen=True)
class Model:
    """A network and its card.

    Attributes
    ----------
    name
        Of its files.
    network
        float32, in evaluation mode, on the CPU.
    size
        Side of the square crop in px.
    sigma
        Of the training targets in heatmap px.
    card
        The whole JSON.
    """

    name: str
    network: PoseNet
    size: int
    sigma: float
    card: dict[str, Any]


def save_model(network: PoseNet, path: Path, card: dict[str, Any], trunk: str | None = None) -> dict[str, Any]:
    """Write the weights as float16, and the card beside them.

    Parameters
    ----------
    network
        The network.
    path
        Ends in .safetensors; its folder is made where there is none.
    card
        What the card says; it needs "size" and "sigma" for ``load_model``.
    trunk
        Name of the file, in the same folder, that the weights of the trunk go to; None: they go with the others.

    Returns
    -------
    dict
        The card with the network's shape and the SHA-256 of the weights, and of those of a ``trunk`` of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    halves = {
        key: (value.half() if value.is_floating_point() else value).contiguous()
        for key, value in network.state_dict().items()
    }
    card = {**card, "network": network.config}
    if trunk:
        shared = {key: halves.pop(key) for key in list(halves) if key.startswith(TRUNK)}
        card["trunk"] = {"name": trunk, "sha256": _save(shared, path.with_name(f"{trunk}.safetensors"))}
    card["sha256"] = _save(halves, path)
    path.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def _save(tensors: dict[str, Tensor], path: Path) -> str:
    save_file(tensors, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def network_names(folder: Path = MODELS) -> list[str]:
    """Return the names of the networks in ``folder``, sorted: files of weights with a card, which a trunk has not."""
    return sorted(path.stem for path in Path(folder).glob("*.safetensors") if path.with_suffix(".json").exists())


def load_model(name: str = "default", folder: Path = MODELS) -> Model:
    """Return a network and its card from disk.

    Parameters
    ----------
    name
        Of its files, without their endings.
    folder
        Where they are.

    Returns
    -------
    Model
        The network in float32, in evaluation mode, on the CPU.

    Raises
    ------
    WeightsError
        If a file is missing or unreadable, or the SHA-256 differs.
    """
    path = Path(folder) / f"{name}.safetensors"
    if not path.exists() and not path.with_suffix(".json").exists():
        known = ", ".join(network_names(folder)) or "none"
        raise WeightsError(f"There is no network {name!r} in {folder}: choose one of those there ({known}).")
    try:
        card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        digests = {path: card["sha256"]}
        if trunk := card.get("trunk"):
            digests[path.with_name(f"{trunk['name']}.safetensors")] = trunk["sha256"]
        files = {one: one.read_bytes() for one in digests}
        size, sigma = int(card["size"]), float(card["sigma"])
        network = PoseNet(**card["network"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"The network {name!r} is not complete in {folder} ({type(error).__name__}: {error}): copy both files."
        ) from error
    for one, data in files.items():
        if hashlib.sha256(data).hexdigest() != digests[one]:
            raise WeightsError(
                f"{one.name} does not match the SHA-256 on its card: it was changed or damaged. Copy it again."
            )
    try:
        network.load_state_dict({key: value for data in files.values() for key, value in load(data).items()})
    except RuntimeError as error:
        raise WeightsError(
            f"{path.name} holds the weights of another network than its card describes: copy both files again."
        ) from error
    return Model(name, network.float().eval(), size, sigma, card)
