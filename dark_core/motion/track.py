"""A person followed through a video: one box that moves only when it must, crops in batches, every decoder at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np

from dark_core.files.motion.videos import Frame
from dark_core.motion.tracks import Tracks, decode_tracks, joined
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.detector import MARGIN, Box, Forward, expand_to_square
from dark_core.pose.pose import has_person
from dark_core.pose.predictor import PosePredictor
from dark_core.pose.skeleton import SKELETON

BATCH = 8
"""Frames that go through the network together: some 30 MB of heatmaps and activations each."""

AROUND = 1.4
"""Side of a new box in extents of the joints that were found: hands and feet reach beyond them."""

EDGE = 0.1
"""Share of the box at its edge; a joint in it makes the box move before the next batch."""


class Cancelled(Exception):
    """The caller asked to stop."""


def track(
    frames: Iterable[Frame],
    predictor: PosePredictor,
    decoders: Iterable[str] = ("argmax", "dark"),
    progress: Callable[[int], bool | None] | None = None,
) -> Tracks:
    """The joints of the largest person of the first frame in which somebody is found, in every frame.

    Positions are in px of the video, also where ``read_frames`` hands on smaller frames.
    The box stays where it is while all joints are well inside, so that the heatmap's lattice does not move, and is laid
    anew around the joints when they are not; when the person is lost, people are looked for again. progress: called
    with the number of frames done after each batch; the answer False stops, with Cancelled.
    Raises ValueError for no frames or an unknown decoder.
    """
    names, parts, done = tuple(decoders), [], 0
    transform: CropTransform | None = None
    for batch in _batches(frames):
        if transform is None:
            transform = _found(predictor, batch[0])
        part = _decoded(predictor, predictor.forward_flipped, batch, transform, names)
        parts.append(part)
        transform = _next(predictor, part, transform)
        done += len(batch)
        if progress is not None and progress(done) is False:
            raise Cancelled
    if not parts:
        raise ValueError("a track needs at least one frame")
    return joined(parts)


def follow(
    predictor: PosePredictor, rgb: np.ndarray, box: Box | None, decoders: Iterable[str] = ("argmax", "dark")
) -> tuple[Tracks, Box | None]:
    """The joints of one live frame (H, W, 3), and the box for the next one; both as ``track`` has them.

    box: as returned for the frame before, None to look for people; None is returned where the person is lost. The
    flip test is left out, because it would double the time of a frame.
    """
    frame = Frame(rgb, 0.0)
    transform = _found(predictor, frame) if box is None else predictor.crop_transform(box)
    part = _decoded(predictor, predictor.forward, [frame], transform, tuple(decoders))
    after = _next(predictor, part, transform)
    if after is None:
        return part, None
    (x0, y0), (x1, y1) = after.corners()[[0, 2]] + 0.5  # the corners count from pixel centers, a box from edges
    return part, (float(x0), float(y0), float(x1), float(y1))


def _batches(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    source = iter(frames)
    while batch := list(islice(source, BATCH)):
        yield batch


def _found(predictor: PosePredictor, frame: Frame) -> CropTransform | None:
    """From px of the video to the crop of its largest person.

    The box is laid anew where a first look finds joints at its edge: after the first batch it would move, and the
    lattice with it.
    """
    boxes: list[Box] = predictor.locate(frame.rgb)
    if not boxes:
        return None
    x0, y0, x1, y1 = (edge * px for edge, px in zip(boxes[0], 2 * frame.video_px, strict=True))
    transform = predictor.crop_transform(expand_to_square((x0, y0, x1, y1), MARGIN))
    look = _decoded(predictor, predictor.forward, [frame], transform, ("dark",))
    return _next(predictor, look, transform) or transform


def _decoded(
    predictor: PosePredictor,
    forward: Forward,
    batch: list[Frame],
    transform: CropTransform | None,
    decoders: tuple[str, ...],
) -> Tracks:
    """The tracks of a batch; frames in which the box shows nobody are NaN."""
    seconds = np.array([one.seconds for one in batch])
    joints = len(SKELETON)
    if transform is None:
        nothing = np.full((len(batch), joints, 2), np.nan)
        empty = dict.fromkeys(decoders, nothing)
        score = np.zeros((len(batch), joints))
        return Tracks(empty, empty, score, np.full(len(batch), np.nan), seconds, SKELETON.names)
    heatmaps = forward(np.stack([transform.rescaled(1 / np.array(one.video_px)).crop(one.rgb) for one in batch]))
    found = decode_tracks(heatmaps, [transform] * len(batch), decoders, predictor.model.sigma, seconds, SKELETON.names)
    lost = ~np.array([has_person(score) for score in found.score])
    for tracks in (found.heatmap_xy, found.photo_xy):
        for xy in tracks.values():
            xy[lost] = np.nan
    return found


def _next(predictor: PosePredictor, part: Tracks, transform: CropTransform | None) -> CropTransform | None:
    """The box of the next batch: the same, one around the joints now and a batch later, or none, to look again."""
    decoder = part.decoders[-1]
    first, xy, score = part.photo_xy[decoder][0], part.photo_xy[decoder][-1], part.score[-1]
    if transform is None or not np.isfinite(xy).any():
        return None
    moved = np.where(np.isfinite(first), xy - first, 0.0) / max(1, len(part) - 1)  # a frame
    ahead = xy + BATCH * moved
    sure = np.stack([xy, ahead])[:, score > 0.3 * score.max()].reshape(-1, 2)
    low, high = transform.corners()[0], transform.corners()[2]
    side = high - low
    inside = (sure > low + EDGE * side).all() and (sure < high - EDGE * side).all()
    extent = float(np.ptp(sure, axis=0).max() / side.max())
    return transform if inside and extent > 0.5 else predictor.crop_transform(square_box(sure, AROUND))
