"""The tables of the pages as HTML: a caption, a head, and rows whose first cell is their header.

A cell is text, which is escaped here and nowhere else, or ``Html``, markup of our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dark_core.figures.decoder_style import title_of
from dark_core.figures.legend import key_mark


class Html(str):
    """Markup of our own, which goes into a table as it is."""


@dataclass(frozen=True)
class Column:
    """The head of a column, or of ``span`` columns.

    wide_only: left out on a narrow screen; prose: text that wraps, aligned left; apart: space before the column.
    """

    title: str = ""
    wide_only: bool = False
    prose: bool = False
    apart: bool = False
    span: int = 1

    @property
    def classes(self) -> str:
        """The classes that the head and the cells of the column share."""
        names = {"narrow-hide": self.wide_only, "prose": self.prose, "apart": self.apart}
        return " ".join(name for name, given in names.items() if given)


@dataclass(frozen=True)
class Row:
    """The header of a row, its cells, and how it looks.

    kind: "best" or "unsure"; pick: what choosing the row means, with ``current`` for the row that is chosen;
    group: whether the header names the rows below it, and the row has no cells.
    """

    header: str
    cells: Sequence[str] = ()
    kind: str = ""
    pick: str = ""
    current: bool = False
    group: bool = False


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    groups: Sequence[Column] = (),
    scroll: bool = False,
    frozen: bool = False,
) -> str:
    """Return a table as HTML.

    Parameters
    ----------
    caption : str
        What the table shows.
    columns : sequence of Column
        The column of the row headers first.
    rows : sequence of Row
        From top to bottom.
    groups : sequence of Column, optional
        A second head above the first.
    scroll : bool, optional
        Whether a wide table scrolls inside its own box.
    frozen : bool, optional
        Whether the row headers and the caption stay in sight while it scrolls.
    """
    shown = f'<span class="frozen">{escape(caption)}</span>' if frozen else escape(caption)
    heads = [line for line in (groups, columns) if any(column.title for column in line)]
    head = "".join(f"<tr>{''.join(_head(column) for column in line)}</tr>" for line in heads)
    body = "".join(_row(row, columns, frozen) for row in rows)
    head = f"<thead>{head}</thead>" if head else ""
    html = f"<table><caption>{shown}</caption>{head}<tbody>{body}</tbody></table>"
    return f'<div class="wide-table">{html}</div>' if scroll else html


def _head(column: Column) -> str:
    span = str(column.span) if column.span > 1 else ""
    return f"<th{_attributes(('class', column.classes), ('colspan', span))}>{_html(column.title)}</th>"


def _row(row: Row, columns: Sequence[Column], frozen: bool) -> str:
    first, *others = columns
    scope = _attributes(("scope", "rowgroup" if row.group else "row"), ("class", "frozen" if frozen else first.classes))
    if row.group:
        cells = f'<td colspan="{len(others)}"></td>'
    else:
        pairs = zip(others, row.cells, strict=True)
        cells = "".join(f"<td{_attributes(('class', column.classes))}>{_html(cell)}</td>" for column, cell in pairs)
    choice = (("data-pick", row.pick), ("tabindex", "0"), ("aria-current", str(row.current).lower()))
    attributes = _attributes(("class", row.kind), *(choice if row.pick else ()))
    return f"<tr{attributes}><th{scope}>{_html(row.header)}</th>{cells}</tr>"


def _html(content: str) -> str:
    return content if isinstance(content, Html) else escape(content)


def _attributes(*named: tuple[str, str]) -> str:
    """Return the attributes that have a value, each with a blank before it."""
    return "".join(f' {name}="{escape(value)}"' for name, value in named if value)


def decoder_header(name: str) -> Html:
    """Return a decoder's marker and title, for the header of its row."""
    return Html(key_mark(name) + escape(title_of(name)))
