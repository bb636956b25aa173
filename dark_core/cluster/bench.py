"""People a second read by one process, and by a Ray cluster as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
import ray
import torch

from dark_core.cluster import compare
from dark_core.evaluation.evaluate import predict_heatmaps
from dark_core.files.scenes import load_scenes
from dark_core.pose.estimator import Estimator
from dark_core.pose.weights import load_model

PEOPLE = 400


def report(name: str = "default", count: int = PEOPLE) -> Iterator[str]:
    """The comparison as text, line by line, on the cluster joined by ``connect``: ``count`` people of the rendered
    scenes, read here on the best device and then there; what the cluster takes to start its processes is counted."""
    scenes = list(load_scenes().values())
    people = [scenes[number % len(scenes)] for number in range(count)]
    machines = [node for node in ray.nodes() if node["Alive"]]
    cpus, gpus = (ray.cluster_resources().get(kind, 0) for kind in ("CPU", "GPU"))
    estimator = Estimator.load(name)
    device = f"{estimator.device.type}, {torch.get_num_threads()} threads"
    yield f"{count} people, network {name!r}, flip average"
    alone, maps = _timed(lambda: predict_heatmaps(people, estimator.forward_flipped, estimator.model.size)[0])
    yield f"alone    {count / alone:8.1f} people a second   {device}"
    model = load_model(name)  # another than the estimator's, which may lie on a GPU of this machine
    joint, same = _timed(lambda: compare.predict_heatmaps(people, model)[0])
    yield f"cluster  {count / joint:8.1f} people a second   {len(machines)} nodes, {cpus:g} CPUs, {gpus:g} GPUs"
    apart = np.abs(maps - same).max()
    yield f"ratio    {alone / joint:8.2f}   heatmaps {'equal bit for bit' if apart == 0 else f'{apart:.1e} apart'}"


def _timed(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """(seconds, what the work gave)."""
    start = perf_counter()
    given = work()
    return perf_counter() - start, given
