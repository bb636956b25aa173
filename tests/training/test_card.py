"""The model card as a page: the section on reliability comes and is renewed, and what was written by hand stays."""

import json

import pytest

from dark_core.pose.weights import MODELS
from dark_core.training.card import as_markdown
from dark_core.training.sections import RELIABILITY, figure_name, with_sections


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


def test_a_page_that_knows_nothing_of_training_gets_it_at_the_end(card):
    page = with_sections("# Mine\n\nA network.\n", card)
    assert page.startswith("# Mine\n\nA network.\n\n" + RELIABILITY) and with_sections(page, card) == page
