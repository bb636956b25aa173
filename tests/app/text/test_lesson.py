"""The lessons: five parts in order, plain words, settings that exist, and every number recomputed."""

import re
from collections.abc import Callable, Sequence
from math import asinh, exp, hypot, log, pi, sqrt
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest

from dark_core.app.decode import log_step
from dark_core.app.encode import rounding
from dark_core.app.evidence.view import DARK
from dark_core.app.noise_lab.moving import track
from dark_core.app.runtime.component_files import component_file
from dark_core.app.runtime.page import PAGES
from dark_core.app.smooth.view import CASE
from dark_core.app.text import lesson
from dark_core.app.your_photo.wipe import count_positions
from dark_core.codec import cramer_rao, decode, encode, quantize, smooth
from dark_core.evaluation import ablation_table
from dark_core.evaluation.ablation_table import BASELINE
from dark_core.evaluation.metrics import KAPPA, OKS_THRESHOLDS
from dark_core.evaluation.published_results import HEADLINE, PUBLISHED
from dark_core.files.motion.clips import load_clip
from dark_core.files.scenes import load_scenes
from dark_core.motion.clip_tracks import load_clip_tracks
from dark_core.pose import Estimator
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pixel_conventions import CONVENTIONS
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation.heatmaps import SimulatedHeatmap
from tests.docs.test_markdown import dialect
from tests.pages.opening import opened

SCRIPTS = {Path(path).stem.lstrip("0123456789_").lower(): path for path, *_ in PAGES} | {"home": "app.py"}
SCRIPTS.pop("app")
"""Lesson -> the script of its page."""

HEADINGS = ("Example: ", "Why ", "The equation", "Where it fails", "Try this")
MATH = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
LINK = re.compile(r"\[([^\[\]]+)\]\(([^)]+)\)")
NUMBER = re.compile(r"−?(?<![\w.@])\d[\d,]*(?:\.\d+)?(?![\d.]*\w)")


def prose(name: str) -> str:
    """A lesson without its formulas and marks."""
    text = MATH.sub("", lesson.lesson_text(name))
    text = re.sub(r"\[\[([^|\]]+)(?:\|[^\]]+)?\]\]", r"\1", text)
    return LINK.sub(r"\1", re.sub(r"{{\w+\|(.+?)}}", r"\1", text))


def test_every_page_has_a_lesson_and_every_lesson_a_page():
    assert {path.stem for path in lesson.TEXTS.glob("*.md")} == set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_lesson_has_its_five_parts_in_order_and_its_length(name):
    text = prose(name)
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert len(headings) == len(HEADINGS)
    assert all(heading.startswith(start) for heading, start in zip(headings, HEADINGS))
    assert 400 <= len(re.findall(r"[^\W\d_][\w’'-]*", text)) <= 700
    parts = re.split(r"^### .+$", lesson.lesson_text(name), flags=re.MULTILINE)
    assert parts[0] == "" and "$$" in parts[3] and parts[5].count("\n- ") >= 3


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_lesson_is_plain_english(name):
    text = prose(name)
    assert dialect(text) == []
    sentences = re.split(r"(?<=[.:?!])\s+|\n+", text)
    assert [one for one in sentences if len(one.split()) > 30] == []


def test_the_marks_become_html_and_the_rest_stays_markdown():
    html = lesson.marked("{{floor|Floor}}, {{mu|$\\mu$}}, [384](?input=384&a=1) and [a](https://example.org)")
    assert '<span class="sym" style="--ink: #D55E00">Floor</span>' in html
    assert '<span class="sym" style="--ink: #F0E442">$\\mu$</span>' in html
    assert '<a href="?input=384&amp;a=1" target="_self">384</a> and [a](https://example.org)' in html


# Where a lesson is shown


def test_a_lesson_is_not_shown_while_presenting_nor_before_the_answer():
    def shown(**query: str) -> bool:
        texts = [element.value for element in opened("pages/1_Encode.py", **query).markdown]
        return any("### Where it fails" in text for text in texts)

    assert shown()
    assert not shown(present="1") and not shown(hide="answer") and not shown(hide="lesson")


def settings(name: str) -> list[dict[str, str]]:
    """The settings of each link of a lesson; all of its links are settings of its own page."""
    targets = [target for _, target in LINK.findall(lesson.lesson_text(name))]
    assert targets and all(target.startswith("?") for target in targets)
    return [dict(parse_qsl(target[1:], keep_blank_values=True)) for target in targets]


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_setting_that_a_lesson_links_exists_and_changes_the_page(name):
    """A control ignores a value that it does not have, and stays as it is at first."""
    links = settings(name)
    keys = {key for link in links for key in link}
    first, found = held(name, keys), []
    for link in links:
        now = held(name, keys, **link)
        assert all(now[key] == float(link[key]) for key in link if key in FIELDS)
        assert now != first or (name, link) == BACK
        found.append(now)
    assert all(now not in found[:k] for k, now in enumerate(found)), "no two links are alike"


BACK = ("encode", {"input": "64"})
"""The link that leads back to the first setting of its page."""

FIELDS = {"log", "start", "kernel", "noise"}
"""Settings that an interactive figure holds, not a control."""


def held(name: str, keys: set[str], **query: str) -> dict:
    """What the controls and the interactive figures of a page hold under these keys; those of ``query`` must exist."""
    state = opened(SCRIPTS[name], **query).session_state
    figures = [state[f"interactive {one}"]["values"] for one in FIGURES if f"interactive {one}" in state]
    fields = {key: value for values in figures for key, value in values.items() if key in FIELDS}
    there = {key for key in keys if key in fields or key in state}
    assert query.keys() <= there, f"{name} does not know {query.keys() - there}"
    return {key: fields[key] if key in fields else state[key] for key in there}


FIGURES = ("encode", "log_step", "decode", "smooth")


# Its numbers


def newton() -> list[float]:
    """l, c, r, slope, curvature, step and its end, in the first drawing of Decode."""
    start = log_step.START - log_step.JOINT
    dots = [log_step.log_of_bell(start + k) for k in (-1, 0, 1)]
    step = log_step.step_by_dots(log_step.log_of_bell, start)
    return [*dots, step.slope, step.curvature, step.end - step.start, step.end + log_step.JOINT]


def corner() -> float:
    """The mean distance from a point of the unit square to its corner, by the midpoint rule."""
    at = (np.arange(2000) + 0.5) / 2000
    return float(np.hypot(at, at[:, None]).mean())


def log_curvature(kernel: float) -> np.ndarray:
    """Curvature of the log at the peak of many bells of width 2 in noise of 0.1, smoothed by ``kernel``."""
    bells = encode(np.tile([15.0, 15.0], (2000, 1)), (31, 31), 2.0, dtype=np.float64)
    noisy = bells + 0.1 * np.random.default_rng(0).standard_normal(bells.shape)
    around = np.log(np.maximum(smooth(noisy, kernel) if kernel else noisy, 1e-6))[:, 15, 14:17]
    return around @ [1, -2, 1]


def published(*sizes: tuple[int, int]) -> list[float]:
    """height, width, base and AP with DARK of HRNet-W32 at each size."""
    rows = {row.size[::-1]: row for row in PUBLISHED if row.network == "HRNet-W32"}
    return [value for size in sizes for value in (*size, rows[size].base, rows[size].dark)]


def half_pixel(x: float) -> float:
    return float(CONVENTIONS["half_pixel"].to_heatmap([[x, x]], (48, 48), (192, 192))[0, 0])


def in_wipe(name: str) -> int:
    """A constant of the script that draws before and after."""
    return int(re.search(rf"\b{name} = (\d+)", component_file("wipe.js"))[1])


LIMIT = 0.02 * 2 / sqrt(pi)
"""The least RMSE, heatmap px, at noise 0.02."""

CLAIMS: dict[str, dict[str, Callable[[], Sequence[float]]]] = {
    "home": {
        "one number per 16 pixels": lambda: [768 / 48],
        "the person is 768 pixels tall": lambda: [16 * 48],
        "a grid of 48 × 48 pixels, each with a number from 0 to 1": lambda: [*grid(), 0, 1],
        "covers 16 × 16 photo pixels": lambda: [768 / 48] * 2,
        "at one of 2,304 positions": lambda: [48 * 48],
        "off by up to 11.3 photo pixels": lambda: [16 * hypot(0.5, 0.5)],
    },
    "encode": {
        "a joint at 10.9": lambda: [10.9],
        "Take a joint at x = 10.9": lambda: [10.9],
        "at pixel 10, round at pixel 11, unbiased at 10.9": lambda: [
            quantize(np.array([10.9, 10.9]), method)[0] for method in ("floor", "round", "unbiased")
        ],
        "answer is 10, which is 0.9 heatmap px off": lambda: [10, 10.9 - 10],
        "covers 4 pixels of the crop, so the joint is already 3.6 crop px off": lambda: [stride(), 0.9 * stride()],
        "as likely at 10.1 as at 10.9": lambda: [10.1, 10.9],
        "it shows 100 joints": lambda: [len(rounding.joints("floor"))],
        "the arrows are 0.765 heatmap px long": lambda: [corner()],
        "about 3 crop px": lambda: [corner() * stride()],
        "the average halves to 0.383 heatmap px": lambda: [corner() / 2],
        "It leaves the 0.383 px": lambda: [corner() / 2],
        "with σ = 0.5, a pixel 1.5 px from the joint reaches only 1 %": lambda: [0.5, 1.5, 100 * exp(-(3**2) / 2)],
        "three times the side is nine times": lambda: [],
    },
    "decode": {
        "from pixel 5 to 6.4": lambda: [log_step.START, newton()[-1]],
        "joint is at 6.4": lambda: [log_step.JOINT],
        "width σ of 2 pixels": lambda: [log_step.SIGMA],
        "start at pixel 5": lambda: [log_step.START],
        "left neighbor is −0.720, the start −0.245, the right neighbor −0.020": lambda: newton()[:3],
        "the slope, 0.350": lambda: newton()[3:4],
        "the curvature, −0.250": lambda: newton()[4:5],
        "0.350 / 0.250 = 1.4": lambda: [newton()[3], -newton()[4], newton()[5]],
        "from 5 leads to 6.4": lambda: [log_step.START, newton()[-1]],
        "A peak of 0.3 and one of 0.9": lambda: [0.3, 0.9],
        "the step still ends at 6.4": lambda: [
            2 - log_step.step_by_dots(log_step.log_of_bell, 2 - log_step.JOINT).slope / -(1 / log_step.SIGMA**2)
        ],
    },
    "smooth": {
        "σ = 2. Its curvature is −1/σ², which is −0.25": lambda: [CASE.sigma, -1, -1 / CASE.sigma**2],
        "√6 times 0.1, about 0.24": lambda: [1 + 4 + 1, CASE.noise, sqrt(1 + 4 + 1) * CASE.noise],
        "is −0.25, give or take 0.24": lambda: [-1 / CASE.sigma**2, sqrt(6) * CASE.noise],
        "halves to −0.125": lambda: [-1 / (CASE.sigma**2 + CASE.sigma**2)],
        "falls to about 0.005": lambda: [float(log_curvature(2.0).std())],
        "rid of 98 % of the noise": lambda: [100 * (1 - float(log_curvature(2.0).std() / log_curvature(0).std()))],
    },
    "your_photo": {
        "is 960 pixels tall": lambda: [20 * 48],
        "48 pixels on a side, so one heatmap pixel covers 20 photo pixels": lambda: [grid()[0], 960 / 48],
        "that is 7.7 photo pixels off on average": lambda: [corner() / 2 * 20],
        "magnifies the photo 5 times": lambda: [in_wipe("MAGNIFIED")],
        "draws them 10 times as large": lambda: [in_wipe("EXAGGERATED")],
        "at most 48 × 48 = 2,304 positions": lambda: [
            *grid(),
            count_positions(CropTransform.from_box((0, 0, 96, 96), (192, 192)), (96, 96)),
        ],
    },
    "motion": {
        "the left wrist moves 42 photo pixels to the side": lambda: [np.ptp(WAVE.joints[:, WRIST, 0])],
        "covers 11.2 photo pixels": lambda: [WAVE_TRACKS.scale],
        "needs about 6 frames": lambda: [WAVE.fps * 2 / (np.ptp(WAVE.joints[:, WRIST, 0]) / WAVE_TRACKS.scale)],
        "jumps by 11.2 photo pixels": lambda: [WAVE_TRACKS.scale],
        "DARK leaves 2.0 photo pixels": lambda: [jitter("dark")],
        "predicts 5.0 photo pixels": lambda: [hypot(jitter("dark"), sqrt(2 / 12) * WAVE_TRACKS.scale)],
        "4.2 are measured": lambda: [jitter("argmax")],
    },
    "your_heatmaps": {
        "the lost 1.5 pixels": lambda: [101 - 4 * half_pixel(101)],
        "off by 1.5 crop pixels along each axis, always up and to the left": lambda: [101 - 4 * half_pixel(101)],
        "crop pixel 101 belongs at (101 + ½) / 4 − ½ = 24.875": lambda: [101, 101, 4, half_pixel(101)],
        "multiplies by 4 and returns 99.5": lambda: [4, 4 * half_pixel(101)],
        "cost 1.5 crop pixels along each axis": lambda: [101 - 4 * half_pixel(101)],
        "one heatmap pixel covers 11.8 photo pixels": lambda: [WALK_TRACKS.scale],
        "0, 11.8 or 23.6 photo pixels apart along x, and never 5": lambda: [*walk_gaps()[:3], 5],
        "halves the step to 5.9": lambda: [WALK_TRACKS.scale / 2],
        "in input pixels move by 1.5": lambda: [
            np.subtract(*(CONVENTIONS[one].to_input([[9, 9]], (48, 48), (192, 192))[0, 0] for one in FRAMES))
        ],
    },
    "noise_lab": {
        "a bell of height 1 and add noise of 0.02 to each pixel, 2 %": lambda: [1, 0.02, 100 * 0.02],
        "It is 0.02 heatmap pixels, a fiftieth": lambda: [mean_error_at_bound()],
        "root-mean-square error is 0.41 heatmap px": lambda: [sqrt(1 / 12 + 1 / 12)],
        "moves 0.05 heatmap px a frame, argmax waits for 20 frames": lambda: [track.SPEED, 1 / track.SPEED],
        "1.6 crop pixels and less than a tenth": lambda: [sqrt(1 / 6) * stride()],
    },
    "evidence": {
        "At 128 × 96 pixels it rises from 66.9 to 70.7": lambda: published((128, 96)),
        "at 256 × 192 from 74.4 to 75.6, at 384 × 288 from 75.8 to 76.6": lambda: published((256, 192), (384, 288)),
        "gain of 3.8 points": lambda: [70.7 - 66.9],
        "a score such as 75.5 AP": lambda: [float(re.search(r"from ([\d.]+)", HEADLINE)[1])],
        "200 × 200 px, a wrist 10 px off earns 0.92": lambda: [200, 200, 10, oks_of_wrist(10, 200)],
        "a wrist 25 px off 0.60": lambda: [25, oks_of_wrist(25, 200)],
        "Roughly, 75.5 AP": lambda: [float(re.search(r"from ([\d.]+)", HEADLINE)[1])],
        "from 0.50 to 0.95": lambda: [OKS_THRESHOLDS[0], OKS_THRESHOLDS[-1]],
        "covers 4 pixels of the crop, so that is 3.1 crop pixels": lambda: [stride(), corner() * stride()],
        "a crop 128 pixels high, this is 2.4 %": lambda: [128, 100 * corner() * stride() / 128],
        "At 384 pixels it is 0.8 %, a third": lambda: [384, 100 * corner() * stride() / 384],
        "holds 95 % of these gains": lambda: [95],
    },
}
"""Lesson -> what it says, and the numbers in it as they must be."""

FRAMES = ("half_pixel", "size_ratio")

WAVE, WAVE_TRACKS, WRIST = load_clip("wave"), load_clip_tracks("wave"), SKELETON.names.index("left wrist")


WALK_TRACKS = load_clip_tracks("walk")


def walk_gaps() -> np.ndarray:
    """Distances along x of two joints of a frame, decoded with argmax, in the crop of the median size."""
    frame = int(np.argmin(np.abs(WALK_TRACKS.photo_px - WALK_TRACKS.scale)))
    x = WALK_TRACKS.photo_xy["argmax"][frame, :, 0]
    gaps = np.unique(np.abs(x[:, None] - x).round(3))
    assert np.abs(gaps - 5).min() > 4
    return gaps


def jitter(decoder: str) -> float:
    """Scatter of the left wrist's errors about their mean in the first clip, in photo px."""
    errors = WAVE_TRACKS.photo_xy[decoder][:, WRIST] - WAVE.joints[:, WRIST]
    return float(np.sqrt(((errors - errors.mean(0)) ** 2).sum(1).mean()))


def grid() -> tuple[int, int]:
    """Width and height of the heatmaps of the network that the pages run."""
    scene = next(iter(load_scenes().values()))
    return Estimator.load(device="cpu").crop_transform(scene.box).heatmap_size


def stride() -> float:
    return CropTransform.from_box((0, 0, 100, 100), (192, 192)).stride


def oks_of_wrist(off: float, side: float) -> float:
    """COCO's mark of a wrist ``off`` px from its label, on a person who covers ``side`` by ``side`` px."""
    return exp(-(off**2) / (2 * side**2 * (2 * KAPPA[SKELETON.names.index("left wrist")]) ** 2))


def mean_error_at_bound() -> float:
    """Mean distance from the joint of a normal error with the covariance of the bound."""
    bound = cramer_rao((24.3, 23.6), (48, 48), 2.0, 0.02)
    return float(sqrt(bound[0, 0]) * sqrt(pi / 2))


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, claims in CLAIMS.items() for said in claims])
def test_every_number_of_a_lesson_is_recomputed(name, said):
    assert said in prose(name)
    shown = [number.replace(",", "").replace("−", "-") for number in NUMBER.findall(said)]
    values = CLAIMS[name][said]()
    assert len(shown) == len(values)
    for text, value in zip(shown, values):
        places = len(text.partition(".")[2])
        assert abs(float(text) - value) <= 0.5 * 10**-places + 1e-9, (text, value)


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_number_of_a_lesson_is_without_its_claim(name):
    text = re.sub(r"\[([^\[\]]+)\]\(\?[^)]+\)", "", lesson.lesson_text(name))  # links have a test of their own
    text = re.sub(r"{{\w+\|(.+?)}}", r"\1", re.sub(r"\[\[([^|\]]+)(?:\|[^\]]+)?\]\]", r"\1", MATH.sub("", text)))
    for said in CLAIMS[name]:
        text = text.replace(said, "")
    text = re.sub(r"2 × 2 matrix|PCK@[\d.]+|of 4 and|multiplies by 4", "", text)
    left = [one for one in NUMBER.findall(text) if "." in one or float(one.replace(",", "").replace("−", "-")) >= 5]
    assert left == []


def test_what_the_lessons_say_of_formulas_holds():
    # Encode: floor shifts a joint by half a pixel along each axis; adding it back leaves the error of round.
    for method, mean in rounding.MEAN.items():
        arrows = quantize(rounding.joints(method), method) - rounding.joints(method)
        assert np.linalg.norm(arrows, axis=-1).mean() == pytest.approx(mean, abs=2e-3)
        assert arrows.mean(0) == pytest.approx([-0.5, -0.5] if method == "floor" else [0, 0], abs=1e-9)
    assert pytest.approx((sqrt(2) + log(1 + sqrt(2))) / 3, abs=1e-12) == rounding.FLOOR_MEAN
    assert pytest.approx(rounding.FLOOR_MEAN) == (sqrt(2) + asinh(1)) / 3
    # Decode: beyond one sigma the step on the bell leads away from the joint.
    start = 2 - log_step.JOINT
    assert abs(log_step.step_on_bell(start).end) > abs(start) > log_step.SIGMA
    # Your photo: the way back of a crop.
    transform = CropTransform.from_box((30, 40, 30 + 960, 40 + 960), (192, 192))
    mu, scale = np.array([20.3, 11.7]), 960 / 48
    np.testing.assert_allclose(transform.to_photo(mu), scale * (mu + 0.5) + np.array([30, 40]) - 0.5)
    # Your heatmaps: the width of a bell from three pixels of its log.
    left, center, right = (-0.5 * ((k - 0.3) / 1.7) ** 2 for k in (-1, 0, 1))
    assert 1 / sqrt(2 * center - left - right) == pytest.approx(1.7)
    # Your heatmaps: two mixed frames cost more than argmax loses by rounding.
    assert hypot(1.5, 1.5) > corner() / 2 * stride()
    # Noise lab: the bound does not depend on sigma, and DARK's limit is less than a tenth of a crop pixel.
    bounds = [cramer_rao((48.3, 47.6), (96, 96), sigma, 0.02)[0, 0] for sigma in (1.0, 2.0, 4.0)]
    np.testing.assert_allclose(bounds, 2 * 0.02**2 / pi, rtol=1e-3)
    assert LIMIT * stride() < 0.1 and pytest.approx(1.13 * 0.02, rel=2e-3) == LIMIT
    # Noise lab: at noise 0.2 argmax is off by more than rounding.
    noisy = SimulatedHeatmap((13.37, 16.62), noise=0.2)
    found = [decode(SimulatedHeatmap(noisy.joint, noise=0.2, seed=k).heatmap(), "argmax", 2.0).xy for k in range(100)]
    assert np.sqrt((np.subtract(found, noisy.joint) ** 2).sum(1).mean()) > 1.5 * sqrt(1 / 6)


def test_what_the_lesson_of_motion_says_holds():
    ankle = SKELETON.names.index("right ankle")
    assert np.ptp(WAVE_TRACKS.heatmap_xy["argmax"][:, ankle], axis=0).max() == 0, "it stays where it is"
    assert np.ptp(WAVE_TRACKS.heatmap_xy["dark"][:, ankle], axis=0).min() > 0, "DARK follows the heatmap"
    sideways = np.diff(WAVE_TRACKS.heatmap_xy["argmax"][:, WRIST, 0])
    assert np.abs(sideways).max() == 1 and (sideways == 0).mean() > 0.7, "it waits, then jumps by one pixel"
    noise = np.random.default_rng(0).normal(size=100_000)
    assert np.var(noise[:-2] - 2 * noise[1:-1] + noise[2:]) == pytest.approx(6, rel=0.02)


def test_what_the_lesson_of_evidence_says_of_the_table_holds():
    table = ablation_table.load()
    small, middle = (row for row in PUBLISHED if row.network == "HRNet-W32" and row.size[1] in (128, 256))
    assert small.gain > (middle.base - small.base) / 2, "more than half of what twice the size brings"
    for name in table.sets:
        gains = [
            table.gain(name, encoding, size, variant, "pck@0.1").value
            for encoding, variant in ((DARK[0], BASELINE[1]), ("floor", DARK[1]))
            for size in table.sizes
        ]
        targets, decoding = np.reshape(gains, (2, -1))
        assert (targets > decoding).all(), "most of the gain comes from the targets"
