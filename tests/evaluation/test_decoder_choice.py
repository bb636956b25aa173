"""The choice of a decoder: the right one wins where it is known, frames are undone first, chance wins nothing."""

import numpy as np
import pytest

from dark_core.codec import DECODERS, decode, encode
from dark_core.evaluation import decoder_choice_text as text
from dark_core.evaluation.decoder_choice import PREFERRED, choose_decoder, options, people_looked_at
from dark_core.evaluation.metrics import oks
from dark_core.evaluation.truth_frames import truth_in_heatmap_px
from dark_core.files.joint_files import COCO, Joints
from dark_core.pose.pixel_conventions import CONVENTIONS

RNG = np.random.default_rng(0)
TRUTH = np.stack([RNG.uniform(9, 38, (24, 14)), RNG.uniform(9, 54, (24, 14))], -1)
SIZE = (48, 64)
SIGMA = 2.0
NOISY = encode(TRUTH, SIZE, SIGMA) + RNG.normal(0, 0.1, (24, 14, 64, 48)).astype(np.float32)


def joints(xy: np.ndarray) -> Joints:
    return Joints(xy, (), tuple(map(str, range(len(xy)))), np.full(len(xy), np.nan), np.full((len(xy), 4), np.nan))


def test_every_decoder_is_ranked_and_in_noise_the_efficient_ones_win():
    choice = choose_decoder(NOISY, {"": TRUTH}, SIGMA)
    assert {row.decoder for row in choice.decoders} == set(DECODERS)
    errors = [row.error for row in choice.rows]
    assert errors == sorted(errors)
    best = choice.best
    # In white noise the Gaussian fit reaches the bound, and the matched filter nearly does.
    assert {"gaussian_fit", "dark"} <= {row.decoder for row in choice.tied}
    assert choice.row("taylor").behind[1] > 0 and choice.row("argmax").behind[1] > 0 and not choice.row("taylor").tied
    assert best.gain[1] > 0 and f"Use {text.title(choice.recommended)}" in text.recommendation(choice)
    # The numbers are those of the decoders themselves.
    for name in ("argmax", "dark"):
        row = choice.row(name)
        xy = decode(NOISY, name, row.sigma or SIGMA).xy
        assert row.error == pytest.approx(np.linalg.norm(xy - TRUTH, axis=-1).mean(), abs=2e-3)
    assert len(choice.joints.value) == 14 and (choice.joints.value > 0).all()
    assert choice.names[0] == "right ankle" and choice.yardstick == "torso length"
    assert 0.9 < best.pck <= 1 and 0.9 < best.oks <= 1


def test_the_width_that_drew_the_targets_is_found_in_noise():
    choice = choose_decoder(NOISY, {"": TRUTH}, 1.2 * SIGMA)
    assert choice.row("dark").sigma == pytest.approx(SIGMA, rel=0.25)
    widths = dict.fromkeys(name for name, width in options(NOISY, SIGMA) if width is not None)
    assert {"dark", "gaussian_fit"} <= set(widths) and "argmax" not in widths


def test_the_preferred_decoder_is_recommended_only_where_it_is_no_worse():
    choice = choose_decoder(NOISY, {"": TRUTH}, SIGMA)
    assert (choice.recommended.decoder, choice.recommended.sigma) == (PREFERRED, SIGMA) and choice.recommended.tied
    # Where the truth is argmax's own position, argmax is right and every other decoder is off.
    other = choose_decoder(NOISY, {"": decode(NOISY, "argmax").xy}, SIGMA)
    assert other.recommended is other.best and other.best.decoder == "argmax" and other.best.error == 0
    assert not other.row(PREFERRED).tied and text.recommendation(other).startswith("Keep Argmax")


def test_a_known_decoder_wins_on_heatmaps_made_for_it():
    """A plateau of 2 × 2 px about the joint: argmax takes its first pixel, the centroid of 7 × 7 px its middle."""
    rng = np.random.default_rng(1)
    corner = rng.integers(8, 30, (20, 4, 2))
    maps = np.zeros((20, 4, 40, 40), np.float32)
    for index in np.ndindex(20, 4):
        x, y = corner[index]
        maps[(*index, slice(y, y + 2), slice(x, x + 2))] = 1
    maps += rng.uniform(0, 1e-3, maps.shape).astype(np.float32)
    found = {name: np.linalg.norm(decode(maps, name, 1.0).xy - corner - 0.5, axis=-1).mean() for name in DECODERS}
    choice = choose_decoder(maps, {"": corner + 0.5}, 1.0)
    assert choice.best.error <= min(found.values()) + 1e-3
    # sqrt(1/2) from the middle to any of the four pixels.
    assert choice.row("argmax").error == pytest.approx(np.sqrt(0.5), abs=0.06)


def test_equal_decoders_win_nothing():
    """All decoders on heatmaps that hold no joint are off by chance: none may be called the winner."""
    won = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        truth = rng.uniform(9, 30, (20, 3, 2))
        maps = encode(
            np.floor(truth + rng.normal(0, 3, truth.shape)), (40, 40), SIGMA
        )  # far more blur than decoders differ
        choice = choose_decoder(maps, {"": truth}, SIGMA)
        won += len(choice.tied) == 1
        if "argmax" in {row.decoder for row in choice.tied}:
            assert "Argmax is not significant: the 95 % interval includes zero" in text.verdict(choice)
    assert won == 0


def test_few_people_give_a_ranking_and_no_verdict():
    choice = choose_decoder(NOISY[:3], {"": TRUTH[:3]}, SIGMA)
    assert np.isnan(choice.best.gain[1]) and "3 people are too few" in text.verdict(choice)


@pytest.mark.parametrize(
    "wrong, kinds, line",
    [
        (TRUTH - [0.375, 0.375], ["shift"], "xy = (xy - [0.3"),
        (TRUTH[..., ::-1], ["axes"], "xy = xy[..., ::-1]"),
        (TRUTH[:, [5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6, 12, 13]], ["joints"], "xy = xy[..., [5, 4, 3, 2"),
        (TRUTH / [188.0, 252] * [191, 255], ["size_minus_one"], "/ [0.98"),
    ],
)
def test_mistakes_of_frame_are_told_undone_and_in_the_code(wrong, kinds, line):
    choice = choose_decoder(NOISY, {"": wrong}, SIGMA)
    assert [one.kind for one in choice.check.mistakes] == kinds
    assert choice.best.error < 0.12 and {"gaussian_fit", "dark"} & {row.decoder for row in choice.tied}
    code = text.code(choice, SIZE, 4.0)
    assert line in code and any("Undoing this lowers the median error" in one for one in text.mistakes(choice))
    # The code does what it says.
    space: dict = {"heatmaps": NOISY}
    exec(code, space)
    assert np.linalg.norm(space["xy"] - wrong, axis=-1).mean() == pytest.approx(choice.recommended.error, abs=5e-3)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_convention_that_drew_the_targets_is_found(convention):
    large = (4 * SIZE[0], 4 * SIZE[1])
    given = joints(CONVENTIONS[convention].to_input(TRUTH, SIZE, large))
    frames = truth_in_heatmap_px(given, SIZE, decode(NOISY, "argmax").xy)
    assert frames.stride == 4 and set(frames.by_convention) == set(CONVENTIONS)
    np.testing.assert_allclose(frames.by_convention[convention], TRUTH, atol=1e-9)
    choice = choose_decoder(NOISY, frames.by_convention, SIGMA)
    assert choice.convention == convention and not choice.check.mistakes
    assert all(low > 0 for name, (_, low, _) in choice.conventions.items() if name != convention)
    assert f"The pixel convention is {convention}: mean error" in text.conventions(choice)
    space: dict = {"heatmaps": NOISY}
    exec(text.code(choice, SIZE, 4.0), space)
    assert np.linalg.norm(space["xy"] - given.xy, axis=-1).mean() / 4 == pytest.approx(
        choice.recommended.error, rel=0.03
    )


def test_coco_joints_have_oks_by_the_area_and_others_have_none():
    truth = np.stack([RNG.uniform(9, 38, (6, 17)), RNG.uniform(9, 54, (6, 17))], -1)
    maps, areas = encode(truth, SIZE, SIGMA), np.full(6, 900.0)
    choice = choose_decoder(maps, {"": truth}, SIGMA, COCO, areas)
    sigmas = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000
    xy = decode(maps, "argmax").xy
    squared = ((xy - truth) ** 2).sum(-1)
    by_hand = np.exp(-squared / (2 * 900 * (2 * sigmas) ** 2)).mean()  # COCO's formula, all joints labeled
    assert choice.row("argmax").oks == pytest.approx(by_hand, abs=1e-6)
    assert oks(xy, truth, None, sigmas, areas).mean() == pytest.approx(by_hand)
    other = choose_decoder(maps[:, :5], {"": truth[:, :5]}, SIGMA)
    assert np.isnan(other.best.oks) and "box" in other.yardstick and other.best.pck == 1


def test_unlabeled_joints_and_people_count_nowhere():
    truth = TRUTH.copy()
    truth[:10, 3] = np.nan
    truth[20] = np.nan
    choice = choose_decoder(NOISY, {"": truth}, SIGMA)
    assert (choice.people, choice.labeled) == (23, 24 * 14 - 10 - 14)
    xy, known = decode(NOISY, "argmax").xy, np.isfinite(truth).all(-1)
    assert choice.row("argmax").error == pytest.approx(np.linalg.norm(xy - truth, axis=-1)[known].mean(), abs=2e-3)


def test_people_are_spread_over_a_large_file():
    assert people_looked_at(5, 100).tolist() == [0, 1, 2, 3, 4]
    assert people_looked_at(9, 2**20, 3 * 2**20).tolist() == [0, 4, 8]
