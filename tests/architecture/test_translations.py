"""Every sentence on a screen is there in Spanish, with the same gaps to fill."""

from pathlib import Path

import pytest

from enlace.base import catalogue
from enlace.base.catalogue import in_python, in_template
from enlace.exchange.rows import REASONS


def test_every_sentence_is_translated() -> None:
    found = catalogue.sentences()
    lacking = {
        language: catalogue.untranslated(catalogue.read(path, language), found)
        for language, path in catalogue.catalogue_files().items()
    }
    assert set(lacking) == {"es"}
    assert lacking["es"] == []


def test_no_translation_is_left_that_nothing_shows() -> None:
    """``./run fix`` drops them; a catalogue full of dead sentences is not read by anybody."""
    found = catalogue.sentences()
    for language, path in catalogue.catalogue_files().items():
        stale = [m.id for m in catalogue.read(path, language) if m.id and m.id not in found]
        assert stale == []


def test_the_sentences_of_all_kinds_of_file_are_found() -> None:
    found = catalogue.sentences()
    assert len(found) > 500
    assert set(REASONS.values()) <= found
    assert "Sign in" in found  # a template
    assert "read a case" in found  # lazy, in a table
    assert ("%d session ended.", "%d sessions ended.") in found
    assert "This case is closed. Reopen it to go on working." in found  # a refusal of a rule


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('_("One " "sentence.")', {"One sentence."}),
        ('text = gettext_lazy("Lazy")', {"Lazy"}),
        ('ngettext("%d day", "%d days", n) % n', {("%d day", "%d days")}),
        ('raise Refusal("Not now.")', {"Not now."}),
        ('raise Refusal(_("Not now."))', {"Not now."}),
        ('raise errors.Missing("Nothing here.")', {"Nothing here."}),
        ('_(f"{n} days") + _(name) + print("no")', set()),
    ],
)
def test_sentences_of_python(source: str, expected: set[str]) -> None:
    assert set(in_python(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p>   {% translate "It\'s here" %}\n      text</p>', {"It's here"}),
        ("{% blocktranslate trimmed %}\n  {{ n }} of\n  {{ all }}\n{% endblocktranslate %}", {"%(n)s of %(all)s"}),
        (
            "{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
            {("%(n)s row", "%(n)s rows")},
        ),
        ('{% status "open" _("Open") %} <b>"quoted" (unclosed', {"Open"}),
        ("{# not shown #}{{ value }}", set()),
    ],
)
def test_sentences_of_templates(source: str, expected: set[str]) -> None:
    assert set(in_template(source, "page.html")) == expected


def test_a_catalogue_keeps_translations_and_drops_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "es" / "django.po"
    catalogue.update(path, "es", {"Here", "Gone", ("%d day", "%d days")})
    text = path.read_text().replace('msgid "Here"\nmsgstr ""', 'msgid "Here"\nmsgstr "Aquí"')
    path.write_text(text.replace('msgid "Gone"\nmsgstr ""', 'msgid "Gone"\nmsgstr "Fue"'))
    catalogue.update(path, "es", {"Here", "New", ("%d day", "%d days")})
    kept = catalogue.read(path, "es")
    assert kept.get("Here").string == "Aquí"
    assert "Gone" not in path.read_text()
    assert catalogue.untranslated(kept, {"Here", "New"}) == ["New"]
    assert [word for word in ("Date", "#:", "/", "2026") if word in path.read_text()] == ["/"]  # text/plain


def test_a_translation_with_other_gaps_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    catalogue.update(path, "es", {"%(count)d cases"})
    path.write_text(path.read_text().replace('cases"\nmsgstr ""', 'cases"\nmsgstr "%(cuenta)d casos"'))
    assert catalogue.untranslated(catalogue.read(path, "es"), {"%(count)d cases"}) == ["%(count)d cases"]
