"""Motion: joints over the frames of a video, their jitter by decoder, filters, and the audit of coordinates."""

from dark_core.motion.bootstrap import Estimate
from dark_core.motion.measures import Measures, Removed, measure, removed_jitter, still_stretch, summary_text
from dark_core.motion.tracks import Tracks, as_csv, as_json, decode_tracks

__all__ = [
    "Estimate",
    "Measures",
    "Removed",
    "Tracks",
    "as_csv",
    "as_json",
    "decode_tracks",
    "measure",
    "removed_jitter",
    "still_stretch",
    "summary_text",
]
