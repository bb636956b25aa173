"""Mistakes of frame: each made on purpose, with numbers that are known, and none where there is only noise."""

import numpy as np
import pytest

from dark_core.diagnosis.frame_mistakes import check_frame
from dark_core.pose.pixel_conventions import CONVENTIONS, convention_bias, flip_gap
from dark_core.pose.skeleton import SKELETON

RNG = np.random.default_rng(7)
W, H = 48, 64
SIZES = ((W, H), (4 * W, 4 * H))
TRUTH = np.stack([RNG.uniform(3, W - 4, (20, 14)), RNG.uniform(3, H - 4, (20, 14))], -1)
NOISE = RNG.normal(0, 0.05, TRUTH.shape)
MIRROR = list(SKELETON.mirror)
WHOLE = np.floor(TRUTH + 0.5)
QUARTER = WHOLE + 0.25 * np.sign(TRUTH - WHOLE)
BOTH = np.array([1.0, 1.0])


def kinds(found, reference=TRUTH, **options) -> list[str]:
    return [mistake.kind for mistake in check_frame(found, reference, **options).mistakes]


@pytest.mark.parametrize(
    "shift, kind, word",
    [
        # half_pixel against size_ratio at stride 4: (4 - 1) / (2 * 4).
        (-convention_bias("size_ratio", "half_pixel", TRUTH)[0, 0], "shift", "half_pixel and size_ratio"),
        # The average of a heatmap and its mirror image, not moved, and moved by one whole pixel.
        ([flip_gap("size_ratio") / 2, 0], "flip_shift", "averaged −0.75 px off"),
        ([(flip_gap("size_ratio") + 1) / 2, 0], "flip_shift", "moved by one whole pixel"),
        ([-0.5, -0.5], "shift", "rounded down"),
        ([1, 1], "shift", "from 1 instead of 0"),
        ([0.21, -1.7], "shift", "from the truth."),
    ],
)
def test_a_constant_shift_is_measured_named_and_undone(shift, kind, word):
    check = check_frame(TRUTH + NOISE + shift, TRUTH, size=(W, H))
    (mistake,) = check.mistakes
    assert mistake.kind == kind and word in mistake.sentence
    np.testing.assert_allclose(mistake.amount, shift, atol=0.01)
    np.testing.assert_allclose(check.corrected(TRUTH + shift), TRUTH, atol=0.01)
    assert check.after < 0.07 < check.before


def test_size_minus_one_is_told_with_and_without_the_size():
    true = CONVENTIONS["size_ratio"].to_input(TRUTH, *SIZES) + 4 * NOISE
    wrong = CONVENTIONS["size_minus_one"].to_input(TRUTH, *SIZES)
    expected = [(4 * W - 1) / (4 * W - 4), (4 * H - 1) / (4 * H - 4)]
    for size in ((W, H), None):
        (mistake,) = check_frame(wrong, true, size=size, unit="input px").mistakes
        assert mistake.kind == "size_minus_one" and "0.75 heatmap px at the far edge" in mistake.sentence
        np.testing.assert_allclose(mistake.amount, expected, atol=2e-3)
    # Over W instead of W - 1, about the middle.
    middle = np.array([W - 1, H - 1]) / 2
    wrong = middle + (TRUTH - middle) * [W / (W - 1), H / (H - 1)] + NOISE
    assert kinds(wrong, size=(W, H)) == ["size_minus_one"]
    assert kinds(middle + (TRUTH - middle) * 1.07, size=(W, H)) == ["scale"], "another scale is no size − 1"


def test_input_px_taken_for_heatmap_px_are_a_scale():
    (mistake,) = check_frame(CONVENTIONS["half_pixel"].to_input(TRUTH + NOISE, *SIZES), TRUTH).mistakes
    assert mistake.kind == "scale"
    np.testing.assert_allclose(mistake.amount, [4, 4], atol=0.02)


@pytest.mark.parametrize(
    "found, expected",
    [
        ((TRUTH + NOISE)[..., ::-1], ["axes"]),
        ((TRUTH + NOISE)[:, MIRROR], ["joints"]),
        ([W - 1, 0] + [-1, 1] * (TRUTH + NOISE), ["mirror"]),
        ([0, H - 1] + [1, -1] * (TRUTH + NOISE), ["mirror"]),
        (([W - 1, 0] + [-1, 1] * (TRUTH + NOISE))[:, MIRROR], ["mirror", "joints"]),
        ((TRUTH + NOISE + 0.375)[..., ::-1], ["axes", "shift"]),
        ((1.1 * (TRUTH + NOISE) + [0.4, 0.2])[:, MIRROR][..., ::-1], ["axes", "joints", "scale", "shift"]),
    ],
)
def test_exchanged_and_mirrored_axes_and_joints_are_told_and_undone_also_with_others(found, expected):
    check = check_frame(found, TRUTH, size=(W, H))
    assert [mistake.kind for mistake in check.mistakes] == expected
    np.testing.assert_allclose(check.corrected(found), TRUTH, atol=0.35)
    assert check.after < 0.08


def test_a_few_exchanged_joints_and_any_other_order_are_told():
    hips = list(range(14))
    hips[2], hips[3] = 3, 2
    (mistake,) = check_frame((TRUTH + NOISE)[:, hips], TRUTH).mistakes
    assert mistake.kind == "joints" and "in pairs, 2 with 3:" in mistake.sentence
    turned = np.roll(TRUTH, 1, axis=1)
    assert "0 is 13, 1 is 0" in check_frame(turned, TRUTH).mistakes[0].sentence
    np.testing.assert_allclose(check_frame(turned, TRUTH).corrected(turned), TRUTH, atol=1e-9)


@pytest.mark.parametrize("shift", [0, 0.375])
def test_a_missing_quarter_shift_is_told_beside_a_shift(shift):
    check = check_frame(WHOLE + shift, QUARTER)
    assert [one.kind for one in check.mistakes] == (["shift"] if shift else []) + ["quarter"]
    assert check.mistakes[-1].amount == pytest.approx((0.25, 0.25))
    assert "they lack the quarter shift" in check.mistakes[-1].sentence
    assert "that it lacks" in check_frame(QUARTER, WHOLE).mistakes[0].sentence


def test_the_quarter_shift_is_found_in_input_px_with_exchanged_axes():
    found = CONVENTIONS["half_pixel"].to_input(WHOLE[..., ::-1], *SIZES)
    check = check_frame(found, QUARTER)
    assert [one.kind for one in check.mistakes] == ["axes", "scale", "quarter"]
    assert check.mistakes[-1].amount == pytest.approx((1, 1), abs=0.01)


def test_whole_pixels_are_told_by_axis_and_by_side():
    one_axis = np.stack([WHOLE[..., 0], TRUTH[..., 1]], -1)
    (mistake,) = check_frame(one_axis, TRUTH).mistakes
    assert mistake.kind == "lattice" and "steps of 1.00 heatmap px in x," in mistake.sentence
    (mistake,) = check_frame(TRUTH, WHOLE).mistakes
    assert (
        mistake.kind == "lattice" and "the truth does, with steps of 1.00 heatmap px in x and 1.00" in mistake.sentence
    )
    assert kinds(WHOLE + 0.0, WHOLE) == [] and kinds(TRUTH, TRUTH) == []


def test_noise_alone_raises_no_alarm():
    """Noise of a joint and of a person, light and heavy tails, few and many people, with labels missing."""
    for seed in range(150):
        rng = np.random.default_rng(seed)
        people, joints, noise = rng.integers(3, 30), rng.choice([1, 3, 14, 17]), rng.choice([0.02, 0.2, 1, 5])
        one = rng.uniform(2, 60, (people, joints, 2)) + (seed % 2) * rng.uniform(0, 400, (people, 1, 2))
        heavy = rng.choice([1, 1, 1, 10], one.shape)
        other = one + noise * heavy * rng.normal(size=one.shape) + noise * rng.normal(size=(people, 1, 2))
        one[rng.random((people, joints)) < 0.2] = np.nan
        assert kinds(other, one) == [], seed


def test_too_few_joints_say_nothing_and_other_shapes_are_refused():
    check = check_frame(TRUTH[:1, :7] + 9, TRUTH[:1, :7])
    assert check.mistakes == () and check.joints == 7
    np.testing.assert_allclose(check.corrected(TRUTH[:, :7]), TRUTH[:, :7])
    assert not check_frame(np.full((3, 4, 2), np.nan), np.zeros((3, 4, 2))).mistakes
    with pytest.raises(ValueError, match="alike"):
        check_frame(TRUTH, TRUTH[:, :3])
