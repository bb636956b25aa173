"""The Python code of the README and of docs/ runs as it is written, and gives what the text beside it says."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy.stats import chi2

from dark_core.codec import decode, encode
from dark_core.evaluation import squared_distance
from dark_core.pose.pixel_conventions import CONVENTIONS

ROOT = Path(__file__).parents[2]
JOINTS = np.array([[20.3, 31.7], [9.0, 5.5]])
"""The joints that the pages draw their heatmaps at."""

SMALL, LARGE = (48, 64), (192, 256)
"""Heatmap and crop of the recipe, (W, H)."""


def blocks(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(code: str, **given) -> dict:
    """The names that a block defines, started with those `given`."""
    names = dict(given)
    exec(compile(code, "<documentation>", "exec"), names)
    return names


def test_only_the_pages_tested_here_show_python():
    pages = [path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]]
    shown = {page: len(blocks(page)) for page in pages if blocks(page)}
    assert shown == {"README.md": 1, "docs/your-network.md": 5, "CONTRIBUTING.md": 1}


def test_the_readme_decodes_the_joints_it_encodes(capsys):
    (code,) = blocks("README.md")
    names = run(code)
    np.testing.assert_allclose(names["xy"], JOINTS, atol=1e-3)
    assert names["score"].shape == (2,) and capsys.readouterr().out == "[ True  True] ['', '']\n"


def test_the_first_block_of_your_network():
    names = run(blocks("docs/your-network.md")[0])
    assert names["heatmaps"].shape == (2, 64, 48) and len(names["DECODERS"]) == 20
    np.testing.assert_allclose(names["joints"].xy, JOINTS, atol=1e-3)
    np.testing.assert_allclose(names["fit"].xy, JOINTS, atol=1e-3)
    assert names["joints"].ok.all() and names["fit"].covariance.shape == (2, 2, 2)
    np.testing.assert_allclose(names["trace"](names["heatmaps"][0], 2.0).xy, JOINTS[0], atol=1e-3)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_recipe_finds_a_dot_on_a_photo(convention):
    # A dot on a photo stands for a joint, and its fainter neighbor for the joint's partner on the other side. The
    # network finds both in its crop and draws them in the convention that its weights were trained with.
    dots = np.array([[301.3, 212.6], [361.8, 260.4]])
    photo = np.stack([255 * dot(x, y) for x, y in dots] + [np.zeros((480, 640))], -1).round().astype(np.uint8)

    def network(crop):
        mirrored = center(crop[..., 0])[0] > center(crop[..., 1])[0]
        seen = [center(crop[..., channel]) for channel in ((1, 0) if mirrored else (0, 1))]
        return encode(CONVENTIONS[convention].to_heatmap(seen, SMALL, LARGE), SMALL, 2.0)

    code = blocks("docs/your-network.md")[1]
    assert '"size_ratio"' in code
    code = code.replace('"size_ratio"', repr(convention))
    names = run(code, photo=photo, box=(240, 100, 420, 340), network=network, mirror=[1, 0])
    np.testing.assert_allclose(names["photo_xy"], dots, atol=0.02)


def test_the_line_for_vitpose_gives_the_joints_of_a_person():
    # The box has the proportions of the heatmap: the crop shows a quarter more of it, 120 × 160 px from (-12, -16) on.
    outputs = SimpleNamespace(heatmaps=torch.from_numpy(encode([JOINTS], SMALL, 2.0)))
    names = run(blocks("docs/your-network.md")[2], outputs=outputs, boxes=[[[0, 0, 96, 128]]])
    wanted = JOINTS * [120 / 47, 160 / 63] - [12, 16]
    np.testing.assert_allclose(names["person"]["keypoints"], wanted, atol=0.01)
    assert names["person"]["covariance"].shape == (2, 2, 2)


def test_the_layer_of_your_network_decodes_and_is_exported():
    heatmaps = torch.from_numpy(encode(np.stack([JOINTS] * 3), SMALL, 2.0))  # (3, 2, 64, 48)
    names = run(blocks("docs/your-network.md")[4], network=torch.nn.Identity(), crops=heatmaps)
    for xy, score in ((names["xy"], names["score"]), names["program"].module()(heatmaps.repeat(2, 1, 1, 1))):
        np.testing.assert_allclose(xy, [JOINTS] * len(xy), atol=1e-3)
        assert score.shape == (len(xy), 2)


def test_the_decoder_of_contributing_is_the_one_of_the_example():
    (code,) = blocks("CONTRIBUTING.md")
    example = (ROOT / "examples/add_a_decoder.py").read_text(encoding="utf-8")
    assert code.partition("\n\n")[2].strip() in example


def dot(x: float, y: float) -> np.ndarray:
    """(480, 640) a Gaussian of 9 px at (x, y)."""
    rows, columns = np.mgrid[:480, :640]
    return np.exp(-0.5 * ((columns - x) ** 2 + (rows - y) ** 2) / 9**2)


def center(channel: np.ndarray) -> list[float]:
    """[x, y] of the mean of a channel; beyond the photo the crop is gray, and these boxes stay inside it."""
    weights = channel * 1.0
    return [float(weights.sum(axis) @ np.arange(n) / weights.sum()) for axis, n in ((0, LARGE[0]), (1, LARGE[1]))]


def test_the_factors_make_the_ellipses_hold_95_of_100_labels():
    # The positions are those of noisy heatmaps, the labels lie three times as far off as the noise put them.
    rng = np.random.default_rng(0)
    joints = rng.uniform(20, 28, (200, 2, 2))
    heatmaps = encode(joints, (48, 48), 2.0) + rng.normal(0, 0.05, (200, 2, 48, 48))
    truth = joints + 2 * (joints - decode(heatmaps, "noise_matched", 2.0).xy)
    names = run(blocks("docs/your-network.md")[3], heatmaps=heatmaps, truth=truth)
    np.testing.assert_allclose(names["scale"], 9, rtol=0.4)
    held = squared_distance(names["covariance"], names["joints"].xy - truth) <= chi2.ppf(0.95, 2)
    np.testing.assert_allclose(held.mean(0), 0.95, atol=0.011)  # on the labels that they were fitted to: 191 of 200


def test_the_shares_of_the_regions_are_those_of_the_model_card():
    text = re.sub(r"\s+", " ", (ROOT / "docs/results.md").read_text(encoding="utf-8"))
    card = json.loads((ROOT / "assets/models/default.json").read_text())
    for name, _, share in card["regions"]["holds"]:
        assert f"{100 * share:.1f} % of {name}" in text
    calibration = card["calibration"]
    assert f"by {100 * calibration['gap']:.1f} points on average" in text
    assert f"The raw maximum differs by {100 * calibration['gap of the score']:.1f} points" in text
