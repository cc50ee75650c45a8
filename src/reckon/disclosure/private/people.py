"""Rows about persons as numbers: one row per person, values from given code lists and no others.

The list of values of a column is public and comes from the caller (the pack's code lists), never from the rows: a rare
value that is there, or is not, would say whether somebody is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reckon.tables import InputError

Codes = npt.NDArray[np.int64]
CELLS_LIMIT = 5_000_000
"""Cells of one table of counts: more would not fit, and their noise would drown every count."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column and all values it may hold, in order; "" among them where a value may be absent."""

    name: str
    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.name or not self.codes or len(set(self.codes)) != len(self.codes):
            raise InputError(
                f"column {self.name or 'without a name'}: the list of its codes is empty, or has one twice"
            )

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class People:
    """One row for each person: `values[person, column]` is the place of the value in the column's code list."""

    columns: tuple[Column, ...]
    values: Codes

    def table(self, places: Sequence[int]) -> Codes:
        """How many persons have each combination of these columns; an axis for each column."""
        shape = tuple(len(self.columns[place]) for place in places)
        cells = int(np.prod(shape, dtype=object))
        if cells > CELLS_LIMIT:
            raise InputError(f"{' × '.join(self.columns[p].name for p in places)}: {cells} cells are too many")
        if not places:
            return np.array(len(self.values))
        flat = np.ravel_multi_index(tuple(self.values[:, list(places)].T), shape)
        return np.bincount(flat, minlength=cells).reshape(shape)

    def place(self, name: str) -> int:
        """Where a column stands. InputError when it is not there."""
        names = [column.name for column in self.columns]
        if name not in names:
            raise InputError(f"there is no column {name}; the columns are {', '.join(names)}")
        return names.index(name)


def people_from(rows: pa.Table, columns: Sequence[Column], person: str) -> People:
    """The rows as numbers. `person` is the column that tells persons apart; it is checked and then left behind.

    Raises InputError, by column and line and never with the value, when a column is absent, a person is absent or there
    twice, or a value is not in the column's list. An absent value is "".
    """
    names = [column.name for column in columns]
    if not names or len(set(names)) != len(names):
        raise InputError("name the columns, each once")
    if person in names:
        raise InputError(f"{person} tells persons apart, so it cannot be one of the columns of the result")
    if lacking := [name for name in (person, *names) if name not in rows.column_names]:
        raise InputError(f"the file has no column {', '.join(lacking)}")
    _check_one_row_each(rows.column(person))
    values = np.zeros((rows.num_rows, len(names)), dtype=np.int64)
    for place, column in enumerate(columns):
        values[:, place] = _places(rows.column(column.name), column)
    return People(tuple(columns), values)


def _check_one_row_each(column: pa.ChunkedArray) -> None:
    texts = pc.utf8_trim_whitespace(_texts(column))
    if pc.any(pc.equal(texts, "")).as_py():
        raise InputError("a row does not say whose it is: every row needs its person")
    persons = pc.count_distinct(texts).as_py()
    if persons != len(texts):
        raise InputError(
            f"{len(texts)} rows are about {persons} persons. The promise is made to a person, so each needs one row: "
            "put a person's rows together first"
        )


def _places(column: pa.ChunkedArray, known: Column) -> Codes:
    places = pc.index_in(_texts(column), value_set=pa.array(known.codes, pa.string()))
    if places.null_count:
        line = pc.index(pc.is_null(places), True).as_py() + 2
        raise InputError(
            f"column {known.name}: {places.null_count} rows hold a value that is not in its code list, line {line} first"
        )
    return np.asarray(pc.cast(places, pa.int64()).to_numpy())


def _texts(column: pa.ChunkedArray) -> pa.Array:
    texts = pc.fill_null(column.cast(pa.string()), "")
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
