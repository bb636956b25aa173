"""``dark-core choose`` and ``dark-core doctor`` on real files: what they print, what they need, what they refuse."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark_core.cli.main import main
from dark_core.codec import DECODERS, encode
from dark_core.evaluation.sample_heatmaps import SAMPLE
from dark_core.files.joint_files import COCO
from dark_core.pose.pixel_conventions import CONVENTIONS

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(6)
SIZE = (48, 64)
TRUE = np.stack([RNG.uniform(9, 38, (20, 17)), RNG.uniform(9, 54, (20, 17))], -1)
MAPS = encode(TRUE, SIZE, 2.0) + RNG.normal(0, 0.05, (20, 17, 64, 48)).astype(np.float32)


def printed(capsys, *arguments) -> str:
    main([str(one) for one in arguments])
    return capsys.readouterr().out


def refused(capsys, *arguments) -> str:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    out, error = capsys.readouterr()
    assert ended.value.code == 2 and out == "" and error.endswith(".\n") and error.count("\n") == 1
    return error


def coco(xy: np.ndarray, **more) -> str:
    rows = np.concatenate([xy, np.ones((*xy.shape[:2], 1))], -1).round(2)
    return json.dumps([{"image_id": i, "keypoints": one.ravel().tolist(), **more} for i, one in enumerate(rows)])


def test_the_bundled_sample_holds_its_truth(capsys):
    out = printed(capsys, "choose", SAMPLE)
    assert "10 people, 140 labeled joints" in out and "The pixel convention is half_pixel" in out
    for decoder in DECODERS.values():
        assert re.search(rf"^[* ] {re.escape(decoder.title)}(, σ [\d.]+)? +\d\.\d{{3}} ", out, re.MULTILINE)
    assert re.search(r"^  right ankle +[\d.−]+ \(", out, re.MULTILINE)
    assert out.rstrip().endswith('xy = CONVENTIONS["half_pixel"].to_input(xy, (48, 48), (192, 192))  # input px')


def test_coco_annotations_are_a_truth(tmp_path, capsys):
    """Joints of the photo, with boxes that the network's crops grew by 1.25, and areas for OKS."""
    crop = CONVENTIONS["size_ratio"].to_input(TRUE, SIZE, (192, 256)) * 2 + 100  # each crop has 384 × 512 photo px
    notes = json.loads(coco(crop + 0.5, bbox=[100 + 384 * 0.1, 100 + 512 * 0.1, 384 * 0.8, 512 * 0.8], area=60000))
    data = {"images": [], "annotations": notes, "categories": [{"id": 1, "keypoints": list(COCO)}]}
    (tmp_path / "truth.json").write_text(json.dumps(data))
    np.save(tmp_path / "maps.npy", MAPS)
    main(["choose", str(tmp_path / "maps.npy"), "--truth", str(tmp_path / "truth.json")])
    out, error = capsys.readouterr()
    assert "photo px, in boxes grown by 1.25" in error
    assert "20 people, 340 labeled joints; PCK@0.1 of the torso length" in out
    assert "The pixel convention is size_ratio" in out
    best = float(re.search(r"^\* .*? (\d\.\d{3}) ", out, re.MULTILINE)[1])
    assert best < 0.06 and " – " not in out.split("joint ")[0], "OKS is there"


def test_a_port_is_examined(tmp_path, capsys):
    (tmp_path / "a.json").write_text(coco(TRUE - [0.375, 0]))
    (tmp_path / "b.json").write_text(coco(TRUE))
    out = printed(capsys, "doctor", tmp_path / "a.json", tmp_path / "b.json", "--size", 48, 64)
    assert out.startswith("20 people, 340 joints in both files\n") and "that is the flip-shift error" in out
    assert "median 0.38 px" in out and "With this undone a median of" in out
    same = printed(capsys, "doctor", tmp_path / "b.json", tmp_path / "b.json")
    assert "No difference beyond rounding" in same and "undone" not in same
    np.savez(tmp_path / "a.npz", joints=TRUE[..., ::-1])
    assert "x and y exchanged" in printed(capsys, "doctor", tmp_path / "a.npz", tmp_path / "b.json")


def test_what_cannot_be_used_is_refused_in_a_sentence(tmp_path, capsys):
    np.save(tmp_path / "maps.npy", MAPS[:3])
    np.save(tmp_path / "few.npy", TRUE[:2])
    (tmp_path / "b.json").write_text(coco(TRUE))
    maps = tmp_path / "maps.npy"
    assert "give --truth" in refused(capsys, "choose", maps)
    assert "2 × 17 people and joints and the heatmaps have 3 × 17" in refused(
        capsys, "choose", maps, "--truth", tmp_path / "few.npy"
    )
    assert "check the path" in refused(capsys, "choose", maps, "--truth", tmp_path / "nowhere.json")
    assert "cannot be opened" in refused(capsys, "choose", tmp_path / "nowhere.npy")
    assert "no such layout" in refused(capsys, "choose", maps, "--layout", "abc")
    assert "--sigma must be" in refused(capsys, "choose", maps, "--sigma", "-1")
    assert "no picture in common" not in refused(capsys, "doctor", tmp_path / "b.json", maps)
    assert "--size" in refused(capsys, "doctor", maps, maps, "--size", 1, 1)
    assert "--stride" in refused(capsys, "doctor", maps, maps, "--stride", "nan")


@pytest.mark.parametrize("verb", ["choose", "doctor"])
def test_numpy_is_all_they_need(verb, tmp_path):
    np.savez(tmp_path / "both.npz", heatmaps=MAPS, joints=TRUE)
    files = [str(tmp_path / "both.npz")] * (1 if verb == "choose" else 2)
    code = f"""
import sys
from dark_core.cli.main import main
main({[verb, *files]!r})
print(*{{"torch", "cv2", "streamlit", "PIL", "plotly", "scipy", "safetensors"}} & set(sys.modules))
"""
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert shown.returncode == 0 and shown.stdout.endswith("\n\n" if verb == "doctor" else "\n"), shown.stderr
    assert shown.stdout.splitlines()[-1] == ""
