"""The pose network: a residual encoder and a top-down path back to stride 4.

photo crop (N, 3, S, S) -> heatmaps (N, 14, S/4, S/4). Five levels halve the grid while the
view widens; the way back adds what each finer level saw. Residual blocks after He et al.
2016, the top-down path after Lin et al. 2017, the whole in the spirit of Xiao et al. 2018:
as plain as a network that reads poses can be. Fully convolutional, so any S that 32 divides.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

STRIDE = 4
MEAN, STD = 114.0, 57.0
"""Crops enter as (value - MEAN) / STD, one pair for the three channels."""


def conv(inputs: int, outputs: int, kernel: int = 3) -> nn.Sequential:
    """Make a convolution and its normalization: kernels 1 and 3 keep the grid, kernel 4 halves it.

    An even kernel halves the grid about half-pixel centers, as ``CropTransform`` counts them; the usual
    3x3 of stride 2 would shift every level by half a pixel, differently in a mirror.
    """
    halve = kernel == 4
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, 1 + halve, (kernel - 1) // 2, bias=False), nn.BatchNorm2d(outputs)
    )


class Residual(nn.Module):
    """relu(x + two convolutions of x); with ``halve`` on half the grid, the shortcut averaged."""

    def __init__(self, inputs: int, outputs: int, halve: bool = False):
        super().__init__()
        self.first = conv(inputs, outputs, kernel=4 if halve else 3)
        self.second = conv(outputs, outputs)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2), conv(inputs, outputs, kernel=1)) if halve else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Features of the same size, or of half of it."""
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


SHAPES: dict[str, dict[str, Any]] = {
    "default": {},
    "small": {"widths": (24, 48, 96, 144, 192), "blocks": (1, 2, 2, 1), "top": 48},
}
"""Arguments of ``PoseNet``: the network of the app, and the third of it that the ablation trains six of."""


class PoseNet(nn.Module):
    """Crops (N, 3, S, S), normalized, to heatmaps (N, joints, S/4, S/4)."""

    def __init__(
        self,
        widths: tuple[int, ...] = (32, 64, 128, 256, 256),
        blocks: tuple[int, ...] = (1, 2, 3, 1),
        top: int = 64,
        joints: int = 14,
    ):
        super().__init__()
        self.config = {"widths": list(widths), "blocks": list(blocks), "top": top, "joints": joints}
        self.stem = nn.Sequential(conv(3, widths[0], kernel=4), nn.ReLU())  # stride 2
        self.levels = nn.ModuleList(  # strides 4, 8, 16, 32
            nn.Sequential(Residual(narrow, wide, halve=True), *(Residual(wide, wide) for _ in range(count - 1)))
            for narrow, wide, count in zip(widths[:-1], widths[1:], blocks, strict=True)
        )
        self.lateral = nn.ModuleList(nn.Conv2d(width, top, 1) for width in widths[1:])
        self.merge = nn.ModuleList(nn.Sequential(conv(top, top), nn.ReLU()) for _ in widths[1:])
        self.head = nn.Conv2d(top, joints, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Heatmaps (N, joints, H/4, W/4) of normalized crops (N, 3, H, W)."""
        x = self.stem(x)
        seen = []
        for level in self.levels:
            x = level(x)
            seen.append(x)
        coarse = None
        for x, lateral, merge in reversed(list(zip(seen, self.lateral, self.merge, strict=True))):
            x = lateral(x)  # (N, top, S/stride, S/stride)
            if coarse is not None:
                # Bilinear by half-pixel centers: the grids stay aligned, a mirror stays exact.
                x = x + F.interpolate(coarse, size=x.shape[-2:], mode="bilinear", align_corners=False)
            coarse = merge(x)
        heatmaps: Tensor = self.head(coarse)
        return heatmaps


def fuse_batch_norm(network: PoseNet) -> PoseNet:
    """Return a copy for prediction: each normalization folded into its convolution, equal heatmaps, half the layers."""
    network = deepcopy(network).eval()

    def fold(module: nn.Module) -> None:
        for name, child in module.named_children():
            match list(child.children()):
                case [nn.Conv2d() as convolution, nn.BatchNorm2d() as normalization]:
                    setattr(module, name, fuse_conv_bn_eval(convolution, normalization))
                case _:
                    fold(child)

    fold(network)
    return network


def normalize(crops: Tensor) -> Tensor:
    """Turn uint8 crops (N, S, S, 3) into network input (N, 3, S, S), float32, channels last in memory."""
    return ((crops.permute(0, 3, 1, 2).float() - MEAN) / STD).contiguous(memory_format=torch.channels_last)
