"""Every string that a page shows is in a catalog, ``text/en/*.toml`` or ``*.md``, and none in the code."""

import ast
import builtins
import re
from pathlib import Path

import pytest

from dark_core.app.text.catalog import LANGUAGE, listed, read_catalog
from dark_core.pose.skeleton import SKELETON

ROOT = Path(__file__).parents[3]
TEXTS = ROOT / "dark_core/app/text" / LANGUAGE
MODULES = [ROOT / "app.py", *sorted(ROOT.glob("pages/*.py")), *sorted(ROOT.glob("dark_core/app/**/*.py"))]

MARKUP = {"dark_core/app/class_room/store.py"}
"""Modules whose strings are SQL, none of them shown."""

WORDS = re.compile(r"[A-Za-z]{2,}[,.:;]? [A-Za-z]{2,}")
LABEL = re.compile(r"[A-Z][a-z]+")
TAG = re.compile(r"<[a-z/][^>]*(>|$)|^[^<>]*>")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_silent(node: ast.AST) -> bool:
    """True for a docstring, a line of the server's log, and what only a programmer's mistake would raise."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "warnings"))):
            return True
        case ast.Assert():
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id=error))):
            return hasattr(builtins, error)
    return False


def shown_strings(code: str) -> list[str]:
    """The strings of a module that hold two words outside tags, or label a Streamlit element, but no joint's name."""
    tree = ast.parse(code)
    silent = {id(text) for node in ast.walk(tree) if is_silent(node) for text in ast.walk(node)}
    silent |= {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    labels = {
        id(text)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("st.")
        for argument in [*call.args[:1], *(word.value for word in call.keywords if word.arg in ("label", "help"))]
        for text in ast.walk(argument)
    }
    found = []
    for node in ast.walk(tree):
        if (
            not isinstance(node, ast.Constant)
            or not isinstance(node.value, str)
            or id(node) in silent
            or node.value in SKELETON.names
        ):
            continue
        prose = TAG.sub("|", node.value)
        if WORDS.search(prose) or (id(node) in labels and LABEL.match(prose)):
            found.append(node.value)
    return found


@pytest.mark.parametrize("path", [path for path in MODULES if name(path) not in MARKUP], ids=name)
def test_no_string_of_a_page_stands_outside_the_catalogs(path):
    assert shown_strings(path.read_text(encoding="utf-8")) == []


def test_a_string_in_the_code_is_found():
    code = """
def f():
    'What it does.'
    st.button(f"Clear {n}")
    st.radio("x", options={"key, name": "sort by"})
    log.warning("nothing comes in")
    if not n:
        raise LookupError("no such name")
        raise BadInput("no such file")
    assert n, "n is set by then"
    return '<b class="one two">' f'<p class="{name} of">two words</p>'
"""
    assert sorted(shown_strings(code)) == [' of">two words</p>', "Clear ", "no such file", "sort by"]


SCRIPTS = sorted(ROOT.glob("assets/components/*.js"))
"""The scripts of the pages, which are told every word."""

STRING = re.compile(r'"([^"\\\n]*)"|`([^`]*)`')
NO_PROSE = re.compile(r"[.#].+|textarea, .+|unit unit-\w+|arg max|Enter|Escape")
"""Strings of the scripts that are no prose: selectors, names of parts, an operator, keys."""


def script_strings(code: str) -> list[str]:
    """The strings of a script that hold two words outside tags, or are one word with a capital letter."""
    code = re.sub(r"^\s*//.*$|\s// .*$", "", code, flags=re.MULTILINE)
    texts = [TAG.sub("|", re.sub(r"\${[^}]*}", "|", found[1] or found[2] or "")) for found in STRING.finditer(code)]
    return [text for text in texts if (WORDS.search(text) or LABEL.fullmatch(text)) and not NO_PROSE.fullmatch(text)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_no_string_of_a_page_stands_in_a_script(path):
    assert script_strings(path.read_text(encoding="utf-8")) == []


def test_a_string_in_a_script_is_found():
    code = """
// A comment with "two words".
const a = "Reveal", b = "aria-label", c = `<p class="one two">${x} lands ${y} px</p>`; // "two words"
const d = `off by ${fixed(x, 2)} px`, e = `<b>${text.two}</b>`, f = ".title span";
"""
    assert script_strings(code) == ["Reveal", "off by | px"]


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_catalog_holds_texts_and_tables_of_texts(path):
    def texts(table):
        for value in table.values() if isinstance(table, dict) else table:
            if not isinstance(value, int | float):  # such as the minutes of a stop
                yield from [value] if isinstance(value, str) else texts(value)

    found = list(texts(read_catalog(path.stem)))
    assert found and all(text.strip() == text and text for text in found)


def test_the_items_of_a_sentence_are_listed():
    assert [listed("abcd"[:count]) for count in (1, 2, 3, 4)] == ["a", "a and b", "a, b and c", "a, b, c and d"]
