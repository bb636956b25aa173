"""What the documentation promises about itself: short, linked, and in the words of the field."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import dark_core

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/*.md"))]
TITLES = "install your-network results training operations architecture teaching".split()

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:dark_core|assets|deploy|docs|examples|pages|tests)/[\w./-]*")

DIALECT = {
    "decoder, decoded position": r"readings?|lands?|landing|landed",
    "heatmaps": r"maps",
    "biased towards": r"leans?|leaning",
    "error, is off by": r"miss(?:es)? by|a miss",
    "the baseline": r"the standard(?! deviation)",
    "the assumed σ": r"σ it is told",
    "correct, recover": r"mend(?:s|ed|ing)?",
    "only": r"alone",
    "returns the same type": r"in kind",
    "within 10 % of the torso length": r"within 0\.\d+ torsos?|torsos",
    "confidence 92 %": r"% sure",
    "decode, run the network": r"read by|reads? a crop|reads \d",
    "a noun in place of the clause": r"(?-i:Who|Whoever|Whom)\b(?![^.]*\?)",
    "American spelling": r"colour|grey|centre|quantis\w+|normalis\w+|recognis\w+|labelled|neighbour\w*",
}
"""Word to write -> pattern of what it replaces, as whole words."""


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The fragments that GitHub gives the headings of a page."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(page.read_text(encoding="utf-8")))
    return {title.strip().replace(" ", "-") for title in titles}


def dialect(text: str) -> list[str]:
    """ "Each as "what was found -> what to write", for each word of the list in a text."""
    return [
        f"{found.group(0)} -> {better}"
        for better, pattern in DIALECT.items()
        for found in re.finditer(rf"(?i)(?<![\w-])(?:{pattern})(?!\w)", text)
    ]


def test_the_readme_is_short_and_shows_code_early():
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120 and max(map(len, lines)) <= 200
    start = lines.index("```python")
    code = [line for line in lines[start + 1 : lines.index("```", start + 1)] if line]
    assert start + 1 + len(code) < 40 and len(code) == 5
    assert "make run" in "\n".join(lines[:40]) and "assets/screenshot.png" in "\n".join(lines[:10])


def test_every_topic_has_a_page_that_the_readme_or_another_page_links():
    assert {page.stem for page in PAGES if page.parent.name == "docs"} >= set(TITLES)
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
    }
    assert [name(page) for page in PAGES if page != README and page not in linked] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_resolves(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for link in LINK.findall(text):
        if re.match(r"\w+:", link):
            continue
        target, _, fragment = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (fragment and fragment not in anchors(path)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=name)
def test_every_path_in_code_style_exists(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    paths = [span for span in CODE_SPAN.findall(text) if PATH.fullmatch(span)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def commands(program: str) -> dict[str, set[str]]:
    """verb -> the long options that any page gives it, of the lines in code blocks that begin with `program`."""
    found: dict[str, set[str]] = {}
    for page in PAGES:
        for block in FENCE.findall(page.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                if re.match(rf"([A-Z_]+=\S* )*{program} \w", line):
                    words = shlex.split(line.partition(program)[2], comments=True)
                    found.setdefault(words[0], set()).update(word for word in words if word.startswith("--"))
    return found


@pytest.mark.parametrize("verb, options", sorted(commands("dark-core").items()))
def test_the_commands_shown_have_such_verbs_and_options(verb, options):
    command = [sys.executable, "-m", "dark_core", verb, "--help"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert options <= set(re.findall(r"--[\w-]+", run.stdout))


def test_the_changelog_and_the_citation_name_this_version():
    released = re.findall(r"^## \[(\d[\d.]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE).group(1)
    assert released[0] == cited == dark_core.__version__


def test_the_make_targets_shown_exist():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = set(commands("make"))
    assert {"run", "test"} <= shown <= targets


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_word_of_the_private_dialect_appears(page):
    assert dialect(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "sentence, better",
    [
        ("Seventeen readings of a map.", "decoder, decoded position"),
        ("DARK lands on the joint.", "decoder, decoded position"),
        ("DARK leans inwards.", "biased towards"),
        ("Argmax misses by 11.5 px.", "error, is off by"),
        ("Averages mend it.", "correct, recover"),
        ("Tensors are answered in kind.", "returns the same type"),
        ("63 % within 0.1 torsos.", "within 10 % of the torso length"),
        ("Who asked least goes first.", "a noun in place of the clause"),
        ("With NumPy alone.", "only"),
    ],
)
def test_a_sentence_of_the_dialect_is_found(sentence, better):
    assert better in [found.partition(" -> ")[2] for found in dialect(sentence)]


@pytest.mark.parametrize(
    "sentence",
    ["Heatmaps of the wetlands.", "Who decodes it? The network.", "The standard deviation.", "It reads a file."],
)
def test_a_plain_sentence_passes(sentence):
    assert dialect(sentence) == []
