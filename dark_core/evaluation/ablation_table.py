"""The table of an ablation, as ``ablation.Ablation`` writes it: its networks, its decoder variants, and the look-up.

Every value has a 95 % interval, and every cell a gain over ``BASELINE`` at the same input size.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dark_core.pose.weights import MODELS

NETWORKS = MODELS / "ablation"
RESULTS = MODELS.parent / "results" / "ablation.json"

VARIANTS = {
    "argmax": ("argmax", False),
    "argmax_smoothed": ("argmax", True),
    "quarter_shift": ("quarter_shift", False),
    "quarter_shift_smoothed": ("quarter_shift", True),
    "weighted_average": ("weighted_average", False),
    "weighted_average_smoothed": ("weighted_average", True),
    "taylor": ("taylor", False),
    "dark": ("dark", False),
    "noise_matched": ("noise_matched", False),
    "gaussian_fit": ("gaussian_fit", False),
}
"""Name -> (decoder, whether the heatmap is smoothed first). DARK smooths by itself; "taylor" is its step without that.

Files and links call such a variant a "reading".
"""

BASELINE = ("floor", "quarter_shift")
"""Encoding and decoder variant that were common before DARK."""


@dataclass(frozen=True)
class Interval:
    """A value, and the range of 95 % of the resamples."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Table:
    """A written ablation; ``data`` is all of it, as ``Ablation.table`` returns it."""

    data: dict

    @property
    def sizes(self) -> list[int]:
        return sorted({cell["size"] for cell in self.data["cells"]})

    @property
    def seeds(self) -> list[int]:
        return sorted({one["seed"] for one in self.data["networks"]})

    @property
    def sets(self) -> dict[str, dict]:
        return {one["name"]: one for one in self.data["sets"]}

    def metrics(self, name: str) -> list[str]:
        """The metrics that a set has."""
        return list(next(cell for cell in self.data["cells"] if cell["set"] == name)["values"])

    def cell(self, name: str, encoding: str, size: int, variant: str) -> dict:
        """One cell of the set ``name``. Raises KeyError for a cell that the table does not have."""
        return self._one("cells", name, encoding, size, variant)

    def value(self, name: str, encoding: str, size: int, variant: str, metric: str) -> Interval:
        return Interval(*self.cell(name, encoding, size, variant)["values"][metric])

    def gain(self, name: str, encoding: str, size: int, variant: str, metric: str) -> Interval:
        """By how much a cell exceeds ``BASELINE`` at the same size."""
        return Interval(*self._one("gains", name, encoding, size, variant)["values"][metric])

    def gain_by_seed(self, name: str, encoding: str, size: int, variant: str, metric: str) -> dict[int, float]:
        """Seed -> the same gain of the networks with that seed only."""
        row = self._one("gains", name, encoding, size, variant)
        return dict(zip(row["seeds"], row["by_seed"][metric], strict=True))

    def _one(self, kind: str, name: str, encoding: str, size: int, variant: str) -> dict:
        key = {"set": name, "encoding": encoding, "size": size, "reading": variant}
        for row in self.data[kind]:
            if all(row[field] == value for field, value in key.items()):
                return row
        raise KeyError(f"no such cell: {key}")

    def rows(self) -> list[dict]:
        """One flat dict per cell, for CSV: every value, its interval, and the gain over ``BASELINE``."""
        gains = {_key(row): row["values"] for row in self.data["gains"]}
        rows = []
        for cell in self.data["cells"]:
            row = {key: cell[key] for key in ("set", "encoding", "size", "reading")}
            for metric, (value, low, high) in cell["values"].items():
                row |= {metric: value, f"{metric}_low": low, f"{metric}_high": high}
                gain = gains.get(_key(cell), {}).get(metric, ["", "", ""])
                row |= {f"{metric}_gain": gain[0], f"{metric}_gain_low": gain[1], f"{metric}_gain_high": gain[2]}
                row |= {f"{metric}_seed_{seed}": own for seed, own in zip(cell["seeds"], cell["by_seed"][metric])}
            row |= cell.get("lean", {})
            for metric, shares in cell["joints"].items():
                named = zip(self.data["joints"], shares, strict=True)
                row |= {f"{metric}_{joint}": "" if share is None else share for joint, share in named}
            rows.append(row)
        return rows


def _key(row: dict) -> tuple:
    return row["set"], row["encoding"], row["size"], row["reading"]


def load(path: Path = RESULTS) -> Table:
    """The table of ``assets/results``. Raises FileNotFoundError where there is none."""
    return Table(json.loads(Path(path).read_text(encoding="utf-8")))


def missing(table: Table, folder: Path | None = None) -> list[dict]:
    """The networks of the table, as it lists them, whose weights are not in ``folder`` (by default ``NETWORKS``)."""
    cards = (json.loads(path.read_text(encoding="utf-8")) for path in Path(folder or NETWORKS).glob("*.json"))
    present = {card["sha256"] for card in cards}
    return [one for one in table.data["networks"] if one["sha256"] not in present]
