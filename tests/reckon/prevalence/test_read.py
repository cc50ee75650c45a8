"""Reading capture histories and linked persons, and what malformed files are told."""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.prevalence import BadCaptures, Captures, captures_from_people, captures_from_rows, read_captures
from tests.reckon.prevalence.published import table

PUBLISHED = {
    "UK": (6, 2744, (2492, 241, 10, 1, 0, 0)),
    "UK_5": (5, 2744, (2523, 214, 6, 1, 0)),
    "Ned": (6, 8234, (7802, 414, 18, 0, 0, 0)),
    "Kosovo": (4, 4400, (3218, 882, 273, 27)),
    "Korea": (3, 123, (51, 60, 12)),
    "NewOrl": (8, 185, (172, 11, 2, 0, 0, 0, 0, 0)),
    "MadiganYork_5": (5, 537, (248, 188, 81, 18, 2)),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "lists.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_tables_are_read_with_their_lists_people_and_overlaps(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    assert (captures.m, captures.n, captures.by_number) == PUBLISHED[name]


def test_duplicates_are_summed_and_zero_rows_change_nothing(tmp_path: Path) -> None:
    plain = read_captures(written(tmp_path, "a,b,count\n1,0,5\n0,1,7\n1,1,2\n"))
    other = read_captures(written(tmp_path, "\ufeff a , b,count\n1,1,1\n0,1,7\n0,0,0\n1,0,2\n1,1,1\n1,0,3\n1,0,0\n"))
    assert plain == other
    assert plain.counts.tolist() == [5, 7, 2]


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_columns_may_be_separated_as_the_spreadsheet_likes(tmp_path: Path, between: str) -> None:
    text = "a,b,count\n1,0,5\n0,1,7\n1,1,2\n".replace(",", between)
    assert read_captures(written(tmp_path, text)).counts.tolist() == [5, 7, 2]


def test_columns_that_are_no_lists_are_summed_over_when_the_lists_are_named(shared_data: Path) -> None:
    captures = read_captures(shared_data / "mse" / "ScotPWID.csv", ["S1", "S2", "S3", "S4"])
    assert (captures.lists, captures.n) == (("S1", "S2", "S3", "S4"), 5670)
    three = read_captures(shared_data / "mse" / "ScotPWID.csv", ["S1", "S2", "S3"])
    assert three == captures.without("S4")


def test_the_column_of_counts_may_have_another_name(tmp_path: Path) -> None:
    path = written(tmp_path, "people,police,ngo\n4,1,0\n3,1,1\n")
    assert read_captures(path, count="people").history(3) == ("police", "ngo")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The file is empty"),
        ("a,b,count\n", "counts nobody"),
        ("a,b,count\n1,0,0\n", "counts nobody"),
        ("a,b\n1,0\n", "no column count"),
        ("a,a,count\n1,0,3\n", "same name"),
        ("a,,count\n1,0,3\n", "name of its own"),
        ("count\n3\n", "There are no lists"),
        ("a,b,count\n1,0,3\n1,2,4\n", "Line 3, column b: expected 0 .* or 1"),
        ("a,b,count\n1,Ana,4\n", "Line 2, column b: expected 0 .* or 1"),
        ("a,b,count\n1,0,-3\n", "Line 2, column count: the count is negative"),
        ("a,b,count\n1,0,2.5\n", "Line 2, column count: expected a whole number"),
        ("a,b,count\n1,0,\n", "Line 2, column count: expected a whole number"),
        ("a,b,count\n1,0,²\n", "Line 2, column count: expected a whole number"),
        ("a,b,count\n1,0\n", "Line 2: 3 values are expected"),
        ("a,b,count\n1,0,3,4\n", "Line 2: 3 values are expected"),
        ("a,b,count\n0,0,3\n", "Row 1: it counts people who are on no list"),
        (",".join([f"l{place}" for place in range(21)]) + ",count\n" + "1," * 21 + "3\n", "21 lists.*merge lists"),
    ],
)
def test_a_malformed_table_is_told_what_where_and_never_its_content(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadCaptures, match=told) as refused:
        read_captures(written(tmp_path, text))
    assert "Ana" not in str(refused.value)


def test_files_that_are_not_there_or_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCaptures, match="cannot be read"):
        read_captures(tmp_path / "none.csv")
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff\x00")
    with pytest.raises(BadCaptures, match="cannot be read"):
        read_captures(tmp_path / "picture")
    with pytest.raises(BadCaptures, match="no column c that could be a list"):
        read_captures(written(tmp_path, "a,b,count\n1,0,3\n"), ["a", "c"])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([1, 0], "Row 1: expected 2 times 0 or 1 and a count"),
        ([1, 0, 2.5], "Row 1: the count is not a whole number"),
        ([1, 0, -2], "negative"),
        ([1, 2, 2], "list b"),
    ],
)
def test_rows_in_memory_are_checked_as_those_of_a_file(row: list[int], told: str) -> None:
    with pytest.raises(BadCaptures, match=told):
        captures_from_rows(["a", "b"], [row])


PEOPLE = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["police", "ngo", "labour"])), min_size=1, max_size=80)


@settings(max_examples=30)
@given(PEOPLE)
def test_linked_records_are_grouped_as_a_loop_groups_them(records: list[tuple[int, str]]) -> None:
    found = captures_from_people(
        pa.table({"who": [who for who, _list in records], "where": [where for _who, where in records]}), "who", "where"
    )
    names = tuple(sorted({where for _who, where in records}))
    held: dict[int, int] = {}
    for who, where in records:
        held[who] = held.get(who, 0) | 1 << names.index(where)
    assert found.lists == names
    assert {int(mask): int(count) for mask, count in zip(found.masks, found.counts, strict=True)} == {
        mask: list(held.values()).count(mask) for mask in set(held.values())
    }


def linked(people: int) -> pa.Table:
    rng = np.random.default_rng(1)
    return pa.table(
        {
            "person": rng.integers(0, people, 2 * people),
            "list": np.array(["police", "ngo", "labour"])[rng.integers(0, 3, 2 * people)],
        }
    )


def test_csv_parquet_and_arrow_give_the_same_captures(tmp_path: Path) -> None:
    records = linked(2000)
    pa.csv.write_csv(records, tmp_path / "people.csv")
    pa.parquet.write_table(records, tmp_path / "people.parquet")
    found = captures_from_people(records, "person", "list")
    assert captures_from_people(tmp_path / "people.csv", "person", "list") == found
    assert captures_from_people(tmp_path / "people.parquet", "person", "list") == found
    chosen = captures_from_people(records, "person", "list", ["police", "ngo"])
    assert chosen == found.without("labour").permuted([1, 0])


@pytest.mark.slow
def test_two_million_linked_records_are_no_matter() -> None:
    captures: Captures = captures_from_people(linked(1_000_000), "person", "list")
    assert captures.m == 3
    assert 860_000 < captures.n < 870_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("person,list\n", "no rows"),
        ("person,place\nAna,ngo\n", "no column list"),
        ("person,list\nAna,ngo\n,ngo\n", "1 of 2 rows lack the person or the list"),
        ("person,list\nAna,ngo\nBea,\n", "1 of 2 rows lack the person or the list"),
        ("person,list\n" + "".join(f"Ana,list {place}\n" for place in range(23)), "23 lists.*merge lists"),
    ],
)
def test_malformed_records_are_told_what_is_wrong_and_never_who(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadCaptures, match=told) as refused:
        captures_from_people(written(tmp_path, text), "person", "list")
    assert not re.search("Ana|Bea", str(refused.value))
    assert refused.value.__cause__ is None


def test_a_broken_line_far_down_a_long_file_is_refused_without_showing_it(tmp_path: Path) -> None:
    lines = [f"{person},ngo" for person in range(60_000)]
    text = "\n".join(["person,list", *lines, "Ana,ngo,police,court", ""])
    with pytest.raises(BadCaptures, match="does not have the columns of its first line") as refused:
        captures_from_people(written(tmp_path, text), "person", "list")
    assert "Ana" not in str(refused.value)


def test_lists_that_nobody_is_on_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCaptures, match="Nobody is on the list court"):
        captures_from_people(linked(10), "person", "list", ["police", "court"])
    with pytest.raises(BadCaptures, match="not there"):
        captures_from_people(tmp_path / "none.csv", "person", "list")
    (tmp_path / "noise.parquet").write_bytes(b"no parquet")
    with pytest.raises(BadCaptures, match="cannot be read"):
        captures_from_people(tmp_path / "noise.parquet", "person", "list")
