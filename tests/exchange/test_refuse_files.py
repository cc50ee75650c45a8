"""Whatever a file holds, reading it ends in rows, named errors or a refusal with a reason; never in a traceback."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from enlace.exchange import sources
from enlace.exchange.ctdc import read_ctdc
from enlace.exchange.htcds import read_htcds
from enlace.exchange.rows import FileRefused, RowError, write_errors
from enlace.exchange.sesnsp import read_sesnsp
from enlace.exchange.standard_htcds import fields, toolkit_fields
from tests.exchange import files
from tests.exchange.test_read_sesnsp import LONG, WIDE, line, wide


def ctdc_errors(path: Path) -> list[RowError]:
    reader = read_ctdc(path)
    list(reader)
    return reader.errors


READERS: dict[str, Callable[[Path], list[RowError]]] = {
    "htcds": lambda path: read_htcds(path).errors,
    "ctdc": ctdc_errors,
    "sesnsp": lambda path: read_sesnsp(path).errors,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("refused")


@pytest.fixture(scope="module")
def good(folder: Path) -> dict[str, bytes]:
    """One file of each shape, as bytes to be damaged."""
    case = {"prs_FirstName": "Inventada", "prs_Birthdate": "1990-12-31", "vic_TypeOfExploitation": "Forced labour"}
    coded = {"prs_First_Name": "Inventada", "prs_Gender": "Feminine", "cas_Status": "Active"}
    long_row = "2025,01,21,Trata de personas,Trata de personas,Mujer,No especificado,1"
    paths = {
        "toolkit": files.toolkit(folder / "toolkit.xlsx", case),
        "survey": files.survey(folder / "survey.csv", coded),
        "ctdc": files.ctdc(folder / "ctdc.csv", files.ctdc_columns("kanon"), {"gender": "Male"}),
        "ctdc.gz": files.ctdc(folder / "ctdc.csv.gz", files.ctdc_columns("pair-2022"), {"gender": "Male"}),
        "wide": wide(folder / "wide.csv", line()),
        "long": wide(folder / "long.csv", long_row, heading=LONG),
    }
    return {name: path.read_bytes() for name, path in paths.items()}


def assert_survives(reader: str, path: Path) -> None:
    """The file is read or refused, and everything that is said about it can be printed."""
    try:
        errors = READERS[reader](path)
    except FileRefused as refusal:
        errors = [RowError(1, "", "", refusal.reason)]
    for error in errors:
        assert error.row > 0
        assert str(error.reason)
        assert error.value.isprintable()
    write_errors(path.with_suffix(".errors.csv"), errors)


@pytest.mark.parametrize("reader", READERS)
@given(content=st.binary(max_size=300))
@example(content=b"\x1f\x8b")
@example(content=b"PK\x03\x04")
@example(content=b"\xd0\xcf\x11\xe0")
@example(content=b"\xef\xbb\xbf")
@example(content=b'"')
@example(content=b"\n\n\n")
def test_any_bytes_are_survived(folder: Path, reader: str, content: bytes) -> None:
    path = folder / f"{reader}.bin"
    path.write_bytes(content)
    assert_survives(reader, path)


PAIRS = [
    ("htcds", "toolkit"),
    ("htcds", "survey"),
    ("ctdc", "ctdc"),
    ("ctdc", "ctdc.gz"),
    ("sesnsp", "wide"),
    ("sesnsp", "long"),
]


@pytest.mark.parametrize(("reader", "name"), PAIRS)
@given(cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=20)), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_a_damaged_file_is_survived(folder: Path, good: dict[str, bytes], reader: str, name: str, cuts: Any) -> None:
    content = good[name]
    for share, length, new in cuts:
        at = int(share * len(content))
        content = content[:at] + new + content[at + length :]
    path = folder / f"damaged-{name}"
    path.write_bytes(content)
    assert_survives(reader, path)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"), max_size=20),
    st.sampled_from(["=A1", "#DIV/0!", "Forced labour; ", ";;;", "05/03/1990", "2024-13-45", "MX; XX", "9" * 400]),
)


@pytest.mark.slow
@given(cells=st.lists(CELLS, min_size=38, max_size=38))
@settings(deadline=None)
def test_any_cells_in_a_toolkit_row_are_survived(folder: Path, cells: list[Any]) -> None:
    path = folder / "cells.xlsx"
    try:
        files.toolkit(path, dict(zip(toolkit_fields(), cells, strict=True)))
    except (ValueError, OverflowError):  # a date before the count of days begins
        return
    assert_survives("htcds", path)


@given(cells=st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=84, max_size=84))
@settings(deadline=None)
def test_any_texts_in_a_survey_row_are_survived(folder: Path, cells: list[str]) -> None:
    assert_survives("htcds", files.survey(folder / "cells.csv", dict(zip(fields(), cells, strict=True))))


@given(cells=st.lists(st.text(st.characters(codec="latin-1"), max_size=12), min_size=19, max_size=19))
def test_any_texts_in_a_row_of_figures_are_survived(folder: Path, cells: list[str]) -> None:
    assert_survives("sesnsp", wide(folder / "figures.csv", ",".join(cells)))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("content", "reason"), [(None, "unreadable"), (b"", "empty")])
def test_a_file_that_is_not_there_or_empty_is_refused(
    tmp_path: Path, reader: str, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "a"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileRefused) as refusal:
        READERS[reader](path)
    assert refusal.value.reason.code == reason


@pytest.mark.parametrize("reader", READERS)
def test_a_folder_is_refused(tmp_path: Path, reader: str) -> None:
    with pytest.raises(FileRefused, match="could not be opened"):
        READERS[reader](tmp_path)


def refused(reader: str, path: Path) -> str:
    with pytest.raises(FileRefused) as refusal:
        READERS[reader](path)
    return refusal.value.reason.code


@pytest.mark.parametrize(("reader", "heading"), [("ctdc", b""), ("sesnsp", b""), ("htcds", b"")])
def test_a_truncated_gzip_file_is_refused(tmp_path: Path, good: dict[str, bytes], reader: str, heading: bytes) -> None:
    name = {"ctdc": "ctdc", "sesnsp": "wide", "htcds": "survey"}[reader]
    (tmp_path / "a.gz").write_bytes(gzip.compress(good[name] * 2)[:-12])
    assert refused(reader, tmp_path / "a.gz") == "truncated"


@pytest.mark.parametrize("reader", ["ctdc", "sesnsp"])
def test_a_workbook_where_text_is_expected_is_refused(tmp_path: Path, good: dict[str, bytes], reader: str) -> None:
    (tmp_path / "a.csv").write_bytes(good["toolkit"])
    assert refused(reader, tmp_path / "a.csv") == "workbook-not-csv"


def test_an_old_or_locked_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert refused("htcds", tmp_path / "a.xls") == "old-workbook"


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refused("htcds", tmp_path / "a.xlsx") == "not-a-workbook"


@pytest.mark.parametrize(("reader", "name"), PAIRS)
def test_a_file_over_the_limit_is_refused(
    tmp_path: Path, good: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, reader: str, name: str
) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 50)
    (tmp_path / "a").write_bytes(good[name])
    assert refused(reader, tmp_path / "a") == "too-large"


@pytest.mark.parametrize(("reader", "name"), [("ctdc", "ctdc"), ("sesnsp", "wide"), ("htcds", "survey")])
def test_a_compressed_file_that_swells_is_refused(
    tmp_path: Path, good: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, reader: str, name: str
) -> None:
    monkeypatch.setattr(sources, "MAX_UNPACKED", 1_000_000)
    heading, row = good[name].splitlines()[:2]
    (tmp_path / "a.gz").write_bytes(gzip.compress(heading + b"\n" + (row + b"\n") * 100_000))
    assert (tmp_path / "a.gz").stat().st_size < 100_000
    assert refused(reader, tmp_path / "a.gz") == "too-large-unpacked"


def test_a_workbook_that_swells_is_refused_before_it_is_opened(tmp_path: Path, good: dict[str, bytes]) -> None:
    for part in ("xl/worksheets/sheet9.xml", "xl/styles9.xml"):
        path = tmp_path / "a.xlsx"
        path.write_bytes(good["toolkit"])
        size = sources.MAX_WORKBOOK_UNPACKED if "worksheets" in part else 21 * sources.MEGABYTE
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(part, bytes(size))
        assert path.stat().st_size < sources.MEGABYTE
        assert refused("htcds", path) == "too-large-unpacked"


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path, good: dict[str, bytes]) -> None:
    content = bytearray(good["toolkit"])
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", content, at + 24, 10)
        at = content.find(b"PK\x01\x02", at + 4)
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refused("htcds", tmp_path / "a.xlsx") == "not-a-workbook"


@pytest.mark.parametrize(("reader", "name"), [("htcds", "toolkit"), ("htcds", "survey"), ("sesnsp", "wide")])
def test_more_rows_than_the_limit_are_refused(
    tmp_path: Path, good: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, reader: str, name: str
) -> None:
    monkeypatch.setattr(sources, "MAX_ROWS", 1)
    (tmp_path / "a").write_bytes(good[name])
    assert refused(reader, tmp_path / "a") == "too-many-rows"


def test_more_rows_than_the_limit_are_refused_in_the_microdata_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enlace.exchange.ctdc.MAX_ROWS", 2)
    path = files.ctdc(tmp_path / "a.csv", files.ctdc_columns("kanon"), *[{"gender": "Male"}] * 3)
    assert refused("ctdc", path) == "too-many-rows"


@pytest.mark.slow
def test_a_cell_far_below_the_data_does_not_hold_up_the_reader(tmp_path: Path) -> None:
    path = files.toolkit(tmp_path / "a.xlsx", {"cas_Status": "Active"})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    far = b'<row r="999999999"><c r="B999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert refused("htcds", path) == "too-many-rows"


def test_entities_that_swell_in_a_workbook_are_refused(tmp_path: Path, good: dict[str, bytes]) -> None:
    names = "abcdefghij"
    bomb = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    text = f'<!DOCTYPE x [<!ENTITY a "{"x" * 1000}">{bomb}]><worksheet><sheetData>&j;</sheetData></worksheet>'
    source = io.BytesIO(good["toolkit"])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == "xl/worksheets/sheet1.xml" else old.read(name))
    assert refused("htcds", tmp_path / "a.xlsx") == "not-a-workbook"


@pytest.mark.parametrize("text", ["nombre,edad\nInventada,20\n", "María Inventada,María Inventada\n1,2\n", WIDE + "\n"])
@pytest.mark.parametrize("reader", READERS)
def test_another_table_is_refused_without_showing_what_it_holds(tmp_path: Path, reader: str, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(FileRefused) as refusal:
        READERS[reader](tmp_path / "a.csv")
    assert "Inventada" not in str(refusal.value)


def test_a_table_that_is_not_utf_8_is_refused(tmp_path: Path, good: dict[str, bytes]) -> None:
    for reader, name in (("htcds", "survey"), ("ctdc", "ctdc")):
        (tmp_path / "a.csv").write_bytes(good[name].replace(b"Inventada", b"Mar\xeda").replace(b"Male", b"Mal\xe9"))
        assert refused(reader, tmp_path / "a.csv") == "encoding"
    (tmp_path / "a.csv").write_bytes(good["survey"].decode().encode("utf-16"))
    assert refused("htcds", tmp_path / "a.csv") == "encoding"


def test_a_workbook_of_another_kind_is_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    assert refused("htcds", tmp_path / "a.xlsx") == "no-htcds-columns"
