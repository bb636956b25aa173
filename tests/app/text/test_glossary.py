"""The glossary: marked terms become words with a definition, and nothing else in the Markdown changes."""

import re
from pathlib import Path

import pytest

from dark_core.app.text.glossary import GLOSSARY, with_terms
from tests.docs.test_markdown import dialect

APP = Path(__file__).parents[3] / "dark_core" / "app"
MARK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]|\n]+))?\]\]")


def written(shown: str, definition: str) -> str:
    return f'<span class="term" tabindex="0" aria-description="{definition}">{shown}</span>'


def test_a_marked_term_gets_its_definition_under_its_own_name_and_under_another(monkeypatch):
    monkeypatch.setitem(GLOSSARY, "peak", 'The "top" & more')
    definition = "The &quot;top&quot; &amp; more"
    assert with_terms("A [[peak]], **[[peaks|peak]]**.") == (
        f"A {written('peak', definition)}, **{written('peaks', definition)}**."
    )


@pytest.mark.parametrize(
    "text",
    [
        "$[[peak]]$ and $x_{[[peak]]}$",
        "$$\n[[peak]]\n$$",
        "`[[peak]]`, ``a ` [[peak]]`` and\n```\n[[peak]] < 1\n```",
        "[a link](https://example.org) and [0, 1]",
        r"**σ = 2**: $\hat{x} = m - D''^{-1} D'$, *so* $5 or 6$",
    ],
)
def test_formulas_code_and_other_text_stay_as_they_are(text):
    assert with_terms(text) == text


def test_html_is_inert_and_less_than_remains():
    assert with_terms("<b>a</b> < [[peak|peak]]").startswith("&lt;b>a&lt;/b> &lt; <span class")
    assert with_terms("$a<b$ <i>") == r"$a\lt b$ &lt;i>"


def test_an_unknown_term_is_refused_by_name():
    with pytest.raises(LookupError, match="'heat map' is not in the glossary: heatmap, "):
        with_terms("A [[heat map]].")


def test_every_mark_in_the_app_is_in_the_glossary():
    marks = {
        (path.relative_to(APP).as_posix(), found[2] or found[1])
        for path in [*APP.glob("**/text.py"), *APP.glob("text/en/*.md")]
        for found in MARK.finditer(path.read_text(encoding="utf-8"))
    }
    assert marks and [mark for mark in sorted(marks) if mark[1] not in GLOSSARY] == []


def test_a_definition_is_short_plain_and_about_another_word():
    assert len(GLOSSARY) >= 15
    for term, definition in GLOSSARY.items():
        sentences = re.split(r"(?<=[.:]) ", definition)
        assert definition.endswith(".") and len(sentences) <= 3 and len(definition) <= 170, term
        assert all(len(sentence.split()) <= 25 for sentence in sentences), term
        assert dialect(definition) == [], term
        assert not definition.lower().startswith((term.lower(), f"a {term.lower()}")), term
