"""The glossary in the pages' text: a marked term has a dotted underline and shows its definition.

A term is marked as ``[[heatmap]]``, or ``[[heatmaps|heatmap]]`` where the text needs another form of it. Mouse, finger
and keyboard open the definition by hovering over the term or focusing it; ``assets/components/page.css`` draws it.
The definitions are in ``en/glossary.toml``.
"""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from dark_core.app.text.catalog import read_catalog

GLOSSARY = read_catalog("glossary")
"""Term -> its definition, plain text."""

# Code and formulas stay as they are, and so does a mark in them.
_PART = re.compile(
    r"(?P<code>(?P<ticks>`+).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>\$\$.+?\$\$|\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\d))"
    r"|\[\[(?P<shown>[^\[\]|]+)(?:\|(?P<term>[^\[\]|]+))?\]\]"
    r"|(?P<less><)",
    re.DOTALL,
)


def with_terms(text: str) -> str:
    """Markdown in which every marked term is HTML, to be shown with ``unsafe_allow_html``; all other HTML is inert.

    Raises LookupError for a term that is not in the glossary.
    """
    return _PART.sub(_written, text)


def markdown(text: str) -> None:
    """Show Markdown with its marked terms."""
    st.markdown(with_terms(text), unsafe_allow_html=True)


def caption(text: str) -> None:
    """Show small Markdown with its marked terms."""
    st.caption(with_terms(text), unsafe_allow_html=True)


def _written(found: re.Match) -> str:
    if found["code"]:
        return found[0]
    if found["math"]:
        return found[0].replace("<", r"\lt ")
    if found["less"]:
        return "&lt;"
    shown, term = found["shown"], found["term"] or found["shown"]
    if term not in GLOSSARY:
        raise LookupError(f"{term!r} is not in the glossary: {', '.join(GLOSSARY)}")
    definition = escape(GLOSSARY[term])
    return f'<span class="term" tabindex="0" aria-description="{definition}">{escape(shown)}</span>'
