"""Download buttons: made when asked for, of the type that the name says."""

import csv
import io

import pytest
import streamlit

from dark_core.app.widgets.downloads import Download, csv_text, download_buttons


@pytest.fixture
def buttons(monkeypatch) -> list:
    """The buttons that are shown."""
    shown = []
    monkeypatch.setattr(streamlit, "download_button", lambda *args, **options: shown.append((args, options)))
    return shown


def test_a_file_is_made_when_it_is_requested(buttons):
    made = []
    download_buttons(Download("Table (CSV)", lambda: made.append("csv") or "a,b", "a.csv", "my_key"))
    ((label, make, name, mime), options) = buttons[0]
    assert not made and make() == "a,b" and made == ["csv"]
    assert (label, name, mime) == ("Table (CSV)", "a.csv", "text/csv")
    assert options["on_click"] == "ignore" and options["key"] == "my_key" and not options["disabled"]


@pytest.mark.parametrize(
    "name, mime",
    [("a.json", "application/json"), ("a.png", "image/png"), ("a.npz", "application/octet-stream")],
)
def test_the_name_says_the_type(buttons, name, mime):
    download_buttons(Download("A", bytes, name, disabled=True))
    assert buttons[0][0][3] == mime and buttons[0][1]["disabled"]


def test_csv_has_every_column_of_every_row():
    text = csv_text([{"a": 1, "b": "x, y"}, {"a": 2, "c": None}])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b", "c"], ["1", "x, y", ""], ["2", "", ""]]


def test_csv_of_no_rows_has_a_head():
    assert csv_text([], ("a", "b")).strip() == "a,b"
