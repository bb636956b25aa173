"""What a visitor of Evidence selects, and what the table answers: figures and gains with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.text.catalog import read_catalog
from dark_core.codec import DECODERS
from dark_core.evaluation import ablation_table
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS, Interval, Table
from dark_core.evaluation.evaluate import THRESHOLDS
from dark_core.pose.skeleton import SKELETON

TEXT = read_catalog("evidence")

DARK = ("unbiased", "dark")
"""Encoding and decoder variant of the paper, compared with ``BASELINE``."""

ENCODINGS: dict[str, str] = TEXT["encodings"]
SHOWN = ["quarter_shift", "dark"]
"""The decoder variants drawn at first."""

EVERY: str = TEXT["controls"]["every"]


@dataclass(frozen=True)
class Metric:
    """A figure of the table: its name, what the axis says, its unit, and whether less of it is better."""

    title: str
    axis: str
    unit: str
    less: bool = False
    exact: bool = False

    @property
    def points(self) -> str:
        """The unit of a difference."""
        return TEXT["names"]["photo_px" if self.less else "points"]


def _pck(share: float) -> Metric:
    texts = TEXT["metrics"]["pck"]
    return Metric(texts["title"].format(share=share), texts["axis"].format(percent=100 * share), texts["unit"])


METRICS = {f"pck@{share}": _pck(share) for share in THRESHOLDS} | {
    "oks_ap": Metric(**TEXT["metrics"]["oks_ap"]),
    "mean_px": Metric(**TEXT["metrics"]["mean_px"], less=True, exact=True),
    "median_px": Metric(**TEXT["metrics"]["median_px"], less=True, exact=True),
}
FIRST = "pck@0.1"


def set_title(name: str) -> str:
    """What a set is called here, its own name unless the catalog has another."""
    return TEXT["sets"].get(name, {}).get("title", name)


def variant_title(variant: str) -> str:
    """The decoder's title, and whether it decodes the smoothed heatmap. DARK always does."""
    decoder, smooth_first = VARIANTS[variant]
    title = DECODERS[decoder].title
    return TEXT["names"]["smoothed"].format(decoder=title) if smooth_first else title


def title(encoding: str, variant: str) -> str:
    """The title of one pair of encoding and decoder variant."""
    return TEXT["names"]["pair"].format(encoding=ENCODINGS[encoding], decoder=variant_title(variant))


def load() -> Table | None:
    """The table, None where nobody has made it."""
    try:
        return ablation_table.load()
    except FileNotFoundError:
        return None


@dataclass(frozen=True)
class Selection:
    """What the visitor chose: a set, a metric, all limbs (None) or one joint, the variants drawn, gains or figures."""

    table: Table
    name: str
    metric: str
    joint: int | None
    variants: tuple[str, ...]
    as_gain: bool

    @property
    def measure(self) -> Metric:
        return METRICS[self.metric]

    @property
    def exact(self) -> bool:
        return bool(self.table.sets[self.name]["exact"])

    @property
    def sizes(self) -> list[int]:
        return self.table.sizes

    @property
    def joints_title(self) -> str:
        """The joints that are counted, in words."""
        texts = TEXT["names"]
        return texts["limbs"] if self.joint is None else texts["joint"].format(joint=SKELETON.names[self.joint])

    def value(self, encoding: str, size: int, variant: str) -> Interval:
        """One figure; the interval of a single joint is not known: NaN."""
        if self.joint is None:
            return self.table.value(self.name, encoding, size, variant, self.metric)
        share = self.table.cell(self.name, encoding, size, variant)["joints"][self.metric][self.joint]
        return Interval(np.nan if share is None else share, np.nan, np.nan)

    def gain(self, encoding: str, size: int, variant: str) -> Interval:
        """By how much it exceeds the baseline at the same size; below 0 where it is less."""
        if (encoding, variant) == BASELINE:
            return Interval(0.0, 0.0, 0.0)
        if self.joint is None:
            return self.table.gain(self.name, encoding, size, variant, self.metric)
        before, after = (self.value(*BASELINE[:1], size, BASELINE[1]), self.value(encoding, size, variant))
        return Interval(after.value - before.value, np.nan, np.nan)


def is_significant(gain: Interval) -> bool:
    """Whether the 95 % interval of a gain excludes 0."""
    return bool(gain.low > 0 or gain.high < 0)


def choose(table: Table) -> Selection:
    """The controls of the figure, in two rows."""
    labels, names = TEXT["controls"], list(table.sets)
    first = next((name for name in names if table.sets[name]["exact"]), names[0])
    left, right = st.columns([1, 1.45], vertical_alignment="bottom")
    with left:
        name = st.segmented_control(
            labels["set"],
            names,
            default=first,
            required=True,
            format_func=set_title,
            key="set",
            wrap=True,
            bind="query-params",
        )
    name = name or first  # an empty name in the address is None
    with right:
        metric = st.segmented_control(
            labels["metric"],
            list(METRICS),
            default=FIRST,
            required=True,
            format_func=lambda key: METRICS[key].title,
            key="metric",
            wrap=True,
            bind="query-params",
        )
    metric = metric or FIRST
    which, where, switch = st.columns([2.1, 1, 0.9], vertical_alignment="bottom")
    with which:
        variants = st.multiselect(
            labels["variants"],
            list(VARIANTS),
            default=SHOWN,
            format_func=variant_title,
            key="readings",
            wrap=True,
            bind="query-params",
        )
    per_joint = metric.startswith("pck")
    with where:
        limb = st.selectbox(
            labels["limb"],
            [EVERY, *SKELETON.names],
            key="limb",
            bind="query-params",
            disabled=not per_joint,
            help=labels["limb_help"],
        )
    with switch:
        as_gain = st.toggle(labels["gain"], value=True, key="gain", bind="query-params")
    if metric not in table.metrics(name):
        st.caption(labels["not_on_labels"].format(title=METRICS[metric].title, first=METRICS[FIRST].title))
        metric = FIRST
    joint = None if limb in (None, EVERY) or not metric.startswith("pck") else SKELETON.names.index(limb)
    return Selection(table, name, metric, joint, tuple(name for name in VARIANTS if name in variants), as_gain)
