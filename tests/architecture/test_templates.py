"""What a page may hold: nothing unescaped, nothing that the content policy would refuse, no code in a title."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ENLACE, name_of, python_files, templates

COMMENTS = re.compile(r"{% comment.*?endcomment %}|<!--.*?-->", re.DOTALL)
REFUSED = {
    "an unescaped value": re.compile(r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off|{%\s*filter\s+safe"),
    "a style in the page": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "a script in the page": re.compile(r"<script\b(?![^>]*\ssrc=)|<script\b[^>]*>[^<]*\S[^<]*</script>", re.IGNORECASE),
    "a handler in the page": re.compile(r"<[^>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE),
    "something fetched from elsewhere": re.compile(r"(src|href|action|srcset)\s*=\s*[\"']?(https?:)?//", re.IGNORECASE),
    "an email": re.compile(r"mailto:", re.IGNORECASE),
}
TITLE = re.compile(r"{%\s*block (?:title|head_title)\s*%}(.*?){%\s*endblock", re.DOTALL)
# A title is read over a shoulder and kept in the history of a shared phone. It is a sentence of the catalogue: these
# are the only values it may show, and the pages that pass them pass a sentence.
IN_TITLES = {"title"}
# Makes markup of our own constants; everything else goes through format_html, which escapes.
MARKS_AS_SAFE = {"src/enlace/base/templatetags/ui.py"}


@pytest.mark.parametrize("what", REFUSED)
def test_no_template_holds(what: str) -> None:
    found = {name_of(path): REFUSED[what].findall(_markup(path)) for path in templates()}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    ("what", "markup"),
    [
        ("an unescaped value", "{{ note|safe }}"),
        ("an unescaped value", "{% autoescape off %}"),
        ("a style in the page", '<p style="color: red">'),
        ("a script in the page", "<script>go()</script>"),
        ("a script in the page", '<script src="x.js">go()</script>'),
        ("a handler in the page", '<button class="x" onclick="go()">'),
        ("something fetched from elsewhere", '<script src="https://example.org/x.js"></script>'),
        ("an email", '<a href="mailto:x">'),
    ],
)
def test_the_patterns_find_what_they_are_for(what: str, markup: str) -> None:
    assert REFUSED[what].search(markup)
    assert not REFUSED[what].search('<script src="{% static "base/page.js" %}" defer></script><a href="/x/">on = 3</a>')


def test_titles_never_carry_a_code_or_a_name() -> None:
    found = {name_of(path): _shown_in_title(path) for path in templates()}
    assert {name: shown - IN_TITLES for name, shown in found.items() if shown - IN_TITLES} == {}


def test_every_page_has_a_title_of_its_own() -> None:
    without = [name_of(path) for path in templates() if '{% extends "base' in path.read_text() and not _has_title(path)]
    assert without == []


def test_only_our_own_constants_are_marked_as_safe() -> None:
    marks = re.compile(r"\bmark_safe\(|SafeString\(")
    assert {name_of(path) for path in python_files(ENLACE) if marks.search(path.read_text())} == MARKS_AS_SAFE


def test_fragments_do_not_extend_a_page() -> None:
    fragments = [path for path in templates() if path.name.startswith("_")]
    assert [name_of(path) for path in fragments if "{% extends" in path.read_text()] == []


def _markup(path: Path) -> str:
    """The template without comments; what stands inside a tag's quotes stays."""
    return COMMENTS.sub("", path.read_text())


def _shown_in_title(path: Path) -> set[str]:
    text = " ".join(TITLE.findall(path.read_text()))
    values = {value.split("|")[0].strip() for value in re.findall(r"{{(.*?)}}", text)}
    blocks = re.findall(r"{%\s*blocktrans\w*(.*?)%}", text)
    return values | {part.split("=")[1] for block in blocks for part in block.split() if "=" in part}


def _has_title(path: Path) -> bool:
    """Its own block, or the title that its layout shows from the context."""
    text = path.read_text()
    shown_by_layout = re.search(r'{% extends "base/(confirm|done|form_page|question)\.html"', text)
    return bool(TITLE.search(text) or shown_by_layout)
