"""The bundled file of heatmaps with their true joints, and how it was made: the network on the bundled scenes.

python -m dark_core.evaluation.sample_heatmaps      # writes assets/samples/heatmaps.npz again
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dark_core.files.scenes import load_scenes

SAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "heatmaps.npz"
"""An array "heatmaps", (10, 14, 48, 48) float16: the people in the order of ``people``, the joints in SKELETON's.

An array "joints", (10, 14, 2) float32: where the joints are, known exactly, in px of the network's input."""

FIRST = "waving"
"""The scene that comes first, because on it the decoders differ visibly from the first joint on."""


def people() -> list[str]:
    """The scenes' names in the order of the sample."""
    return sorted(load_scenes(), key=lambda name: name != FIRST)


def network_heatmaps(scenes: list[str]) -> np.ndarray:
    """(N, 14, H, W) float32: heatmaps of each scene's person in its box, averaged with the mirrored crop.

    Runs on the CPU, where the result is the same on every machine up to rounding.
    """
    from dark_core.pose.estimator import Estimator

    network, known = Estimator.load(device="cpu"), load_scenes()
    return np.stack([network.heatmaps(known[name].photo, network.crop_transform(known[name].box)) for name in scenes])


def true_joints(scenes: list[str]) -> np.ndarray:
    """(N, 14, 2) the joints of each scene's person in px of the network's input."""
    from dark_core.pose.estimator import Estimator

    network, known = Estimator.load(device="cpu"), load_scenes()
    return np.stack([network.crop_transform(known[name].box).to_crop(known[name].joints) for name in scenes])


def write(path: Path = SAMPLE) -> None:
    """The heatmaps of all scenes as float16, in steps of 2^-11 (float16's own between 1/2 and 1), and the joints."""
    heatmaps = np.round(network_heatmaps(people()) * 2**11) / 2**11
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, heatmaps=heatmaps.astype(np.float16), joints=true_joints(people()).astype(np.float32))


if __name__ == "__main__":
    write()
