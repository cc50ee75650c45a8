"""One row per person, and values from given lists only."""

import numpy as np
import pyarrow as pa
import pytest

from reckon.disclosure.private import Column, people_from
from reckon.tables import InputError

COLUMNS = (Column("sex", ("f", "m", "")), Column("state", ("A", "B", "C")))


def rows(*lines: tuple[object, object, object]) -> pa.Table:
    person, sex, state = zip(*lines, strict=True) if lines else ((), (), ())
    return pa.table(
        {"id": pa.array(person, pa.string()), "sex": pa.array(sex, pa.string()), "state": pa.array(state, pa.string())}
    )


def test_values_become_their_places_in_the_list_and_an_absent_one_is_empty() -> None:
    people = people_from(rows(("1", "m", "C"), ("2", None, "A"), ("3", "f", "A")), COLUMNS, "id")
    assert people.values.tolist() == [[1, 2], [2, 0], [0, 0]]
    assert people.table((0, 1)).tolist() == [[1, 0, 0], [0, 0, 1], [1, 0, 0]]
    assert people.table((1, 0)).tolist() == people.table((0, 1)).T.tolist()


def test_a_code_that_nobody_has_is_there_all_the_same() -> None:
    people = people_from(rows(("1", "m", "A")), COLUMNS, "id")
    assert people.table((1,)).tolist() == [1, 0, 0]


def test_no_rows_are_counted_as_nobody() -> None:
    assert people_from(rows(), COLUMNS, "id").table((0, 1)).sum() == 0


@pytest.mark.parametrize("second", ["1", " 1 "])
def test_two_rows_of_one_person_are_refused(second: str) -> None:
    with pytest.raises(InputError, match="2 rows are about 1 persons"):
        people_from(rows(("1", "m", "A"), (second, "f", "B")), COLUMNS, "id")


@pytest.mark.parametrize("person", ["", "  ", None])
def test_a_row_of_nobody_is_refused(person: str | None) -> None:
    with pytest.raises(InputError, match="does not say whose it is"):
        people_from(rows(("1", "m", "A"), (person, "f", "B")), COLUMNS, "id")


def test_a_value_outside_the_list_is_refused_by_line_and_never_repeated() -> None:
    with pytest.raises(InputError, match=r"column state: 1 rows .* line 3 first") as refused:
        people_from(rows(("1", "m", "A"), ("2", "f", "Juana")), COLUMNS, "id")
    assert "Juana" not in str(refused.value)


def test_the_person_is_no_column_of_the_result() -> None:
    with pytest.raises(InputError, match="id tells persons apart"):
        people_from(rows(), (*COLUMNS, Column("id", ("1",))), "id")


def test_columns_that_are_absent_repeated_or_without_codes_are_refused() -> None:
    with pytest.raises(InputError, match="no column age"):
        people_from(rows(), (Column("age", ("1",)),), "id")
    with pytest.raises(InputError, match="each once"):
        people_from(rows(), (COLUMNS[0], COLUMNS[0]), "id")
    with pytest.raises(InputError, match="has one twice"):
        Column("sex", ("f", "f"))
    with pytest.raises(InputError, match="is empty"):
        Column("sex", ())


def test_a_table_too_large_to_hold_is_refused() -> None:
    wide = tuple(Column(name, tuple(str(code) for code in range(3000))) for name in "ab")
    people = people_from(pa.table({"id": ["1"], "a": ["7"], "b": ["2999"]}), wide, "id")
    with pytest.raises(InputError, match="a × b: 9000000 cells"):
        people.table((0, 1))
    assert np.flatnonzero(people.table((1,))).tolist() == [2999]
