"""Rows about single persons: how many share the same quasi-identifiers, and which values to withhold until enough do.

A file is k-anonymous over a set of columns when every combination of their values that occurs is shared by k rows at
least (Samarati and Sweeney, 1998). It holds for those columns and no others: whoever knows a further one may still tell
the rows of a group apart. A missing value counts as a value of its own, as it does for the reader of the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reckon.tables import InputError

Codes = npt.NDArray[np.int64]
MISSING = 0


@dataclass(frozen=True, slots=True)
class Anonymity:
    """`smallest` group over the `columns` (0 without rows), how many `groups`, and the rows in groups of fewer than k."""

    columns: tuple[str, ...]
    k: int
    smallest: int
    groups: int
    rows: int
    rows_below: int

    @property
    def holds(self) -> bool:
        """Whether every group has k rows."""
        return self.rows_below == 0


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A k-anonymous file: `withheld` values by column, and how many rows had to be `removed` altogether."""

    rows: pa.Table
    withheld: Mapping[str, int]
    removed: int


def anonymity(rows: pa.Table, columns: Sequence[str], k: int) -> Anonymity:
    """How well the rows hide among one another. Raises InputError for a column that is not there, or k below 2."""
    codes = _codes(rows, columns, k)
    sizes = _group_sizes(codes)
    groups = round(float((1.0 / sizes).sum())) if len(sizes) else 0
    smallest = int(sizes.min()) if len(sizes) else 0
    return Anonymity(tuple(columns), k, smallest, groups, len(sizes), int((sizes < k).sum()))


def anonymise(rows: pa.Table, columns: Sequence[str], k: int, costs: Mapping[str, float] | None = None) -> Anonymised:
    """Withhold values of the columns, in rows of small groups only, until every group has k rows.

    Local suppression, greedy: among the sets of columns that could be withheld, the one that makes rows safe at the
    smallest cost for each is taken again and again (`costs`: of a value in each column, 1 by default). Rows that are
    still alone with every column withheld are removed.
    Raises InputError as `anonymity`, and for a cost that is not positive.
    """
    codes = _codes(rows, columns, k)
    before = codes.copy()
    price = np.array([(costs or {}).get(name, 1.0) for name in columns])
    if (price <= 0).any():
        raise InputError("withholding a value must cost something")
    unsafe = _group_sizes(codes) < k
    while unsafe.any():
        best = max(_choices(codes, unsafe, price, k), key=lambda choice: choice.worth, default=None)
        if best is None:
            break
        codes[np.ix_(best.rows, best.columns)] = MISSING
        unsafe[best.rows] = False
    kept = np.flatnonzero(~unsafe)
    withheld = (before[kept] != MISSING) & (codes[kept] == MISSING)
    names = dict(zip(columns, withheld.sum(axis=0).tolist(), strict=True))
    return Anonymised(_blanked(rows.take(pa.array(kept)), columns, withheld), names, len(codes) - len(kept))


@dataclass(frozen=True, slots=True)
class _Choice:
    """Withholding these columns in these rows makes all of them safe; `worth` is rows for each unit of cost."""

    rows: Codes
    columns: Codes
    worth: tuple[float, int, tuple[int, ...]]


def _choices(codes: Codes, unsafe: npt.NDArray[np.bool_], price: npt.NDArray[np.float64], k: int) -> list[_Choice]:
    """The sets of fewest columns that make some rows safe."""
    found = []
    rows, settled = codes[unsafe], codes[~unsafe]
    where = np.flatnonzero(unsafe)
    for size in range(1, codes.shape[1] + 1):
        for columns in combinations(range(codes.shape[1]), size):
            chosen = np.array(columns)
            safe = _joins(rows, settled, chosen, k)
            if safe.any():
                cost = float(((rows[np.ix_(safe, chosen)] != MISSING) * price[chosen]).sum())
                worth = int(safe.sum()) / cost if cost else np.inf
                found.append(_Choice(where[safe], chosen, (worth, int(safe.sum()), tuple(-c for c in columns))))
        if found:
            break
    return found


def _joins(rows: Codes, settled: Codes, columns: Codes, k: int) -> npt.NDArray[np.bool_]:
    """Which of the rows are in groups of k once these columns are withheld, with settled rows that lack them too."""
    blanked = rows.copy()
    blanked[:, columns] = MISSING
    alike = settled[(settled[:, columns] == MISSING).all(axis=1)]
    return np.asarray(_group_sizes(np.concatenate([blanked, alike]))[: len(rows)] >= k)


def _codes(rows: pa.Table, columns: Sequence[str], k: int) -> Codes:
    """A number for each value, 0 where it is missing."""
    lacking = [name for name in columns if name not in rows.column_names]
    if lacking:
        raise InputError(f"the file has no column {', '.join(lacking)}")
    if not columns or len(set(columns)) != len(columns):
        raise InputError("name the quasi-identifiers, each once")
    if k < 2:
        raise InputError("k must be at least 2")
    found = np.zeros((rows.num_rows, len(columns)), dtype=np.int64)
    for place, name in enumerate(columns):
        encoded = pc.dictionary_encode(rows.column(name).combine_chunks())
        found[:, place] = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False) + 1
    return found


def _group_sizes(codes: Codes) -> Codes:
    """For each row how many rows have the same values."""
    group = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        _, group = np.unique(group * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
    return np.bincount(group)[group] if len(group) else group


def _blanked(rows: pa.Table, columns: Sequence[str], withheld: npt.NDArray[np.bool_]) -> pa.Table:
    for place, name in enumerate(columns):
        column = rows.column(name)
        blank = pc.if_else(pa.array(withheld[:, place]), pa.scalar(None, type=column.type), column)
        rows = rows.set_column(rows.column_names.index(name), name, blank)
    return rows
