"""A pack with a defect is refused; the error names file, line and field, and says what was expected."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from enlace.country.loader import load
from enlace.country.rows import PackError

Spoil = Callable[[str, str, str], Path]

# file: (what is wrong, text in the file, text in its place, line, field, part of what was expected)
DEFECTS = {
    "codes/agency_kind.csv": [
        ("a missing column", ",provider\n", ",helper\n", 1, "provider", "a column"),
    ],
    "geography/states.csv": [
        ("a column twice", "person_code", "national_code", 1, "national_code", "its own"),
        ("too few states", "XX-I,3,,The Isles,Las Islas\n", "", 3, "code", "3 states"),
        ("a national code twice", "XX-I,3", "XX-I,2", 4, "national_code", "not used before"),
    ],
    "geography/tiles.csv": [
        ("a column without a name", "state,column,row", "state,column,row,", 1, "", "its own"),
        ("an unknown state", "XX-I,1,1", "XX-W,1,1", 4, "state", "XX-I"),
        ("a tile twice", "XX-I,1,1", "XX-I,0,1", 4, "column", "no other state"),
        ("a state without a tile", "XX-I,1,1\n", "", 3, "state", "XX-I"),
    ],
    "codes/sex.csv": [
        ("a cell too many", "male,Male,Hombre", "male,Ma,le,Hombre", 3, "", "5 cells"),
        ("an open quotation mark", "Hombre,Male,Male", '"Hombre,Male,Male', 5, "", "comma-separated"),
        ("a code twice", "\nother,", "\nmale,", 4, "code", "not used before"),
        ("a code the house needs", "\nother,", "\nanother,", 5, "code", "other"),
        ("a missing translation", ",Otro o intersexual,", ",,", 4, "label_es", "a translation"),
        ("a target where there is none", "label_es,ctdc", "label_es,htcds", 2, "htcds", "sex"),
    ],
    "codes/document_type.csv": [
        ("a code with a space", "\nother,", "\nan other,", 5, "code", "letters"),
        ("neither yes nor no", "nacimiento,no", "nacimiento,maybe", 4, "strong", "no, yes"),
    ],
    "codes/exploitation_form.csv": [
        ("an unknown target", ",OrganRemoval,", ",Organs,", 5, "htcds", "standard"),
        ("one unknown target of two", "typeOfLabourIllicit", "x", 4, "ctdc", "xActivities"),
        ("penalties upside down", ",10,25", ",10,9", 5, "penalty_max_years", "below"),
    ],
    "codes/age_group.csv": [
        ("an age twice", ",16,24,", ",15,24,", 3, "min_age", "16"),
        ("a group of minors and adults", ",0,15,", ",0,17,", 2, "max_age", "below 16"),
        ("an adult called a minor", ",25,,adult", ",25,,minor", 4, "majority", "adult"),
        ("no oldest group", ",25,,adult", ",25,90,adult", 5, "max_age", "without an upper age"),
        ("a group after the oldest", ",16,24,", ",16,,", 4, "min_age", "open"),
    ],
    "geography/population.csv": [
        ("an unknown sex", "XX-N,2019,female,minor", "XX-N,2019,x,minor", 2, "sex", "female"),
        ("a cell of population twice", "N,2019,male,minor", "N,2019,female,minor", 4, "state", "one row"),
        (
            "a bad number of people",
            "female,minor,73250\nXX-N,2019,female,adult",
            "female,minor,73 250\nXX-N,2019,female,adult",
            2,
            "population",
            "whole number",
        ),
    ],
    "law/offences.csv": [
        ("penalties of an offence upside down", ",10,25,", ",10,5,", 6, "prison_max_years", "at least 10"),
        ("an offence of no form", "s. 3(a),bonded_work", "s. 3(a),bond", 3, "form", "bonded_work"),
    ],
    "directory/agencies.csv": [
        ("an agency of no kind", "Helpline,hotline", "Helpline,phone", 3, "kind", "hotline"),
        ("an agency of no state", "police,XX-N", "police,XX-W", 5, "state", "XX-N"),
        ("an agency under none", "XX-I,ngo-harbour", "XX-I,harbour", 10, "parent", "ngo-harbour"),
        ("an agency under itself", "XX-I,ngo-harbour", "XX-I,shelter-isles", 10, "parent", "another"),
    ],
    "figures/published.csv": [
        ("a bad value", ",total,41,", ",total,41a,", 2, "value", "a number"),
        ("an area of no state", "XX-S+XX-I", "XX-S+XX-W", 8, "area", "XX-W"),
        ("an unknown mark", "[approx]", "[roughly]", 7, "note", "[approx]"),
        ("a breakdown twice", "sex=male", "sex=male;sex=x", 4, "breakdown", "once"),
    ],
    "screening/indicators.csv": [
        ("a strength of none", ",M,M,,", ",M,X,,", 3, "strength_child_labour", "S"),
        ("a sign twice", "\nX3,", "\nX1,", 4, "id", "not used before"),
    ],
    "law/limits.toml": [
        ("an unknown time unit", "hours = 12", "weeks = 12", 13, "days", "hours"),
        ("no time", "hours = 12", "hours = 0", 14, "hours", "at least 1"),
        ("a time limit left out", "[break_glass]", "[break_glas]", 0, "break_glass", "a section"),
        ("broken TOML", "hours = 12", "hours = ", 14, "", "TOML"),
    ],
    "pack.toml": [
        ("a currency of none", '"XTS"', '"shells"', 6, "currency", "ISO 4217"),
        ("a time zone of none", "Indian/Mauritius", "Xandoria/Capital", 5, "timezone", "IANA"),
        ("a bad date", "2025-06-30", '"2025-06-31"', 12, "checked_on", "a date"),
        ("another folder's code", 'code = "xx"', 'code = "yy"', 3, "code", "xx"),
        ("an emergency number in words", '"000"', '"the police"', 10, "emergency_phone", "telephone number"),
        ("no name in one language", 'es = "Xandoria"', "", 14, "es", "translation"),
        ("no rules of disclosure", "[disclosure]", "[publication]", 0, "disclosure", "a section"),
        ("a threshold that hides nothing", "threshold = 5", "threshold = 1", 19, "threshold", "at least 2"),
    ],
    "figures/caveats.toml": [
        ("a warning about nothing", '["victims_identified"]', '["dragons"]', 5, "indicators", "dragons"),
    ],
}
CASES = [pytest.param(name, *defect[1:], id=defect[0]) for name in DEFECTS for defect in DEFECTS[name]]


@pytest.mark.parametrize(("name", "old", "new", "line", "field", "expected"), CASES)
def test_a_defect_is_told_by_file_line_and_field(
    spoil: Spoil, name: str, old: str, new: str, line: int, field: str, expected: str
) -> None:
    folder = spoil(name, old, new)
    with pytest.raises(PackError) as caught:
        load(folder)
    assert (caught.value.file, caught.value.line, caught.value.field) == (f"xx/{name}", line, field)
    assert expected in caught.value.expected
    assert f"xx/{name}" in str(caught.value)


@pytest.mark.parametrize("cell", ["2024-02-30", "20240101", "01/02/2024", "2024-W01-1", "tomorrow"])
def test_a_date_of_validity_that_is_no_date_is_refused(folder: Path, cell: str) -> None:
    path = folder / "codes" / "event_kind.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},valid_from", *(f"{line},{cell}" for line in lines[1:])]), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load(folder)
    assert (caught.value.line, caught.value.field) == (2, "valid_from")


def test_a_validity_that_ends_before_it_starts_is_refused(folder: Path) -> None:
    path = folder / "codes" / "event_kind.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    dated = [
        f"{lines[0]},valid_from,valid_to",
        f"{lines[1]},2024-02-01,2024-01-31",
        *(f"{line},," for line in lines[2:]),
    ]
    path.write_text("\n".join(dated), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load(folder)
    assert (caught.value.line, caught.value.field) == (2, "valid_to")


def test_a_file_in_another_encoding_is_refused_with_the_line_of_the_first_wrong_byte(folder: Path) -> None:
    path = folder / "codes" / "age_group.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(PackError, match="UTF-8") as caught:
        load(folder)
    assert (caught.value.file, caught.value.line) == ("xx/codes/age_group.csv", 2)


def test_a_byte_order_mark_is_not_a_defect(folder: Path) -> None:
    path = folder / "codes" / "sex.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(folder).codes("sex").get("female") is not None


@pytest.mark.parametrize(
    "name", ["codes/service.csv", "roles.csv", "pack.toml", "geography/tiles.csv", "law/limits.toml"]
)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(PackError, match="this file") as caught:
        load(folder)
    assert caught.value.file == f"xx/{name}"


def test_a_file_without_rows_is_refused(folder: Path) -> None:
    (folder / "codes" / "sex.csv").write_text("code,label_en,label_es\n\n", encoding="utf-8")
    with pytest.raises(PackError, match="at least one row"):
        load(folder)


@pytest.mark.parametrize("name", ["figures", "labels", "screening", "finance"])
def test_a_part_that_a_country_may_lack_is_simply_empty(folder: Path, name: str) -> None:
    shutil.rmtree(folder / name)
    pack = load(folder)
    found = {"figures": pack.figures, "labels": pack.glossary, "screening": pack.screening_indicators}
    assert found.get(name, pack.finance_red_flags) == ()
