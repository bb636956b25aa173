"""What Your photo says: the result at one joint, over all joints, and how it came about."""

from __future__ import annotations

import numpy as np

from dark_core.app.runtime.inference import Prediction
from dark_core.app.runtime.page import CONVENTION
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.photo_source import Picture
from dark_core.app.widgets.verdict import verdict
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.evaluation.decoder_comparison import Comparison
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

TEXT = read_catalog("your_photo")


def no_person_text(pose: Pose) -> str:
    """What is wrong with a picture in which nobody is found, and what to do."""
    return TEXT["summary"]["no_person"].format(peak=pose.score.mean())


def status_key(status: str) -> str:
    """What the catalog calls a joint's status: "sure" for one that is neither a guess nor out of the picture."""
    return status.replace(" ", "_") or "sure"


def summary_text(comparison: Comparison, pose: Pose, transform: CropTransform, joint: int, picture: Picture) -> str:
    """The joint's result in a few sentences; ``transform``: from the heatmaps to the photo px of ``comparison``."""
    texts, name, status = TEXT["summary"], SKELETON.names[joint], status_key(pose.joint_status[joint])
    if pose.absent[joint]:
        return texts["absent"].format(joint=name, peak=pose.score[joint])
    argmax, average = (comparison.distance_from_dark(d)[joint] for d in ("argmax", "weighted_average"))
    said = [
        texts["distances"].format(
            joint=name,
            argmax=argmax,
            argmax_heatmap=argmax / comparison.photo_px,
            average=average,
            average_heatmap=average / comparison.photo_px,
        )
    ]
    if status in texts:
        said.append(texts[status].format(confidence=100 * pose.confidence[joint]))
    if picture.knows(joint):
        found = verdict(comparison, pose, transform, joint)
        whose = texts["truth_placed" if picture.own else "truth_known"]
        said.append(whose.format(lead=found.lead, reason=found.reason).rstrip())
    return " ".join(said)


def provenance(prediction: Prediction, picture: Picture, perfect: bool = False) -> str:
    """Device and times, the picture's size, what was done to it on its way in; ``perfect``: no network ran."""
    texts, count = TEXT["provenance"], len(prediction.poses)
    width, height = picture.size
    size = texts["size"].format(width=width, height=height)
    if perfect:
        return " · ".join([texts["perfect"], size, CONVENTION])
    found = "device" if not prediction.locate_ms else "found_one" if count == 1 else "found"
    pieces = [
        texts[found].format(device=prediction.device, count=count, found=prediction.locate_ms),
        texts["times"].format(network=prediction.network_ms),
        texts["decoding"].format(joints=len(SKELETON) * count, decode=prediction.decode_ms),
        size,
        *picture.notes,
        *([texts["address"]] if picture.own else []),
        CONVENTION,
    ]
    return " · ".join(pieces)


def medians(comparison: Comparison, picture: Picture) -> str:
    """Every decoder's median error over the joints whose truth is known, in one sentence."""
    assert comparison.truth is not None
    texts, count = TEXT["medians"], int(np.isfinite(comparison.truth).all(1).sum())
    error = {name: float(np.nanmedian(comparison.error(name))) for name in CORE_DECODERS}
    errors = ", ".join(
        texts["one"].format(title=DECODERS[name].title, photo=value, heatmap=value / comparison.photo_px)
        for name, value in error.items()
    )
    whole = "scene" if not picture.own else "placed_one" if count == 1 else "placed"
    return texts[whole].format(count=count, all=len(SKELETON), errors=errors)
