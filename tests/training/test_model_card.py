"""The model card as a page: the section on reliability comes and is renewed, and what was written by hand stays."""

import json

import pytest

from dark_core.pose.weights import MODELS
from dark_core.training.card_sections import FAULTS, RELIABILITY, failures_name, figure_name, with_sections
from dark_core.training.model_card import as_markdown


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
    assert "| few | all | 40 | 12.5 % |" in page and "Of 40 pictures" in page and "3 are taken for one." in page
    assert "7 of 8 of few are found" in page and "| few | 24 | 25.0 % | 50.0 % | 60.0 % | 3.0 % |" in page
    assert f"mean limb error 2.0, 1.5 torsos]({failures_name(card)})" in page
    assert with_sections(page, card) == page
    fewer = {key: value for key, value in card.items() if key not in ("faults", "calibration")}
    assert with_sections(with_sections(page, fewer), card) == page


def test_a_page_that_knows_nothing_of_training_gets_it_at_the_end(card):
    page = with_sections("# Mine\n\nA network.\n", card)
    assert page.startswith("# Mine\n\nA network.\n\n" + RELIABILITY) and with_sections(page, card) == page
