"""Motion under AppTest: complete at first sight, every control, the address, what an exercise keeps back."""

import json

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dark_core.app.motion import downloads, view
from dark_core.app.motion.footage import CLIPS, clip_footage
from dark_core.app.text.catalog import read_catalog
from dark_core.figures.decoder_style import style_of
from dark_core.files.motion.clips import load_clip
from dark_core.pose.skeleton import SKELETON
from tests.pages.opening import opened

PATH = "pages/5_Motion.py"
TEXT = read_catalog("motion")


def motion(app: AppTest) -> dict:
    """What the figure is given."""
    return next(one for one in components(app) if "skeletons" in one)


def components(app: AppTest) -> list[dict]:
    return [json.loads(element.proto.json) for element in app.get("bidi_component")]


def tables(app: AppTest) -> str:
    return "".join(one.get("html", "") for one in components(app))


def test_the_page_is_complete_before_the_first_click():
    app = opened(PATH)
    data = motion(app)
    clip = load_clip("wave")
    assert data["names"] == ["argmax", "dark"] and data["shown"] == ["argmax", "dark"]
    assert len(data["seconds"]) == len(clip.frames) == len(data["skeletons"]["dark"]) == len(data["truth"])
    frames = next(one["frames"] for one in components(app) if "frames" in one)
    assert len(frames) == len(clip.frames) and all(one.startswith("data:image/jpeg") for one in frames)
    assert data["text"]["joint"] == "left wrist"
    assert any("Of 4.21 photo px of jitter with Argmax, 2.22 px were the decoder's" in m.value for m in app.markdown)
    assert "acceleration noise" in tables(app) and "DARK, unfiltered" in tables(app)
    assert 12 <= data["state"]["frame"] < 36 and data["state"]["line"] == 0.5


def test_every_control_is_heard_and_a_new_clip_begins_anew():
    app = opened(PATH)
    app.segmented_control(key="clip").set_value("walk").run()
    assert motion(app)["title"] == "A walk" and motion(app)["size"] == [640, 480]
    assert motion(app)["reference"] == motion(app)["truth"], "beside a long way the steps are seen as differences"
    app.segmented_control(key="curve_walk").set_value("position").run()
    assert motion(app)["reference"] is None
    assert motion(app)["text"]["joint"] == "neck", "the left wrist is behind the body for half of the walk"
    app.selectbox(key="joint").select("right knee").run()
    assert motion(app)["joint"] == SKELETON.names.index("right knee")
    app.selectbox(key="before").select("quarter_shift").run()
    assert motion(app)["names"] == ["quarter_shift", "dark"]
    app.pills(key="show").set_value(["taylor"]).run()
    assert motion(app)["shown"] == ["quarter_shift", "taylor", "dark"], "those of the line are always among them"
    app.segmented_control(key="over").set_value("all_joints").run()
    assert any(m.value.startswith("**All 14 joints.**") for m in app.markdown)
    app.selectbox(key="filtered").select("dark").run()
    assert not app.exception and "DARK, unfiltered" not in tables(app)


def test_the_tracks_are_offered_as_files():
    app = opened(PATH)
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == [TEXT["files"][name] for name in ("video", "gif", "svg", "png", "csv", "json")]


def test_the_pictures_to_take_away_show_every_frame_of_both_decoders():
    footage, joint = clip_footage("wave"), SKELETON.names.index("left wrist")
    pairs = list(downloads.skeleton_frames(footage, ["argmax", "dark"]))
    height, width = pairs[0].shape[:2]
    assert len(pairs) == len(footage.tracks) and width == 2 * height * footage.size[0] // footage.size[1]
    frame = view.telling_frame(footage, joint, "argmax", "dark")
    near = list(downloads.zoom_frames(footage, joint, ["dark"]))[frame]
    away = footage.tracks.photo_xy["dark"][frame, joint] - footage.truth[frame, joint]
    disc = (np.abs(near.astype(int) - list(bytes.fromhex(style_of("dark").color[1:]))).sum(-1) < 30).nonzero()
    found = (np.array([disc[1].mean(), disc[0].mean()]) + 0.5) / near.shape[0] - 0.5
    assert found * view.zoom_span(footage) == pytest.approx(away, abs=0.5), "as far from the middle as from the truth"


def test_a_link_opens_the_same_frame_line_and_choices():
    app = opened(PATH, clip="A still stance", joint="neck", frame="5", line="0.25", after="Weighted average")
    data = motion(app)
    assert data["title"] == "A still stance" and data["state"] == {"frame": 5, "line": 0.25}
    assert data["names"] == ["argmax", "weighted_average"]
    assert motion(opened(PATH, frame="99999", line="-4"))["state"] == {"frame": 47, "line": 0}


@pytest.mark.parametrize("clip", CLIPS)
def test_the_joint_shown_at_first_is_seen_in_every_frame(clip):
    joint = SKELETON.names.index(view.first_joint(clip))
    assert load_clip(clip).visible[:, joint].all()
    title = load_clip(clip).title
    data = motion(opened(PATH, clip=title))
    assert (data["joint"], data["title"]) == (joint, title)
    assert motion(opened(PATH, clip=title, joint="left hip"))["text"]["joint"] == "left hip", "a link may name another"


def test_an_exercise_keeps_the_answer_back_until_it_is_revealed():
    app = opened(PATH, hide="answer")
    assert app.title[0].value == TEXT["exercise"]["title"]
    assert "answer" in motion(app)["hide"] and not any("jitter with" in m.value for m in app.markdown)
    assert "<table" not in tables(app)
    app.button(key="reveal").click().run()
    assert app.title[0].value == TEXT["title"] and "<table" in tables(app)


@pytest.mark.parametrize(("view_name", "gone"), [("Clip", {"curves"}), ("Curves", {"stage", "zoom"})])
def test_views_take_turns_while_presenting(view_name, gone):
    app = opened(PATH, present="1")
    app.segmented_control(key="view").set_value(view_name).run()
    assert set(motion(app)["hide"]) == gone


# An own video


def small_video(path, frames: int, fps: float = 12.0) -> bytes:
    """The first frames of the still stance as an MP4."""
    clip = load_clip("stand")
    height, width = clip.frames.shape[1:3]
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), fps, (width, height))
    for k in range(frames):
        writer.write(np.ascontiguousarray(clip.frames[k % len(clip.frames), :, :, ::-1]))
    writer.release()
    return path.read_bytes()


def test_an_own_video_takes_the_clips_place(tmp_path):
    app = opened(PATH, clip="Your video")
    assert motion(app)["video"] == "clip wave", "until there is one"
    app.file_uploader[0].upload("me.mp4", small_video(tmp_path / "a.mp4", 10), "video/mp4").run()
    app.session_state["own_video"].join(60)
    app.run()
    assert not app.exception and not app.error
    data = motion(app)
    assert data["video"].startswith("own ") and data["truth"] is None and len(data["seconds"]) == 10
    off = np.linalg.norm(np.array(data["skeletons"]["dark"]) - load_clip("stand").joints[:10], axis=-1)
    assert np.median(off) < 12, "a heatmap pixel"
    assert any(caption.value.startswith("Your video: 10 frames of 400 × 520 px") for caption in app.caption)
    assert "acceleration noise" in tables(app) and ">error<" not in tables(app)
    app.selectbox(key="joint").select("neck").run()
    assert motion(app)["video"] == data["video"], "it is not tracked again"
    app.segmented_control(key="clip").set_value("walk").run()
    assert motion(app)["video"] == "clip walk"
    app.segmented_control(key="clip").set_value("own").run()
    assert motion(app)["video"] == data["video"], "it is still there after a look at a clip"


@pytest.mark.parametrize(
    "data", [b"", b"Dear diary", b"RIFF\x24\x00\x00\x00WAVEfmt ", bytes(4) + b"ftypisom" + bytes(500)]
)
def test_a_bad_video_gets_one_sentence_and_the_page_lives_on(data):
    app = opened(PATH, clip="Your video")
    app.file_uploader[0].upload("me.mp4", data, "video/mp4").run()
    assert not app.exception and len(app.error) == 1
    assert app.error[0].value.endswith("; the clip is shown instead.") and app.error[0].value.count(". ") == 0
    assert motion(app)["video"] == "clip wave"


def test_of_a_long_video_the_visitor_chooses_the_stretch(tmp_path):
    app = opened(PATH, clip="Your video")
    app.file_uploader[0].upload("me.mp4", small_video(tmp_path / "a.mp4", 50, fps=2.0), "video/mp4").run()
    assert "own_video" not in app.session_state, "nothing begins before it is asked for"
    slider = app.slider(key="stretch")
    assert slider.max == pytest.approx(5, abs=0.5)
    slider.set_value(4.0)
    app.button(key="track").click().run()
    tracking = app.session_state["own_video"]
    assert tracking.key.endswith(" 4.0") and tracking.total == pytest.approx(40, abs=2)
    app.button(key="cancel").click().run()
    tracking.join(60)
    app.run()
    assert app.error[0].value.startswith("Tracking was cancelled") and motion(app)["video"] == "clip wave"
    app.button(key="again").click().run()
    assert not app.error and "own_video" not in app.session_state
