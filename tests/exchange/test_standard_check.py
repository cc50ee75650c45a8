"""A table from elsewhere is read, and what is wrong in it is told by row and column."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from enlace.exchange.rows import FileRefused
from enlace.exchange.standard_reader import MAX_ERRORS, StandardFile, read_standard
from enlace.exchange.standards import standards
from tests.exchange.standards import a_document, filled, rows_in, written

GLOTIP, SDG, TIP = (standards()[name] for name in ("glotip", "sdg", "tip"))
TITLE = ("UNODC: trafficking in persons", "Last update,,,")
ROW = {
    "Iso3_code": "ALB", "Indicator": "Detected trafficking victims", "Dimension": "Total", "Category": "Total",
    "Sex": "Total", "Age": "Total", "Year": 2019, "Unit of measurement": "Counts", "txtVALUE": 103,
}  # fmt: skip
RATE = {"Indicator": "16.2.2", "SeriesCode": "VC_HTF_DETVR", "GeoAreaCode": 8, "TimePeriod": 2019, "Value": "3.6"}
OURS = {
    "Iso3_code": "XXX", "Year": 2024, "Heading": "protection", "Line": "identified", "Unit": "person", "Value": 4,
    "Obs_status": "A",
}  # fmt: skip


def faults(found: StandardFile) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.reason.code) for error in found.errors]


def judged(path: Path, *rows: Mapping[str, object]) -> list[tuple[int, str, str]]:
    return faults(read_standard(rows_in(path / "a.csv", GLOTIP, *rows, title=TITLE), GLOTIP))


def test_another_countrys_table_is_read_under_its_titles(tmp_path: Path) -> None:
    rows = (
        ROW | {"txtVALUE": "1,039"},
        ROW | {"Sex": "female", "txtVALUE": "<5"},
        ROW | {"Sex": "Male", "txtVALUE": ""},
    )
    found = read_standard(rows_in(tmp_path / "a.csv", GLOTIP, *rows, title=TITLE), GLOTIP)
    assert faults(found) == []
    assert [(row.row, row.area, row.year, row.value, row.status) for row in found.rows] == [
        (4, "ALB", 2019, Decimal(1039), "A"),
        (5, "ALB", 2019, None, "Q"),
        (6, "ALB", 2019, None, "O"),
    ]
    assert [row.line.id for row in found.rows if row.line] == ["victims", "victims_female", "victims_male"]


def test_the_series_of_another_year_are_read_with_and_without_brackets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Indicator;SeriesCode;GeoAreaCode;TimePeriod;Value;Age;Sex\n16.2.2;VC_HTF_DETV;8;2014;132;ALLAGE;BOTHSEX\n"
    )
    found = read_standard(path, SDG)
    assert faults(found) == []
    assert [(row.area, row.year, row.value, row.line and row.line.id) for row in found.rows] == [
        ("8", 2014, 132, "number")
    ]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["a title"], [], [*RATE, "[Sex]", "x"], [*RATE.values(), "FEMALE", None], [*RATE.values(), "MALE"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    again = read_standard(tmp_path / "a.xlsx", SDG)
    assert faults(again) == []
    assert [(row.row, row.value) for row in again.rows] == [(4, Decimal("3.6")), (5, Decimal("3.6"))]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Iso3_code", "ATL", "not-iso3"),
        ("Iso3_code", "AL", "not-iso3"),
        ("Indicator", "", "missing"),
        ("Indicator", "Persons counted", "unknown-value"),
        ("Dimension", "", "missing"),
        ("Sex", "Females", "unknown-value"),
        ("Age", "adult", "unknown-value"),
        ("Year", "19", "not-one-year"),
        ("Year", "2019-2020", "not-one-year"),
        ("txtVALUE", "many", "not-a-number"),
        ("txtVALUE", "-3", "not-a-number"),
        ("txtVALUE", "10,39", "not-a-number"),
        ("txtVALUE", "12.5", "not-a-count"),
        ("txtVALUE", "<5000", "not-a-number"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(tmp_path: Path, column: str, value: str, code: str) -> None:
    assert judged(tmp_path, ROW | {"Year": 2018}, ROW | {column: value}) == [(5, column, code)]


def test_a_number_and_its_status_have_to_agree(tmp_path: Path) -> None:
    said = {
        ("5", "Q"): "value-and-status", ("5", "O"): "value-and-status", ("<5", "A"): "value-and-status",
        ("", "A"): "no-value", ("5", "X"): "not-a-status",
    }  # fmt: skip
    for (value, status), code in said.items():
        found = judged(tmp_path, ROW | {"txtVALUE": value, "Obs_status": status})
        assert [(row, fault) for row, _column, fault in found] == [(4, code)]
    for value, status in (("", "Q"), ("", "L"), ("", ""), ("<5", "Q"), ("5", "E"), ("0", "A")):
        assert judged(tmp_path, ROW | {"txtVALUE": value, "Obs_status": status}) == []


def test_a_rate_has_fractions_and_an_area_digits(tmp_path: Path) -> None:
    for row, expected in (
        (RATE, []),
        (RATE | {"[Units]": "NUMBER", "SeriesCode": "VC_HTF_DETV"}, [(2, "Value", "not-a-count")]),
        (RATE | {"GeoAreaCode": "ALB"}, [(2, "GeoAreaCode", "not-m49")]),
        (RATE | {"Indicator": "16.2.1"}, [(2, "Indicator", "unknown-value")]),
        (RATE | {"SeriesCode": "VC_IHR_PSRC"}, [(2, "SeriesCode", "unknown-value")]),
    ):
        assert faults(read_standard(rows_in(tmp_path / "a.csv", SDG, row), SDG)) == expected


def test_a_row_that_stands_twice_and_parts_above_their_total_are_found(tmp_path: Path) -> None:
    women, men = ROW | {"Sex": "Female", "txtVALUE": 60}, ROW | {"Sex": "Male", "txtVALUE": 44}
    assert judged(tmp_path, ROW, women, men) == [(4, "txtVALUE", "more-than-total")]
    assert judged(tmp_path, ROW, women) == []
    assert judged(tmp_path, ROW, women, men | {"Year": 2018}) == []
    assert judged(tmp_path, ROW, women, men | {"Iso3_code": "AND"}) == []
    assert judged(tmp_path, ROW, ROW | {"Category": "total"}) == [(5, "", "repeated")]


def test_in_a_form_of_ours_every_line_is_known_and_counts_one_unit(tmp_path: Path) -> None:
    for row, expected in (
        (OURS, []),
        (OURS | {"Unit": "case"}, [(2, "Unit", "other-unit")]),
        (OURS | {"Unit": "dozen"}, [(2, "Unit", "other-unit")]),
        (OURS | {"Heading": "prevention"}, [(2, "", "unknown-line")]),
        (OURS | {"Line": "identifed"}, [(2, "Line", "unknown-value")]),
        (OURS | {"Obs_status": ""}, [(2, "Obs_status", "not-a-status")]),
        (OURS | {"Value": "4.5"}, [(2, "Value", "not-a-count")]),
    ):
        assert faults(read_standard(rows_in(tmp_path / "a.csv", TIP, row), TIP)) == expected, row


def test_formulas_errors_and_cells_beyond_the_heading_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(RATE))
    *first, _last = RATE.values()
    for row in ([*first, "=1+1"], [*first, "#REF!"], [*RATE.values(), 9]):
        sheet.append(row)
    book.save(path)
    assert faults(read_standard(path, SDG)) == [
        (2, "Value", "formula"), (3, "Value", "error-cell"), (4, "", "cell-count"),
    ]  # fmt: skip


def test_a_file_of_something_else_is_refused_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    said = {
        "Iso3_code,Year\nALB,2019\n": "not found: Indicator, Dimension, Category, Sex, Age, txtVALUE.",
        "\n" * 3: "not found: Iso3_code, Indicator",
        f"{','.join(ROW)},sex\n{','.join(map(str, ROW.values()))},x\n": "Two columns hold the same field: Sex",
        f"{','.join(ROW)}\n": "holds no records",
    }
    for content, sentence in said.items():
        path.write_text(content)
        with pytest.raises(FileRefused, match=sentence.replace(".", r"\.")):
            read_standard(path, GLOTIP)
    late = "\n".join(["x,y"] * 12) + f"\n{','.join(ROW)}\n{','.join(map(str, ROW.values()))}\n"
    path.write_text(late)
    with pytest.raises(FileRefused, match="not found"):
        read_standard(path, GLOTIP)
    path.write_bytes("Iso3_code,Año\n".encode("latin-1"))
    with pytest.raises(FileRefused, match="UTF-8"):
        read_standard(path, GLOTIP)
    rows_in(path, GLOTIP, *[ROW | {"Year": "x"}] * (MAX_ERRORS + 1))
    with pytest.raises(FileRefused, match="More than 1000"):
        read_standard(path, GLOTIP)


@given(dirt=st.binary(max_size=30), at=st.floats(0, 1), ending=st.sampled_from(("csv", "xlsx")))
def test_whatever_happened_to_a_file_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, dirt: bytes, at: float, ending: str
) -> None:
    path = written(tmp_path_factory.getbasetemp() / f"dirty.{ending}", filled("glotip", a_document(), {}))
    content = path.read_bytes()
    place = int(at * len(content))
    path.write_bytes(content[:place] + dirt + content[place + len(dirt) :])
    with suppress(FileRefused):
        assert read_standard(path, GLOTIP).digest
