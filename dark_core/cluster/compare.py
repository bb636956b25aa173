"""Heatmaps of a whole data set, computed on every machine of a Ray cluster.

The batch is the unit of work: the same people go through the same function together, with the same weights and the
same number of threads as on one machine. On processors of one kind the heatmaps are therefore equal to the last bit,
in whatever order the batches arrive. Batches lost with a machine are computed again by another.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import ray
import torch

from dark_core.cluster.connection import gpus, smallest_cpus
from dark_core.evaluation.evaluate import batches, predict_batch, transform_of
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.estimator import Estimator
from dark_core.pose.weights import Model


class Worker:
    """A network in a process of the cluster; it runs the batch of people whose number it is given."""

    def __init__(self, model: ray.ObjectRef, groups: list[ray.ObjectRef], device: str, flip: bool, threads: int):
        torch.set_num_threads(threads)
        estimator = Estimator(ray.get(model), device)
        self._groups, self._size = groups, estimator.model.size
        self._heatmaps = estimator.forward_flipped if flip else estimator.forward

    def __call__(self, row: dict) -> dict:
        people = ray.get(self._groups[row["number"]])
        return {"number": row["number"], "maps": predict_batch(people, self._heatmaps, self._size)}


def predict_batches(
    groups: list, model: Model, device: str = "auto", flip: bool = True
) -> Iterator[tuple[int, np.ndarray]]:
    """(number, heatmaps) of each batch of people as it comes, in any order.

    A worker takes a whole GPU where the cluster has any and ``device`` is "auto" or "cuda", else as many CPUs as
    PyTorch has threads here, but no more than the smallest machine has.
    """
    threads = torch.get_num_threads()
    on_gpu = device in ("auto", "cuda") and gpus() >= 1
    share = {"num_gpus": 1} if on_gpu else {"num_cpus": min(threads, smallest_cpus())}
    room = gpus() if on_gpu else ray.cluster_resources()["CPU"] // share["num_cpus"]
    workers = max(1, min(len(groups), int(room)))
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = context.print_on_execution_start = False
    rows = [{"number": number} for number in range(len(groups))]
    read = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
        Worker,  # type: ignore[arg-type] # a class whose objects are called
        fn_constructor_args=(ray.put(model), [ray.put(people) for people in groups], device, flip, threads),
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers, initial_size=workers),
        **share,
    )
    # Without prefetching, a batch is handed on as it comes and not once the next one is there.
    for block in read.iter_batches(batch_size=None, prefetch_batches=0):
        yield from zip(block["number"].tolist(), block["maps"], strict=True)


def predict_heatmaps(
    people, model: Model, device: str = "auto", flip: bool = True
) -> tuple[np.ndarray, list[CropTransform]]:
    """What ``evaluation.evaluate.predict_heatmaps`` returns, computed on the cluster."""
    maps = dict(predict_batches(batches(people), model, device, flip))
    transforms = [transform_of(person, model.size) for person in people]
    return np.concatenate([maps[number] for number in range(len(maps))]), transforms
