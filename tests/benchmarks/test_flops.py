"""Multiply-adds counted by hand, layer by layer, and a measurement that covers every size asked for."""

import pytest
import torch
from torch import nn

from dark_core.benchmarks.flops import Cost, activation_bytes, fitted, measure, multiply_adds
from dark_core.pose.estimator import Estimator
from dark_core.pose.network import PoseNet
from dark_core.pose.weights import Model

SIZES = range(64, 385, 32)


def tiny() -> PoseNet:
    return PoseNet(widths=(4, 4, 4, 4, 4), blocks=(1, 1, 1, 1), top=4).eval()


@pytest.mark.parametrize(
    "network, expected",
    [
        # 8 outputs × 3 inputs × 3×3 kernel at each of 16×16 places
        (nn.Conv2d(3, 8, 3, padding=1), 8 * 3 * 9 * 16 * 16),
        (nn.Conv2d(3, 8, 4, stride=2, padding=1), 8 * 3 * 16 * 8 * 8),
        # no padding: 14×12 places
        (nn.Conv2d(3, 8, (3, 5)), 8 * 3 * 15 * 14 * 12),
        # of three groups each output sees one input
        (nn.Conv2d(3, 6, 3, padding=1, groups=3), 6 * 1 * 9 * 16 * 16),
        # every input pixel is spread over 4×4 places, whatever the stride
        (nn.ConvTranspose2d(3, 5, 4, stride=2, padding=1), 3 * 5 * 16 * 16 * 16),
        (nn.Sequential(nn.Flatten(), nn.Linear(768, 10), nn.ReLU(), nn.Linear(10, 7)), 768 * 10 + 10 * 7),
        # a linear layer over the last axis is used once for each of 3×16 rows
        (nn.Linear(16, 4), 3 * 16 * 16 * 4),
        (nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), nn.AvgPool2d(2)), 0),
    ],
)
def test_it_counts_as_one_does_by_hand(network, expected):
    assert multiply_adds(network, 16) == expected


def test_a_layer_used_twice_counts_twice():
    layer = nn.Conv2d(3, 3, 3, padding=1)
    assert multiply_adds(nn.Sequential(layer, layer), 8) == 2 * multiply_adds(layer, 8)


def test_a_pose_network_is_the_sum_of_its_layers():
    # By hand at 64 px, with 4 channels throughout and 14 joints.
    stem = 4 * 3 * 16 * 32**2
    block = 4 * 4 * 16 + 4 * 4 * 9 + 4 * 4  # halving 4×4, then 3×3, and the shortcut's 1×1
    merged = 4 * 4 + 4 * 4 * 9  # the lateral 1×1 and the 3×3 that merges
    head = 14 * 4 * 16**2
    cells = 16**2 + 8**2 + 4**2 + 2**2
    assert multiply_adds(tiny(), 64) == stem + (block + merged) * cells + head


def test_cost_grows_with_the_square_of_the_resolution():
    network = tiny()
    unit = multiply_adds(network, 32)
    assert [multiply_adds(network, size) for size in SIZES] == [unit * (size // 32) ** 2 for size in SIZES]


def test_activations_are_the_results_of_the_convolutions():
    # By hand: 8 × 16×16 values, then 5 × 32×32 after the transposed convolution; normalization is not counted.
    layers = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ConvTranspose2d(8, 5, 2, stride=2))
    assert activation_bytes(layers, 16) == activation_bytes(layers.half(), 16) == 4 * (8 * 16**2 + 5 * 32**2)
    network, seen = PoseNet(widths=(8, 8, 8, 8, 8), blocks=(1, 1, 1, 1), top=8).eval(), []
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(lambda _, __, output: seen.append(output.numel()))
    with torch.no_grad():
        network(torch.zeros(1, 3, 64, 64))
    expected = 4 * sum(seen)
    seen.clear()
    assert activation_bytes(network, 64) == expected
    assert activation_bytes(network, 192) == 9 * expected


def test_counting_leaves_the_network_alone():
    network = tiny().train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    multiply_adds(network, 64), activation_bytes(network, 64)
    assert network.training
    assert not any(layer._forward_hooks for layer in network.modules())
    for name, value in network.state_dict().items():
        assert value.device.type == "cpu" and torch.equal(value, before[name])


def test_half_precision_counts_the_same():
    assert multiply_adds(tiny().half(), 64) == multiply_adds(tiny(), 64)


def test_every_size_is_measured_in_order():
    estimator = Estimator(Model("tiny", tiny(), 64, 2.0, {}), device="cpu")
    costs = measure(estimator, SIZES, repeats=1)
    assert [cost.size for cost in costs] == list(SIZES)
    assert [cost.multiply_adds for cost in costs] == [multiply_adds(estimator.network, size) for size in SIZES]
    assert [cost.activation_bytes for cost in costs] == [activation_bytes(estimator.network, size) for size in SIZES]
    assert all(cost.ms > 0 and cost.decode_ms > 0 for cost in costs)


def test_the_network_runs_once_to_warm_up_and_then_as_often_as_asked():
    estimator, shapes = Estimator(Model("tiny", tiny(), 64, 2.0, {}), device="cpu"), []
    read = estimator.forward
    estimator.forward = lambda crops: (shapes.append(crops.shape), read(crops))[1]
    measure(estimator, [64, 96], repeats=3)
    assert shapes == 4 * [(1, 64, 64, 3)] + 4 * [(1, 96, 96, 3)]


@pytest.mark.parametrize("sizes, repeats", [([64, 100], 5), ([0], 5), ([-32], 5), ([64], 0)])
def test_what_cannot_be_measured_is_refused(sizes, repeats):
    estimator = Estimator(Model("tiny", tiny(), 64, 2.0, {}), device="cpu")
    with pytest.raises(ValueError, match=r"multiples of 32.*got"):
        measure(estimator, sizes, repeats)


def test_a_larger_crop_is_never_quicker():
    times = {64: (2.0, 0.3), 128: (5.0, 0.2), 192: (4.0, 0.4)}
    costs = fitted([Cost(size, ms, size**2, 0, decode_ms) for size, (ms, decode_ms) in times.items()])
    assert [one.ms for one in costs] == [2.0, 4.5, 4.5]
    assert [one.decode_ms for one in costs] == pytest.approx([0.25, 0.25, 0.4])
    assert [(one.size, one.multiply_adds) for one in costs] == [(size, size**2) for size in times]
