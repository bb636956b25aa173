"""Averaged weights: a share of one network and the rest of the other."""

import pytest
import torch

from dark_core.pose.network import PoseNet
from dark_core.training.average import averaged_with

TINY = dict(widths=(4, 4, 4, 4, 4), blocks=(1, 1, 1, 1), top=4, joints=2)


def test_every_weight_lies_at_its_share_of_the_way_and_counters_stay():
    one, other = PoseNet(**TINY), PoseNet(**TINY)
    found = averaged_with(one, other, 0.25).state_dict()
    for name, weight in one.state_dict().items():
        if weight.is_floating_point():
            torch.testing.assert_close(found[name], 0.75 * weight + 0.25 * other.state_dict()[name])
        else:
            assert torch.equal(found[name], weight)


def test_neither_network_changes_and_the_ends_are_the_networks():
    one, other = PoseNet(**TINY), PoseNet(**TINY)
    before = {name: weight.clone() for name, weight in one.state_dict().items()}
    assert all(torch.equal(a, b) for a, b in zip(averaged_with(one, other, 0).state_dict().values(), before.values()))
    assert torch.equal(averaged_with(one, other, 1).head.weight, other.head.weight)
    assert all(torch.equal(one.state_dict()[name], weight) for name, weight in before.items())


def test_networks_of_other_shapes_and_shares_beyond_the_whole_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        averaged_with(PoseNet(**TINY), PoseNet(**{**TINY, "top": 8}), 0.5)
    with pytest.raises(ValueError, match="0 to 1"):
        averaged_with(PoseNet(**TINY), PoseNet(**TINY), 1.5)
