"""What a simulation of decoders can vary: the whole setting, and its parameters one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dark_core.simulation.number_formats import NUMBER_FORMATS


@dataclass(frozen=True)
class SimulationConfig:
    """How heatmaps are simulated and decoded. Lengths in heatmap px; the Gaussian has a height of 1.

    noise: standard deviation of the white noise on every pixel; sigma: of the Gaussian; kernel: the sigma that the
    decoders assume, divided by the true one; border: distance from the left edge, which is half a pixel outside the
    outermost centers, to the middle of the joint's pixel, or None for a pixel clear of edges, at two fifths of the
    heatmap so that a pull towards its middle shows; size: width and height of the heatmap; resolution: heatmap px per
    100 px of the photo, so that errors can be given in photo px; number_format: a name of ``NUMBER_FORMATS``, in which
    the heatmap reaches the decoders; bins: per heatmap px, of the rows of bins that SimCC has in place of a heatmap.
    Raises ValueError for a value out of range.
    """

    noise: float = 0.02
    sigma: float = 2.0
    kernel: float = 1.0
    border: float | None = None
    size: int = 48
    resolution: float = 25.0
    number_format: str = "float32"
    bins: float = 8.0

    def __post_init__(self) -> None:
        for name in ("resolution", "sigma", "kernel", "size", "bins"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ValueError(f"{name} must be a positive number, got {getattr(self, name)}")
        if not (np.isfinite(self.noise) and self.noise >= 0):
            raise ValueError(f"noise must be finite and not negative, got {self.noise}")
        if self.border is not None and not 0.5 <= self.border <= self.size - 0.5:
            raise ValueError(f"border must be 0.5 to {self.size - 0.5} heatmap px, or None, got {self.border}")
        if self.number_format not in NUMBER_FORMATS:
            known = ", ".join(NUMBER_FORMATS)
            raise ValueError(f"unknown number format {self.number_format!r}: expected one of {known}")

    @property
    def photo_px(self) -> float:
        """Photo px per heatmap px."""
        return 100 / self.resolution

    @property
    def pixel(self) -> tuple[float, float]:
        """(x, y), the center of the pixel in which the joints lie."""
        inside = float(round(0.4 * self.size))
        return (inside if self.border is None else self.border - 0.5, inside)


Value = float | str
"""A value of a parameter: a number, or a name where the values have no order."""


@dataclass(frozen=True)
class SweepParameter:
    """What a sweep varies: ``change`` returns a setting with another value, ``of`` the value that a setting has.

    title: for a menu; axis: title of the scale, with its unit; unit: what follows a value; values: the default ones,
    all numbers, or all names in the order in which they are shown; log: whether the scale is logarithmic; photo:
    whether errors are compared in photo px, because the size of a heatmap px changes from value to value.
    """

    title: str
    axis: str
    unit: str
    values: tuple[Value, ...]
    change: Callable[[SimulationConfig, Any], SimulationConfig]
    of: Callable[[SimulationConfig], Value | None]
    log: bool = True
    photo: bool = False

    @property
    def named(self) -> bool:
        """Whether the values are names."""
        return isinstance(self.values[0], str)

    def label(self, value: Value) -> str:
        """``value`` as a page writes it, with its unit."""
        return NUMBER_FORMATS[value].title if isinstance(value, str) else f"{value:g}{self.unit}"

    def along(self, base: SimulationConfig) -> list[Any]:
        """The default values that ``base`` allows, in order, with the value of ``base`` itself if it has one."""
        own = self.of(base)
        if self.named:
            return list(self.values)
        values: set[Any] = {*self.values} if own is None else {*self.values, own}
        return [value for value in sorted(values) if self._allows(base, value)]

    def _allows(self, base: SimulationConfig, value: Value) -> bool:
        try:
            self.change(base, value)
        except ValueError:
            return False
        return True


def _rescaled(base: SimulationConfig, resolution: float) -> SimulationConfig:
    """The same person at another resolution: sigma and heatmap grow with it, as in HRNet's configurations."""
    times = resolution / base.resolution
    return replace(
        base,
        resolution=resolution,
        sigma=base.sigma * times,
        size=round(base.size * times),
        border=None if base.border is None else max(0.5, base.border * times),
    )


SWEEP_PARAMETERS: dict[str, SweepParameter] = {
    "noise": SweepParameter(
        "Noise",
        "noise, share of the peak’s height",
        "",
        (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
        lambda base, value: replace(base, noise=value),
        lambda base: base.noise,
    ),
    "sigma": SweepParameter(
        "Target σ",
        "target σ, heatmap px",
        " px",
        (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0),
        lambda base, value: replace(base, sigma=value),
        lambda base: base.sigma,
    ),
    "kernel": SweepParameter(
        "Kernel mismatch",
        "assumed σ ÷ true σ",
        "",
        (0.25, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0),
        lambda base, value: replace(base, kernel=value),
        lambda base: base.kernel,
    ),
    "border": SweepParameter(
        "Distance to the border",
        "distance from the edge, heatmap px",
        " px",
        (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
        lambda base, value: replace(base, border=value),
        lambda base: base.border,
        log=False,
    ),
    "resolution": SweepParameter(
        "Resolution",
        "heatmap px per 100 photo px",
        " per 100",
        (6.25, 12.5, 18.75, 25.0, 37.5, 50.0),
        _rescaled,
        lambda base: base.resolution,
        photo=True,
    ),
    "size": SweepParameter(
        "Heatmap size",
        "heatmap width and height, heatmap px",
        " px",
        (8, 12, 16, 24, 32, 48, 64, 96),
        lambda base, value: replace(base, size=round(value)),
        lambda base: base.size,
    ),
    "number_format": SweepParameter(
        "Number format",
        "number format of the heatmap",
        "",
        tuple(NUMBER_FORMATS),
        lambda base, value: replace(base, number_format=value),
        lambda base: base.number_format,
        log=False,
    ),
    "bins": SweepParameter(
        "SimCC",
        "SimCC’s bins per heatmap px",
        " per px",
        (1.0, 2.0, 4.0, 8.0, 16.0),
        lambda base, value: replace(base, bins=value),
        lambda base: base.bins,
    ),
}
"""Name -> what can be swept. A parameter added here appears in the noise lab by itself."""
