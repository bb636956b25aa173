"""Augmented crops, checked with paint: every joint must land on the dot that was painted at it."""

import numpy as np
import pytest

from dark_core.files.annotations import Person
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.skeleton import SKELETON
from dark_core.training import augment
from dark_core.training.augment import augmented, background

SIZE = 160
GREEN = 25 * (1 + np.unique(np.minimum(np.arange(14), SKELETON.mirror), return_inverse=True)[1])
"""One shade for a joint and the joint it is in the mirror."""


@pytest.fixture
def painted() -> Person:
    """Joints 40 px apart or more on black, each a disc of 8 px: red = right, blue = left, green tells the pair."""
    x, y = np.meshgrid(np.arange(440), np.arange(400))
    photo = np.zeros((400, 440, 3), np.uint8)
    rng = np.random.default_rng(1)
    cells = rng.permutation(24)[:14]
    joints = np.stack([cells % 6, cells // 6], -1) * 60 + 60 + rng.uniform(-10, 10, (14, 2))
    for joint, (jx, jy) in enumerate(joints):
        right, left = (255 * (SKELETON.side(joint) == side) for side in ("right", "left"))
        photo[(x - jx) ** 2 + (y - jy) ** 2 < 64] = right, GREEN[joint], left
    return Person(photo, joints, np.ones(14))


@pytest.fixture
def plain(monkeypatch):
    """No new colors and nothing hidden: only the geometry is left."""
    monkeypatch.setattr(augment, "recolor", lambda crop, rng: crop)
    monkeypatch.setattr(augment, "hide", lambda crop, rng: crop)


def views(person: Person, count: int):
    """(crop, joints in crop px, trust) of ``count`` random views."""
    for seed in range(count):
        crop, joints, trust = augmented(person, SIZE, np.random.default_rng(seed))
        yield crop, (joints + 0.5) * 4 - 0.5, trust


def inside(joints: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """(joint, place) of those that lie in the crop with the whole of their disc."""
    return [(joint, at) for joint, at in enumerate(joints) if (at > 6).all() and (at < SIZE - 7).all()]


def centroid(light: np.ndarray, near: np.ndarray, radius: int = 4) -> np.ndarray:
    """Center of the light within ``radius`` px of a place."""
    x0, y0 = np.rint(near).astype(int) - radius
    patch = light[y0 : y0 + 2 * radius + 1, x0 : x0 + 2 * radius + 1].astype(float)
    along = np.arange(2 * radius + 1)
    return np.array([x0, y0]) + np.array([patch.sum(0) @ along, patch.sum(1) @ along]) / patch.sum()


def test_every_joint_lands_on_its_own_dot(painted, plain):
    checked = 0
    for crop, joints, _ in views(painted, 40):
        for joint, at in inside(joints):
            x, y = np.rint(at).astype(int)
            assert crop[y, x, 1] == pytest.approx(GREEN[joint], abs=12)
            np.testing.assert_allclose(centroid(crop.max(-1), at), at, atol=0.35)
            checked += 1
    assert checked > 300


def test_a_mirrored_view_swaps_right_and_left_of_every_joint(painted, plain):
    # Mirrored, the person's right is their left: the network must call the blue dots right.
    swapped = 0
    for crop, joints, _ in views(painted, 40):
        as_painted = set()
        for joint, at in inside(joints[:12]):
            x, y = np.rint(at).astype(int)
            red, _, blue = crop[y, x].tolist()
            as_painted.add(SKELETON.side(joint) == ("right" if red > blue else "left"))
        assert len(as_painted) == 1
        swapped += as_painted == {False}
    assert 10 < swapped < 30


def test_trust_and_missing_joints_go_with_their_joint(painted, plain):
    right_wrist, left_wrist, left_knee = 6, 11, 4
    painted.joints[left_knee] = np.nan
    trust = np.ones(14)
    trust[[left_knee, right_wrist]] = 0, 0.3
    person = Person(painted.photo, painted.joints, trust)
    seen = set()
    for _, joints, views_trust in views(person, 20):
        missing = np.flatnonzero(np.isnan(joints[:, 0])).tolist()
        unsure = np.flatnonzero(views_trust == 0.3).tolist()
        assert np.flatnonzero(views_trust == 0).tolist() == missing
        seen.add((*missing, *unsure))
    assert seen == {(left_knee, right_wrist), (SKELETON.mirror[left_knee], left_wrist)}


def test_views_vary_in_size_place_and_direction_about_the_labeled_box(painted):
    whole = CropTransform.from_box(square_box(painted.joints), (SIZE, SIZE))
    transforms = [augment._random_transform(painted, SIZE, np.random.default_rng(seed))[0] for seed in range(300)]
    scale = np.log([transform.photo_px / whole.photo_px for transform in transforms])
    assert -0.501 < scale.min() < -0.3 and 0.35 < scale.max() < 0.651
    assert np.abs(scale.mean()) < 0.05 and 0.17 < scale.std() < 0.27
    turns = np.array([turn_of(transform) for transform in transforms])
    assert np.abs(np.sin(turns).mean()) < 0.1 and 0.4 < np.sin(turns).std() < 0.7
    assert (np.abs(turns) > np.pi / 2).any()


def turn_of(transform: CropTransform) -> float:
    return np.arctan2(transform.matrix[1, 0], transform.matrix[1, 1])


def test_half_of_the_views_are_stretched_by_up_to_four_to_three(painted):
    stretched = []
    for seed in range(300):
        rows = augment._random_transform(painted, SIZE, np.random.default_rng(seed))[0].matrix[:, :2]
        stretched.append(np.linalg.norm(rows[0]) / np.linalg.norm(rows[1]))
    stretched = np.array(stretched)
    assert 0.4 < np.isclose(stretched, 1).mean() < 0.6
    assert 0.75 < stretched.min() < 0.8 and 1.25 < stretched.max() < 4 / 3


# People of everyday photos, whose labels have a box


@pytest.fixture
def upright() -> Person:
    """Someone who stands in the middle of a photo of 400 x 400 px: shoulders at 120, hips at 200, knees at 280."""
    joints = np.full((14, 2), 200.0)
    joints[[0, 5], 1], joints[[1, 4], 1], joints[[2, 3], 1] = 350, 280, 200
    joints[[6, 11], 1], joints[[7, 10], 1], joints[[8, 9], 1] = 210, 165, 120
    joints[:12, 0] += 15 * np.array([-1, -1, -1, 1, 1, 1, -2, -2, -1, 1, 2, 2])
    joints[12:, 1] = 100, 60
    return Person(np.full((400, 400, 3), 90, np.uint8), joints, np.ones(14), (150.0, 50.0, 250.0, 370.0))


def test_everyday_people_stay_upright(upright):
    turns = [turn_of(augment._random_transform(upright, SIZE, np.random.default_rng(seed))[0]) for seed in range(300)]
    assert np.abs(turns).max() < np.deg2rad(50)  # 40 degrees, a little more where the view is stretched


def test_an_upper_body_is_cut_between_chest_and_knees_and_what_is_below_is_absent(upright):
    lower = []
    for seed in range(200):
        x0, y0, x1, y1 = augment._upper_body(upright, np.random.default_rng(seed))
        assert x1 - x0 == pytest.approx(y1 - y0) and y0 < 50 and (x0 + x1) / 2 == pytest.approx(200)
        lower.append(y1)
    lower = np.array(lower)
    near = [np.abs(lower - cut) < 35 for cut in (168, 208, 280)]  # 0.6 and 1.1 torsos of 80 px below, and the knees
    assert np.any(near, axis=0).all() and min(map(np.mean, near)) > 0.2
    cells = SIZE // 4
    absent = 0
    for seed in range(200):
        _, joints, trust = augmented(upright, SIZE, np.random.default_rng(seed))
        outside = ((joints < -2.5) | (joints > cells + 1.5)).any(-1)
        assert (trust[outside] == 1).all()
        absent += outside[[0, 5]].any()
    assert 40 < absent < 150


def test_a_person_who_lies_is_not_cut(upright):
    lying = Person(upright.photo, upright.joints[:, ::-1].copy(), np.ones(14), (50.0, 150.0, 370.0, 250.0))
    assert augment._upper_body(lying, np.random.default_rng(0)) == lying.square_box()


def test_a_joint_beyond_the_crop_counts_in_full_and_an_unlabeled_one_never(upright):
    unsure = Person(upright.photo, upright.joints, np.r_[np.full(13, 0.3), 0], upright.box)
    for seed in range(60):
        _, joints, trust = augmented(unsure, SIZE, np.random.default_rng(seed))
        beyond = ((joints < -2.5) | (joints > SIZE // 4 + 1.5)).any(-1)
        assert (trust[:13][beyond[:13]] == 1).all() and trust[13] == 0
        np.testing.assert_allclose(trust[:13][~beyond[:13]], 0.3)


def test_what_stands_before_a_person_makes_guesses_of_joints_and_a_desk_hides_what_is_below():
    crop, other = np.zeros((SIZE, SIZE, 3), np.uint8), np.full((50, 70, 3), 200, np.uint8)
    at = np.stack(np.meshgrid(np.arange(2, 40, 4), np.arange(2, 40, 4)), -1).reshape(-1, 2) + 0.1
    kinds = set()
    for seed in range(60):
        hidden, joints, trust = augment._occlude(crop, at, np.full(len(at), 0.9), other, np.random.default_rng(seed))
        covered = (hidden == 200).all(-1)
        x, y = np.floor(4 * at + 2).T.astype(int)
        behind = covered[y, x]
        desk = covered.any(1).argmax() if covered[-1].all() else None
        kinds.add(desk is not None)
        gone = np.isnan(joints).any(-1)
        np.testing.assert_array_equal(gone, behind & (4 * at[:, 1] + 1.5 > (desk or SIZE) + 0.08 * SIZE))
        np.testing.assert_allclose(trust, np.where(gone, 1, np.where(behind, 0.3, 0.9)))
    assert kinds == {True, False} and not crop.any()


def test_beside_everyday_people_stand_others_so_that_nothing_beside_them_is_background(upright):
    assert all(augment._beside(upright, np.random.default_rng(seed)) is None for seed in range(20))


@pytest.mark.parametrize("make", [augmented, background])
def test_the_same_seed_gives_the_same_crop_and_leaves_the_photo_alone(painted, make):
    before = painted.photo.copy()
    for seed in range(6):
        one, again = (make(painted, 64, np.random.default_rng(seed)) for _ in range(2))
        for a, b in zip(one, again, strict=True):
            np.testing.assert_array_equal(a, b)
        crop = one[0] if make is augmented else one
        assert crop.shape == (64, 64, 3) and crop.dtype == np.uint8
    np.testing.assert_array_equal(painted.photo, before)


def test_new_colors_keep_brighter_brighter(monkeypatch):
    monkeypatch.setattr(augment.cv2, "GaussianBlur", lambda crop, *_: crop)
    ramp = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    looks = [augment.recolor(ramp, np.random.default_rng(seed)).reshape(256, 3) for seed in range(40)]
    assert all((np.diff(look.astype(int), axis=0) >= 0).all() for look in looks)
    gray = [(look == look[:, :1]).all() for look in looks]
    assert 0 < np.sum(gray) < 15 and len({look.tobytes() for look in looks}) == 40


def test_hiding_paints_over_little_and_keeps_the_rest(painted):
    crop = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    before, shares = crop.copy(), []
    for seed in range(60):
        hidden = augment.hide(crop, np.random.default_rng(seed))
        shares.append((hidden != crop).any(-1).mean())
    np.testing.assert_array_equal(crop, before)
    assert 0.4 < np.mean(np.array(shares) == 0) < 0.8 and max(shares) < 3 / 16


def test_a_background_shows_no_part_of_the_person(plain):
    # The person stands in red on blue, with room on either side: no view of the room may hold red.
    photo = np.zeros((200, 300, 3), np.uint8)
    photo[..., 2] = 255
    joints = np.random.default_rng(0).uniform([120, 40], [180, 160], (14, 2))
    joints[:4] = [[120, 40], [180, 160], [120, 160], [180, 40]]
    photo[40:161, 120:181] = (255, 0, 0)
    person = Person(photo, joints, np.ones(14))
    beside = 0
    for seed in range(60):
        crop = background(person, 64, np.random.default_rng(seed))
        if (crop[..., 2] == 255).all():
            assert not crop[..., 0].any()
            beside += 1
        else:  # strips too narrow give the scrambled photo
            assert augment._beside(person, np.random.default_rng(seed)) is None
    assert beside > 15


def test_a_person_who_fills_the_photo_is_scrambled_into_texture(plain):
    # The spectrum is kept and so are the mean and, but for clipping, the spread of the values; the place is lost.
    x, y = np.meshgrid(np.arange(128), np.arange(128))
    photo = np.repeat((100 + 40 * np.sin(x / 9) * np.cos(y / 7))[..., None], 3, axis=2).astype(np.uint8)
    photo[30:90, 50:70] = 160
    joints = np.random.default_rng(0).uniform(2, 126, (14, 2))
    crop = background(Person(photo, joints, np.ones(14)), 128, np.random.default_rng(0)).astype(float)
    assert crop.mean() == pytest.approx(photo.mean(), abs=2) and crop.std() == pytest.approx(photo.std(), rel=0.1)
    assert abs(np.corrcoef(crop[..., 0].ravel(), photo[..., 0].ravel().astype(float))[0, 1]) < 0.5
