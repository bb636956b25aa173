"""``dark-core track``: a table, JSON and a video of a clip, and what cannot be asked for."""

import csv
import json

import cv2
import pytest

from dark_core.cli.main import main
from dark_core.files.motion.clips import CLIPS

CLIP = str(CLIPS / "stand.webm")


def test_tracks_and_a_video_are_written(tmp_path, capsys):
    out, video = tmp_path / "tracks.csv", tmp_path / "out.mp4"
    options = ["--seconds", "0.7", "--device", "cpu"]
    main(["track", CLIP, *options, "--decoder", "argmax,dark", "-o", str(out), "--video", str(video)])
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == 9 * 2 * 14 and {row["decoder"] for row in rows} == {"argmax", "dark"}
    capture = cv2.VideoCapture(str(video))
    assert (capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_COUNT)) == (800, 9)
    assert "jitter" in capsys.readouterr().err


def test_json_and_a_figure_are_written(tmp_path):
    out, figure = tmp_path / "tracks.json", tmp_path / "neck.svg"
    options = ["--seconds", "0.1", "--device", "cpu", "-o", str(out), "--figure", str(figure), "--joint", "neck"]
    main(["track", CLIP, *options])
    assert "x of the neck, photo px" in figure.read_text(encoding="utf-8")
    assert len(json.loads(out.read_text(encoding="utf-8"))["tracks"]["dark"]) == 2


@pytest.mark.parametrize(
    "options, words",
    [
        (["--decoder", "magic"], "no decoder 'magic'"),
        (["-o", "tracks.txt"], ".csv or .json"),
        (["--video", "out.gif"], ".mp4 or .webm"),
        (["--video", CLIP], "overwrite"),
        (["--figure", "curves.pdf"], ".svg or .png"),
        (["--joint", "tail"], "no joint 'tail'"),
        (["--seconds", "99"], "at most 20 s"),
    ],
)
def test_what_cannot_be_done_is_told(options, words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["track", CLIP, *options])
    assert ended.value.code == 2 and words in capsys.readouterr().err
