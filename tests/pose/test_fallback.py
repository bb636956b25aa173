"""A device that fails hands over to the next, says why, and is tried again later."""

import numpy as np
import pytest

from dark_core.pose.fallback import Fallback

CROPS = np.zeros((2, 4, 4, 3), np.uint8)


class Device:
    """Answers with its number; raises ``error`` while there is one."""

    def __init__(self, number: int, error: Exception | None = None):
        self.number, self.error, self.asked = number, error, 0

    def __call__(self, crops: np.ndarray) -> np.ndarray:
        self.asked += 1
        if self.error:
            raise self.error
        return np.full(len(crops), self.number)


def test_the_first_runs_as_long_as_it_can():
    gpu, cpu = Device(1), Device(2)
    network = Fallback([("GPU", gpu), ("CPU", cpu)])
    assert network.forward(CROPS).tolist() == [1, 1]
    assert network.device == "GPU" and cpu.asked == 0


def test_the_next_runs_where_it_fails_and_says_why():
    gpu = Device(1, RuntimeError("CUDA out of memory.\nTried to allocate 2 GiB"))
    network = Fallback([("GPU", gpu), ("CPU", Device(2))])
    assert network.forward(CROPS).tolist() == [2, 2]
    assert network.device == "CPU (GPU failed: CUDA out of memory.)"
    assert network.forward(CROPS).tolist() == [2, 2] and gpu.asked == 1, "it is left out for a while"


def test_what_failed_is_tried_again_after_a_while():
    now = 0.0
    gpu = Device(1, RuntimeError())
    network = Fallback([("GPU", gpu), ("CPU", Device(2))], retry_after=60, clock=lambda: now)
    network.forward(CROPS)
    gpu.error, now = None, 59.0
    assert network.forward(CROPS).tolist() == [2, 2]
    now = 60.0
    assert network.forward(CROPS).tolist() == [1, 1]
    assert network.device == "GPU"


def test_all_devices_are_tried_and_the_last_error_is_the_callers():
    names = ["cluster", "GPU", "CPU"]
    network = Fallback([(name, Device(k, ValueError(f"no {name}"))) for k, name in enumerate(names)])
    with pytest.raises(ValueError, match="no CPU"):
        network.forward(CROPS)
