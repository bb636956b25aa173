"""The stored tracks of the bundled clips are what the bundled network gives."""

import numpy as np
import pytest

from dark_core.codec import CORE_DECODERS
from dark_core.files.motion.clips import clip_names, load_clip
from dark_core.files.motion.videos import Frame
from dark_core.motion.clip_tracks import load_clip_tracks
from dark_core.motion.track import BATCH, track
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON


@pytest.mark.parametrize("name", clip_names())
def test_every_clip_has_the_tracks_of_all_its_frames(name):
    clip, tracks = load_clip(name), load_clip_tracks(name)
    assert tracks.decoders == CORE_DECODERS and tracks.names == SKELETON.names
    assert tracks.photo_xy["dark"].shape == clip.joints.shape and np.isfinite(tracks.photo_xy["dark"]).all()
    assert tracks.seconds == pytest.approx(clip.seconds, abs=2e-3), "a WebM counts milliseconds"
    whole = tracks.heatmap_xy["argmax"]
    assert (whole == np.round(whole)).all()


def test_a_fresh_decode_agrees():
    """Its first two batches; a processor may round the last digit of a heatmap otherwise, and with it a tie."""
    clip, tracks, count = load_clip("wave"), load_clip_tracks("wave"), 2 * BATCH
    frames = [Frame(rgb, seconds) for rgb, seconds in zip(clip.frames[:count], clip.seconds, strict=False)]
    fresh = track(frames, Estimator.load(device="cpu"), CORE_DECODERS)
    for name in CORE_DECODERS:
        off = np.abs(fresh.photo_xy[name] - tracks.photo_xy[name][:count]) / tracks.scale
        assert np.mean(off < 0.01) > 0.99, name


def test_an_unknown_clip_is_refused():
    with pytest.raises(KeyError, match="no clip 'dance'"):
        load_clip_tracks("dance")
