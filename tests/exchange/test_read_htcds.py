"""HTCDS tables are read as their makers meant them, and what could mean two things is handed back."""

import csv
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from enlace.exchange.htcds import HtcdsFile, read_htcds
from enlace.exchange.rows import SEALED, FileRefused
from enlace.exchange.standard_htcds import fields
from tests.exchange.files import survey, survey_workbook, toolkit

ASKED = ("AMBIGUOUS", "UNKNOWN VALUE", "true?")


def as_written(value: Any) -> str:
    """A value as the file of expected values writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "|".join(value) if isinstance(value, tuple) else str(value)


def only(found: HtcdsFile) -> dict[str, Any]:
    assert found.errors == []
    (record,) = found.records
    return dict(record.values)


def reasons(found: HtcdsFile) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.reason.code) for error in found.errors]


def test_the_fictional_workbook_gives_exactly_the_expected_values(shared_data: Path) -> None:
    found = read_htcds(shared_data / "htcds" / "sample_excel_filled_FICTIONAL.xlsx")
    with (shared_data / "htcds" / "sample_excel_filled_FICTIONAL_expected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    asked = {(int(r["sheet_row"]), fields()[r["field"]].label) for r in rows if r["expected"] in ASKED}
    assert {(error.row, error.column) for error in found.errors} == asked
    assert {int(r["sheet_row"]) for r in rows} == {r.row for r in found.records} | {row for row, _ in asked}
    expected: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        expected[int(row["sheet_row"])][row["field"]] = row["expected"]
    for record in found.records:
        read = {name: as_written(value) for name, value in record.values.items()}
        free = {name for name in read if fields()[name].kind == "text" and name not in expected[record.row]}
        assert {name: read.get(name, "") for name in expected[record.row]} == expected[record.row]
        assert set(read) - free <= set(expected[record.row])


def test_the_fictional_survey_export_gives_both_of_its_submissions(shared_data: Path) -> None:
    found = read_htcds(shared_data / "htcds" / "sample_survey_export_FICTIONAL.csv")
    seven, eight = found.records
    assert found.errors == []
    assert found.layout == "survey csv"
    assert seven.source_id == "00000000-0000-4000-8000-000000000001"
    assert seven.values["prs_SecondName"] == "Ficticia Siete"
    assert seven.values["vic_MethodsOfControl"] == ("DebtBondage", "PsychologicalAbuse", "Other")
    assert seven.values["cas_IncomingReferralDetails"] == "texto libre"
    assert "cas_ReasonForIncomingReferral" not in seven.values
    assert seven.values["prs_MailingCountry"] == "MX"
    assert eight.values["con_Consent"] is False
    assert eight.values["vic_ForcedLabourIndustry"] == ("A_AgricultureForestryAndFishing", "F_Construction")


@pytest.mark.parametrize(
    "name", ["HTCDS Excel Spreadsheet v2.0", "HTCDS Excel Spreadsheet single select with validation v2.0"]
)
def test_an_unfilled_toolkit_workbook_holds_no_records(shared_data: Path, name: str) -> None:
    with pytest.raises(FileRefused, match="no records"):
        read_htcds(shared_data / "htcds" / f"{name}.xlsx")


def test_the_validated_workbook_is_read_with_every_label_of_its_own_lists(shared_data: Path, tmp_path: Path) -> None:
    name = "HTCDS Excel Spreadsheet single select with validation v2.0.xlsx"
    with pytest.warns(UserWarning, match="Data Validation extension"):
        book = openpyxl.load_workbook(shared_data / "htcds" / name)
    lists = {"B": "H", "E": "I", "F": "U", "G": "W", "H": "X", "I": "Y", "J": "Z", "L": "AB", "M": "AF", "N": "AJ"}
    sheet, filled = book["Case Sheet"], 0
    for source, target in (lists | {"O": "S", "P": "T"}).items():
        labels = [cell.value for cell in book["validation"][source][3:] if cell.value]
        for row, label in enumerate(labels, start=3):
            sheet[f"{target}{row}"] = label
        filled += len(labels)
    book.save(tmp_path / "cases.xlsx")
    found = read_htcds(tmp_path / "cases.xlsx")
    assert found.errors == []
    assert sum(len(record.values) for record in found.records) == filled
    assert len({record.values["prs_Citizenship"] for record in found.records}) == 249


def test_labels_are_trusted_over_hidden_names(tmp_path: Path) -> None:
    case = {"prs_MailingStreet": "Calle Inventada 1", "prs_MailingCity": "Puebla", "prs_MailingPostalCode": 72000}
    assert only(read_htcds(toolkit(tmp_path / "a.xlsx", case))) == case | {"prs_MailingPostalCode": "72000"}


def test_a_shared_label_is_told_apart_by_the_hidden_name(tmp_path: Path) -> None:
    case = {"cas_Status": "Closed", "spl_Type": "Legal", "hte_Type": "Transit"}
    path = toolkit(tmp_path / "a.xlsx", case, sheet="Case Sheet", extra=[("spl_Type", "Type"), ("hte_Type", "Type")])
    assert only(read_htcds(path)) == case


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Debt bondage ; Takes earnings", ("DebtBondage", "TakesEarnings")),
        ("DEBT\N{NO-BREAK SPACE}BONDAGE;takes  earnings;", ("DebtBondage", "TakesEarnings")),
        ("TakesEarnings; Debt bondage; Takes earnings", ("TakesEarnings", "DebtBondage")),
        ("Threatens children/family", ("ThreatensChildrenFamily",)),
    ],
)
def test_a_list_is_read_in_its_order_whatever_the_spaces_and_case(tmp_path: Path, typed: str, codes: Any) -> None:
    case = {"vic_MethodsOfControl": typed}
    assert only(read_htcds(toolkit(tmp_path / "a.xlsx", case))) == {"vic_MethodsOfControl": codes}


def test_labels_that_hold_the_separator_are_not_broken(tmp_path: Path) -> None:
    field = fields()["vic_ForcedLabourIndustry"]
    case = {"vic_ForcedLabourIndustry": "; ".join(field.codes.values())}
    assert sum("; " in label for label in field.codes.values()) == 4
    assert only(read_htcds(toolkit(tmp_path / "a.xlsx", case))) == {field.name: tuple(field.codes)}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Namibia", ("NA",)),
        ("NA", ("NA",)),
        ("méxico", ("MX",)),
        ("MEX; gt", ("MX", "GT")),
        ("Niger; Nigeria", ("NE", "NG")),
        ("Congo, Democratic Republic of the", ("CD",)),
        ("Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire", ("CI",)),
    ],
)
def test_countries_are_read_by_name_or_code(tmp_path: Path, typed: str, codes: Any) -> None:
    assert only(read_htcds(toolkit(tmp_path / "a.xlsx", {"prs_Citizenship": typed}))) == {"prs_Citizenship": codes}


@pytest.mark.parametrize(
    ("cell", "consent"),
    [
        (True, True),
        ("TRUE", True),
        ("yes ", True),
        ("Sí", True),
        ("SI\N{COMBINING ACUTE ACCENT}", True),
        (False, False),
        ("No", False),
    ],
)
def test_consent_is_read_from_words_that_mean_nothing_else(tmp_path: Path, cell: Any, consent: bool) -> None:
    assert only(read_htcds(toolkit(tmp_path / "a.xlsx", {"con_Consent": cell}))) == {"con_Consent": consent}


@pytest.mark.parametrize("cell", ["Si", 1, 0, "1", "ok", "tal vez", "TRUE?", date(2024, 1, 1)])
def test_consent_that_is_not_clear_is_asked_about(tmp_path: Path, cell: Any) -> None:
    found = read_htcds(toolkit(tmp_path / "a.xlsx", {"con_Consent": cell, "cas_Status": "Active"}))
    assert reasons(found) == [(3, "Consent", "consent-unclear")]
    assert found.records == []


def test_consent_left_empty_is_absent_and_not_refused(tmp_path: Path) -> None:
    assert "con_Consent" not in only(read_htcds(toolkit(tmp_path / "a.xlsx", {"cas_Status": "Active"})))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime(1994, 3, 12), date(1994, 3, 12)),
        (datetime(1994, 3, 12, 15, 30), date(1994, 3, 12)),
        (39873, date(2009, 3, 1)),
        ("1988-11-30", date(1988, 11, 30)),
        ("1988-11-30T09:00:00.000-06:00", date(1988, 11, 30)),
        ("30/11/1988", date(1988, 11, 30)),
        ("11/30/1988", date(1988, 11, 30)),
        ("05.05.1990", date(1990, 5, 5)),
    ],
)
def test_dates_that_can_mean_one_day_are_read(tmp_path: Path, cell: Any, day: date) -> None:
    assert only(read_htcds(toolkit(tmp_path / "a.xlsx", {"prs_Birthdate": cell}))) == {"prs_Birthdate": day}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("05/03/1990", "ambiguous-date"),
        ("05/03/90", "not-a-date"),
        (1990, "not-a-date"),
        ("1990", "not-a-date"),
        (19900305, "not-a-date"),
        (float("1e300"), "not-a-date"),
        ("31/02/1990", "not-a-date"),
        ("marzo de 1990", "not-a-date"),
        (True, "not-a-date"),
        ("1850-01-01", "date-out-of-range"),
        ("=TODAY()", "formula"),
        ("#N/A", "error-cell"),
    ],
)
def test_dates_that_cannot_be_trusted_are_refused_without_showing_them(tmp_path: Path, cell: Any, reason: str) -> None:
    found = read_htcds(toolkit(tmp_path / "a.xlsx", {"prs_Birthdate": cell, "cas_Status": "Active"}))
    assert reasons(found) == [(3, "Birthdate", reason)]
    assert found.records == []
    assert found.errors[0].value in (SEALED, "")


def test_serial_dates_follow_the_calendar_of_the_workbook(tmp_path: Path) -> None:
    path = toolkit(tmp_path / "a.xlsx", {"prs_Birthdate": 39873 - 1462})
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(path)
    assert only(read_htcds(path)) == {"prs_Birthdate": date(2009, 3, 1)}


def test_a_row_with_errors_is_not_half_read_and_lists_them_all(tmp_path: Path) -> None:
    bad = {"prs_FirstName": "Inventada", "prs_Gender": "Mujer", "vic_TypeOfExploitation": "Forced labour; Otra cosa"}
    found = read_htcds(toolkit(tmp_path / "a.xlsx", bad, {"cas_Status": "Active"}))
    assert reasons(found) == [(3, "Gender", "unknown-value"), (3, "Type of Exploitation", "unknown-value")]
    assert [error.value for error in found.errors] == ["Mujer", "Otra cosa"]
    assert [record.row for record in found.records] == [4]


def test_columns_outside_the_standard_are_named_and_not_read(tmp_path: Path) -> None:
    case = {"cas_Status": "Active", "x_Shelter": "Albergue Inventado"}
    path = toolkit(tmp_path / "a.xlsx", case, extra=[("x_Shelter", "Shelter")])
    book = openpyxl.load_workbook(path)
    book["Sheet1"]["AP3"] = "nota al margen"
    book.save(path)
    found = read_htcds(path)
    assert found.ignored == ("Shelter", "AP")
    assert only(found) == {"cas_Status": "Active"}


SUBMISSION = {
    "start": "2025-04-01T09:00:00.000-06:00",
    "con_Consent": "TRUE",
    "prs_First_Name": "Inventada",
    "prs_Birthdate": "2001-07-15",
    "vic_Methods_of_Control": "DebtBondage  Other",
    "vic_TypeOfExploitation": "SexualExploitation ForcedLabour",
    "cas_Status": "FollowUp",
    "_uuid": "u-1",
}
SUBMITTED = {
    "con_Consent": True,
    "prs_FirstName": "Inventada",
    "prs_Birthdate": date(2001, 7, 15),
    "vic_MethodsOfControl": ("DebtBondage", "Other"),
    "vic_TypeOfExploitation": ("SexualExploitation", "ForcedLabour"),
    "cas_Status": "FollowUp",
}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("group", ["", "person/", "data/person/", "person-"])
def test_a_survey_export_is_read_with_any_separator_and_groups(tmp_path: Path, separator: str, group: str) -> None:
    case = {name if name in ("start", "_uuid") else group + name: cell for name, cell in SUBMISSION.items()}
    found = read_htcds(survey(tmp_path / "a.csv", case, separator=separator))
    assert only(found) == SUBMITTED
    assert found.records[0].source_id == "u-1"
    assert found.ignored == ("start",)


def test_a_survey_workbook_reads_like_the_same_survey_as_text(tmp_path: Path) -> None:
    found = read_htcds(survey_workbook(tmp_path / "a.xlsx", SUBMISSION))
    assert found.layout == "survey workbook"
    assert only(found) == SUBMITTED


OPTIONS = ("vic_TypeOfExploitation/ForcedLabour", "g/vic_TypeOfExploitation/SexualExploitation")


@pytest.mark.parametrize(
    ("listed", "marks", "codes"),
    [
        (None, ("1", "0"), ("ForcedLabour",)),
        (None, ("TRUE", "True"), ("ForcedLabour", "SexualExploitation")),
        ("SexualExploitation ForcedLabour", ("1", "1"), ("SexualExploitation", "ForcedLabour")),
        ("SexualExploitation", ("", ""), ("SexualExploitation",)),
        ("", ("0", "1"), ("SexualExploitation",)),
        (None, ("0", "0"), None),
        (None, ("", ""), None),
    ],
)
def test_columns_of_one_option_each_are_joined(tmp_path: Path, listed: Any, marks: Any, codes: Any) -> None:
    case = {"cas_Status": "Active", "prs_Gender": "Feminine"} | dict(zip(OPTIONS, marks, strict=True))
    if listed is not None:
        case |= {"vic_TypeOfExploitation": listed}
    assert only(read_htcds(survey(tmp_path / "a.csv", case))).get("vic_TypeOfExploitation") == codes


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({OPTIONS[0]: "2"}, "not-a-flag"),
        ({"vic_MethodsOfControl/RestrictsMovement": "1"}, "unknown-value"),
        ({OPTIONS[0]: "1", "vic_TypeOfExploitation": "SexualExploitation"}, "contradiction"),
        ({OPTIONS[0]: "0", "vic_TypeOfExploitation": "ForcedLabour"}, "contradiction"),
    ],
)
def test_options_that_cannot_be_trusted_are_refused(tmp_path: Path, columns: dict[str, str], reason: str) -> None:
    case = {"cas_Status": "Active", "prs_Gender": "Feminine", "con_Consent": "TRUE"} | columns
    found = read_htcds(survey(tmp_path / "a.csv", case))
    assert [code for _, _, code in reasons(found)] == [reason]
    assert found.records == []


def test_an_option_label_with_a_slash_is_read(tmp_path: Path) -> None:
    heading = "g/vic_Methods_of_Control/Threatens children/family"
    case = {"cas_Status": "Active", "prs_Gender": "Feminine", heading: "1"}
    assert only(read_htcds(survey(tmp_path / "a.csv", case)))["vic_MethodsOfControl"] == ("ThreatensChildrenFamily",)


def test_a_shifted_survey_row_is_refused_by_its_number_of_cells(tmp_path: Path) -> None:
    path = survey(tmp_path / "a.csv", SUBMISSION, SUBMISSION)
    path.write_text(path.read_text("utf-8") + "2025,TRUE,Inventada\n", "utf-8")
    found = read_htcds(path)
    assert reasons(found) == [(4, "", "cell-count")]
    assert [record.row for record in found.records] == [2, 3]


def test_a_toolkit_saved_as_text_is_not_taken_for_a_survey(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(toolkit(tmp_path / "a.xlsx", {"prs_MailingCity": "Puebla"}))["Sheet1"]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(sheet.values)
    with pytest.raises(FileRefused, match="without its labels"):
        read_htcds(tmp_path / "a.csv")


def test_progress_is_told_up_to_the_last_row(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    for path in (survey(tmp_path / "a.csv", SUBMISSION), survey_workbook(tmp_path / "a.xlsx", SUBMISSION)):
        read_htcds(path, lambda done, total: seen.append((done, total)))
        assert seen[-1][0] == seen[-1][1]
    assert len(seen) == 2


def test_a_toolkit_without_its_labels_is_not_taken_for_a_survey(tmp_path: Path) -> None:
    path = toolkit(tmp_path / "a.xlsx", {"cas_Status": "Active"})
    book = openpyxl.load_workbook(path)
    for cell in book["Sheet1"][2]:
        cell.value = f"etiqueta {cell.column}" if cell.value else None
    book.save(path)
    with pytest.raises(FileRefused, match="without its labels"):
        read_htcds(path)
