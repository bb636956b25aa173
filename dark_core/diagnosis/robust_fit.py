"""Least squares that outliers do not move, with standard errors that hold where a person's joints err together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CERTAIN = 5.0
"""Standard errors, were they known exactly, beyond which a coefficient is not chance.

A normal variable is that far from zero once in 1.7 million draws. A check of two files tests fewer than ten
coefficients, so that 1,000 pairs that differ by noise only raise a false alarm with a chance of 0.6 %.
"""

HUBER, TUKEY = 1.345, 4.685
"""Residuals in units of their scale where the weights begin to fall, and where they are zero: 95 % efficiency each."""

EXACT = 1e-9
"""The smallest scale of residuals: what rounding of double precision leaves where the model is exact."""


@dataclass(frozen=True)
class RobustFit:
    """Coefficients (P,), their covariance (P, P), the scale of the residuals, and how many groups they come from."""

    coefficients: np.ndarray
    covariance: np.ndarray
    scale: float
    groups: int

    def certain(self, combination: np.ndarray) -> bool:
        """Whether a linear combination (P,) of the coefficients is not zero."""
        value, error = abs(combination @ self.coefficients), self.error(combination)
        return bool(value > critical_value(self.groups) * error)

    def error(self, combination: np.ndarray) -> float:
        """Standard error of a linear combination (P,) of the coefficients."""
        return float(np.sqrt(max(combination @ self.covariance @ combination, 0.0)))


def critical_value(groups: int) -> float:
    """``CERTAIN`` for a standard error estimated from that many groups.

    >>> [round(critical_value(groups), 1) for groups in (10, 30, 10000)]
    [12.6, 6.4, 5.0]
    """
    return students_t(CERTAIN, groups - 1) if groups > 2 else np.inf


def students_t(normal: float, freedom: int) -> float:
    """The value that Student's t exceeds as rarely as a normal variable exceeds ``normal`` (Wallace 1959).

    >>> round(students_t(1.96, 9), 2)  # 2.262 in tables
    2.26
    """
    z = normal * (8 * freedom + 3) / (8 * freedom + 1)
    return float(np.sqrt(freedom * np.expm1(z**2 / freedom)))


def robust_fit(design: np.ndarray, values: np.ndarray, group: np.ndarray) -> RobustFit:
    """Fit ``values`` (M,) by ``design`` (M, P); ``group`` (M,) numbers what errs together, such as a person's joints.

    Huber's weights first, which have one solution, then Tukey's from there, which drop gross outliers. The covariance
    is the sandwich of the weighted residuals summed over each group (Liang and Zeger 1986), so it holds for errors that
    are correlated within a group and for joints that differ in their noise.
    """
    weights, coefficients, scale = np.ones(len(values)), np.zeros(design.shape[1]), EXACT
    for step in range(30):
        before = coefficients
        weighted = design * weights[:, None]
        coefficients = np.linalg.pinv(design.T @ weighted) @ (weighted.T @ values)
        residuals = values - design @ coefficients
        scale = max(1.4826 * float(np.median(np.abs(residuals))), EXACT)
        share = np.abs(residuals) / scale
        weights = np.minimum(1, HUBER / np.maximum(share, HUBER)) if step < 10 else _tukey(share)
        if step > 10 and np.abs(design @ (coefficients - before)).max() < 1e-4 * scale:
            break
    influence = np.where(share < TUKEY, (1 - (share / TUKEY) ** 2) * (1 - 5 * (share / TUKEY) ** 2), 0)  # d psi / d r
    bread = np.linalg.pinv(design.T @ (design * np.maximum(influence.mean(), 0.1)))
    numbers, index = np.unique(group, return_inverse=True)
    sums = np.zeros((len(numbers), design.shape[1]))
    np.add.at(sums, index, design * (weights * residuals)[:, None])
    correction = len(numbers) / max(len(numbers) - 1, 1)
    return RobustFit(coefficients, correction * bread @ (sums.T @ sums) @ bread, scale, len(numbers))


def _tukey(share: np.ndarray) -> np.ndarray:
    return np.where(share < TUKEY, (1 - (share / TUKEY) ** 2) ** 2, 0.0)
