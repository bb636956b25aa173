"""Crops per second from photo to joints, step by step, on every device present and for batches of several sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from dark_core.benchmarks.timing import durations
from dark_core.codec import decode
from dark_core.files.scenes import load_scenes
from dark_core.pose.estimator import Estimator

BATCHES = (1, 8, 32)
STEPS = ("preprocess", "network", "decode", "end to end")
SCENE = "runner"


@dataclass(frozen=True)
class Speed:
    """One device and batch size: the shortest time of each of ``STEPS`` in ms per crop."""

    device: str
    batch: int
    ms: dict[str, float]

    def crops(self, step: str) -> float:
        """Crops per second."""
        return 1000 / self.ms[step]


def devices() -> list[str]:
    """The kinds of device that PyTorch can use on this machine, the CPU first."""
    found = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return [name for name, available in found.items() if available]


def speed(estimator: Estimator, batch: int, seconds: float = 2.0) -> Speed:
    """Time ``batch`` crops of a rendered scene: cropping, network with flip average, DARK, and back to the photo.

    Each step runs for ``seconds``, three times at least, and its shortest time counts, which other work on the machine
    affects least. The heatmaps are in main memory at the end of "network", so all work of a GPU is included.
    """
    scene, model = load_scenes()[SCENE], estimator.model
    # Boxes that differ, as those of many people do.
    boxes = [np.array(scene.box) + shift for shift in np.random.default_rng(0).uniform(-20, 20, (batch, 1))]

    def preprocess() -> tuple[list, np.ndarray]:
        transforms = [estimator.crop_transform(tuple(box)) for box in boxes]
        return transforms, np.stack([one.crop(scene.photo) for one in transforms])

    def decode_in_photo(transforms: list, maps: np.ndarray) -> list[np.ndarray]:
        xy = decode(maps, "dark", model.sigma).xy
        return [one.to_photo(points) for one, points in zip(transforms, xy, strict=True)]

    transforms, crops = preprocess()
    maps = estimator.forward_flipped(crops)

    def whole() -> list[np.ndarray]:
        transforms, crops = preprocess()
        return decode_in_photo(transforms, estimator.forward_flipped(crops))

    steps: tuple[Callable[[], object], ...] = (
        preprocess,
        lambda: estimator.forward_flipped(crops),
        lambda: decode_in_photo(transforms, maps),
        whole,
    )
    whole()
    ms = {step: min(durations(work, 3, seconds)) / batch for step, work in zip(STEPS, steps, strict=True)}
    return Speed(estimator.device.type, batch, ms)


def report(name: str = "default", batches: Iterable[int] = BATCHES, seconds: float = 2.0) -> Iterator[str]:
    """The table as text, line by line; its last column is the gain over one crop at a time, end to end."""
    for device in devices():
        estimator = Estimator.load(name, device)
        side, kind = estimator.model.size, str(estimator.dtype).removeprefix("torch.")
        cores = f"{torch.get_num_threads()} threads" if device == "cpu" else ""
        what = torch.cuda.get_device_name() if device == "cuda" else cores
        yield (
            f"{device} {what}".rstrip() + f": {name}, crops of {side} px, {kind}, flip average, DARK; shortest times"
        )
        yield f"{'crops a second':16}" + "".join(f"{step:>13}" for step in STEPS) + f"{'ms a crop':>12}{'x one':>8}"
        alone: float | None = None
        for batch in batches:
            found = speed(estimator, batch, seconds)
            alone = alone or found.crops("end to end")
            row = "".join(f"{found.crops(step):13.0f}" for step in STEPS)
            yield f"batches of {batch:<5}{row}{found.ms['end to end']:12.1f}{found.crops('end to end') / alone:8.2f}"
        yield ""
