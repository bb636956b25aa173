"""The HTML of a table: headers of columns and rows are told apart, and text is escaped exactly once."""

from xml.etree import ElementTree

import pytest

from dark_core.app.widgets.tables import Column, Html, Row, decoder_header, table
from dark_core.codec import DECODERS

COLUMNS = [Column("Joint"), Column("x & y", wide_only=True), Column("error")]


def parsed(html: str) -> ElementTree.Element:
    """The table, which must be well formed."""
    return ElementTree.fromstring(html)


def test_text_is_escaped_once_and_markup_of_ours_is_kept():
    root = parsed(table("a < b", COLUMNS, [Row("<neck>", ["1 & 2", Html("<b>3</b>")])]))
    assert root.findtext("caption") == "a < b"
    assert root.find("tbody/tr/th").text == "<neck>"
    assert [cell.text for cell in root.findall("tbody/tr/td")] == ["1 & 2", None]
    assert root.find("tbody/tr/td/b").text == "3"


def test_every_row_has_a_header_and_every_cell_the_classes_of_its_column():
    root = parsed(table("", COLUMNS, [Row("neck", ["1", "2"], "best"), Row("knee", ["3", "4"])]))
    assert [(th.text, th.get("scope")) for th in root.findall("tbody/tr/th")] == [("neck", "row"), ("knee", "row")]
    assert [th.get("class") for th in root.findall("thead/tr/th")] == [None, "narrow-hide", None]
    assert [td.get("class") for td in root.findall("tbody/tr/td")] == ["narrow-hide", None] * 2
    assert [tr.get("class") for tr in root.findall("tbody/tr")] == ["best", None]


def test_a_row_can_be_chosen_with_the_keyboard_and_says_whether_it_is():
    root = parsed(table("", COLUMNS, [Row("a", "12", pick='a "b"', current=True), Row("c", "34", pick="c")]))
    rows = root.findall("tbody/tr")
    assert [row.get("data-pick") for row in rows] == ['a "b"', "c"]
    assert [row.get("aria-current") for row in rows] == ["true", "false"]
    assert {row.get("tabindex") for row in rows} == {"0"}


def test_groups_head_columns_and_rows():
    groups = [Column(), Column("64 px", span=2)]
    root = parsed(table("", COLUMNS, [Row("Floor", group=True), Row("a", "12")], groups=groups))
    above, below = root.findall("thead/tr")
    assert above.findall("th")[1].get("colspan") == "2" and len(below) == 3
    first, second = root.findall("tbody/tr")
    assert first.find("th").get("scope") == "rowgroup" and first.find("td").get("colspan") == "2"
    assert second.find("th").get("scope") == "row"


def test_a_table_without_titles_has_no_head():
    assert parsed(table("", [Column(), Column()], [Row("a", ["1"])])).find("thead") is None


def test_what_scrolls_stands_in_its_own_box_and_keeps_its_headers_in_sight():
    root = parsed(table("wide", COLUMNS, [Row("neck", ["1", "2"])], scroll=True, frozen=True))
    assert root.tag == "div" and root.get("class") == "wide-table"
    assert root.find("table/caption/span").get("class") == "frozen"
    assert root.find("table/tbody/tr/th").get("class") == "frozen"


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError):
        table("", COLUMNS, [Row("neck", ["1"])])


@pytest.mark.parametrize("name", DECODERS)
def test_a_decoder_heads_its_row_with_its_mark_and_its_title(name):
    header = parsed(f"<th>{decoder_header(name)}</th>")
    assert header.find("svg").get("class") == "key" and header.find("svg").tail == DECODERS[name].title
