"""A network on a device of this machine: crops in, its maps out, as NumPy arrays."""

from __future__ import annotations

import numpy as np
import torch

from dark_core.errors import InputError
from dark_core.pose.network import PoseNet, fuse_batch_norm, normalize


class DeviceError(InputError, RuntimeError):
    """The machine has no such device; the message is one sentence."""


class NetworkOnDevice:
    """A network on a device, ready to run.

    Parameters
    ----------
    network
        In float32; it stays as it is.
    device
        "cuda", "mps", "cpu", or "auto" for the fastest of them.

    Attributes
    ----------
    device
        The torch.device.
    dtype
        Of its computation: float16 on CUDA, float32 elsewhere.
    network
        The network with its batch norms folded into the convolutions.
    """

    def __init__(self, network: PoseNet, device: str = "auto"):
        self.device = device_named(device)
        # Half precision pays on CUDA only; elsewhere it is slower or less exact.
        self.dtype = torch.float16 if self.device.type == "cuda" else torch.float32
        fused = fuse_batch_norm(network).to(self.device, self.dtype)
        self.network = fused.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # not in its stubs

    @torch.inference_mode()
    def forward(self, crops: np.ndarray) -> np.ndarray:
        """Return the maps of crops.

        Parameters
        ----------
        crops
            (N, H, W, 3) uint8, 32 dividing H and W.

        Returns
        -------
        numpy.ndarray
            (N, K, H/4, W/4) float32.
        """
        batch = normalize(torch.from_numpy(crops).to(self.device)).to(self.dtype)
        maps: np.ndarray = self.network(batch).float().cpu().numpy()
        return maps


def device_named(name: str) -> torch.device:
    """Return a device of this machine by its name.

    Parameters
    ----------
    name
        "cuda", "cuda:1", "mps", "cpu", or "auto" for the fastest of them.

    Returns
    -------
    torch.device
        The device, on which a tensor could be made.

    Raises
    ------
    DeviceError
        If there is no such device, or PyTorch cannot use it.
    """
    if name == "auto":
        return best_device()
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError, NotImplementedError) as error:  # an AssertionError where CUDA was left out
        raise DeviceError(f"There is no device {name!r} here: choose auto, cpu, cuda or mps.") from error


def best_device() -> torch.device:
    """Return CUDA if there is any, else Apple's MPS, else the CPU.

    Returns
    -------
    torch.device
        The fastest device of this machine.
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
