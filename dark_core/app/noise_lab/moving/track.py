"""The moving joint that a visitor sets up, and what the decoders make of it: tracks, their errors, and the parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.motion.measures import Measures, measure
from dark_core.motion.tracks import Tracks
from dark_core.simulation.motion import ErrorParts, MovingGaussian, error_parts

FRAMES, SIZE, START, SLOPE = 120, (48, 48), (16.2, 20.3), 0.4
"""A track's frames; its heatmaps' size and the joint's start, in heatmap px; y per x of its way."""

NOISES = (0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
SPEEDS = (0.0, 0.02, 0.05, 0.1)
WANDERS = (0.0, 0.05, 0.1, 0.2, 0.4)
"""What can be chosen: standard deviation of the noise on a pixel where the peak is 1, heatmap px a frame along x, and
the standard deviation of the network's error per axis."""

NOISE, SPEED, WANDER = 0.005, 0.05, 0.1
"""The setting at first: so little noise that the staircase of argmax is plain to see."""

MEMORY = 12.0
"""Frames over which the network's error is kept: it drifts, while noise is new in each frame."""


@dataclass(frozen=True, eq=False)
class Found:
    """What the decoders make of a moving joint, in heatmap px.

    truth, network: (T, 2) the joint, and the center of its Gaussian; xy: by decoder, (T, 2) decoded; measures: error,
    bias, scatter and step of each; parts: its error frame by frame.
    """

    truth: np.ndarray
    network: np.ndarray
    xy: dict[str, np.ndarray]
    measures: dict[str, Measures]
    parts: dict[str, ErrorParts]


def moving(noise: float, sigma: float, speed: float, wander: float, seed: int) -> MovingGaussian:
    """The track of this setting."""
    return MovingGaussian(START, (speed, SLOPE * speed), FRAMES, SIZE, sigma, noise, wander, MEMORY, seed=seed)


@st.cache_resource(max_entries=32, show_spinner=False)
def found(motion: MovingGaussian, decoders: tuple[str, ...]) -> Found:
    """What ``decoders`` make of it, shared by all visitors."""
    xy, truth = motion.decoded(decoders), motion.truth()
    one_joint = {name: track[:, None] for name, track in xy.items()}
    ones = np.ones(len(truth))
    tracks = Tracks(one_joint, one_joint, ones[:, None], ones, np.arange(len(truth), dtype=float), ("joint",))
    parts = {name: error_parts(motion, name) for name in decoders}
    return Found(truth, motion.network(), xy, measure(tracks, truth[:, None]), parts)


def rms(errors: np.ndarray) -> float:
    """Root of the mean squared length of (T, 2)."""
    return float(np.sqrt((errors**2).sum(-1).mean()))
