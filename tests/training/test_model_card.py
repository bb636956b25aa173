"""The model card as a page: the section on reliability comes and is renewed, and what was written by hand stays."""

import json
from types import SimpleNamespace

import pytest

from dark_core.pose.network import SHAPES, PoseNet
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import MODELS
from dark_core.training.card_sections import FAULTS, RELIABILITY, failures_name, figure_name, with_sections
from dark_core.training.fit import Progress
from dark_core.training.model_card import as_markdown, make_card


@pytest.fixture
def card() -> dict:
    return json.loads((MODELS / "default.json").read_text())


def test_the_bundled_page_says_what_the_bundled_card_does(card):
    page = (MODELS / "default.md").read_text(encoding="utf-8")
    assert with_sections(page, card) == page
    assert f"]({figure_name(card)})" in page and (MODELS / figure_name(card)).exists()


def test_the_section_is_put_in_before_the_training_and_renewed(card):
    plain = {key: value for key, value in card.items() if key != "calibration"}
    page = as_markdown(plain) + "\n## Notes\n\nBy hand.\n"
    assert RELIABILITY not in page
    once = with_sections(page, card)
    assert once == as_markdown(card) + "\n## Notes\n\nBy hand.\n"
    card["calibration"]["people"] = 12345
    twice = with_sections(once, card)
    assert (
        twice.count(RELIABILITY) == 1
        and "of 12345 people" in twice
        and len(twice.splitlines()) == len(once.splitlines())
    )


def test_faults_follow_the_reliability_and_both_are_renewed_in_their_place(card):
    card["faults"] = {
        "sides": {"few": {"all": {"joints": 40, "share": 0.125}}},
        "found": {"few": {"people": 8, "found": 7}},
        "cut": {"few": {"people": 8, "joints": 24, "called": 0.25, "guessed": 0.5, "right": 0.6, "wrongly": 0.03}},
        "empty": {"pictures": 40, "taken": 3},
        "shown": {"set": "few", "errors": [2.04, 1.5]},
    }
    page = as_markdown(card) + "\n## Notes\n\nBy hand.\n"
    assert page.index(RELIABILITY) < page.index(FAULTS) < page.index("## What it was trained on")
    assert "| few | all | 40 | 12.5 % |" in page and "Of 40 pictures" in page and "sees a person in 3." in page
    assert "7 of 8 of few are found" in page and "| few | 24 | 25.0 % | 50.0 % | 60.0 % | 3.0 % |" in page
    assert f"mean limb error 2.0, 1.5 times the torso length]({failures_name(card)})" in page
    assert with_sections(page, card) == page
    card["faults"]["cut"]["few"] |= {"joints": 0, "called": None}
    assert "| few | 0 | not measured | 50.0 % |" in as_markdown(card)
    card["faults"]["cut"]["few"] |= {"joints": 24, "called": 0.25}
    fewer = {key: value for key, value in card.items() if key not in ("faults", "calibration")}
    assert with_sections(with_sections(page, fewer), card) == page


def test_a_page_that_knows_nothing_of_training_gets_it_at_the_end(card):
    page = with_sections("# Mine\n\nA network.\n", card)
    assert page.startswith("# Mine\n\nA network.\n\n" + RELIABILITY) and with_sections(page, card) == page


def test_a_pck_says_how_many_people_it_counts_or_that_it_is_not_measured(card):
    joints = dict.fromkeys(SKELETON.names, 0.5) | {"neck": None}
    some = {"pck@0.2": 0.75, "pck@0.2 per joint": joints, "people": 50, "measured": 48, "unmeasured": "no hips"}
    none = some | {"pck@0.2": None, "measured": 0}
    page = as_markdown(card | {"validation": {"few": {"dark": some}, "busts": {"dark": none}}})
    assert "| few | dark | 75.0 | 48 of 50 |" in page and "| neck | – |" in page
    assert "| busts | dark | not measured (no hips) | 0 of 50 |" in page


def test_a_card_is_json_though_a_share_is_not_known():
    args = SimpleNamespace(**dict.fromkeys("size sigma encoding about batch seed".split(), 1), device="cpu", name="x")
    found = {"set": {"dark": {"pck@0.2": float("nan"), "pck@0.2 per joint": {"neck": float("nan"), "left hip": 1.0}}}}
    card = make_card(args, [], (), Progress(), PoseNet(**SHAPES["small"]), found)
    text = json.dumps(card["validation"], allow_nan=False)
    assert text == '{"set": {"dark": {"pck@0.2": null, "pck@0.2 per joint": {"neck": null, "left hip": 1.0}}}}'
