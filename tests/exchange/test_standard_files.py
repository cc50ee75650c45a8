"""A table written and read back says the same, in both forms of file, and is the same bytes each time."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from enlace.exchange import standard_files
from enlace.exchange.standard_cells import Observation
from enlace.exchange.standard_files import ABOUT, TABLE, TYPES, WRITERS, Filled, as_csv, as_workbook
from enlace.exchange.standard_reader import read_standard
from enlace.exchange.standards import MISSING, NORMAL, NOT_COLLECTED, WITHHELD, Line, standards
from tests.exchange.standards import AREA, a_document, a_place, a_table, an_indicator, filled, written

FOUND = an_indicator("found", a_table("", ("", 40, "published")), a_table("sex", ("male", None, "suppressed")))
PLACES = {"victims": a_place("found"), "victims_male": a_place("found", "sex", "male")}
EVERY_FILE = [(standard, ending) for standard in standards() for ending in TYPES]


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@st.composite
def tables(draw: st.DrawFn, standard: str) -> Filled:
    """Any table of a standard: every line with a number or a reason for none."""
    layout = standards()[standard]
    lines = [_line(draw, line) for line in layout.lines.values()]
    return Filled(layout, a_document(), "XXX", AREA, lines)


def _line(draw: st.DrawFn, line: Line) -> Observation:
    status = draw(st.sampled_from((NORMAL, WITHHELD, MISSING, NOT_COLLECTED)))
    number = st.integers(0, 10**9)
    if line.measure == "ratio":
        number = st.decimals(0, 10**4, places=2).map(str)
    return Observation(line, draw(number) if status == NORMAL else None, status, None, {})


@pytest.mark.parametrize(("standard", "ending"), EVERY_FILE)
@settings(max_examples=20)
@given(data=st.data())
def test_a_table_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, standard: str, ending: str, data: st.DataObject
) -> None:
    table = data.draw(tables(standard))
    path = tmp_path_factory.getbasetemp() / f"{standard}.{ending}"
    back = read_standard(written(path, table), table.standard)
    assert [error for error in back.errors if error.reason.code != "more-than-total"] == []
    assert [(row.line, row.value, row.status) for row in back.rows] == [
        (line.line, None if line.value is None else Decimal(line.value), line.status) for line in table.lines
    ]
    assert {(row.area, row.year) for row in back.rows} == {("998" if standard == "sdg" else "XXX", 2024)}


@pytest.mark.parametrize("ending", TYPES)
def test_the_same_release_gives_the_same_bytes_at_any_hour(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = WRITERS[ending](filled("glotip", a_document(FOUND), PLACES))

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2051, 5, 5, tzinfo=UTC if tz else None)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    assert WRITERS[ending](filled("glotip", a_document(FOUND), PLACES)) == first
    assert WRITERS[ending](filled("glotip", a_document(), PLACES)) != first


def test_a_row_says_from_where_it_is_who_reported_and_why_there_is_no_number() -> None:
    rows = read(as_csv(filled("glotip", a_document(FOUND), PLACES)))
    whole, withheld, gone = rows[0], rows[2], rows[3]
    assert (whole["txtVALUE"], whole["Obs_status"]) == ("40", "A")
    assert whole["Note"] == "Only those who were found. States that reported: 2 of 3."
    assert whole["Source"] == "Release 7 of the national figures, 2024, cut-off 2025-02-01"
    assert (withheld["txtVALUE"], withheld["Obs_status"]) == ("", "Q")
    assert withheld["Note"].startswith("Withheld so that nobody can be recognised: it is not zero. ")
    assert (gone["txtVALUE"], gone["Obs_status"]) == ("", "L")
    assert {row["Iso3_code"] for row in rows} == {"XXX"}


def test_where_returns_are_added_up_those_who_answered_are_counted() -> None:
    item = an_indicator(
        "found", a_table("", ("", 3, "published")), a_table("sex", ("male", 0, "zero"), ("", 3, "published"))
    )
    item["completeness"] = {"states": 14, "partly": 0, "of": 32, "federal": 1}
    places = {"identified": a_place("found"), "identified_male": a_place("found", "sex", "male")}
    rows = {row["Line"]: row for row in read(as_csv(filled("tip", a_document(item), places)))}
    whole, nobody = rows["identified"], rows["identified_male"]
    assert (whole["States_reporting"], whole["States"]) == ("14", "32")
    assert whole["Note_es"].endswith("Entidades que informaron: 14 de 32. La institución federal informó.")
    assert (nobody["Value"], nobody["Obs_status"]) == ("", "O")
    assert nobody["Note_en"].startswith("Recorded for nobody: it is not zero. ")
    assert "Not recorded for 3." in nobody["Note_en"]


@pytest.mark.parametrize(
    ("told", "states", "end"),
    [
        ({"states": 0, "partly": 0, "of": 0}, "", "Only those who were found."),
        ({"states": 0, "partly": 0, "of": 0, "federal": 0, "federal_partly": 1}, "", "for part of the period only."),
        ({"states": 2, "partly": 1, "of": 3}, "3", "States that reported: 2 of 3. For part of the period only: 1."),
        ({"states": 0, "partly": 0, "of": 3, "federal": 0}, "3", "0 of 3. The federal body did not report."),
    ],
)
def test_who_reported_a_part_of_the_period_or_nothing_is_told(told: dict[str, int], states: str, end: str) -> None:
    item = an_indicator("found", a_table("", ("", 3, "published"))) | {"completeness": told}
    rows = read(as_csv(filled("tip", a_document(item), {"identified": a_place("found")})))
    row = next(row for row in rows if row["Line"] == "identified")
    assert row["States"] == states
    assert row["Note_en"].endswith(end)


def test_invented_numbers_are_marked_in_every_row_and_in_the_workbook() -> None:
    table = filled("tip", a_document(FOUND, synthetic=True), {"identified": a_place("found")})
    rows = read(as_csv(table))
    assert all(row["Note_en"].startswith("SYNTHETIC DATA") for row in rows)
    assert all(row["Note_es"].startswith("DATOS SINTÉTICOS") for row in rows)
    book = load_workbook(io.BytesIO(as_workbook(table)))
    assert book.sheetnames == [TABLE, ABOUT]
    about = [(row[0], row[1]) for row in book[ABOUT].iter_rows(values_only=True)]
    assert ("synthetic", "SYNTHETIC DATA: nobody here is real.") in about
    assert ("release", 7) in about
    assert ("facts_sha256", "ab" * 32) in about
    assert sum(name == "status Q" for name, _text in about) == 2


def test_no_cell_is_run_by_a_spreadsheet_program() -> None:
    item = an_indicator("found", a_table("", ("", 3, "published")))
    item["caveat"] = {"en": "=1+1", "es": "@x"}
    table = filled("tip", a_document(item), {"identified": a_place("found")})
    row = next(row for row in read(as_csv(table)) if row["Line"] == "identified")
    assert row["Note_en"].startswith("'=1+1")
    book = load_workbook(io.BytesIO(as_workbook(table)))
    assert {cell.data_type for line in book[TABLE].iter_rows() for cell in line} <= {"n", "s"}


def test_a_number_is_a_number_in_a_workbook() -> None:
    rate = an_indicator("rate", a_table("", ("", "0.5", "published")), measure="ratio")
    sheet = load_workbook(io.BytesIO(as_workbook(filled("sdg", a_document(rate), {"rate": a_place("rate")}))))[TABLE]
    value = [row[8] for row in sheet.iter_rows(min_row=2, max_row=3, values_only=True)]
    assert value == [0.5, None]
    assert standard_files.FRACTION.fullmatch("0.5")
