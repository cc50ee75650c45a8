"""Files of single persons: who is alone with what the file says, and what has to be withheld."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.disclosure.microdata import anonymise, anonymity
from reckon.tables import InputError

COLUMNS = ("state", "sex", "age")
ROWS = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["f", "m", None]), st.sampled_from([None, "minor", "adult"])),
    max_size=14,
)
CTDC = ("yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation")
CONTROL = "meansOfControlConcatenated"


def table(rows) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [[], [], []]
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(COLUMNS, columns, strict=True)})


def values(rows: pa.Table) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in rows.select(COLUMNS).to_pylist()]


def test_rows_that_share_everything_hide_one_another() -> None:
    found = anonymity(table([("A", "f", "adult")] * 3 + [("B", "m", None)] * 2), COLUMNS, 3)
    assert (found.smallest, found.groups, found.rows, found.rows_below, found.holds) == (2, 2, 5, 2, False)


def test_the_value_that_sets_a_row_apart_is_withheld() -> None:
    rows = table([("A", "f", "adult")] * 3 + [("A", "f", None)] * 2 + [("A", "f", "minor")])
    found = anonymise(rows, COLUMNS, 3)
    assert values(found.rows)[5] == ("A", "f", None)
    assert (found.withheld, found.removed) == ({"state": 0, "sex": 0, "age": 1}, 0)


def test_a_dear_column_is_kept_when_another_will_do() -> None:
    rows = table([("A", "f", "adult"), ("A", "m", "adult"), ("A", "f", "minor"), ("A", "m", "minor")])
    assert anonymise(rows, COLUMNS, 2, {"sex": 5.0}).withheld == {"state": 0, "sex": 0, "age": 4}
    assert anonymise(rows, COLUMNS, 2, {"age": 5.0}).withheld == {"state": 0, "sex": 4, "age": 0}


def test_a_row_alone_with_everything_withheld_is_removed() -> None:
    found = anonymise(table([("A", "f", "adult")] * 3 + [("B", "m", "minor")]), COLUMNS, 3)
    assert (found.rows.num_rows, found.removed) == (3, 1)


@given(rows=ROWS, k=st.integers(2, 4))
@settings(deadline=None)
def test_groups_are_those_that_counting_finds(rows, k) -> None:
    found, groups = anonymity(table(rows), COLUMNS, k), Counter(rows)
    assert (found.smallest, found.groups) == (min(groups.values(), default=0), len(groups))
    assert found.rows_below == sum(size for size in groups.values() if size < k)


@given(rows=ROWS, k=st.integers(2, 4))
@settings(deadline=None)
def test_what_is_left_is_anonymous_and_nothing_is_made_up(rows, k) -> None:
    found, groups = anonymise(table(rows), COLUMNS, k), Counter(rows)
    after = values(found.rows)
    assert all(size >= k for size in Counter(after).values())
    assert len(after) + found.removed == len(rows)
    safe = Counter({row: size for row, size in groups.items() if size >= k})
    assert not safe - Counter(after)
    changed = Counter(after) - safe
    source = groups - safe
    for row in changed.elements():
        assert any(all(new in (old, None) for new, old in zip(row, one, strict=True)) for one in source)


@pytest.mark.parametrize(
    ("columns", "k", "said"),
    [(["nationality"], 2, "no column"), ([], 2, "name"), (["sex", "sex"], 2, "once"), (["sex"], 1, "2")],
)
def test_a_question_that_makes_no_sense_is_refused(columns: list[str], k: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        anonymity(table([("A", "f", None)]), columns, k)
    with pytest.raises(InputError, match="cost"):
        anonymise(table([("A", "f", None)]), COLUMNS, 2, {"sex": 0.0})


@pytest.mark.slow
def test_the_published_ctdc_file_is_anonymous_over_its_five_columns_only(shared_data: Path) -> None:
    """Codebook v7 of the K-anonymised Dataset (2021) says k = 10; the smallest group is 11."""
    read = pa.csv.ConvertOptions(strings_can_be_null=True, include_columns=[*CTDC, CONTROL])
    rows = pa.csv.read_csv(shared_data / "ctdc" / "ctdc_global_kanon_2021-07-15.csv.gz", convert_options=read)
    assert anonymity(rows, CTDC, 10).smallest == 11
    assert anonymity(rows, CTDC, 10).holds
    assert anonymity(rows, [*CTDC, CONTROL], 10).smallest == 1
