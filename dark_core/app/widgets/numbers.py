"""How numbers are written on the pages: a true minus sign (U+2212), and a dash where there is no number."""

from __future__ import annotations

import numpy as np

from dark_core.evaluation.ablation_table import Interval


def number(value: float, digits: int = 1) -> str:
    """Return ``value`` with so many decimals, "–" where it is not finite."""
    return f"{value:.{digits}f}".replace("-", "−") if np.isfinite(value) else "–"


def signed(value: float, digits: int = 1) -> str:
    """Return ``value`` with its sign, which is left out where it rounds to 0."""
    text = number(value, digits)
    if not text.strip("−0."):
        return text.lstrip("−")
    return text if text[0] in "−–" else f"+{text}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share from 0 to 1 in percent, with its unit."""
    return f"{number(100 * share, digits)} %"


def interval(one: Interval, sign: bool = False) -> str:
    """Return both ends of an interval in brackets, nothing where it is not known."""
    if not np.isfinite(one.low):
        return ""
    write = signed if sign else number
    return f"[{write(one.low)}, {write(one.high)}]"
