"""What Your photo says: the result at one joint, over all joints, and how it came about."""

from __future__ import annotations

import numpy as np

from dark_core.app.runtime.inference import Prediction
from dark_core.app.runtime.page import CONVENTION
from dark_core.app.widgets.photo_source import Picture
from dark_core.app.widgets.verdict import verdict
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.predictor import Pose
from dark_core.pose.skeleton import SKELETON

TITLE = "On your own picture"
LEAD = "The same network, the same heatmaps: what each decoder makes of them, in your own pixels."


def no_person_text(pose: Pose) -> str:
    """What is wrong with a picture in which nobody is found, and what to do."""
    return (
        f"No person found: the heatmaps peak at only {pose.score.mean():.2f} on average, so all joints are guesses. "
        "Try another picture, or draw the box round the person by hand."
    )


def summary_text(comparison: Comparison, pose: Pose, transform: CropTransform, joint: int, picture: Picture) -> str:
    """The joint's result in a few sentences; ``transform``: from the heatmaps to the photo px of ``comparison``."""
    name = SKELETON.names[joint]
    if pose.absent[joint]:
        return (
            f"The {name} is **not in the picture**, as far as the network can tell: its heatmap peaks at only "
            f"{pose.score[joint]:.2f}. No decoder can decode what is not there, so no position is drawn."
        )

    def both(length: float) -> str:
        return f"**{length:.1f} px** ({length / comparison.photo_px:.2f} heatmap px)"

    apart = {d: both(float(comparison.distance_from_dark(d)[joint])) for d in ("argmax", "weighted_average")}
    text = (
        f"For the {name}, argmax lands {apart['argmax']} from DARK, the weighted average {apart['weighted_average']}."
    )
    sure = f"{100 * pose.confidence[joint]:.0f} % sure"
    if pose.joint_status[joint] == "cut off":
        text += f" It seems to lie beyond the edge of the photo or of the box ({sure}): this is where it is lost."
    elif pose.joint_status[joint]:
        text += f" Take it as a guess ({sure})."
    if picture.knows(joint):
        found = verdict(comparison, pose, transform, joint)
        whose = "You placed the true joint" if picture.own else "The true joint is known here"
        text += f" {whose}. **{found.lead}** {found.reason}".rstrip()
    return text


def provenance(prediction: Prediction, picture: Picture, perfect: bool = False) -> str:
    """Device and times, the picture's size, what was done to it on its way in; ``perfect``: no network ran."""
    count = len(prediction.poses)
    who = "the person" if count == 1 else f"{count} people"
    found = f"{who} found in {prediction.locate_ms:.0f} ms, " if prediction.locate_ms else ""
    width, height = picture.size
    if perfect:
        return (
            "Heatmaps of a perfect network: each is a Gaussian at the true joint, so that only the decoders err · "
            f"picture {width} × {height} px · {CONVENTION}"
        )
    notes = "".join(f" · {note}" for note in picture.notes)
    if picture.own:
        notes += " · the address of this page holds everything but the photo and the joints placed on it"
    return (
        f"{prediction.device}: {found}network {prediction.network_ms:.0f} ms (crop and mirror image), DARK decoding "
        f"of {len(SKELETON) * count} joints {prediction.decode_ms:.1f} ms · picture {width} × {height} px{notes} · "
        f"{CONVENTION}"
    )


def medians(comparison: Comparison, picture: Picture) -> str:
    """Every decoder's median error over the joints whose truth is known, in one sentence."""
    assert comparison.truth is not None, "there are no errors without a truth"
    count = int(np.isfinite(comparison.truth).all(1).sum())
    joints = f"{count} joint{'' if count == 1 else 's'}"
    error = {name: float(np.nanmedian(comparison.error(name))) for name in CORE_DECODERS}
    said = ", ".join(
        f"{DECODERS[name].title} **{value:.1f} px** ({value / comparison.photo_px:.2f} heatmap px)"
        for name, value in error.items()
    )
    if picture.own:
        return (
            f"Over the {joints} of {len(SKELETON)} that you placed, the median error is {said}; "
            "how well you placed them is part of it."
        )
    return f"Over the {joints} known exactly, the median error is {said}."
