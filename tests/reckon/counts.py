"""Count tables for tests, made from the numbers of one joint table, and every joint table that fits a publication."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from reckon.tables import CountTable, Key, Table

Counts = npt.NDArray[np.int64]
NAMES = "abc"


def one_way(values: Sequence[int | None], indicator: str = "identified", name: str = "state") -> list[CountTable]:
    """The total and one table by `name`."""
    reported = [value for value in values if value is not None]
    codes = tuple(f"{name}{number}" for number in range(len(values)))
    total = CountTable(indicator, "person", "2020", (), (), (sum(reported) if reported else None,))
    return [total, CountTable(indicator, "person", "2020", (name,), (codes,), tuple(values))]


def from_joint(joint: Counts, groups: Iterable[tuple[int, ...]], indicator: str = "identified") -> list[CountTable]:
    """One table for each group of axes of the joint table; axes are called a, b, c."""
    codes = [tuple(f"{name}{number}" for number in range(size)) for name, size in zip(NAMES, joint.shape, strict=False)]
    return [
        CountTable(
            indicator,
            "person",
            "2020",
            tuple(NAMES[axis] for axis in group),
            tuple(codes[axis] for axis in group),
            tuple(int(n) for n in joint.sum(axis=tuple(set(range(joint.ndim)) - set(group))).ravel()),
        )
        for group in groups
    ]


def groups_of(axes: int, sizes: Iterable[int]) -> list[tuple[int, ...]]:
    """All groups of so many axes."""
    return list(chain.from_iterable(combinations(range(axes), size) for size in sizes))


def with_zeros_only(published: Sequence[Table]) -> list[Table]:
    """The same publication if it told nothing but where the zeros are."""
    return [
        replace(
            table,
            cells=tuple(
                cell if cell.status in ("zero", "missing") else replace(cell, value=None, status="suppressed")
                for cell in table.cells
            ),
        )
        for table in published
    ]


@cache
def all_joint_tables(cells: int, total: int) -> Counts:
    """Every list of `cells` whole numbers from zero up with a sum of at most `total`, one per row."""
    if cells == 1:
        return np.arange(total + 1).reshape(-1, 1)
    parts = []
    for first in range(total + 1):
        rest = all_joint_tables(cells - 1, total - first)
        parts.append(np.column_stack([np.full(len(rest), first), rest]))
    return np.concatenate(parts)


def possible_values(published: Sequence[Table], shape: tuple[int, ...], total: int, lowest: int) -> dict[Key, set[int]]:
    """For each withheld cell the values it has in some joint table, with at most `total` persons, that fits all."""
    joints = all_joint_tables(int(np.prod(shape)), total).reshape(-1, *shape)
    sums = {}
    for table in published:
        away = tuple(axis + 1 for axis, name in enumerate(NAMES[: len(shape)]) if name not in table.dimensions)
        sums[table.dimensions] = joints.sum(axis=away).reshape(len(joints), -1)
    fits = np.ones(len(joints), dtype=np.bool_)
    for table in published:
        for column, cell in zip(sums[table.dimensions].T, table.cells, strict=True):
            fits &= column == cell.value if cell.value is not None else column >= lowest
    return {
        cell.key: {int(value) for value in np.unique(column[fits])}
        for table in published
        for column, cell in zip(sums[table.dimensions].T, table.cells, strict=True)
        if cell.is_suppressed
    }
