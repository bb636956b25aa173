"""The sentence under a heatmap says what was put into it, with the numbers that the decoders have."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dark_core.codec import DECODERS, decode, encode
from dark_core.diagnosis.explain import diagnose
from dark_core.simulation.heatmaps import SCENARIOS, SimulatedHeatmap

pytestmark = pytest.mark.filterwarnings("error")


FIVE = ("argmax", "quarter_shift", "weighted_average", "taylor", "dark")


def positions_of(heatmap, sigma: float = 2.0, names=FIVE) -> dict[str, np.ndarray]:
    return {name: decode(heatmap, name, sigma).xy for name in names}


def explanation_of(case: SimulatedHeatmap, known: bool = True, **arguments) -> str:
    heatmap = case.heatmap()
    return diagnose(heatmap, case.sigma, positions_of(heatmap, case.sigma), case.joint if known else None, **arguments)


def sentences(text: str) -> int:
    """Full stops that end a sentence: before a blank or the end."""
    return len(re.findall(r"\.(?:\s|$)", text))


def longest_sentence(text: str) -> int:
    """Words of the longest sentence; a number with its unit is one word, and what stands in brackets is none."""
    text = re.sub(r" ?\([^)]*\)", "", text).replace(" heatmap px", "").replace(" %", "")
    return max(len(sentence.split()) for sentence in re.split(r"\.(?:\s|$)", text))


def px(length: float) -> str:
    return f"{length:.2f} heatmap px"


# The scenarios


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_its_own_cause_in_four_short_sentences_at_most(name, known):
    cause = {
        "clean": "Rounding",
        "noisy": "With noise of",
        "second": "A second peak at",
        "border": "the left edge",
        "flat": "The heatmap is flat",
        "pedestal": "on a floor of 0.1",
    }
    text = explanation_of(SCENARIOS[name].case, known)
    assert cause.pop(name) in text
    assert not any(other in text for other in cause.values())
    assert 1 <= sentences(text) <= 4 and longest_sentence(text) <= 25
    assert "heatmap px" in text and "-" not in text
    if not known:
        assert "earest" not in text and "the joint" not in text


def test_clean_names_the_rounding_and_all_who_are_exact():
    text = explanation_of(SCENARIOS["clean"].case)
    assert f"argmax {px(np.hypot(0.37, 0.38))}" in text
    assert f"the ¼ shift {px(np.hypot(0.12, 0.13))}" in text
    assert text.endswith(
        "Nearest are the weighted average, the step without smoothing and DARK, less than 0.001 heatmap px from the "
        "joint."
    )


def test_noise_compares_curvatures_and_taylor_with_dark():
    case = SCENARIOS["noisy"].case
    at = positions_of(case.heatmap())
    text = explanation_of(case, noise=0.1)
    assert text.startswith(
        "With noise of 0.1 per pixel, the curvature of the raw log is −0.52 per heatmap px² "
        "(of a clean Gaussian: −0.25)"
    )
    assert f"he step without smoothing is {px(np.hypot(*(at['taylor'] - at['dark'])))} from DARK" in text
    assert (
        f"arthest from the joint is the weighted average, {px(np.hypot(*(at['weighted_average'] - case.joint)))}"
        in text
    )
    assert f"Nearest is DARK, {px(np.hypot(*(at['dark'] - case.joint)))} from the joint" in text


def test_noise_is_measured_where_it_is_not_given():
    level = float(re.search(r"noise of ([\d.]+) per pixel", explanation_of(SCENARIOS["noisy"].case))[1])
    assert level == pytest.approx(0.1, rel=0.15)


def test_a_second_peak_has_its_place_its_height_and_its_pull():
    case = SCENARIOS["second"].case
    away = np.hypot(*(positions_of(case.heatmap())["weighted_average"] - case.joint))
    text = explanation_of(case)
    assert text.startswith("A second peak at (23, 9), about 86 % as high as the first, pulls the weighted average")
    # All of the weighted average's error is the second peak's doing.
    assert float(re.search(r"([\d.]+) heatmap px away", text)[1]) == pytest.approx(away, abs=0.02)


def test_a_border_has_its_distance_what_it_cuts_off_and_what_padding_does():
    case = SCENARIOS["border"].case
    bias = decode(case.heatmap(), "dark").xy[0] - case.joint[0]
    # 0.6 px are 0.3 sigma, beyond which lie 38 % of a normal distribution.
    assert explanation_of(case) == (
        "The joint is 0.60 heatmap px inside the left edge, which cuts off 38 % of a Gaussian there. Smoothing takes "
        f"the missing part for zero and pulls DARK {px(bias)} inwards. "
        "Nearest is the step without smoothing, less than 0.001 heatmap px from the joint. "
        "A Gaussian fitted to the pixels that exist is less than 0.001 heatmap px from the joint."
    )


@pytest.mark.parametrize(
    "joint, edge", [((0.1, 16), "left"), ((30.9, 16), "right"), ((16, 0.1), "top"), ((16, 30.9), "bottom")]
)
def test_every_edge_pulls_inwards(joint, edge):
    text = explanation_of(SimulatedHeatmap(joint))
    assert f"0.60 heatmap px inside the {edge} edge" in text
    assert re.search(r"pulls DARK 1\.0\d heatmap px inwards", text)
    assert "further in than the step without smoothing" in explanation_of(SimulatedHeatmap(joint), known=False)


def test_beside_an_edge_the_gaussian_fit_is_named_where_the_joint_is_known():
    case = SimulatedHeatmap((0.1, 16.3), noise=0.002)
    fit = decode(case.heatmap(), "gaussian_fit", case.sigma).xy
    said = f"A Gaussian fitted to the pixels that exist is {np.hypot(*(fit - case.joint)):.3f} heatmap px from"
    assert said in explanation_of(case) and "fitted" not in explanation_of(case, known=False)


def test_a_joint_on_the_edge_or_beyond_is_said_to_be_there():
    assert "right on the left edge, which cuts off 50 %" in explanation_of(SimulatedHeatmap((-0.5, 16)))
    assert "0.70 heatmap px outside the left edge" in explanation_of(SimulatedHeatmap((-1.2, 16)))


def test_flat_says_that_no_position_means_anything():
    text = explanation_of(SCENARIOS["flat"].case)
    assert text == (  # of equal pixels the first is the largest
        "The heatmap is flat: no pixel stands out. DARK returns (0, 0) and the weighted average (15.5, 15.5) "
        "heatmap px: neither means anything."
    )


def test_a_pedestal_has_its_share_and_its_pull_to_the_center():
    case = SCENARIOS["pedestal"].case
    away = np.hypot(*(positions_of(case.heatmap())["weighted_average"] - case.joint))
    text = explanation_of(case)
    assert text.startswith("Of the sum of all positive values, 71 % is more than 6 heatmap px from the peak")
    pull = float(
        re.search(r"pulls the weighted average ([\d.]+) heatmap px towards the center of the heatmap", text)[1]
    )
    assert pull == pytest.approx(away, abs=0.1)


# Cases between and beyond


def test_a_higher_second_peak_is_called_the_wrong_one():
    text = explanation_of(replace(SCENARIOS["second"].case, second=1.3))
    assert text.startswith("The higher of two peaks is not the joint’s: it is 15.6 heatmap px from the joint")
    assert "Nearest is the weighted average" in text
    assert "not the joint’s" not in explanation_of(replace(SCENARIOS["second"].case, second=1.3), known=False)


def test_a_map_drawn_elsewhere_is_no_fault_of_the_decoders():
    # The Gaussian of a floored joint stands on a pixel, where all decoders agree.
    heatmap = encode((13.37, 16.62), (32, 32), 2.0, "floor", dtype=np.float64)
    text = diagnose(heatmap, 2.0, positions_of(heatmap), (13.37, 16.62))
    off = px(np.hypot(0.37, 0.62))
    assert text == (
        f"The heatmap itself peaks {off} from the joint, which no decoder can correct. "
        f"Every decoder is {off} from the joint."
    )


def test_a_joint_on_a_pixel_of_a_clean_map_disturbs_nobody():
    text = explanation_of(SimulatedHeatmap((13.0, 17.0)))
    assert text == "Nothing disturbs this peak: every decoder is less than 0.001 heatmap px from the joint."


def test_dark_is_not_called_nearest_where_it_is_not():
    # Three px from the edge rounding is the largest error, yet padding still moves DARK.
    text = explanation_of(SimulatedHeatmap((2.6, 16.6)))
    dark = np.hypot(*(decode(SimulatedHeatmap((2.6, 16.6)).heatmap(), "dark").xy - [2.6, 16.6]))
    assert f"DARK {px(dark)} from the joint. Nearest is the step without smoothing" in text


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "case", [SimulatedHeatmap((13.37, 16.62)), SimulatedHeatmap((0.8, 4.1), pedestal=0.02, second=0.6)]
)
def test_the_nearest_is_who_came_nearest(case, seed):
    case = replace(case, noise=(0.01, 0.05, 0.2)[seed % 3], seed=seed)
    miss = {name: np.hypot(*(xy - case.joint)) for name, xy in positions_of(case.heatmap()).items()}
    best = min(miss, key=miss.get)
    said = {
        "argmax": "argmax",
        "quarter_shift": "the ¼ shift",
        "weighted_average": "the weighted average",
        "taylor": "the step without smoothing",
    }
    clause = re.search(r"Nearest (?:is|are) ([^;]*?) from the joint", explanation_of(case))[1]
    assert said.get(best, DECODERS[best].title) in clause


def test_a_lone_bright_pixel_far_away_explains_argmax():
    heatmap = SimulatedHeatmap((10.3, 16.6)).heatmap()
    heatmap[5, 25] = 1.4
    text = diagnose(heatmap, 2.0, positions_of(heatmap), (10.3, 16.6))
    # The peak's pixel is (10, 17).
    assert f"pulls argmax {np.hypot(15, 12):.1f} heatmap px away" in text


def test_a_broader_peak_is_told_by_its_curvature():
    # Two Gaussians melted into one: slanted, no second peak, no noise.
    text = explanation_of(SimulatedHeatmap((13.4, 16.6), second=0.8, second_at=(18.0, 16.0)))
    assert text.startswith("The shape of the peak matters most: the curvature of the raw log is")


def test_decoders_that_were_not_shown_are_not_mentioned():
    heatmap = SCENARIOS["pedestal"].case.heatmap()
    text = diagnose(heatmap, 2.0, positions_of(heatmap, names=["argmax", "dark"]), (9.3, 21.6))
    assert "weighted" not in text and "Taylor" not in text
    assert "argmax 0.50 heatmap px" in text


# Whatever comes


HOPELESS = {
    "zero": np.zeros((6, 7)),
    "not a number": np.full((6, 7), np.nan),
    "infinite": np.full((6, 7), np.inf),
    "one not a number": np.where(np.indices((9, 9))[0] == 2, np.nan, encode([4, 5], (9, 9), 2)),
    "one pixel": np.ones((1, 1)),
    "a row": np.arange(9.0)[None],
    "two by two": np.eye(2),
    "negative": -encode([3, 4], (9, 9), 2),
    "below zero": encode([3, 4], (9, 9), 2) - 3,
    "huge": 1e308 * encode([2.1, 2.2], (5, 5), 1, dtype=np.float64),
    "tiny": 1e-310 * encode([2.1, 2.2], (5, 5), 1, dtype=np.float64),
    "diagonal": np.eye(9),
    "noise": np.random.default_rng(0).normal(size=(16, 16)),
    "half precision": encode([4.2, 5.1], (9, 9), 2).astype(np.float16),
    "whole numbers": np.arange(63).reshape(7, 9) % 11,
    "outside": encode([-6, 3], (9, 7), 2),
}


@pytest.mark.parametrize("truth", [None, (1.0, 2.0), (np.nan, 2.0), (500.0, -3.0)])
@pytest.mark.parametrize("name", HOPELESS)
def test_any_map_has_its_sentence(name, truth):
    heatmap = HOPELESS[name]
    for names in (DECODERS, ["argmax"], []):
        for noise in (None, 0.0, 0.1):
            text = diagnose(heatmap, 2.0, positions_of(heatmap, names=names), truth, noise)
            assert 1 <= sentences(text) <= 4 and text[0].isupper()
            assert not re.search(r"\bnan\b|\binf\b", text)


@pytest.mark.parametrize(
    "name, opening",
    [
        ("zero", "The heatmap is flat"),
        ("not a number", "The heatmap has values that are not finite. DARK takes those for zero and ends at"),
        ("one pixel", "The heatmap is flat: no pixel stands out. Every decoder returns (0, 0) heatmap px"),
        ("a row", "The heatmap is smaller than 3 by 3 pixels"),
        (
            "negative",
            "Raw or smoothed, the heatmap is not positive at its peak, so it has no log. "
            "DARK stays on the peak pixel, at",
        ),
    ],
)
def test_a_fallback_says_why_and_what_it_does(name, opening):
    assert diagnose(HOPELESS[name], 2.0, positions_of(HOPELESS[name])).startswith(opening)


def test_a_position_that_is_not_finite_is_passed_over():
    heatmap = SCENARIOS["clean"].case.heatmap()
    positions = {"argmax": (13, 17), "dark": (np.nan, 3), "taylor": (np.inf, 0)}
    assert "Nearest is DARK, less than 0.001 heatmap px" in diagnose(heatmap, 2.0, positions, (13.37, 16.62))


@pytest.mark.parametrize(
    "heatmap, sigma, positions, message",
    [
        (np.zeros((2, 5, 5)), 2.0, {}, r"\(H, W\)"),
        (np.zeros((5, 5)), 0.0, {}, r"sigma"),
        (np.zeros((5, 5)), 2.0, {"guess": (1, 1)}, r"argmax.*got guess"),
    ],
)
def test_what_is_no_map_no_sigma_or_no_decoder_is_refused(heatmap, sigma, positions, message):
    with pytest.raises(ValueError, match=message):
        diagnose(heatmap, sigma, positions)
