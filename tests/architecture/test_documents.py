"""What is generated from the source is what the source would generate now, and what is linked is there."""

import re
from pathlib import Path
from typing import Any

import pytest

from enlace.base import catalogue, documents
from enlace.base.states import Machine, Move
from tests.architecture.source import ROOT, name_of

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
TOP = [ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "README.md")]
DOCUMENTS = [path for path in [*TOP, *sorted((ROOT / "docs").rglob("*.md"))] if path.exists()]
# Quotation marks used as such.
NOT_OF_A_SCREEN = {"comillas", "no"}
# Made by the browser tests when they run.
MADE_BY_TESTS = ROOT / "docs" / "user" / "img"


def test_generated_documents_are_up_to_date(settings: Any) -> None:
    settings.ENLACE_COUNTRY = "mx"  # the pack whose glossary is in the repository
    assert [name_of(path) for path in documents.stale()] == [], "run ./run docs"


def test_a_machine_that_changed_makes_its_page_stale() -> None:
    machine = Machine("door", "open", (Move("shut", "open", "shut"),))
    page = documents.state_page(machine, "nowhere")
    assert "[*] --> open" in page
    assert "open --> shut: shut" in page
    assert "| `open` | `shut` | `shut` |" in page
    assert documents.state_page(Machine("door", "open", ()), "nowhere") != page


def test_a_page_that_nothing_makes_is_stale(settings: Any, tmp_path: Path) -> None:
    settings.ROOT = tmp_path
    (tmp_path / "docs" / "states").mkdir(parents=True)
    left = tmp_path / "docs" / "states" / "gone.md"
    left.write_text("old")
    assert left in documents.stale()
    documents.write()
    assert documents.stale() == []
    assert not left.exists()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    targets = [(path.parent / link).resolve() for link in LINK.findall(path.read_text()) if "://" not in link]
    assert [str(t) for t in targets if not t.exists() and MADE_BY_TESTS not in t.parents] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_files_named_in_a_document_exist(path: Path) -> None:
    """A path in code type that begins like one of ours is a promise to the reader."""
    named = re.findall(r"`((?:src|tests|docs|countries|bench)/[\w./-]+)`", path.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_guides_quote_what_the_screens_say() -> None:
    """What stands between «» in a guide is a sentence of the Spanish catalogue, capitals aside."""
    catalogue_es = catalogue.read(catalogue.catalogue_files()["es"], "es")
    known = {str(message.string).lower() for message in catalogue_es if message.id}
    quoted = {
        (name_of(path), text)
        for path in (ROOT / "docs" / "user").glob("*.md")
        for text in re.findall("«([^»]+)»", " ".join(path.read_text().split()))
    }
    assert len(quoted) > 60
    assert sorted(quote for quote in quoted if quote[1].lower() not in known | NOT_OF_A_SCREEN) == []


def test_the_english_guides_quote_what_the_screens_say_in_english() -> None:
    """What stands between “ ” in a guide in English is a sentence that the source marks for translation, capitals aside."""
    messages = catalogue.read(catalogue.catalogue_files()["es"], "es")
    known = {text.lower() for message in messages for text in _texts(message.id)}
    quoted = {
        (name_of(path), text.strip(".,"))
        for path in (ROOT / "docs" / "user" / "en").glob("*.md")
        for text in re.findall("“([^”]+)”", " ".join(path.read_text().split()))
        if text.strip()
    }
    assert len(quoted) > 60
    assert sorted(quote for quote in quoted if quote[1].lower() not in known) == []


def _texts(msgid: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A message, or its singular and plural."""
    return (msgid,) if isinstance(msgid, str) else tuple(msgid)
