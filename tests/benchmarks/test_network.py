"""What the benchmark of the network prints; how long anything takes is not tested."""

import numpy as np
import pytest
import torch

from dark_core.benchmarks import network
from dark_core.benchmarks.network import STEPS, devices, report, speed
from dark_core.pose.estimator import Estimator


def test_the_table_has_a_row_a_batch_and_a_column_a_step(monkeypatch):
    monkeypatch.setattr(network, "devices", lambda: ["cpu"])
    head, titles, *rows, end = report(batches=(1, 2), seconds=0)
    assert head.startswith("cpu ") and "crops of 192 px, float32" in head and end == ""
    assert titles == f"{'crops a second':16}" + "".join(f"{step:>13}" for step in STEPS) + "   ms a crop   x one"
    assert [row.split()[2] for row in rows] == ["1", "2"]
    assert rows[0].split()[-1] == "1.00" and all(len(row.split()) == 3 + len(STEPS) + 2 for row in rows)


def test_the_cpu_is_always_there():
    assert devices()[0] == "cpu" and ("cuda" in devices()) == torch.cuda.is_available()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_reads_batches_in_half_precision():
    estimator = Estimator.load(device="cuda")
    assert estimator.dtype == torch.float16
    found = speed(estimator, 32, seconds=0.1)
    assert found.device == "cuda" and set(found.ms) == set(STEPS) and all(ms > 0 for ms in found.ms.values())
    crops = np.random.default_rng(0).integers(0, 256, (4, 160, 160, 3), dtype=np.uint8)
    on_cpu = Estimator.load(device="cpu").forward_flipped(crops)
    assert np.abs(estimator.forward_flipped(crops) - on_cpu).max() < 0.02
