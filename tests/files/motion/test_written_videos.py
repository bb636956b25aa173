"""Videos and animations that are written: as many frames as given, of the same size and time."""

import io

import numpy as np
import pytest
from PIL import Image

from dark_core.files.motion.videos import read_frames, video_facts
from dark_core.files.motion.written_videos import SLICE, as_gif, as_webm, write_video

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


@pytest.mark.parametrize(("write", "magic"), [(as_webm, b"\x1a\x45\xdf\xa3"), (as_gif, b"GIF89a")])
def test_a_long_one_waits_for_its_turn_every_few_frames(write, magic):
    made, turns = [], []

    def frames():
        for k in range(2 * SLICE + 3):
            made.append(k)
            yield FRAMES[k % 6]

    def in_turn(work):
        before = len(made)
        more = work()
        turns.append(len(made) - before)
        return more

    assert write(frames(), 12.0, in_turn).startswith(magic) and turns == [SLICE, SLICE, 3]


def test_a_path_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(OSError, match="cannot be written"):
        write_video(tmp_path / "none" / "out.mp4", FRAMES, 12.0)
