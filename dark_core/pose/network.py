"""The pose network: a residual encoder and a top-down path back to stride 4.

photo crop (N, 3, S, S) -> heatmaps (N, 14, S/4, S/4). Five levels halve the grid while the
receptive field grows; the path back adds the features of each finer level. The network is fully
convolutional, so S is any multiple of 32.

References
----------
Residual blocks: He et al., "Deep residual learning for image recognition", CVPR 2016.
The top-down path: Lin et al., "Feature pyramid networks for object detection", CVPR 2017.
The plain design: Xiao et al., "Simple baselines for human pose estimation and tracking", ECCV 2018.
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

TRUNK = ("stem.", "levels.")
"""How the names of the weights of the residual encoder begin: 97 % of all weights of the default shape."""


def conv(inputs: int, outputs: int, kernel: int = 3) -> nn.Sequential:
    """Return a convolution and its batch norm: kernels 1 and 3 keep the grid, kernel 4 halves it.

    An even kernel halves the grid by half-pixel centers, as ``CropTransform`` counts them. The usual 3x3 kernel of
    stride 2 would shift every level by half a pixel, to the other side in a mirror.

    Parameters
    ----------
    inputs, outputs
        Channels.
    kernel
        1, 3 or 4.

    Returns
    -------
    torch.nn.Sequential
        Both layers.
    """
    halve = kernel == 4
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, 1 + halve, (kernel - 1) // 2, bias=False), nn.BatchNorm2d(outputs)
    )


class Residual(nn.Module):
    """Two convolutions of x added to x, then ReLU.

    Parameters
    ----------
    inputs, outputs
        Channels.
    halve
        Whether the output has half the grid; the shortcut then averages 2 x 2 pixels.
    """

    def __init__(self, inputs: int, outputs: int, halve: bool = False):
        super().__init__()
        self.first = conv(inputs, outputs, kernel=4 if halve else 3)
        self.second = conv(outputs, outputs)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2), conv(inputs, outputs, kernel=1)) if halve else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (N, outputs, H, W), or half of H and W, for x (N, inputs, H, W)."""
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


SHAPES: dict[str, dict[str, Any]] = {
    "default": {},
    "small": {"widths": (24, 48, 96, 144, 192), "blocks": (1, 2, 2, 1), "top": 48},
    "people": {"widths": (24, 48, 96, 144, 160), "blocks": (1, 2, 2, 1), "top": 48, "joints": 3},
}
"""Arguments of ``PoseNet``: the network of the app, one of a third of its size, the person detector."""


class PoseNet(nn.Module):
    """Normalized crops (N, 3, S, S) to heatmaps (N, joints, S/4, S/4).

    Parameters
    ----------
    widths
        Channels at strides 2, 4, 8, 16 and 32.
    blocks
        Residual blocks at strides 4, 8, 16 and 32.
    top
        Channels of the top-down path.
    joints
        Heatmaps per crop.

    Attributes
    ----------
    config
        The arguments, as the model card holds them.

    Examples
    --------
    >>> PoseNet(**SHAPES["small"])(torch.zeros(1, 3, 64, 64)).shape
    torch.Size([1, 14, 16, 16])
    """

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
        """Return the heatmaps of normalized crops, see ``normalize``.

        Parameters
        ----------
        x
            (N, 3, H, W), 32 dividing H and W.

        Returns
        -------
        torch.Tensor
            (N, joints, H/4, W/4).
        """
        x = self.stem(x)
        features = []
        for level in self.levels:
            x = level(x)
            features.append(x)
        coarse: Tensor | None = None
        for x, lateral, merge in reversed(list(zip(features, self.lateral, self.merge, strict=True))):
            x = lateral(x)  # (N, top, S/stride, S/stride)
            if coarse is not None:
                # Bilinear by half-pixel centers: the grids stay aligned, a mirror stays exact.
                x = x + F.interpolate(coarse, size=x.shape[-2:], mode="bilinear", align_corners=False)
            coarse = merge(x)
        heatmaps: Tensor = self.head(coarse)
        return heatmaps


def fuse_batch_norm(network: PoseNet) -> PoseNet:
    """Return a copy for inference with each batch norm folded into the convolution before it.

    Parameters
    ----------
    network
        Any network of this module; it stays as it is.

    Returns
    -------
    PoseNet
        In evaluation mode, with the same heatmaps from half the layers.
    """
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
    """Return crops as the network takes them.

    Parameters
    ----------
    crops
        (N, H, W, 3) uint8.

    Returns
    -------
    torch.Tensor
        (N, 3, H, W) float32, channels last in memory.

    Examples
    --------
    >>> normalize(torch.full((1, 32, 32, 3), 171, dtype=torch.uint8)).unique().tolist()
    [1.0]
    """
    return ((crops.permute(0, 3, 1, 2).float() - MEAN) / STD).contiguous(memory_format=torch.channels_last)
