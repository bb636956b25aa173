"""The port doctor: ports with known mistakes, in photo px and heatmap px, and ports without any."""

import numpy as np
import pytest

from dark_core.diagnosis.port_doctor import examine_port
from dark_core.files.joint_files import COCO, Joints, JointsError

RNG = np.random.default_rng(2)
N, K, W, H = 40, 17, 48, 64
TRUE = np.stack([RNG.uniform(8, W - 9, (N, K)), RNG.uniform(6, H - 7, (N, K))], -1)
NOISE = RNG.normal(0, 0.03, TRUE.shape)
CORNER, WIDTH = RNG.uniform(0, 300, (N, 1, 2)), RNG.uniform(80, 400, (N, 1, 1))
WHOLE = np.floor(TRUE + 0.5)
QUARTER = WHOLE + 0.25 * np.sign(TRUE - WHOLE)
FLIP = [COCO.index(name.replace("left", "r-").replace("right", "left").replace("r-", "right")) for name in COCO]


def photo(xy: np.ndarray) -> np.ndarray:
    """Heatmap px in photo px, by each person's crop."""
    return CORNER + (xy + 0.5) / W * WIDTH - 0.5


def joints(xy: np.ndarray, pictures=None) -> Joints:
    names = tuple(map(str, range(len(xy)) if pictures is None else pictures))
    return Joints(xy, (), names, np.full(len(xy), np.nan), np.full((len(xy), 4), np.nan))


def examine(port: np.ndarray, reference: np.ndarray, **options):
    return examine_port(joints(port), joints(reference), **options)


@pytest.mark.parametrize("rounding", [lambda xy: np.round(xy, 2), lambda xy: xy.astype(np.float32), lambda xy: xy])
def test_files_that_agree_but_for_rounding_have_no_difference(rounding):
    report = examine(rounding(photo(TRUE)), photo(TRUE))
    assert report.kinds == () and report.sentences[0].startswith("No difference beyond rounding: no joint differs by")


def test_noise_alone_is_no_mistake():
    for seed in range(12):
        rng = np.random.default_rng(seed)
        report = examine(photo(TRUE + rng.normal(0, 0.3, TRUE.shape)), photo(TRUE))
        assert report.kinds == () and "No mistake of frame" in report.sentences[0], seed


@pytest.mark.parametrize(
    "port, kinds, words",
    [
        (photo(TRUE) + 1, ["shift"], "from 1 instead of 0"),
        (photo(TRUE) * 1.5, ["scale"], "1.5000 in x and 1.5000 in y"),
        (photo(TRUE)[..., ::-1], ["axes"], "x and y exchanged"),
        (photo(TRUE + NOISE)[:, FLIP], ["joints"], "1 with 2, 3 with 4, 5 with 6"),
        ([640, 0] + [-1, 1] * photo(TRUE), ["mirror"], "left to right"),
        (np.round(photo(TRUE)), ["lattice"], "steps of 1.00 px in x and 1.00 px in y"),
        (photo(WHOLE), ["lattice"], "steps of 1.00 heatmap px in x and 1.00 heatmap px in y"),
        (photo(np.stack([WHOLE[..., 0], TRUE[..., 1]], -1)), ["lattice"], "steps of 1.00 heatmap px in x,"),
    ],
)
def test_a_mistake_in_photo_px_is_named(port, kinds, words):
    report = examine(port, photo(TRUE))
    assert list(report.kinds) == kinds and words in report.sentences[0]


@pytest.mark.parametrize("digits", [1, 12])
def test_a_missing_quarter_shift_is_told_in_heatmap_px_beside_other_mistakes(digits):
    report = examine(np.round(photo(WHOLE), digits), np.round(photo(QUARTER), digits))
    assert report.kinds == ("quarter",) and report.unit == "heatmap px"
    assert "exactly ±0.25 heatmap px in x and ±0.25 heatmap px in y: they lack" in report.sentences[0]
    several = examine(photo(WHOLE + 0.375)[..., ::-1], photo(QUARTER))
    assert several.kinds == ("axes", "shift", "quarter") and "half_pixel and size_ratio" in several.sentences[1]


def test_a_shift_made_in_heatmap_px_grows_with_the_person():
    report = examine(photo(TRUE + NOISE + [-0.375, 0]), photo(TRUE))
    assert report.kinds == ("shift",) and "(px at a person of median size)" in report.sentences[0]
    expected = -0.375 / W * float(np.median(WIDTH))
    assert float(report.sentences[0].split("by ")[1].split(" in x")[0].replace("−", "-")) == pytest.approx(
        expected, rel=0.15
    )


def test_size_minus_one_is_found_in_photo_px():
    """Heatmap px of a network of size − 1, taken to the photo by the ratio of the sizes."""
    wrong = TRUE * [(W - 0.25) / (W - 1), (H - 0.25) / (H - 1)]
    report = examine(photo(wrong), photo(TRUE))
    assert report.kinds == ("size_minus_one",) and "for heatmaps of 48 × 64 px" in report.sentences[0]


def test_heatmap_px_and_input_px_are_taken_as_given():
    report = examine(TRUE + NOISE - [0.375, 0], TRUE, size=(W, H))
    assert report.kinds == ("flip_shift",) and report.after < 0.06 < 0.3 < report.median
    report = examine(4 * (TRUE + NOISE) - [1.5, 0], 4 * TRUE, stride=4)
    assert report.kinds == ("flip_shift",) and "(input px)" in report.sentences[0]


def test_people_are_paired_by_picture_by_order_or_by_nearness():
    pictures = [i // 2 for i in range(N)]
    turned = [i + 1 - 2 * (i % 2) for i in range(N)]  # the two people of each picture change places
    port = joints((photo(TRUE) + 1)[turned], pictures)
    report = examine_port(port, joints(photo(TRUE), pictures))
    assert report.kinds == ("shift",) and report.after < 1e-6 and report.missing == 0
    shuffled = RNG.permutation(N)
    report = examine_port(joints((photo(TRUE) + 1)[shuffled], shuffled), joints(photo(TRUE)))
    assert report.kinds == ("shift",)
    fewer = examine_port(joints(photo(TRUE)[:30]), joints(photo(TRUE)))
    assert fewer.missing == 10 and fewer.people == 30 and "No difference" in fewer.sentences[0]


def test_what_cannot_be_compared_is_refused_in_a_sentence():
    with pytest.raises(JointsError, match="no picture in common"):
        examine_port(joints(TRUE, ["a"] * N), joints(TRUE, ["b"] * N))
    with pytest.raises(JointsError, match="17 joints a person and the reference 5"):
        examine_port(joints(TRUE), joints(TRUE[:, :5]))
    with pytest.raises(JointsError, match="no joint in common"):
        examine_port(joints(TRUE * np.nan), joints(TRUE))
