"""Every sentence on a screen is there in Spanish, with the same gaps to fill."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from enlace.accounts.models import User
from enlace.base import catalogue
from enlace.base.catalogue import in_python, in_template
from enlace.cases.actions import close_case
from enlace.exchange.rows import REASONS
from tests.accounts.entering import enter
from tests.world import World, a_case


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


def test_a_refusal_of_a_rule_is_told_in_the_readers_language(client: Client, world: World) -> None:
    """Rules know no Django and answer in English; whoever shows the reason translates it."""
    case_id = a_case(world.bruno)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    page = enter(client, User.objects.get(username="bruno")).get(
        reverse("cases:note", args=[case_id]), headers={"Accept-Language": "es"}
    )
    told = catalogue.read(catalogue.catalogue_files()["es"], "es").get(
        "This case is closed. Reopen it to go on working."
    )
    assert '<html lang="es"' in page.text
    assert told.string in page.text
