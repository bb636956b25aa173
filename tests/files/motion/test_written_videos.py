"""Videos and animations that are written: as many frames as given, of the same size and time."""

import io

import numpy as np
import pytest
from PIL import Image

from dark_core.files.motion.videos import read_frames, video_facts
from dark_core.files.motion.written_videos import as_gif, as_webm, write_video

FRAMES = [np.full((63, 81, 3), 40 * k, np.uint8) for k in range(6)]


def test_a_webm_is_read_again():
    data = as_webm(iter(FRAMES), 12.0)
    facts = video_facts(data)
    assert (facts.width, facts.height, facts.fps) == (80, 62, pytest.approx(12))
    read = list(read_frames(data))
    assert [frame.rgb.mean() for frame in read] == pytest.approx([40 * k for k in range(6)], abs=3)
    assert [frame.seconds for frame in read] == pytest.approx(np.arange(6) / 12, abs=2e-3)


def test_a_gif_repeats_its_frames():
    with Image.open(io.BytesIO(as_gif(FRAMES, 12.0))) as gif:
        assert (gif.n_frames, gif.size, gif.info["duration"], gif.info["loop"]) == (6, (81, 63), 80, 0)
        gif.seek(3)
        assert np.asarray(gif.convert("RGB")).mean() == pytest.approx(120, abs=3)


def test_a_path_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(OSError, match="cannot be written"):
        write_video(tmp_path / "none" / "out.mp4", FRAMES, 12.0)
