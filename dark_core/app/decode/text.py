"""What Decode says of one heatmap: which decoder is nearest, and why a decoder is off."""

from __future__ import annotations

import numpy as np

from dark_core.app.runtime.page import CONVENTION
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.verdict import verdict
from dark_core.diagnosis.explain import diagnose
from dark_core.evaluation.decoder_comparison import compare_decoders

TEXT = read_catalog("decode")


def caption() -> str:
    """The pixel convention."""
    return TEXT["caption"].format(convention=CONVENTION)


def verdict_text(picked: PickedJoint) -> str:
    """Which decoder is nearest to a real joint and why not DARK, as Markdown; "" where the truth is not known."""
    if picked.truth is None or picked.pose.absent[picked.joint]:
        return ""
    pose, transform = picked.pose, picked.transform
    comparison = compare_decoders(pose.heatmaps, transform, pose.sigma, picked.picture.truth, pose.absent)
    found = verdict(comparison, pose, transform, picked.joint)
    return TEXT["verdict" if found.reason else "verdict_dark"].format(lead=found.lead, reason=found.reason)


def explanation(shown: LessonHeatmap, positions: dict[str, np.ndarray]) -> str:
    return diagnose(shown.heatmap, shown.sigma, positions, shown.truth, shown.noise)
