"""The tour: twelve stops, each with one right answer, its times, and numbers that are computed here."""

import re
from math import asinh, sqrt

import numpy as np
import pytest

from dark_core.app.decode import log_step
from dark_core.app.runtime.page import PAGES
from dark_core.app.smooth.view import CASE
from dark_core.app.tour import guide
from dark_core.app.tour.stops import STOPS, link, stop_at
from dark_core.app.your_photo.wipe import count_positions
from dark_core.codec import decode, trace
from dark_core.evaluation.published_results import PUBLISHED
from dark_core.files.scenes import load_scenes
from dark_core.pose import Estimator
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation import perfect_pose
from dark_core.simulation.heatmaps import SCENARIOS
from docs import build_teaching
from tests.docs.test_markdown import dialect
from tests.pages.opening import opened

PATHS = {title: path for path, title, _icon in PAGES}
EVERY = range(1, len(STOPS) + 1)


def test_twelve_stops_take_ten_minutes_or_a_lesson_of_forty_five():
    assert len(STOPS) == 12
    assert sum(stop.minutes for stop in STOPS) == 10
    assert sum(stop.class_minutes for stop in STOPS) == guide.LENGTH == 45
    order = [list(PATHS).index(stop.page) for stop in STOPS]
    assert order == sorted(order), "in the order of the pages"


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.title)
def test_a_stop_is_short_and_has_one_right_answer(stop):
    assert [bool(option.get("right")) for option in stop.options].count(True) == 1
    assert len({option["text"] for option in stop.options}) == len(stop.options) == 3
    assert len({option["feedback"] for option in stop.options}) == 3
    sentences = [one for one in re.split(r"(?<=[.?])\s+", stop.say) if one]
    assert len(sentences) <= 2 and stop.question.endswith("?")
    feedback = [option["feedback"] for option in stop.options]
    for text in (*sentences, stop.question, *stop.points, *feedback):
        assert dialect(text) == []
        assert all(len(one.split()) <= 32 for one in re.split(r"[.:;?]\s", text)), text
    assert 2 <= len(stop.points) <= 3


@pytest.mark.parametrize("at", EVERY)
def test_a_stop_opens_in_its_state(at):
    stop = STOPS[at - 1]
    app = opened(PATHS[stop.page], tour=str(at), **stop.query)
    bar = next(element for element in app.get("bidi_component") if "nextHref" in element.proto.json)
    assert stop.question in bar.proto.json
    address = {name: app.query_params[name] for name in app.query_params}
    kept = {name: value if isinstance(value, str) else value[0] for name, value in address.items()}
    assert kept == {"tour": str(at), **stop.query}, "a page drops from its address what it has not, or has at first"


def test_a_state_that_there_is_not_is_dropped():
    app = opened(PATHS["Home"], tour="2", joint="third elbow", network="Perfect network")
    assert set(app.query_params) == {"tour", "network"}


@pytest.mark.parametrize("at", EVERY)
def test_the_address_holds_the_stop(at):
    address = link(at, present=True)
    name, _, query = address[2:].partition("?")
    assert name.replace("_", " ") == ("" if STOPS[at - 1].page == "Home" else STOPS[at - 1].page)
    assert query.startswith(f"tour={at}") and query.endswith("present=1")
    assert stop_at(str(at), STOPS[at - 1].page) == at


@pytest.mark.parametrize("asked", ["", "0", "13", "-1", "1.0", "²", "1" * 6000, "<b>"])
def test_an_address_without_a_stop_has_no_bar(asked):
    assert [stop_at(asked, page) for page in PATHS] == [None] * len(PATHS)


def test_the_bar_of_another_page_stays_away():
    assert stop_at("3", "Home") is None


def test_the_printed_lesson_is_the_tour():
    text = build_teaching.PAGE.read_text(encoding="utf-8")
    assert build_teaching.with_guide(text) == text, "run python -m docs.build_teaching"
    for stop in STOPS:
        assert stop.say in text and stop.question in text and all(point in text for point in stop.points)


# The numbers


def off(found, joint) -> float:
    return float(np.linalg.norm(found.xy - np.asarray(joint)))


@pytest.fixture(scope="module")
def computed() -> list[set[str]]:
    """For each stop the numbers that it may say."""
    scene = load_scenes()["runner"]
    pose = Estimator.load(device="cpu").predict(scene.photo, scene.box)
    perfect = perfect_pose(pose, scene.joints)
    elbow = SKELETON.names.index("right elbow")
    argmax = off(decode(perfect.heatmaps[elbow], "argmax"), perfect.transform.to_heatmap(scene.joints)[elbow])
    side = perfect.heatmaps.shape[-1]
    corner = (sqrt(2) + asinh(1)) / 3  # the mean distance from a point of the unit square to its corner
    away = 8 - log_step.JOINT
    # By hand: f = exp(-x²/2σ²) has f′ = -x/σ² f and f″ = (x²/σ² - 1)/σ² f, and the step ends at x - f′/f″.
    past = abs(away + away / (away**2 / log_step.SIGMA**2 - 1))
    border, raw, smoothed = SCENARIOS["border"].case, trace(CASE.heatmap(), 0.0), trace(CASE.heatmap(), CASE.sigma)
    assert off(decode(border.heatmap(), "taylor", border.sigma), border.joint) < 0.005, "it is exact"
    gains = {row.size: row.gain for row in PUBLISHED if row.network == "HRNet-W32"}
    small, large = gains[96, 128], gains[288, 384]
    return [
        {f"{side}"},
        {f"{argmax:.2f}", "0.50", f"{sqrt(0.5):.2f}", f"{sqrt(2):.2f}"},
        set(),
        {"100", f"{corner:.3f}", f"{corner / 2:.3f}"},
        {f"{away:.1f}", f"{past:.2f}", "6", "9"},
        {"2", f"{log_step.JOINT - 2:.1f}", "0", "100"},
        {f"{off(decode(border.heatmap(), 'dark', border.sigma), border.joint):.2f}"},
        {f"{off(raw, CASE.joint):.2f}", f"{off(smoothed, CASE.joint):.2f}", "400"},
        set(),
        {f"{side}", f"{count_positions(pose.transform, scene.photo.shape[1::-1]):,}"},
        {f"{sqrt(1 / 6):.2f}"},
        {"32", f"{small}", f"{large}", "128", "96", "384", "288"},
    ]


@pytest.mark.parametrize("at", EVERY)
def test_every_number_of_a_stop_is_computed(at, computed):
    stop = STOPS[at - 1]
    texts = [
        stop.say,
        stop.question,
        *stop.points,
        *(text for o in stop.options for text in (o["text"], o["feedback"])),
    ]
    said = set(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", " ".join(texts)))
    assert said == computed[at - 1], "no number is computed in vain"
