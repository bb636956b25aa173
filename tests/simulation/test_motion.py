"""The moving Gaussian: exact truth, and errors whose variance is known in closed form."""

import numpy as np
import pytest

from dark_core.codec import decode
from dark_core.simulation.motion import MovingGaussian, error_parts

SLOW = MovingGaussian((8.5125, 23.4875), (0.025, -0.025), frames=600)  # 15 whole px per axis, never on a center


def test_the_truth_is_a_line_and_dark_finds_it_without_noise():
    truth = SLOW.truth()
    assert truth[0].tolist() == [8.5125, 23.4875] and truth[400] == pytest.approx([18.5125, 13.4875])
    assert SLOW.network() == pytest.approx(truth)
    assert SLOW.decoded(["dark"])["dark"] == pytest.approx(truth, abs=0.002)


def test_the_error_of_argmax_is_uniform_with_variance_one_twelfth():
    error = SLOW.decoded(["argmax"])["argmax"] - SLOW.truth()
    assert np.abs(error).max() <= 0.5 + 1e-6
    assert error.var(0) == pytest.approx([1 / 12, 1 / 12], rel=0.01)
    counts = np.histogram(error, 5, (-0.5, 0.5))[0]
    assert counts / len(error) / 2 == pytest.approx(np.full(5, 0.2), abs=0.03)


def test_a_quarter_shift_halves_the_step_and_quarters_the_variance():
    error = SLOW.decoded(["quarter_shift"])["quarter_shift"] - SLOW.truth()
    assert error.var(0) == pytest.approx([1 / 48, 1 / 48], rel=0.05)


def test_the_wander_has_the_variance_and_the_memory_asked_for():
    motion = MovingGaussian(velocity=(0, 0), frames=40_000, wander=0.4, memory=5, bias=(0.3, -0.2))
    error = motion.network() - motion.truth()
    assert error.mean(0) == pytest.approx([0.3, -0.2], abs=0.03)
    assert error.std(0) == pytest.approx([0.4, 0.4], rel=0.03)
    rest = error - error.mean(0)
    assert (rest[5:] * rest[:-5]).mean() / rest.var() == pytest.approx(np.exp(-1), abs=0.03)


def test_heatmaps_are_those_that_are_decoded_and_the_same_every_time():
    motion = MovingGaussian(frames=60, noise=0.05, wander=0.2, seed=3)
    tracks = motion.decoded(["argmax", "dark"])
    for name, xy in tracks.items():
        assert decode(motion.heatmaps(), name, 2.0).xy == pytest.approx(xy, abs=1e-4)
    assert (motion.heatmaps() == MovingGaussian(frames=60, noise=0.05, wander=0.2, seed=3).heatmaps()).all()
    assert not np.allclose(motion.heatmaps(), MovingGaussian(frames=60, noise=0.05, wander=0.2, seed=4).heatmaps())


def test_the_three_parts_add_up_to_the_error():
    motion = MovingGaussian(frames=150, noise=0.03, wander=0.2, seed=2)
    parts = error_parts(motion, "argmax")
    error = motion.decoded(["argmax"])["argmax"] - motion.truth()
    assert parts.network + parts.pixel_noise + parts.rounding == pytest.approx(error)
    assert parts.network.std() == pytest.approx(0.2, rel=0.3)
    assert np.abs(parts.rounding).max() <= 0.5 + 1e-6


def test_what_cannot_move_so_is_refused():
    with pytest.raises(ValueError, match="frames"):
        MovingGaussian(frames=0).truth()
    with pytest.raises(ValueError, match="wander"):
        MovingGaussian(wander=-1).network()
