"""Capture histories split by covariates (sex, age, form of exploitation, year): the table and its reader.

The models on such a table are in `joint`, the search among them in `joint_search`, totals with their intervals in
`joint_totals`. Source: Cruyff, van Dijk & van der Heijden, "The challenge of counting victims of human trafficking: not
on the record", Chance 30(3), 2017.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reckon.prevalence.captures import BadCaptures, Captures, captures_from_masks

COUNT = "count"
CELLS_LIMIT = 200_000
"""Cells of lists and covariates together; beyond it a fit no longer takes seconds."""


@dataclass(frozen=True)
class Covariate:
    """Something known of each person. `degree` 0: every level its own effect; d > 0: a polynomial of degree d in the
    number that the level is (a year), so that neighbouring years inform each other.
    """

    name: str
    levels: tuple[str, ...]
    degree: int = 0


@dataclass(frozen=True, eq=False)
class JointTable:
    """Capture histories by stratum: `counts[stratum, history]`, the history a bit mask (bit j = list j), 0 = never seen.

    A stratum is a combination of levels, in the order of `itertools.product` over the covariates. Column 0 is zero.
    """

    lists: tuple[str, ...]
    covariates: tuple[Covariate, ...]
    counts: NDArray[np.int64]

    @cached_property
    def strata(self) -> tuple[tuple[str, ...], ...]:
        return tuple(product(*(covariate.levels for covariate in self.covariates)))

    @property
    def m(self) -> int:
        return len(self.lists)

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    def captures(self, where: Mapping[str, str] | None = None) -> Captures:
        """The capture histories of the strata that have these levels (all of them by default), without covariates."""
        names = [covariate.name for covariate in self.covariates]
        chosen = [
            all(stratum[names.index(name)] == level for name, level in (where or {}).items()) for stratum in self.strata
        ]
        sums = self.counts[np.array(chosen, dtype=bool)].sum(axis=0)
        return captures_from_masks(self.lists, np.arange(len(sums)), sums)


def read_joint(path: Path, lists: Sequence[str], polynomial: Mapping[str, int] | None = None) -> JointTable:
    """The table in a CSV file: a 0/1 column for each of `lists`, a column for each covariate, and `count`.

    Every other column is a covariate. `polynomial` names those whose levels are whole numbers and gives the degree.
    Histories that are absent count zero, repeated ones are summed. Raises BadCaptures, naming the line.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restkey="")
            columns = list(reader.fieldnames or [])
            _check_columns(columns, lists)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadCaptures("The file cannot be read; give a text file in CSV form, in UTF-8.") from error
    for line, row in rows:
        if len(row) != len(columns) or None in row.values():
            raise BadCaptures(f"Line {line}: {len(columns)} values are expected.")
    return joint_from_rows(rows, lists, [name for name in columns if name not in (*lists, COUNT)], polynomial or {})


def _check_columns(columns: Sequence[str], lists: Sequence[str]) -> None:
    missing = [name for name in (*lists, COUNT) if name not in columns]
    if missing:
        raise BadCaptures(f"There is no column {missing[0]}; the columns are {', '.join(columns) or 'none'}.")
    if len(set(columns)) != len(columns):
        raise BadCaptures("Two columns have the same name; give every column its own.")
    if len(set(lists)) < 2:
        raise BadCaptures("At least two lists are needed: what one list misses cannot be known from it.")


def joint_from_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    lists: Sequence[str],
    names: Sequence[str],
    polynomial: Mapping[str, int],
) -> JointTable:
    """The table of numbered rows, each a mapping from column to text. Raises BadCaptures, naming the line."""
    read = [(line, *_read_row(line, row, lists, names)) for line, row in rows]
    if not any(count for *_, count in read):
        raise BadCaptures("The file counts nobody; give at least one history with a count above zero.")
    covariates = tuple(
        _covariate(name, {levels[place] for _, _, levels, count in read if count}, polynomial.get(name, 0))
        for place, name in enumerate(names)
    )
    shape = [len(covariate.levels) for covariate in covariates]
    if np.prod(shape, dtype=float) * 2.0 ** len(lists) > CELLS_LIMIT:
        raise BadCaptures("The covariates have too many levels together; merge levels or leave a covariate out.")
    counts = np.zeros((int(np.prod(shape)), 2 ** len(lists)), dtype=np.int64)
    for line, mask, levels, count in read:
        if count and not mask:
            raise BadCaptures(
                f"Line {line}: it counts people who are on no list, whom nobody can have seen; remove it."
            )
        if count:
            where = [covariate.levels.index(level) for covariate, level in zip(covariates, levels, strict=True)]
            counts[int(np.ravel_multi_index(where, shape)) if where else 0, mask] += count
    return JointTable(tuple(lists), covariates, counts)


def _read_row(
    line: int, row: Mapping[str, str], lists: Sequence[str], names: Sequence[str]
) -> tuple[int, tuple[str, ...], int]:
    marks = [row[name].strip() for name in lists]
    if any(mark not in ("0", "1") for mark in marks):
        raise BadCaptures(f"Line {line}: expected 0 (not on the list) or 1 (on it) for each list.")
    text = row[COUNT].strip()
    if not (text.isascii() and text.isdigit()):
        raise BadCaptures(f"Line {line}: the count must be a whole number, zero or more.")
    levels = tuple(row[name].strip() for name in names)
    if not all(levels):
        raise BadCaptures(f"Line {line}: a covariate is empty; write a level such as unknown.")
    return sum(1 << j for j, mark in enumerate(marks) if mark == "1"), levels, int(text)


def _covariate(name: str, levels: set[str], degree: int) -> Covariate:
    if not degree:
        return Covariate(name, tuple(sorted(levels)))
    if not all(level.removeprefix("-").isdigit() for level in levels):
        raise BadCaptures(f"Column {name}: a polynomial needs whole numbers, such as years.")
    ordered = tuple(sorted(levels, key=int))
    if not 1 <= degree < len(ordered):
        raise BadCaptures(f"Column {name}: with {len(ordered)} levels the degree is 1 to {len(ordered) - 1}.")
    return Covariate(name, ordered, degree)
