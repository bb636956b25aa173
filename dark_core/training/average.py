"""Two networks of one shape averaged weight by weight.

A network trained on new data forgets some of the old. On the line between the weights before and after lie networks
that are good on both.

References
----------
Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
"""

from __future__ import annotations

from copy import deepcopy

import torch

from dark_core.pose.network import PoseNet


def averaged_with(network: PoseNet, other: PoseNet, share: float) -> PoseNet:
    """A network whose weights are ``share`` times those of ``other`` and the rest those of ``network``.

    Raises ValueError for networks of different shapes, or a share outside 0 to 1.
    """
    if network.config != other.config:
        raise ValueError("only networks of one shape can be averaged")
    if not 0 <= share <= 1:
        raise ValueError(f"the share must be from 0 to 1, got {share}")
    result = deepcopy(network)
    theirs = other.state_dict()
    with torch.no_grad():
        for name, ours in result.state_dict().items():
            if ours.is_floating_point():
                ours.lerp_(theirs[name].to(ours), share)
    return result
