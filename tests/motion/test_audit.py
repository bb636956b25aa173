"""The audit on coordinates of each decoder, found, and of none, not found at the stated level."""

import numpy as np
import pytest

from dark_core.codec import decode, encode
from dark_core.motion.audit import LEVEL, audit, rounding_of
from dark_core.motion.audit_evidence import BINS, evidence
from dark_core.motion.clip_tracks import load_clip_tracks
from dark_core.motion.lattice import find_lattice, spectrum


def people(seed: int, count: int = 60, joints: int = 17) -> np.ndarray:
    """People of pictures: joints scattered over some 100 px about the middle of each."""
    generator = np.random.default_rng(seed)
    return generator.uniform(150, 500, (count, 1, 2)) + generator.normal(0, 70, (count, joints, 2))


def walk(seed: int, frames: int = 120, joints: int = 17) -> np.ndarray:
    """Frames of one person, who moves smoothly, with a little noise."""
    generator = np.random.default_rng(seed)
    drift = np.cumsum(generator.normal(0, 0.4, (frames, 1, 2)), axis=0).cumsum(axis=0) * 0.1
    return generator.normal(300, 80, (joints, 2)) + drift + generator.normal(0, 0.3, (frames, joints, 2))


def whole(xy: np.ndarray, px: float) -> np.ndarray:
    return np.round(xy / px) * px + 0.37


def quarter(xy: np.ndarray, px: float) -> np.ndarray:
    pixel = np.round(xy / px)
    return (pixel + 0.25 * np.where(xy / px > pixel, 1, -1)) * px + 0.37


@pytest.mark.parametrize("make, consecutive", [(people, False), (walk, True)])
def test_whole_and_quarter_pixels_are_found_and_told_apart(make, consecutive):
    found = audit(whole(make(1), 5.3), 5.3, consecutive)
    assert found.verdict == "whole" and "whole heatmap pixels" in found.text
    assert (found.x.step, found.y.step) == pytest.approx((5.3, 5.3), rel=0.01)
    found = audit(quarter(make(2), 8.4), 8.4, consecutive)
    assert found.verdict == "quarter" and "quarter-pixel shift" in found.text
    assert found.x.step == pytest.approx(4.2, rel=0.01)
    assert audit(quarter(make(2), 8.4), None, consecutive).verdict == "whole or quarter"


@pytest.mark.parametrize("decoder, verdict", [("argmax", "whole"), ("quarter_shift", "quarter"), ("dark", "sub-pixel")])
def test_tracks_of_each_decoder_are_recognized(decoder, verdict):
    """Exact heatmaps of a smooth walk, 6 photo px per heatmap px, in one crop of 64 px."""
    heatmap_xy = np.clip(walk(3, 30) / 10, 4, 60)
    xy = decode(encode(heatmap_xy, (64, 64), 2.0), decoder, 2.0).xy
    assert audit(xy * 6.0 + 31.37, 6.0).verdict == verdict


def test_a_crop_of_its_own_in_each_frame_does_not_hide_the_lattice():
    generator = np.random.default_rng(5)
    xy, px = people(4), generator.uniform(4, 7, (60, 1, 1))
    found = audit(whole(xy, px) + generator.uniform(0, 9, (60, 1, 2)), consecutive=False)
    assert found.verdict == "whole or quarter" and not found.x.whole_file
    assert 4 * 0.95 < found.x.step < 7 * 1.05


@pytest.mark.parametrize("digits", [0, 2])
def test_what_the_file_rounded_is_no_lattice_of_a_decoder_and_is_told(digits):
    found = audit(np.round(walk(7), digits))
    assert found.verdict == "sub-pixel" and found.rounding == 10.0**-digits
    assert f"rounds to {found.rounding:g} photo px" in found.text
    assert audit(np.round(whole(walk(7), 6.4), digits), 6.4).verdict == "whole"


def test_a_lattice_has_a_rounding_of_none():
    assert rounding_of(whole(walk(1), 5.3123456)) == 0 and rounding_of(np.array([[1.25, 3.5]])) == 0.01


def test_no_more_false_alarms_than_the_level_says():
    """200 files without a lattice; more than 6 alarms at a level of 1 % would have a chance of 0.4 %."""
    alarms = 0
    for found in (one for k in range(100) for one in (audit(people(k, 20), consecutive=False), audit(walk(k, 40)))):
        alarms += found.verdict in ("whole or quarter", "pulled")
    assert LEVEL == 0.01 and alarms <= 6


def test_the_chance_of_the_best_step_is_at_least_as_likely_as_it_says():
    """Of p there are at most as many below a as a chance of a gives: 200 searches, 20 expected below 0.1."""
    generator = np.random.default_rng(0)
    peaks = [find_lattice(generator.normal(300, 80, (17, 1)), 2, 40) for _ in range(200)]
    assert sum(one.p < 0.1 for one in peaks) <= 20 + 3 * (200 * 0.1 * 0.9) ** 0.5


def test_too_few_coordinates_are_told():
    found = audit(np.array([[[1.5, 2.25], [7.125, 9.0625]]]))
    assert found.verdict == "unknown" and "too few" in found.text
    assert audit(np.full((4, 17, 2), np.nan)).verdict == "unknown"


@pytest.mark.parametrize("clip", ["stand", "walk", "wave"])
@pytest.mark.parametrize("decoder, share", [("argmax", 1.0), ("quarter_shift", 0.5)])
def test_the_step_of_a_clip_is_its_heatmap_pixel_even_where_the_crop_moves(clip, decoder, share):
    """In "stand" one lattice of a tenth of the step fits most frames, and that of each frame fits better."""
    tracks = load_clip_tracks(clip)
    found = audit(tracks.photo_xy[decoder], tracks.scale)
    assert (found.x.step, found.y.step) == pytest.approx((share * tracks.scale, share * tracks.scale), rel=1e-4)
    assert found.verdict == ("whole" if share == 1 else "quarter")
    assert found.x.whole_file == (len(np.unique(tracks.photo_px.round(3))) == 1)


def test_the_evidence_is_one_bar_on_a_lattice_and_even_without():
    tracks = load_clip_tracks("walk")
    for decoder, bar in (("argmax", 1.0), ("dark", 1 / BINS)):
        xy = tracks.photo_xy[decoder]
        found = audit(xy, tracks.scale)
        for axis in (0, 1):
            seen = evidence(xy, axis, found)
            assert seen.step == pytest.approx(tracks.scale, rel=1e-4)
            assert seen.counts.max() / seen.counts.sum() == pytest.approx(bar, abs=0.025)
            assert (seen.spectrum.coherence.max() > seen.spectrum.level) == (decoder == "argmax")
            assert seen.frames == (13 if decoder == "argmax" else 0)
    assert evidence(np.full((4, 17, 2), np.nan), 0, audit(np.full((4, 17, 2), np.nan))) is None


def test_the_level_of_a_spectrum_is_exceeded_as_often_as_it_says():
    """Of 200 searches without a lattice at most 20 exceed the level of 10 %, by chance 3 standard deviations more."""
    generator = np.random.default_rng(1)
    seen = [spectrum(generator.normal(300, 80, (17, 1)), 2, 40, 0.1) for _ in range(200)]
    assert sum(one.coherence.max() > one.level for one in seen) <= 20 + 3 * (200 * 0.1 * 0.9) ** 0.5


def test_a_stray_coordinate_neither_hides_the_lattice_nor_takes_the_memory():
    xy = whole(people(8), 5.3)
    xy[0, 0] = 900_000, -900_000
    found = audit(xy, 5.3, consecutive=False)
    assert found.verdict == "whole" and found.x.whole_file
