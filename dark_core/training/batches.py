"""Endless training batches, drawn with weights and prepared in threads beside the training."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2
import numpy as np

from dark_core.codec import encode
from dark_core.files.annotations import Person
from dark_core.training.augment import augmented, background

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Batch:
    """crops: (B, S, S, 3) uint8; targets: (B, 14, S/4, S/4) float32; trust: (B, 14) float32;
    inside: (B, 14) True where the joint lies on the heatmap."""

    crops: np.ndarray
    targets: np.ndarray
    trust: np.ndarray
    inside: np.ndarray


def make_batch(
    people: list[Person], size: int, sigma: float, empty: float, seed: int, encoding: str = "unbiased"
) -> Batch:
    """One batch of random views of ``people``; a share ``empty`` of them is background, with empty maps."""
    rng = np.random.default_rng(seed)
    crops, joints, trust = [], [], []
    for number, person in enumerate(people):
        if rng.random() < empty:
            crops.append(background(person, size, rng))
            joints.append(np.full((14, 2), np.nan))
            trust.append(np.ones(14))
        else:
            crop, xy, weight = augmented(person, size, rng, people[number - 1].photo)
            crops.append(crop)
            joints.append(xy)
            trust.append(weight)
    xy, cells = np.stack(joints), size // 4
    inside = np.asarray(((xy > -0.5) & (xy < cells - 0.5)).all(-1))
    return Batch(
        np.stack(crops),
        encode(xy, (cells, cells), sigma, encoding),
        np.stack(trust).astype(np.float32),
        inside,
    )


class Batches(Generic[Item, Made]):
    """Draws people or photos with replacement by weight; the same seed and size give the same batches.

    ``make(items, size, sigma, empty, seed)`` is ``make_batch``, or its like for other items.
    """

    def __init__(
        self,
        items: list[Item],
        weights: np.ndarray,
        batch: int,
        make: Callable[[list[Item], int, float, float, int], Made],
        seed: int,
        threads: int,
    ):
        self.items, self.share = items, weights / weights.sum()
        self.batch, self.make, self.seed, self.threads = batch, make, seed, threads

    def __call__(self, start: int, size: int, sigma: float, empty: float) -> Iterator[Made]:
        """Batches number ``start``, ``start + 1``, … of crops of ``size`` px, without end."""
        cv2.setNumThreads(1)  # a crop is too small to be worth waking other cores

        def prepare(number: int) -> Made:
            rng = np.random.default_rng((self.seed, number))
            chosen = rng.choice(len(self.items), self.batch, p=self.share)
            seed = int(rng.integers(2**63))
            return self.make([self.items[k] for k in chosen], size, sigma, empty, seed)

        with ThreadPoolExecutor(self.threads) as pool:
            ahead = deque(pool.submit(prepare, start + k) for k in range(2 * self.threads))
            number = start + 2 * self.threads
            while True:
                yield ahead.popleft().result()
                ahead.append(pool.submit(prepare, number))
                number += 1
