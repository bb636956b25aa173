"""What is measured of tracks, against noise and motion whose values are known in closed form."""

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.motion.bootstrap import Estimate, estimate, frame_weights
from dark_core.motion.measures import (
    Removed,
    acceleration_noise,
    heatmap_step,
    measure,
    removed_jitter,
    still_stretch,
    summary_text,
)
from dark_core.motion.tracks import Tracks, decode_tracks
from dark_core.pose.crop_transform import CropTransform

BOX = CropTransform.from_box((10, 20, 266, 276), (128, 128))  # 8 photo px per heatmap px


def tracks_of(photo: dict[str, np.ndarray], scale: float = 4.0) -> Tracks:
    frames, joints = next(iter(photo.values())).shape[:2]
    heatmap = {name: xy / scale for name, xy in photo.items()}
    score, names = np.ones((frames, joints)), tuple(map(str, range(joints)))
    return Tracks(heatmap, photo, score, np.full(frames, scale), np.arange(frames) / 25, names)


def drift(frames: int = 200, joints: int = 3) -> np.ndarray:
    return np.linspace([10.0, 20.0], [90.0, 60.0], frames)[:, None] + 7.3 * np.arange(joints)[:, None]


def test_a_constant_offset_is_bias_and_nothing_else():
    truth = drift()
    found = measure(tracks_of({"dark": truth + [3.0, -4.0]}), truth)["dark"]
    assert (found.error.value, found.bias.value) == pytest.approx((5, 5))
    assert found.scatter.value == pytest.approx(0, abs=1e-5) and found.acceleration.value == pytest.approx(0, abs=1e-9)
    assert (found.error.low, found.error.high) == pytest.approx((5, 5))
    assert found.times(1 / 4).error.value == pytest.approx(5 / 4)


def test_white_noise_is_scatter_and_the_acceleration_shows_it_without_the_truth():
    truth = drift(2000)
    noise = np.random.default_rng(0).normal(0, 0.6, truth.shape)
    found = measure(tracks_of({"dark": truth + [1.0, 0.0] + noise}), truth)["dark"]
    assert found.error.value**2 == pytest.approx(found.bias.value**2 + found.scatter.value**2)
    assert found.scatter.value == pytest.approx(0.6 * 2**0.5, rel=0.03)
    assert found.acceleration.value == pytest.approx(0.6 * 2**0.5, rel=0.03)
    assert found.scatter.low < 0.6 * 2**0.5 < found.scatter.high


def test_a_track_that_alternates_has_second_differences_of_four_amplitudes():
    xy = np.zeros((50, 1, 2))
    xy[:, 0, 0] = 0.5 * (-1) ** np.arange(50)
    assert acceleration_noise(xy).value == pytest.approx(4 * 0.5 / 6**0.5)


def test_frames_without_a_person_are_left_out():
    truth = drift(40)
    found = truth + [0.0, 2.0]
    found[7] = np.nan
    assert measure(tracks_of({"dark": found}), truth)["dark"].error.value == pytest.approx(2)


def test_few_frames_have_a_value_and_no_interval():
    found = estimate(lambda weights: weights.sum(1), 5)
    assert found.value == 5 and np.isnan([found.low, found.high]).all()


def test_resamples_hold_as_many_frames_and_all_frames_alike():
    weights = frame_weights(50)
    assert (weights.sum(1) == 50).all()
    assert weights.mean(0) == pytest.approx(np.ones(50), abs=0.2)  # 1000 draws of mean 1 and variance about 1


@pytest.mark.parametrize("decoder, step", [("argmax", 1.0), ("quarter_shift", 0.5), ("dark", 0.0)])
def test_the_step_of_each_decoder_is_found_in_photo_px(decoder, step):
    heatmap_xy = np.stack([np.linspace(9.3, 20.9, 120), np.linspace(20.4, 11.2, 120)], -1)[:, None]
    tracks = decode_tracks(encode(heatmap_xy, (32, 32), 2.0), [BOX] * 120, [decoder], 2.0)
    assert heatmap_step(tracks.heatmap_xy[decoder]) == step
    assert measure(tracks)[decoder].step == pytest.approx(8 * step)
    assert tracks.photo_xy[decoder] == pytest.approx(BOX.to_photo(tracks.heatmap_xy[decoder]))


def test_argmax_scatters_by_a_twelfth_per_axis_and_dark_removes_it():
    """The rounding error of a joint that drifts over many pixels is uniform, with variance 1/12 px² per axis."""
    heatmap_xy = np.stack([np.linspace(8.5, 22.5, 560), np.linspace(22.5, 8.5, 560)], -1)[:, None]
    tracks = decode_tracks(encode(heatmap_xy, (32, 32), 2.0), [BOX] * 560, ["argmax", "dark"], 2.0)
    truth = BOX.to_photo(heatmap_xy)
    assert measure(tracks, truth)["argmax"].scatter.value / 8 == pytest.approx((2 / 12) ** 0.5, rel=0.01)
    found = removed_jitter(tracks, truth=truth)
    assert found.removed.value == pytest.approx(found.before.value - found.after.value)
    assert found.after.value < 0.01 and found.removed.is_significant and found.known
    wanted = 8 * (2 / 12) ** 0.5  # 3.27 photo px
    assert f"Of {wanted:.2f} photo px of jitter with Argmax, {wanted:.2f} px were the decoder's" in summary_text(found)


def test_equal_tracks_are_told_to_jitter_alike():
    xy = drift() + np.random.default_rng(1).normal(0, 1, (200, 3, 2))
    assert "too alike" in summary_text(removed_jitter(tracks_of({"argmax": xy, "dark": xy})))


def test_a_worse_decoder_and_too_few_frames_are_told():
    worse = Removed("argmax", "dark", Estimate(1, 1, 1), Estimate(2, 2, 2), Estimate(-1, -1.1, -0.9), True)
    assert summary_text(worse).startswith("DARK jitters by 1.00 photo px more than Argmax")
    nothing = Estimate(0.1, np.nan, np.nan)
    assert "too few frames" in summary_text(Removed("argmax", "dark", nothing, nothing, nothing, True))


def test_the_longest_still_stretch_is_found():
    frames = np.zeros((60, 3, 2))
    frames[20:40] += 3.0 * np.arange(20)[:, None, None]
    frames[40:] = frames[39]
    assert measure(tracks_of({"dark": frames}), still=slice(0, 15))["dark"].still.value == 0
    stretch = still_stretch(tracks_of({"dark": frames}))
    assert stretch.stop - stretch.start >= 17 and (stretch.stop <= 22 or stretch.start >= 37)
    assert still_stretch(tracks_of({"dark": drift(60) * 10})) is None


def test_a_slow_drift_is_no_rest():
    """0.2 heatmap px a frame: over twelve frames argmax makes two steps, which are motion and not scatter."""
    slow = np.zeros((60, 3, 2))
    slow[..., 0] = 4.0 * 0.2 * np.arange(60)[:, None]
    assert still_stretch(tracks_of({"dark": slow})) is None
