"""What the detector learns: the targets of made-up views, and a loss that is lowest at them."""

import numpy as np
import pytest
import torch

from dark_core.files.boxed_photos import BoxedPhoto
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import UNIT, decode_people
from dark_core.training.detection.targets import SIGMAS, detection_loss, draw_targets, make_detection_batch
from dark_core.training.detection.views import KEPT, SMALLEST, View, random_view

SIZE = 128


def view(boxes, ignored=()) -> View:
    crop = np.zeros((SIZE, SIZE, 3), np.uint8)
    return View(crop, np.array(boxes, float).reshape(-1, 4), np.array(ignored, float).reshape(-1, 4))


def perfect(people: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """(3, H, W): maps that say exactly what the targets ask for."""
    heatmap = np.clip(people, 1e-6, 1 - 1e-6).astype(float)
    return np.concatenate([np.log(heatmap / (1 - heatmap))[None], sizes])


def test_the_detector_decodes_from_perfect_maps_the_boxes_they_were_drawn_for():
    boxes = [[10, 20, 35, 90], [60, 30, 118, 121]]
    people, asked, sizes, near = draw_targets(view(boxes), SIZE // 4)
    found = decode_people(perfect(people, sizes), 0.3, CropTransform.from_box((0, 0, SIZE, SIZE), (SIZE, SIZE)))
    assert asked.all() and (near > 0).any()
    np.testing.assert_allclose(sorted(one.box for one in found), boxes, atol=0.6)


def test_a_gaussian_is_as_wide_as_the_person_within_bounds():
    for wide, high, area in ((8, 8, SIGMAS[0] ** 2), (40, 100, (0.15 * 10) * (0.11 * 25)), (8, 100, 0.11 * 25)):
        people, *_ = draw_targets(view([[64 - wide / 2, 64 - high / 2, 64 + wide / 2, 64 + high / 2]]), SIZE // 4)
        # The sum of a Gaussian's samples is 2 pi sigma_x sigma_y.
        assert people.sum() == pytest.approx(2 * np.pi * area, rel=0.02)


def test_nothing_is_asked_in_ignored_parts_but_where_a_labeled_person_is():
    _, asked, _, _ = draw_targets(view([[40, 40, 60, 80]], ignored=[[0, 0, 128, 64]]), SIZE // 4)
    assert asked[20:].all() and not asked[:10].any()
    assert asked[14, 12] == 1, "the person's center, crop px (50, 60)"


def test_sizes_are_logarithms_around_the_center():
    *_, sizes, near = draw_targets(view([[32, 0, 96, 128]]), SIZE // 4)
    y, x = np.unravel_index(near.argmax(), near.shape)
    assert (x, y) in [(15, 15), (15, 16), (16, 15), (16, 16)]
    np.testing.assert_allclose(sizes[:, y, x], np.log([64 / UNIT, 128 / UNIT]))


def batch_of(boxes):
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (100, 140, 3), dtype=np.uint8)
    return make_detection_batch([BoxedPhoto(photo, np.array(boxes, float).reshape(-1, 4))] * 4, SIZE, 2.0, 0.0, seed=3)


def test_the_loss_is_zero_at_the_targets_and_higher_elsewhere():
    batch = batch_of([[20, 10, 60, 90]])
    at = np.stack([perfect(*pair) for pair in zip(batch.people, batch.sizes, strict=True)])
    best = detection_loss(torch.from_numpy(at), batch, None).item()
    assert best == pytest.approx(0, abs=1e-4)
    for change in ([1.0, 0, 0], [-1.0, 0, 0], [0, 0.3, 0], [0, 0, -0.3]):
        moved = torch.from_numpy(at + np.array(change)[None, :, None, None])
        assert detection_loss(moved, batch, None).item() > best + 0.01


def test_what_is_not_asked_costs_nothing():
    batch = batch_of([[20, 10, 60, 90]])
    batch.asked[:] = 0
    silent = torch.zeros(4, 3, SIZE // 4, SIZE // 4)
    silent[:, 1:] = torch.from_numpy(batch.sizes)
    assert detection_loss(silent, batch, None).item() == pytest.approx(0, abs=1e-6)


def test_an_empty_view_can_be_learned_too():
    batch = batch_of([])
    assert batch.count == 0 and not batch.people.any()
    full, empty = torch.zeros(4, 3, 32, 32), torch.zeros(4, 3, 32, 32)
    empty[:, 0] = -6
    assert detection_loss(full, batch, None) > 100 * detection_loss(empty, batch, None)


def painted(box, everyone=True) -> BoxedPhoto:
    """A gray photo with one red person."""
    photo = np.full((160, 200, 3), 90, np.uint8)
    x0, y0, x1, y1 = box
    photo[y0:y1, x0:x1] = (255, 0, 0)
    return BoxedPhoto(photo, np.array([box], float), everyone)


def test_boxes_follow_the_pixels_of_any_view(monkeypatch):
    from dark_core.training.detection import views

    monkeypatch.setattr(views, "recolor", lambda crop, rng: crop)
    monkeypatch.setattr(views, "hide", lambda crop, rng: crop)
    monkeypatch.setattr(views, "piece", lambda photo, width, height, rng: np.full((height, width, 3), 90, np.uint8))
    checked = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        shown = random_view([painted((70, 40, 120, 130))] * 4, SIZE, rng)
        red = (shown.crop[..., 0].astype(int) - shown.crop[..., 1]) > 80
        if len(shown.boxes) != 1 or len(shown.ignored):
            continue
        ys, xs = np.nonzero(red)
        x0, y0, x1, y1 = shown.boxes[0]
        # A patch may hide a part: then the red is inside the box, else it fills it.
        assert xs.min() >= x0 - 2 and xs.max() <= x1 + 1 and ys.min() >= y0 - 2 and ys.max() <= y1 + 1
        checked += red.sum() > 0.85 * (x1 - x0) * (y1 - y0)
    assert checked > 20


def test_small_and_cut_people_are_not_asked_for():
    seen = {"asked": 0, "ignored": 0}
    for seed in range(80):
        shown = random_view([painted((70, 40, 120, 130))] * 4, SIZE, np.random.default_rng(seed))
        heights = shown.boxes[:, 3] - shown.boxes[:, 1]
        assert (heights >= SMALLEST * SIZE - 1e-6).all()
        assert (shown.boxes >= -1e-9).all() and (shown.boxes <= SIZE + 1e-9).all()
        seen["asked"] += len(shown.boxes)
        seen["ignored"] += len(shown.ignored)
    assert seen["asked"] > 60 and seen["ignored"] > 3 and 0 < KEPT < 1


def test_around_a_single_person_nothing_is_asked():
    for seed in range(30):
        shown = random_view([painted((70, 40, 120, 130), everyone=False)] * 4, SIZE, np.random.default_rng(seed))
        if len(shown.boxes) != 1:
            continue
        _, asked, _, _ = draw_targets(shown, SIZE // 4)
        x0, y0, x1, y1 = shown.boxes[0] / 4
        inside = asked[int(y0) + 1 : int(y1), int(x0) + 1 : int(x1)]
        assert inside.all()
        assert asked.mean() < 0.05 + (x1 - x0 + 6) * (y1 - y0 + 6) / 32**2
