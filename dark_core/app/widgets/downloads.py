"""Buttons that download results; each file is made when it is asked for, and the page does not run again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st

_TYPES = {".csv": "text/csv", ".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Download:
    """One file: the label of its button, the function that makes it, its name."""

    label: str
    make: Callable[[], str | bytes]
    name: str
    key: str | None = None
    disabled: bool = False


def download_buttons(*files: Download) -> None:
    """Show a button for each file."""
    for file in files:
        st.download_button(
            file.label,
            file.make,
            file.name,
            _TYPES.get(PurePath(file.name).suffix, "application/octet-stream"),
            on_click="ignore",
            icon=":material/download:",
            key=file.key,
            disabled=file.disabled,
        )


def csv_text(rows: Sequence[Mapping[str, object]], columns: Iterable[str] | None = None) -> str:
    """Return ``rows`` as CSV under ``columns``; without them, under every key in the order it first appears."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns or dict.fromkeys(key for row in rows for key in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
