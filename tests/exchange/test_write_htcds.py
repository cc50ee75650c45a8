"""What is written as HTCDS is found again when it is read, whatever it is."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.exchange import countries
from enlace.exchange.htcds import HtcdsRecord, read_htcds, write_htcds
from enlace.exchange.htcds_cells import CONSENT_FIELDS, FIRST_DATE, LAST_DATE, MAX_TEXT, clean
from enlace.exchange.standard_htcds import Field, fields, toolkit_fields

DANGEROUS = st.sampled_from(
    ["=1+1", "+52 55", "-1", "@SUM(A1)", "#N/A", "'", "TRUE", "72000", "1990-01-01", "NA", "_x000D_"]
)
TEXTS = st.one_of(DANGEROUS, st.text(st.characters(codec="utf-8"), max_size=40)).map(clean).filter(bool)


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Any value that a field can hold, in the form in which it is read."""
    alone = {
        "text": TEXTS,
        "code": st.sampled_from(sorted(field.codes) or [""]),
        "country": st.sampled_from(sorted(countries.names())),
        "country_or_text": st.sampled_from(sorted(countries.names()))
        | TEXTS.filter(lambda t: not countries.alpha2_of(t)),
        "language": st.from_regex("[a-z]{3}", fullmatch=True),
        "date": st.dates(FIRST_DATE, LAST_DATE),
        "boolean": st.booleans(),
        "number": st.integers(0, 130),
        "degrees": st.floats(-90, 90).map(lambda degrees: round(degrees, 9)),
    }[field.kind]
    return st.lists(alone, min_size=1, max_size=6, unique=True).map(tuple) if field.multiple else alone


def records() -> st.SearchStrategy[list[HtcdsRecord]]:
    cells = st.fixed_dictionaries({}, optional={name: values_of(field) for name, field in fields().items()})
    record = st.builds(HtcdsRecord, st.just(0), st.just("") | TEXTS, cells.filter(bool))
    return st.lists(record, min_size=1, max_size=4)


def content(found: list[HtcdsRecord]) -> list[tuple[str, dict[str, Any]]]:
    return [(record.source_id, dict(record.values)) for record in found]


def read_all(path: Path) -> list[HtcdsRecord]:
    found = read_htcds(path)
    assert found.errors == []
    assert found.ignored == ()
    return found.records


@pytest.mark.slow
@given(cases=records())
def test_reading_what_was_written_gives_the_same_records(tmp_path_factory: pytest.TempPathFactory, cases: Any) -> None:
    path = tmp_path_factory.mktemp("htcds") / "cases.xlsx"
    write_htcds(path, cases)
    once = read_all(path)
    assert content(once) == content(cases)
    write_htcds(path, once)
    assert read_all(path) == once


@pytest.mark.parametrize("name", ["sample_excel_filled_FICTIONAL.xlsx", "sample_survey_export_FICTIONAL.csv"])
def test_the_fictional_samples_come_back_as_they_were_read(shared_data: Path, tmp_path: Path, name: str) -> None:
    first = read_htcds(shared_data / "htcds" / name).records
    write_htcds(tmp_path / "a.xlsx", first)
    assert content(read_all(tmp_path / "a.xlsx")) == content(first)


def test_the_workbook_has_the_shape_of_the_toolkit(shared_data: Path, tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "prs_Gender": "Feminine",
        "cas_Status": "FollowUp",
        "spl_Type": "Legal",
        "prs_Birthdate": date(1994, 3, 12),
    }
    write_htcds(tmp_path / "a.xlsx", [HtcdsRecord(0, "", values)])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Sheet1"]
    model = openpyxl.load_workbook(shared_data / "htcds" / "HTCDS Excel Spreadsheet v2.0.xlsx")["Sheet1"]
    assert sheet.row_dimensions[1].hidden
    assert [cell.value for cell in sheet[2]][:39] == [cell.value for cell in model[2]][:39]
    assert [cell.value for cell in sheet[1]] == [None, *toolkit_fields(), "spl_Type"]
    assert (sheet["AN2"].value, sheet["AN3"].value) == ("Type", "Legal")
    assert (sheet["A3"].value, sheet["H3"].value, sheet["AB3"].value) == (1, "Feminine", "Follow Up")
    assert sheet["G3"].is_date
    assert sheet["G3"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "=HYPERLINK(1)", "#REF!"])
def test_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    write_htcds(tmp_path / "a.xlsx", [HtcdsRecord(0, text, {"prs_FirstName": text, "prs_MailingCountry": text})])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Sheet1"]
    for cell in (sheet["D3"], sheet["R3"], sheet["AN3"]):
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix or text.startswith("#")


@pytest.mark.parametrize(
    "values",
    [
        {"vic_MethodsOfControl": ("RestrictsMovement",)},
        {"cas_Status": "Open"},
        {"prs_Citizenship": ("MEX",)},
        {"prs_FirstName": "x" * (MAX_TEXT + 1)},
    ],
)
def test_a_value_that_could_not_be_read_again_is_not_written(tmp_path: Path, values: Any) -> None:
    with pytest.raises(ValueError, match=r"no such code|more than"):
        write_htcds(tmp_path / "a.xlsx", [HtcdsRecord(0, "", values)])


def test_every_field_of_the_standard_can_be_written(tmp_path: Path) -> None:
    sample = {"text": "x", "country_or_text": "MX", "language": "spa", "date": date(2020, 1, 2), "boolean": True}
    sample |= {"number": 3, "degrees": -99.5}
    values: dict[str, Any] = {}
    for field in fields().values():
        value: Any = "MX" if field.kind == "country" else sample.get(field.kind) or next(iter(field.codes))
        value = -19.25 if field.label == "Latitude" else value
        values[field.name] = (value,) if field.multiple else value
    write_htcds(tmp_path / "a.xlsx", [HtcdsRecord(0, "id", values)])
    assert content(read_all(tmp_path / "a.xlsx")) == [("id", values)]
    assert set(CONSENT_FIELDS) <= set(values)
    assert len(values) == 84
