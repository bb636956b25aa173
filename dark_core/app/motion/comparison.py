"""What the page measures of a footage: each decoder, what the better one removes, and filters of one track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dark_core.app.motion.footage import Footage
from dark_core.motion.filters import filters
from dark_core.motion.measures import Measures, Removed, heatmap_step, measure, removed_jitter, still_stretch


@dataclass(frozen=True)
class Measured:
    """The measures of each decoder in photo px, what the second of two decoders removes, photo px per heatmap px."""

    measures: dict[str, Measures]
    removed: Removed
    scale: float


@dataclass(frozen=True)
class Filtered:
    """The track of ``decoder`` unfiltered (""), and after each filter by its name, beside DARK's.

    known: whether there is a truth, by whose error they are compared, or else by their acceleration noise.
    """

    decoder: str
    measures: dict[str, Measures]
    unfiltered_dark: Measures
    known: bool

    @property
    def best(self) -> str:
        """The name of the filter with the smallest value."""
        return min((name for name in self.measures if name), key=self.value)

    @property
    def dark(self) -> float:
        """The value of DARK without a filter."""
        return self._value(self.unfiltered_dark)

    def value(self, name: str) -> float:
        """What the filter leaves, in photo px: the error where it is known."""
        return self._value(self.measures[name])

    def _value(self, one: Measures) -> float:
        return one.error.value if one.error is not None else one.acceleration.value


def measured(footage: Footage, joint: int | None, before: str, after: str, shown: Sequence[str]) -> Measured:
    """The measures of one joint, or of all, by the decoders ``shown``."""
    return _measured(footage.key, joint, before, after, tuple(shown), footage)


@st.cache_data(max_entries=128, show_spinner=False)
def _measured(
    key: str, joint: int | None, before: str, after: str, shown: tuple[str, ...], _footage: Footage
) -> Measured:
    joints = range(len(_footage.tracks.names)) if joint is None else [joint]
    tracks = _footage.tracks.only(joints)
    truth = None if _footage.truth is None else _footage.truth[:, list(joints)]
    still = still_stretch(tracks, after) if truth is None else None
    every = measure(tracks, truth, still=still)
    # A joint that stands still is too little to tell a step from: that of all joints counts.
    steps = {name: heatmap_step(_footage.tracks.heatmap_xy[name]) * tracks.scale for name in shown}
    measures = {name: replace(every[name], step=steps[name]) for name in shown}
    return Measured(measures, removed_jitter(tracks, before, after, truth), tracks.scale)


def filtered(footage: Footage, joint: int | None, decoder: str) -> Filtered:
    """Each filter on the track of a decoder, over one joint or all."""
    return _filtered(footage.key, joint, decoder, footage)


@st.cache_data(max_entries=128, show_spinner=False)
def _filtered(key: str, joint: int | None, decoder: str, _footage: Footage) -> Filtered:
    joints = range(len(_footage.tracks.names)) if joint is None else [joint]
    tracks = _footage.tracks.only(joints)
    truth = None if _footage.truth is None else _footage.truth[:, list(joints)]
    for name, one in filters(_footage.tracks.fps).items():
        tracks = tracks.with_track(name, one.apply(tracks.photo_xy[decoder]))
    found = measure(tracks, truth)
    names = {"": decoder, **{name: name for name in filters(_footage.tracks.fps)}}
    return Filtered(decoder, {name: found[track] for name, track in names.items()}, found["dark"], truth is not None)
