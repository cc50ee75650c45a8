"""Templates of periodic returns: those of both packs are sound, kept whole, and a defect is told by file and field."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from enlace.country import report
from enlace.country.loader import Pack, load
from enlace.country.returns import rebuilt
from enlace.country.rows import PackError

Spoil = Callable[[str, str, str], Path]
FILE = "returns/border-1.toml"
JUSTICE = "returns/crown_justice-1.toml"

# file, text in it, text in its place, field, part of what was expected
DEFECTS = [
    (FILE, 'id = "border"', 'id = "frontier"', "id", "frontier-1.toml"),
    (FILE, "version = 1", "version = 0", "version", "from 1 to 1000"),
    (FILE, "version = 1", "version = true", "version", "whole number"),
    (FILE, "valid_from = 2020-01-01", 'valid_from = "2020-01-01"', "valid_from", "without quotes"),
    (FILE, "valid_to = 2030-12-31", "valid_to = 2019-12-31", "valid_to", "not before valid_from"),
    (FILE, 'label = { en = "Border return", es', 'label = { en = " ", es', "label", "each of en, es"),
    (FILE, 'label = { en = "Border return", es = "Informe de la frontera" }', 'label = "Border"', "label", "each of en, es"),
    (FILE, 'legal_basis = "Xandorian Aliens Act, s. 12"', 'legal_basis = ""', "legal_basis", "a text"),
    (FILE, 'kinds = ["migration", "commission"]', 'kinds = ["ministry"]', "kinds", "agency_kind"),
    (FILE, 'kinds = ["migration", "commission"]', "kinds = []", "kinds", "agency_kind"),
    (FILE, 'level = "federal"', 'level = "county"', "level", "both, federal, state"),
    (FILE, 'periodicity = "quarter"', 'periodicity = "week"', "periodicity", "half, month, quarter, year"),
    (FILE, "due_days = 10", "due_days = 10\nreminder = 3", "reminder", "only id, version"),
    (FILE, 'code = "airfield"', 'code = "harbour"', "dimension 1 (gate): category", "each once"),
    (FILE, 'code = "airfield"', 'code = "air field"', "category 2 (air field): code", "a code"),
    (FILE, 'unit = "permit"', 'unit = "pebble"', "measure 1 (permits): unit", "permit"),
    (FILE, 'by = [["gate"]]', 'by = [["door"]]', "measure 1 (permits): by", "dimensions of this template"),
    (FILE, 'by = [["gate"]]', 'by = [["gate"], ["gate"]]', "measure 1 (permits): by", "each once"),
    (FILE, 'by = [["gate"]]', "", "rule 1 (permits_by_gate): by", "breakdowns of permits"),
    (FILE, 'kind = "sum"', 'kind = "guess"', "rule 1 (permits_by_gate): kind", "casework"),
    (FILE, 'measure = "permits"', 'measure = "stays"', "rule 1 (permits_by_gate): measure", "permits"),
    (FILE, "[[measure]]", "[measure]", "measure", "[[measure]]"),
    (JUSTICE, 'list = "sex"', 'list = "gender_of_moon"', "dimension 1 (sex): list", "one of"),
    (JUSTICE, 'id = "charged"', 'id = "found"', "measure", "each once"),
    (JUSTICE, 'id = "charged"', 'id = "Charged"', "measure 3 (Charged): id", "small letters"),
    (JUSTICE, 'whole = "charged"', 'whole = "inquiries"', "rule 3 (convicted_of_charged): whole", "same unit, person"),
    (JUSTICE, 'whole = "charged"\n', "", "rule 3 (convicted_of_charged): whole", "kind part needs"),
    (JUSTICE, "high = 1000\n", "", "rule 4 (inquiries_range): low", "low, high or both"),
    (JUSTICE, "high = 1000", "high = -1", "rule 4 (inquiries_range): high", "not negative"),
    (JUSTICE, "low = 0.5\nhigh = 2.0", "low = 0.5\nhigh = 0.2", "rule 5 (inquiries_before): high", "not below low"),
    (JUSTICE, 'indicator = "identified"', 'indicator = "seen"', "rule 6 (found_in_enlace): indicator", "identified"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "field", "expected"), DEFECTS, ids=[f"{d[3]}-{d[2]}" for d in DEFECTS])
def test_a_defect_is_told_by_file_and_field(
    spoil: Spoil, name: str, old: str, new: str, field: str, expected: str
) -> None:
    folder = spoil(name, old, new)
    with pytest.raises(PackError) as caught:
        load(folder)
    assert (caught.value.file, caught.value.field) == (f"xx/{name}", field)
    assert expected in caught.value.expected


def test_what_enlace_counts_is_never_an_error(folder: Path) -> None:
    path = folder / JUSTICE
    text = path.read_text(encoding="utf-8").replace(
        'kind = "casework"\nlevel = "warning"', 'kind = "casework"\nlevel = "error"'
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="no proof of a mistake"):
        load(folder)


def test_two_versions_never_ask_about_the_same_day(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8").replace("version = 1", "version = 2")
    later = folder / "returns/border-2.toml"
    later.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="after version 1 has ended"):
        load(folder)
    later.write_text(text.replace("2020-01-01", "2031-01-01").replace("2030-12-31", "2040-12-31"), encoding="utf-8")
    assert [one.version for one in load(folder).return_templates if one.id == "border"] == [1, 2]


def test_a_template_is_kept_whole_and_its_digest_names_every_word(xx: Pack, mx: Pack, spoil: Spoil) -> None:
    for template in (*xx.return_templates, *mx.return_templates):
        assert rebuilt(template.content()) == template
        assert rebuilt(template.content()).digest == template.digest
    changed = load(spoil(FILE, "Puerta de entrada", "Puerta"))
    digests = [{one.id: one.digest for one in pack.return_templates} for pack in (xx, changed)]
    assert digests[0]["border"] != digests[1]["border"]
    assert digests[0]["crown_justice"] == digests[1]["crown_justice"]


def test_a_pack_without_templates_says_so(folder: Path) -> None:
    # Indicators from returns need the templates that they come from, and the annual report speaks of them.
    for pattern in ("returns/*.toml", "indicators/*returns*.toml", "report/*.toml"):
        for path in folder.glob(pattern):
            path.unlink()
    gaps = list(report.gaps(load(folder)))
    assert "no template in returns/: who keeps no cases here cannot send numbers" in gaps


def test_both_packs_ask_on_their_own_terms(xx: Pack, mx: Pack) -> None:
    ours, theirs = ({one.periodicity for one in pack.return_templates} for pack in (xx, mx))
    assert ours == {"half", "quarter"}
    assert theirs == {"month", "quarter", "half", "year"}
    assert not {one.id for one in xx.return_templates} & {one.id for one in mx.return_templates}


def test_the_first_pack_asks_for_what_no_module_records(mx: Pack) -> None:
    asked = {f"{one.id}.{measure.id}": measure for one in mx.return_templates for measure in one.measures}
    units = {
        "state_justice.investigations": "investigation", "state_justice.prosecuted_cases": "case",
        "state_justice.prosecuted_persons": "person", "federal_justice.convicted_persons": "person",
        "judiciary.reparation_ordered": "amount", "judiciary.reparation_paid": "amount",
        "migration.permits_granted": "permit", "consular.identified_by_consulates": "person",
        "shelters.residents": "stay", "monthly_victims.victims_month": "person",
    }  # fmt: skip
    assert {name: asked[name].unit for name in units} == units
    assert all(one.is_valid(date(2020, 1, 1)) for one in mx.return_templates)


def test_every_breakdown_of_the_first_pack_is_checked_against_its_total(mx: Pack) -> None:
    unchecked = [
        f"{one.id}.{measure.id} by {', '.join(names)}"
        for one in mx.return_templates
        for measure in one.measures
        for names in measure.by
        if not any(rule.kind == "sum" and rule.measure == measure.id and rule.by == names for rule in one.rules)
    ]
    assert unchecked == []
