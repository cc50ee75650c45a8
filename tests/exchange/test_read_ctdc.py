"""CTDC's published files are read to the totals their publisher states, in every layout, and fast enough to import."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.exchange import ctdc
from enlace.exchange.countries import alpha2_of
from enlace.exchange.ctdc import PAIR, VICTIM, CtdcRow, read_ctdc, totals
from enlace.exchange.ctdc_layouts import flag_bits, flag_groups
from enlace.exchange.rows import FileRefused
from tests.exchange import files

KANON = "ctdc_global_kanon_2021-07-15.csv.gz"
SYNTHETIC = "ctdc_global_synthetic_2021-08-25.csv.gz"
PAIRS = "ctdc_vp_synthetic_condensed_2022.csv.gz"


def raw_rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def names_of(row: CtdcRow, unit: str, which: str = "flags") -> set[str]:
    return {name for name, bit in flag_bits(unit).items() if getattr(row, which) >> bit & 1}


def test_the_k_anonymised_file_gives_its_control_totals(shared_data: Path) -> None:
    reader = read_ctdc(shared_data / "ctdc" / KANON)
    found = totals(reader)
    assert (reader.layout, reader.unit, reader.synthetic) == ("k-anonymised 2021", VICTIM, False)
    assert (reader.errors, found.records) == ([], 97_750)
    assert found.by["datasource"] == {"hotline": 52_607, "case_management": 45_143}
    assert found.by["gender"] == {"female": 68_083, "male": 21_465, "transgender_nonconforming": 64, None: 8_138}
    assert found.by["majority"] == {"adult": 51_596, "minor": 19_650, None: 26_504}
    assert (found.flags["isSexualExploit"], found.flags["isForcedLabour"]) == (45_582, 19_980)
    assert (found.by["citizenship"]["MX"], found.by["country"]["MX"]) == (2_382, 31)
    assert found.by["year_from"][None] == 2_011


def test_the_synthetic_file_gives_its_control_totals(shared_data: Path) -> None:
    reader = read_ctdc(shared_data / "ctdc" / SYNTHETIC)
    found = totals(reader)
    assert (reader.layout, reader.unit, reader.synthetic) == ("synthetic 2021", VICTIM, True)
    assert (reader.errors, found.records) == ([], 193_025)
    assert found.by["gender"] == {"female": 105_990, "male": 39_530, "transgender_nonconforming": 410, None: 47_095}
    assert (found.by["citizenship"]["MX"], found.by["country"]["MX"]) == (3_680, 340)
    assert found.by["age_band"]["9-17"] == 18_740


def test_the_victim_perpetrator_file_gives_its_control_totals(shared_data: Path) -> None:
    reader = read_ctdc(shared_data / "ctdc" / PAIRS)
    found = totals(reader, PAIR)
    assert (reader.layout, reader.unit, reader.synthetic) == ("victim-perpetrator synthetic 2022", PAIR, True)
    assert (reader.errors, found.records) == ([], 21_195)
    assert found.by["gender"] == {"female": 9_589, "male": 7_995, None: 3_611}
    assert (found.flags["isForcedLabour"], found.flags["isSexualExploit"]) == (12_248, 2_775)
    assert found.by["year_from"][2005] == 2_531


def test_minus_99_reads_like_an_empty_cell(shared_data: Path) -> None:
    reader = read_ctdc(shared_data / "ctdc" / "ctdc_kanon_slice_minus99.csv")
    sliced = [row[1:] for row in reader]
    whole = [row[1:] for row in read_ctdc(shared_data / "ctdc" / KANON)]
    assert reader.layout == "k-anonymised 2017-2020"
    assert sliced == whole[::49]


def slow_row(raw: dict[str, str]) -> tuple[Any, ...]:
    """A k-anonymised row read one cell at a time, for comparison."""
    bits = flag_bits(VICTIM)
    flags = sum(1 << bit for name, bit in bits.items() if raw.get(name) == "1")
    known = sum(1 << bit for name, bit in bits.items() if raw.get(name) in ("0", "1"))
    year = int(raw["yearOfRegistration"]) if raw["yearOfRegistration"] else None
    words = [raw[name].lower().replace(" ", "_").replace("/", "_") or None for name in ("Datasource", "gender")]
    stages = [raw[name].lower() or None for name in ("majorityStatus", "majorityStatusAtExploit", "majorityEntry")]
    places = [alpha2_of(raw[name]) for name in ("citizenship", "CountryOfExploitation")]
    return (
        year,
        year,
        *words,
        raw["ageBroad"].replace("--", "-") or None,
        *stages,
        None,
        *places,
        None,
        None,
        flags,
        known,
    )


@pytest.mark.slow
def test_whole_columns_read_like_one_cell_at_a_time(shared_data: Path) -> None:
    path = shared_data / "ctdc" / KANON
    for number, (row, raw) in enumerate(zip(read_ctdc(path), raw_rows(path), strict=True), start=2):
        assert row == (number, *slow_row(raw))


def flag_of(prefix: str, label: str) -> str:
    """The column that a label of a list restates; one label is misspelt in the source."""
    words = label.replace(" of ", " Of ").replace("necessitie", "necessities").replace("necessitiess", "necessities")
    return prefix + "".join(word[0].upper() + word[1:] for word in words.split())


@pytest.mark.slow
def test_the_lists_that_are_not_read_restate_the_flags_but_for_192_mentions(shared_data: Path) -> None:
    mentions: Counter[str] = Counter()
    columns = {name.lower(): name for name in files.ctdc_columns("kanon")}
    for raw in raw_rows(shared_data / "ctdc" / KANON):
        for prefix in ("meansOfControl", "typeOfLabour", "typeOfSex"):
            for label in filter(None, raw[f"{prefix}Concatenated"].split(";")):
                mentions[raw[columns[flag_of(prefix, label).lower()]]] += 1
    assert (mentions.total(), mentions.total() - mentions["1"]) == (156_511, 192)


CASE = {"gender": "Female", "citizenship": "MX", "isForcedLabour": "1", "typeOfExploitConcatenated": "Forced labour"}


def one(path: Path) -> CtdcRow:
    reader = read_ctdc(path)
    (row,) = list(reader)
    assert reader.errors == []
    return row


def test_a_release_with_62_columns_or_an_unnamed_first_column_is_read(tmp_path: Path) -> None:
    headings = files.ctdc_columns("kanon")
    lacking = [name for name in headings if name != "isSlaveryAndPractices"]
    assert (len(headings), len(lacking)) == (63, 62)
    for columns in (headings, lacking, ["", *lacking], list(reversed(headings))):
        row = one(files.ctdc(tmp_path / "a.csv", columns, CASE, missing="-99"))
        assert (row.gender, row.citizenship, names_of(row, VICTIM)) == ("female", "MX", {"isForcedLabour"})


@pytest.mark.parametrize("word", ["typeOf", "sectorOf"])
def test_the_2024_layout_is_read_under_both_spellings_of_its_names(tmp_path: Path, word: str) -> None:
    headings = [name.replace("typeOf", word) for name in files.ctdc_columns("synthetic-2024")]
    case = {"gender": "Woman", "citizenship": "NAM", "traffickMonths": "25+ (2+ yrs)", "meansDrugsAlcohol": "1"}
    case |= {"meansThreats": "1", f"{word}LabourConstruction": "1", "CountryOfExploitation": "MEX"}
    path = files.ctdc(tmp_path / "a.csv.gz", headings, case)
    row = one(path)
    assert (len(headings), read_ctdc(path).layout) == (27, "synthetic 2024")
    assert (row.gender, row.citizenship, row.country, row.months) == ("female", "NA", "MX", "25+")
    assert names_of(row, VICTIM) == {
        "meansThreats",
        "meansOfControlPsychoactiveSubstances",
        "typeOfLabourConstruction",
    }
    assert row.flags == row.known


def test_namibia_is_a_country_and_double_zero_is_none(tmp_path: Path) -> None:
    headings = files.ctdc_columns("kanon")
    row = one(files.ctdc(tmp_path / "a.csv", headings, CASE | {"citizenship": "NA", "CountryOfExploitation": "00"}))
    assert (row.citizenship, row.country) == ("NA", None)


def test_unknown_and_missing_stay_apart(tmp_path: Path) -> None:
    row = one(files.ctdc(tmp_path / "a.csv", files.ctdc_columns("kanon"), CASE | {"gender": "Unknown"}))
    assert (row.gender, row.majority) == ("unknown", None)


def test_lists_of_the_victim_perpetrator_file_become_flags(tmp_path: Path) -> None:
    case = {
        "yearRegister": "2014-2018",
        "IP_Gender": "Female;Male",
        "IP_Relation": "FriendAcquaintance; StrangerUnknownOther",
    }
    row = one(files.ctdc(tmp_path / "a.csv", files.ctdc_columns("pair-2022"), case))
    assert (row.year_from, row.year_to) == (2014, 2018)
    assert names_of(row, PAIR) == {
        "IP_Gender:Female",
        "IP_Gender:Male",
        "IP_Relation:FriendAcquaintance",
        "IP_Relation:StrangerUnknownOther",
    }


@pytest.mark.parametrize(
    ("layout", "column", "text", "reason"),
    [
        ("kanon", "isForcedLabour", "2", "not-a-flag"),
        ("kanon", "citizenship", "Atlantis", "unknown-country"),
        ("kanon", "gender", "Sexual exploitation", "unknown-value"),
        ("kanon", "yearOfRegistration", "19", "not-a-year"),
        ("pair-2022", "yearRegister", "2018-2014", "not-a-year"),
        ("pair-2022", "IP_Gender", "Female;Otro", "unknown-value"),
    ],
)
def test_a_cell_outside_the_vocabulary_keeps_its_row_out(
    tmp_path: Path, layout: str, column: str, text: str, reason: str
) -> None:
    headings = files.ctdc_columns(layout)
    reader = read_ctdc(files.ctdc(tmp_path / "a.csv", headings, {"gender": "Male"}, {column: text}, {"gender": "Male"}))
    assert [row.row for row in reader] == [2, 4]
    (error,) = reader.errors
    assert (error.row, error.column, error.value, error.reason.code) == (3, column, text, reason)


def test_misshapen_rows_are_named_by_their_own_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctdc, "BLOCK_BYTES", 2000)
    path = files.ctdc(tmp_path / "a.csv", files.ctdc_columns("kanon"), *[CASE] * 300)
    lines = path.read_text().splitlines()
    for bad in (10, 150, 290):
        lines[bad - 1] += ",1"
    path.write_text("\n".join(lines))
    reader = read_ctdc(path)
    assert [row.row for row in reader] == [number for number in range(2, 302) if number not in (10, 150, 290)]
    assert [(error.row, error.reason.code) for error in reader.errors] == [(n, "cell-count") for n in (10, 150, 290)]


@pytest.mark.parametrize("shapely", [1, 3, 5])
def test_a_few_misshapen_rows_at_the_end_do_not_take_the_others_with_them(tmp_path: Path, shapely: int) -> None:
    path = files.ctdc(tmp_path / "a.csv", files.ctdc_columns("kanon"), *[CASE] * (shapely + 3))
    heading, *lines = path.read_text().splitlines()
    path.write_text("\n".join([heading, *lines[:shapely], *(line + ",1" for line in lines[shapely:])]))
    reader = read_ctdc(path)
    assert len(list(reader)) == shapely
    assert [error.row for error in reader.errors] == [shapely + 2, shapely + 3, shapely + 4]


def test_the_copy_with_split_lists_is_refused(tmp_path: Path) -> None:
    headings = files.ctdc_columns("kanon")
    path = files.ctdc(tmp_path / "a.csv", headings, *[CASE] * 50)
    heading, *lines = path.read_text().splitlines()
    path.write_text("\n".join([heading, *(line + "," * 13 for line in lines)]))
    with pytest.raises(FileRefused, match="split at its semicolons"):
        list(read_ctdc(path))
    path.write_text("\n".join([heading + "," * 13, *(line + "," * 13 for line in lines)]))
    with pytest.raises(FileRefused, match="known layout"):
        read_ctdc(path)


def test_reading_may_stop_early_and_start_again(shared_data: Path) -> None:
    reader = read_ctdc(shared_data / "ctdc" / KANON)
    first = next(iter(reader))
    assert next(iter(reader)) == first


def test_progress_ends_at_the_size_of_the_file(shared_data: Path) -> None:
    path, seen = shared_data / "ctdc" / KANON, []
    list(read_ctdc(path, lambda done, total: seen.append((done, total))))
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize("unit", [VICTIM, PAIR])
def test_stored_bits_are_distinct_and_fit_a_signed_integer(unit: str) -> None:
    bits = list(flag_bits(unit).values())
    assert bits == list(range(len(bits)))
    assert max(bits) < 63
    assert set(flag_groups(unit)) == set(flag_bits(unit))


CELLS = st.sampled_from(
    ["", "0", "1", "-99", "x", "Female", "Adult", "MX", "NA", "2019", "18--20", "9--17", 'a"b', "a,b", "é\n"]
)


@given(cases=st.lists(st.lists(CELLS, min_size=63, max_size=63), min_size=1, max_size=5), block=st.integers(600, 5000))
def test_any_table_of_cells_is_read_or_refused_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, cases: list[list[str]], block: int
) -> None:
    headings = files.ctdc_columns("kanon")
    path = tmp_path_factory.mktemp("ctdc") / "a.csv"
    files.ctdc(path, headings, *[dict(zip(headings, cells, strict=True)) for cells in cases])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ctdc, "BLOCK_BYTES", block)
        reader = read_ctdc(path)
        try:
            rows = list(reader)
        except FileRefused:
            return
    assert {row.row for row in rows}.isdisjoint(error.row for error in reader.errors)
    for row in rows:
        if row.row - 2 < len(cases) and not any("\n" in cell for cells in cases for cell in cells):
            raw = dict(zip(headings, ("" if cell == "-99" else cell for cell in cases[row.row - 2]), strict=True))
            assert row[1:] == slow_row(raw)
