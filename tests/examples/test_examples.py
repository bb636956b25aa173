"""Each example runs as its first lines say, in a process of its own, and prints what its text claims."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark_core.codec import DECODERS, encode

ROOT = Path(__file__).parents[2]


def run(name: str, *arguments) -> str:
    """What an example prints."""
    command = [sys.executable, "-m", f"examples.{name}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", env=None)
    assert done.returncode == 0, done.stderr
    return done.stdout


def distances(printed: str) -> dict[str, list[float]]:
    """title of a decoder -> the numbers of its line."""
    lines = {title: [line for line in printed.splitlines() if line.startswith(title + "  ")] for title in TITLES}
    return {title: [float(word) for word in found[0][len(title) :].split()] for title, found in lines.items()}


TITLES = [decoder.title for decoder in DECODERS.values()]


def test_the_sample_is_decoded_by_every_decoder():
    printed = run("decode_your_heatmaps")
    assert printed.startswith("140 heatmaps of 48 × 48 pixels, σ = 2\n")
    found = distances(printed)
    assert found["DARK"] == [0, 0] and found["Argmax"][0] > found["Gaussian fit"][0]


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_a_file_of_your_own_is_decoded_with_its_sigma(tmp_path, suffix):
    # Joints a quarter of a pixel right of and below a pixel's center: argmax is off by sqrt(2) / 4 from each, and
    # on clean heatmaps DARK finds them. One heatmap is empty.
    joints = np.stack([np.arange(8.0, 40.0, 4.0)] * 2, -1) + 0.25
    heatmaps = np.concatenate([encode(joints, size=(48, 48), sigma=1.5), np.zeros((1, 48, 48), np.float32)])
    path = tmp_path / f"mine{suffix}"
    np.save(path, heatmaps) if suffix == ".npy" else np.savez(path, heatmaps)
    printed = run("decode_your_heatmaps", path, 1.5)
    first, second, third = printed.splitlines()[:3]
    assert first == "9 heatmaps of 48 × 48 pixels, σ = 1.5"
    assert second.split() == ["8", "with", "a", "proper", "peak"] and third.split()[0] == "1" and "flat" in third
    assert distances(printed)["Argmax"] == [0.35, 0.35]


def test_unbiased_targets_lose_no_half_pixel():
    printed = run("train_with_unbiased_targets")
    rows = {line.split()[0]: [float(word) for word in line.split()[2:]] for line in printed.splitlines()[1:3]}
    # Rounding down is off by 1/2 px per axis on average: sqrt(1/2) = 0.707 px for a decoder that is exact. Argmax on
    # unbiased targets is off by the mean distance to the center of a unit square, 0.383 px.
    assert rows["floor"][2] == pytest.approx(np.sqrt(0.5), abs=0.05)
    assert rows["unbiased"][0] == pytest.approx(0.383, abs=0.03)
    assert rows["unbiased"][2] < 0.15


def test_the_added_decoder_is_exact_on_clean_heatmaps_and_not_in_noise():
    printed = run("add_a_decoder")
    rows = {line.split()[0]: [float(word) for word in line.split()[1:]] for line in printed.splitlines()[1:4]}
    assert rows["argmax"][0] == pytest.approx(0.383, abs=0.01)  # the mean distance to the center of a unit square
    assert rows["three_point"][0] == 0 and rows["dark"][0] == 0
    assert rows["dark"][1] < rows["three_point"][1] / 2
    assert "no pixel stands out" in printed


def test_an_exported_model_gives_what_decode_gives(tmp_path):
    path = tmp_path / "pose.onnx"
    wrote, apart = [line for line in run("export_to_onnx", path).splitlines() if line.startswith(("wrote", "largest"))]
    assert wrote.startswith(f"wrote {path}: ") and path.stat().st_size > 1000
    assert float(apart.split()[4]) <= 1e-4
