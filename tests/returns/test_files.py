"""Files that people send: read by cell, refused in words, and nothing of them lost."""

import io
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from enlace.base.errors import Refusal
from enlace.cli import main
from enlace.returns import queries, report
from enlace.returns.actions import import_returns, save_file
from enlace.returns.files import COLUMNS, LARGEST, read_file
from enlace.returns.models import PeriodicReturn
from tests.returns.cast import filled, opened, template
from tests.world import World

HEADING = ",".join(COLUMNS)
ABOUT = "crown_justice,2024-H1,XX-N"


def lines(*given: str) -> bytes:
    return "\n".join([HEADING, *(f"{ABOUT},{line}" for line in given)]).encode()


def workbook(*rows: tuple[Any, ...]) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([*ABOUT.split(","), *row])
    return book


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def unread(row: PeriodicReturn) -> dict[str, str]:
    return {one["place"]: one["reason"] for one in row.unread}


def test_each_mistake_of_a_csv_is_told_by_its_line_and_the_rest_is_kept(world: World) -> None:
    content = lines(
        "charged,,=1+1", "convicted,,-2", "found,,2.5", "found,sex=female,3", "found,sex=female,4", "nothing,,1",
        "inquiries,,7,more", "compensation,,10.50",
    )  # fmt: skip
    row = save_file(by=world.bruno, return_id=opened(world.bruno).pk, content=content)
    assert unread(row) == {
        "2": "formula", "3": "negative", "4": "fraction", "6": "repeated", "7": "unknown-cell", "8": "cell-count",
    }  # fmt: skip
    answers = queries.answers_of(row)
    assert answers["found", (("sex", "female"),)].value == 3
    assert answers["compensation", ()].value == Decimal("10.50")
    assert [one["text"] for one in row.unread if one["reason"] == "cell-count"] == ["7"]


def test_each_mistake_of_a_workbook_is_told_by_its_cell(world: World) -> None:
    book = workbook(
        ("charged", None, "=1+1"), ("convicted", None, 2.0), ("found", None, 2.5), ("compensation", None, 10.1)
    )
    sheet = book.worksheets[0]
    sheet.append([*ABOUT.split(","), "inquiries", None, 4])
    sheet.append([*ABOUT.split(","), "inquiries", "form=sexual_use", None])
    sheet.merge_cells("F6:F7")
    row = save_file(by=world.bruno, return_id=opened(world.bruno).pk, content=packed(book))
    assert unread(row) == {"F2": "formula", "F4": "fraction", "F6": "merged", "F7": "merged"}
    answers = queries.answers_of(row)
    assert (answers["convicted", ()].value, answers["compensation", ()].value) == (2, Decimal("10.1"))


def test_a_new_file_takes_the_place_of_the_strange_lines_of_the_one_before(world: World) -> None:
    return_id = opened(world.bruno).pk
    save_file(by=world.bruno, return_id=return_id, content=lines("nothing,,1", "charged,,x"))
    row = save_file(by=world.bruno, return_id=return_id, content=lines("convicted,,1"))
    assert [one["cell"] for one in row.unread] == ["charged|"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_spreadsheet_programs_save_is_read(encoding: str, separator: str) -> None:
    text = f"{HEADING},what\n{ABOUT},charged,,3,Años de prisión\n".replace(",", separator)
    (found,) = read_file(text.encode(encoding))
    assert (found.about.state, found.typed[0].cell, found.typed[0].text) == ("XX-N", ("charged", ()), "3")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "No heading"),
        (b"\n\n", "No heading"),
        (b"name,age\nAna,3\n", "No heading"),
        (b"template,period,state,measure,answer\nx,2024-H1,XX-N,charged,3\n", "lacks the columns breakdown"),
        (f"{HEADING},answer\n{ABOUT},charged,,3,4\n".encode(), "answer is there twice"),
        (HEADING.encode(), "nothing below it"),
        (b"a" * (LARGEST + 1), "larger than 2 MB"),
        (b"\xd0\xcf\x11\xe0rest", "old spreadsheet program"),
        (b"PK\x03\x04 and no more", "could not be read as a spreadsheet"),
        (b'"' + b"x" * 140_000 + b"\n", "could not be read as CSV"),
        (f"{HEADING}\n".encode() + f"{ABOUT},charged,,3\n".encode() * 20_001, "more lines than any return"),
    ],
)
def test_a_file_that_is_no_return_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_file(content)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 31 * 1024 * 1024)
    with pytest.raises(Refusal, match="more lines"):
        read_file(out.getvalue())


def test_a_workbook_without_the_sheet_is_refused() -> None:
    with pytest.raises(Refusal, match="No heading"):
        read_file(packed(Workbook()))


@given(st.binary(max_size=300), st.sampled_from([b"", f"{HEADING}\n".encode()]))
def test_any_bytes_are_a_return_or_refused(content: bytes, before: bytes) -> None:
    with suppress(Refusal):
        assert read_file(before + content)


def test_a_file_about_another_return_is_not_taken_in(world: World) -> None:
    row = opened(world.bruno)
    with pytest.raises(Refusal, match="another return"):
        save_file(by=world.bruno, return_id=row.pk, content=lines("charged,,3").replace(b"2024-H1", b"2023-H1"))
    assert queries.answers_of(row) == {}


def test_the_sheet_to_fill_in_takes_nothing_but_answers(world: World) -> None:
    row = PeriodicReturn.objects.get(pk=filled(world.bruno, {"charged|": "=cmd"}))
    content = report.write_xlsx(template(), report.about(row), report.shown(row), synthetic=True)
    book = load_workbook(io.BytesIO(content))
    sheet = book["return"]
    formulas = [one.formula1 for one in sheet.data_validations.dataValidation]
    assert len(formulas) == 2
    assert all("ISNUMBER" in formula and '"ND"' in formula for formula in formulas)
    assert [cell.data_type for line in sheet.iter_rows() for cell in line if cell.value == "=cmd"] == ["s"]
    assert "help" in book.sheetnames


def test_the_command_keeps_what_it_can_and_says_the_rest(world: World, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "returns.csv"
    whole = [
        f"{line['measure']},{line['breakdown']},ND"
        for line in report.lines_of(template(), report.About(*ABOUT.split(",")), {})
    ]
    file.write_bytes(lines(*whole) + b"\n" + b"crown_justice,2023-H2,XX-N,charged,,many\n")
    assert main(["returns", "import", str(file), "--as", "bruno", "--submit"]) == 1
    assert dict(PeriodicReturn.objects.values_list("period", "status")) == {"2024-H1": "submitted", "2023-H2": "open"}
    assert "Write a number" in capsys.readouterr().out
    assert main(["returns", "import", str(tmp_path / "none.csv"), "--as", "bruno"]) == 1
    assert main(["returns", "import", str(file), "--as", "carla"]) == 1


def test_the_command_says_how_many_states_reported(world: World, capsys: Any) -> None:
    assert main(["returns", "status", "--period", "2024"]) == 0
    out = capsys.readouterr().out
    assert "0 of 3 states" in out
    assert "Northmark, Southmark, The Isles" in out
    assert main(["returns", "status", "--period", "2020-03"]) == 0
    assert "Nothing is asked" in capsys.readouterr().out
    assert main(["returns", "status", "--period", "soon"]) == 1


def test_one_file_brings_many_returns(world: World) -> None:
    content = lines("charged,,3") + b"\n" + b"crown_justice,2023-H2,XX-S,charged,,4\n"
    rows = import_returns(by=world.elena, content=content)
    assert [(row.period, row.state_code, row.agency_code) for row in rows] == [
        ("2024-H1", "XX-N", "prosecutor-north"),
        ("2023-H2", "XX-S", "prosecutor-south"),
    ]
