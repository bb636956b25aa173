"""The lesson under the figures of a page: Markdown from ``en``, in a narrow column.

Beside the terms of the glossary a lesson has two marks of its own: ``{{floor|Floor}}`` underlines a word in the color
of what it stands for in the figures, a decoder, an encoding or a symbol of the formulas; a link that begins with ``?``
opens the same page with these settings, in the same tab.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import streamlit as st

from dark_core.app.runtime.page import hidden, presenting
from dark_core.app.text import glossary
from dark_core.figures.decoder_style import DECODER_STYLES, ENCODING_STYLES
from dark_core.figures.style import COLORS, STYLE

TEXTS = Path(__file__).parent / "en"

INKS = {name: COLORS[color] for name, color in STYLE["symbols"].items()} | {
    name: look.color for name, look in (DECODER_STYLES | ENCODING_STYLES).items()
}
"""What a lesson can underline in its color: a symbol, a decoder, an encoding."""

_INK = re.compile(r"{{(\w+)\|(.+?)}}")
_SETTING = re.compile(r"\[([^\[\]]+)\]\((\?[^)]+)\)")


def show(page: str, revealed: bool) -> None:
    """The lesson of ``page``; none while presenting, nor before an exercise's answer is ``revealed``."""
    if presenting() or not revealed or "lesson" in hidden():
        return
    with st.container(key="lesson"):
        st.markdown(marked(lesson_text(page)), unsafe_allow_html=True)


def lesson_text(page: str) -> str:
    """The lesson of a page as it is written."""
    return (TEXTS / f"{page}.md").read_text(encoding="utf-8")


def marked(text: str) -> str:
    """A lesson as Markdown with HTML: the glossary’s marks and its own replaced."""
    text = glossary.with_terms(text)
    text = _INK.sub(lambda mark: f'<span class="sym" style="--ink: {INKS[mark[1]]}">{mark[2]}</span>', text)
    return _SETTING.sub(lambda link: f'<a href="{escape(link[2])}" target="_self">{link[1]}</a>', text)
