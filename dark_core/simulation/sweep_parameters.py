"""What may be varied when decoders are compared on simulated maps: the setting, and its quantities one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class SimulationConfig:
    """How maps are made and read. Lengths in heatmap px; the Gaussian is 1 high.

    noise: standard deviation of the white noise on every pixel; sigma: of the Gaussian; kernel: the
    sigma that decoders are told, over the true one; border: how far the middle of the joint's pixel is
    from the left edge (half a pixel outside the outermost centers), or None for a pixel clear of edges,
    at two fifths of the map so that a pull towards its middle shows; size: the map's width and height;
    resolution: heatmap px per 100 px of the photo, in which errors may be told.
    """

    noise: float = 0.02
    sigma: float = 2.0
    kernel: float = 1.0
    border: float | None = None
    size: int = 48
    resolution: float = 25.0

    def __post_init__(self) -> None:
        for name in ("resolution", "sigma", "kernel", "size"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ValueError(f"{name} must be a positive number, got {getattr(self, name)}")
        if not (np.isfinite(self.noise) and self.noise >= 0):
            raise ValueError(f"noise must be finite and not negative, got {self.noise}")
        if self.border is not None and not 0.5 <= self.border <= self.size - 0.5:
            raise ValueError(f"border must be 0.5 to {self.size - 0.5} heatmap px, or None, got {self.border}")

    @property
    def photo_px(self) -> float:
        """Photo px per heatmap px."""
        return 100 / self.resolution

    @property
    def pixel(self) -> tuple[float, float]:
        """(x, y), the middle of the square of one pixel that the joints fall in."""
        inside = float(round(0.4 * self.size))
        return (inside if self.border is None else self.border - 0.5, inside)


@dataclass(frozen=True)
class Quantity:
    """What a sweep varies: ``change`` gives a setting another value of it, ``of`` says the setting's own.

    axis: the scale's title; unit: what follows a value; log: on a logarithmic scale; photo: errors are
    compared in photo px, because a heatmap px is not the same from value to value.
    """

    title: str
    axis: str
    unit: str
    values: tuple[float, ...]
    change: Callable[[SimulationConfig, float], SimulationConfig]
    of: Callable[[SimulationConfig], float | None]
    log: bool = True
    photo: bool = False

    def along(self, base: SimulationConfig) -> list[float]:
        """The default values that ``base`` allows, in order, and among them its own if it has one."""
        return [value for value in sorted({*self.values} | ({self.of(base)} - {None})) if self._allows(base, value)]

    def _allows(self, base: SimulationConfig, value: float) -> bool:
        try:
            self.change(base, value)
        except ValueError:
            return False
        return True


def _rescaled(base: SimulationConfig, resolution: float) -> SimulationConfig:
    """The same person at another resolution: sigma and map grow with it, as in HRNet's configurations."""
    times = resolution / base.resolution
    return replace(
        base,
        resolution=resolution,
        sigma=base.sigma * times,
        size=round(base.size * times),
        border=None if base.border is None else max(0.5, base.border * times),
    )


QUANTITIES: dict[str, Quantity] = {
    "noise": Quantity(
        "Noise",
        "noise, share of the peak’s height",
        "",
        (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
        lambda base, value: replace(base, noise=value),
        lambda base: base.noise,
    ),
    "sigma": Quantity(
        "Target σ",
        "target σ, heatmap px",
        " px",
        (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0),
        lambda base, value: replace(base, sigma=value),
        lambda base: base.sigma,
    ),
    "kernel": Quantity(
        "Kernel mismatch",
        "σ the decoder is told ÷ true σ",
        "",
        (0.25, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0),
        lambda base, value: replace(base, kernel=value),
        lambda base: base.kernel,
    ),
    "border": Quantity(
        "Distance to the border",
        "distance from the edge, heatmap px",
        " px",
        (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
        lambda base, value: replace(base, border=value),
        lambda base: base.border,
        log=False,
    ),
    "resolution": Quantity(
        "Resolution",
        "heatmap px per 100 photo px",
        " per 100",
        (6.25, 12.5, 18.75, 25.0, 37.5, 50.0),
        _rescaled,
        lambda base: base.resolution,
        photo=True,
    ),
    "size": Quantity(
        "Map size",
        "map width and height, heatmap px",
        " px",
        (8, 12, 16, 24, 32, 48, 64, 96),
        lambda base, value: replace(base, size=round(value)),
        lambda base: base.size,
    ),
}
"""Name -> what can be swept. One added here appears in the Noise lab by itself."""
