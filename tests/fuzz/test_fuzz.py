"""A thousand mutated files through every parser, in a process that is watched; and the watch itself."""

import sys

import pytest

from tests.fuzz import monitor
from tests.fuzz.__main__ import summary
from tests.fuzz.parsers import PARSERS
from tests.fuzz.seeds import seeds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from Linux's /proc")

FILES, SEED = 1100, 20
"""The same files each time; `make fuzz` takes others."""


def test_every_mutated_file_ends_in_a_result_or_one_sentence():
    outcomes = list(monitor.watch(FILES, SEED))
    assert [outcome for outcome in outcomes if outcome.escaped] == []
    assert [outcome.number for outcome in outcomes] == list(range(FILES))
    for kind in ("photo", "heatmaps", "tracks", "box"):
        assert {o.end for o in outcomes if o.kind == kind} == {"read", "refused"}, f"{kind}: both ways are trodden"
    assert "broke out" in summary(outcomes)


@pytest.mark.parametrize("kind", PARSERS)
def test_what_the_mutations_start_from_is_sound(kind):
    assert [PARSERS[kind](specimen) for specimen in seeds()[kind]] == ["read"] * len(seeds()[kind])


def test_what_breaks_out_is_seen_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setattr(monitor, "SECONDS", 5)
    monkeypatch.setattr(monitor, "MEGABYTES", 200)
    ends = [outcome.end for outcome in monitor.watch(6, 0, "tests.fuzz.canary")]
    assert ends == ["read", "raised", "swelled", "hung", "died", "read"]


def test_a_file_can_be_made_again():
    assert [monitor.file_of(n, 7) for n in range(40)] == [monitor.file_of(n, 7) for n in range(40)]
    assert monitor.file_of(0, 7) != monitor.file_of(0, 8)
