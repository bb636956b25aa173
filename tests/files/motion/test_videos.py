"""Videos of each kind, upright and in time, and one sentence for those that cannot be used."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from dark_core.files.motion import videos
from dark_core.files.motion.videos import VideoError, read_frames, video_facts

FILES = Path(__file__).parent
"""With two videos that OpenCV does not write, of gray pictures of our own."""


def make(path, frames: int = 12, size: tuple[int, int] = (96, 64), fps: float = 12.0):
    """Each frame is a gray of its own, 10 times its number up to 150, brighter in the left half."""
    code = cv2.VideoWriter.fourcc(*("VP90" if path.suffix == ".webm" else "mp4v"))
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, fps, size)
    for k in range(frames):
        picture = np.full((size[1], size[0], 3), 10 * k % 150, np.uint8)
        picture[:, : size[0] // 2] += 100
        writer.write(picture)
    writer.release()
    return path


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.webm"])
@pytest.mark.parametrize("as_bytes", [False, True])
def test_each_kind_gives_its_frames_in_time(name, as_bytes, tmp_path):
    path = make(tmp_path / name)
    source = path.read_bytes() if as_bytes else path
    facts = video_facts(source)
    assert (facts.width, facts.height, facts.fps) == (96, 64, 12) and facts.seconds == pytest.approx(1, abs=0.1)
    frames = list(read_frames(source))
    assert [one.seconds for one in frames] == pytest.approx(np.arange(12) / 12, abs=0.002)
    for k, frame in enumerate(frames):
        assert frame.rgb.shape == (64, 96, 3) and frame.rgb.dtype == np.uint8
        assert frame.rgb[:, 60:].mean() == pytest.approx(10 * k, abs=4)


def test_a_stretch_is_taken_from_the_middle(tmp_path):
    frames = list(read_frames(make(tmp_path / "a.mp4"), 0.5, 0.25))
    assert [one.seconds for one in frames] == pytest.approx([6 / 12, 7 / 12, 8 / 12], abs=0.002)


def test_a_video_turned_by_its_flag_comes_upright(tmp_path):
    """The matrix of the track header says a quarter turn clockwise: (0, 1, -1, 0) in 16.16 fixed point."""
    path = make(tmp_path / "a.mp4")
    data = path.read_bytes()
    unit = (1 << 16).to_bytes(4, "big")
    straight = unit + bytes(12) + unit
    at = data.index(straight, data.index(b"tkhd"))
    turned = bytes(4) + unit + bytes(4) + (-(1 << 16)).to_bytes(4, "big", signed=True) + bytes(4)
    frame = next(read_frames(data[:at] + turned + data[at + len(turned) :]))
    assert frame.rgb.shape == (96, 64, 3)
    assert frame.rgb[:40].mean() > 80 and frame.rgb[56:].mean() < 20  # the left half is on top


@pytest.mark.skipif(int(cv2.__version__.split(".")[0]) < 5, reason="before OpenCV 5, HDR looks as it is stored: paler")
def test_hdr_is_mapped_to_the_range_of_a_screen():
    """HEVC of 10 bits, BT.2020 and PQ: four gray stripes, as bright as sRGB 32, 96, 160 and 224 on white of 203 nits.

    Taken for sRGB as they are, the stripes would be 54, 95, 121 and 140.
    """
    frames = list(read_frames(FILES / "hdr10.mp4"))
    assert len(frames) == 8
    assert frames[3].rgb[24, 8::16].mean(1) == pytest.approx([32, 96, 160, 224], abs=15)


def test_a_variable_frame_rate_keeps_the_moment_of_each_frame():
    """H.264 as phones write it; the frames follow each other after 20, 60, 40, 100, 20, … ms."""
    frames = list(read_frames((FILES / "variable_rate.mp4").read_bytes()))
    assert [one.seconds for one in frames] == pytest.approx([0, 0.02, 0.08, 0.12, 0.22, 0.24, 0.3, 0.34], abs=0.001)
    assert [one.rgb.mean() for one in frames] == pytest.approx([20 * k + 20 for k in range(8)], abs=4)


def test_a_large_frame_is_reduced_and_the_number_of_frames_bounded(tmp_path, monkeypatch):
    path = make(tmp_path / "a.mp4")
    monkeypatch.setattr(videos, "LONGEST", 48)
    monkeypatch.setattr(videos, "MAX_FRAMES", 5)
    frames = list(read_frames(path))
    assert len(frames) == 5 and frames[0].rgb.shape == (32, 48, 3)
    assert frames[0].size == (96, 64) and frames[0].video_px == (2, 2)
    assert frames[0].to_rgb(np.array([-0.5, 0.5])).tolist() == [-0.5, 0], "the edge stays, two centers become one"


def test_frames_are_decoded_one_at_a_time(tmp_path):
    frames = read_frames(make(tmp_path / "a.mp4"))
    assert next(frames).seconds == 0
    frames.close()


def sound_only() -> bytes:
    """The start of an MP4 with a movie box and no picture track."""
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00\x00\x00\x08moov"


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "empty"),
        (b"\xff\xd8\xff" + bytes(100), "not a video"),
        (b"hello, this is text", "not a video"),
        (sound_only(), "no pictures"),
        (b"\x1a\x45\xdf\xa3" + bytes(200), "damaged"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(500), "damaged"),
    ],
)
def test_what_is_no_video_is_told_in_one_sentence(data, words):
    with pytest.raises(VideoError, match=words) as told:
        list(read_frames(data))
    assert str(told.value).endswith(".") and "\n" not in str(told.value)


def test_a_video_cut_short_gives_the_frames_before_or_one_sentence(tmp_path):
    data = make(tmp_path / "a.webm", 40).read_bytes()
    assert 0 < len(list(read_frames(data[: len(data) * 2 // 3]))) <= 40
    with pytest.raises(VideoError):
        list(read_frames(make(tmp_path / "a.mp4").read_bytes()[:600]))


def test_too_many_bytes_pixels_or_seconds_are_refused(tmp_path, monkeypatch):
    path = make(tmp_path / "a.mp4")
    for start, seconds in ((0, 21), (-1, 5), (0, 0), (float("nan"), 5)):
        with pytest.raises(VideoError, match="at most 20 s"):
            list(read_frames(path, start, seconds))
    with pytest.raises(VideoError, match="another stretch"):
        list(read_frames(path, 5))
    monkeypatch.setattr(videos, "MAX_SIDE", 80)
    with pytest.raises(VideoError, match="96 × 64 px and the limit is 80 px"):
        video_facts(path)
    monkeypatch.setattr(videos, "MAX_BYTES", 100)
    with pytest.raises(VideoError, match="send a shorter part"):
        video_facts(path)
    with pytest.raises(VideoError, match="cannot be opened"):
        video_facts(tmp_path / "nothing.mp4")
