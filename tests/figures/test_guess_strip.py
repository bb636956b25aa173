"""The dots of a class: where each lies, which are piled up, and the answer among them."""

import re

from dark_core.figures.guess_strip import COLUMNS, WIDTH, strip


def dots(drawn: str) -> list[tuple[float, float]]:
    places = re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)" r="[\d.]+" fill="#', drawn)
    return [(float(x), float(y)) for x, y in places]


def test_a_guess_lies_at_its_share_of_the_line_and_equal_ones_are_piled_up():
    drawn = strip([0.0, 5.0, 5.0, 10.0], None, 10.0, "four guesses")
    step = WIDTH / COLUMNS
    assert dots(drawn) == [(0, -step / 2), (WIDTH / 2, -step / 2), (WIDTH / 2, -1.5 * step), (WIDTH, -step / 2)]
    assert "<title>four guesses</title>" in drawn


def test_the_answer_stands_on_the_line_only_once_it_is_revealed():
    kept, told = (strip([1.0], answer, 4.0, "") for answer in (None, 3.0))
    assert len(dots(told)) == 1 and f'cx="{WIDTH * 3 / 4:.2f}"' in told and f'cx="{WIDTH * 3 / 4:.2f}"' not in kept
