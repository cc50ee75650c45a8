"""The tables of one indicator as variables and equations: My = 0, one row for every margin.

Only cells that can be withheld are variables: zero cells (unless zeros are sensitive) and missing cells are known to
everyone and drop out, so that a margin over reporting and silent states is the margin of those that reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from reckon.disclosure.lp import Matrix
from reckon.disclosure.rule import Rule
from reckon.disclosure.structure import Group, covers, cyclic_core, unshared
from reckon.tables import CountTable, InputError

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

JOINT_LIMIT = 50_000
"""Cells of the largest unpublished joint table that is modelled."""


@dataclass(frozen=True, slots=True)
class System:
    """`index[t]` gives, for each cell of table t, its variable or -1; `values` are the variables' true counts.

    `matrix` has one column for each variable and then one for each of the `latent` cells of a joint table that nobody
    publishes but everybody knows to exist; it is zero at the truth. `sensitive` marks the counts too small to show.
    """

    index: tuple[Indices, ...]
    values: Indices
    matrix: Matrix
    latent: int
    sensitive: Flags
    lowest: int

    @property
    def size(self) -> int:
        """How many cells could be withheld."""
        return len(self.values)


def build(tables: Sequence[CountTable], rule: Rule) -> System:
    """The system of one indicator's linked tables.

    Raises InputError when dimensions disagree on their categories, a shared margin is not among the tables, or a
    margin is not the sum of its parts.
    """
    _check_groups(tables)
    counts = [_grid(table) for table in tables]
    known = [_missing(table) for table in tables]
    index, values = _variables(counts, known, rule)
    rows = _Rows()
    by_group = {frozenset(table.dimensions): t for t, table in enumerate(tables)}
    for child, margin in covers(list(by_group)):
        c, m = by_group[child], by_group[margin]
        _check_sum(tables[c], tables[m], (counts[c], known[c]), (counts[m], known[m]))
        rows.equate((index[c], _onto(tables[c], tables[m].dimensions)), (index[m].ravel(), np.arange(index[m].size)))
    latent = _add_joint(tables, counts, index, rows, first=len(values), rule=rule)
    sensitive = np.array([rule.is_sensitive(int(value)) for value in values], dtype=np.bool_)
    return System(index, values, rows.matrix(len(values) + latent), latent, sensitive, rule.lowest)


def _check_groups(tables: Sequence[CountTable]) -> None:
    categories: dict[str, tuple[str, ...]] = {}
    groups = [frozenset(table.dimensions) for table in tables]
    for table, group in zip(tables, groups, strict=True):
        if groups.count(group) > 1:
            raise InputError(f"there are two tables of {table.indicator} by {', '.join(sorted(group)) or 'nothing'}")
        for name, names in zip(table.dimensions, table.categories, strict=True):
            if categories.setdefault(name, names) != names:
                raise InputError(f"the tables of {table.indicator} list different categories of {name}")
    margin = unshared(groups)
    if margin is not None:
        what = f"the table by {', '.join(sorted(margin))}" if margin else "the total"
        raise InputError(f"{what} of {tables[0].indicator} is not among the tables, but two of them share it: add it")


def _grid(table: CountTable) -> Indices:
    """The counts in the table's shape, 0 where missing."""
    flat = [0 if count is None else count for count in table.counts]
    return np.array(flat, dtype=np.int64).reshape([len(names) for names in table.categories])


def _missing(table: CountTable) -> Flags:
    flat = [count is None for count in table.counts]
    return np.array(flat, dtype=np.bool_).reshape([len(names) for names in table.categories])


def _variables(counts: list[Indices], missing: list[Flags], rule: Rule) -> tuple[tuple[Indices, ...], Indices]:
    index, values, start = [], [], 0
    for grid, absent in zip(counts, missing, strict=True):
        open_cells = ~absent & (grid >= rule.lowest)
        numbers = np.full(grid.shape, -1, dtype=np.int64)
        numbers[open_cells] = np.arange(start, start + int(open_cells.sum()))
        start += int(open_cells.sum())
        index.append(numbers)
        values.append(grid[open_cells])
    return tuple(index), np.concatenate(values)


def _onto(table: CountTable, dimensions: Sequence[str]) -> Indices:
    """For each cell of the table, the position of its projection on these dimensions (in their order), flattened."""
    position = np.zeros([len(names) for names in table.categories], dtype=np.int64)
    for name in dimensions:
        axis = table.dimensions.index(name)
        length = len(table.categories[axis])
        shape = [length if a == axis else 1 for a in range(len(table.dimensions))]
        position = position * length + np.arange(length).reshape(shape)
    return position.ravel()


def _check_sum(
    child: CountTable, margin: CountTable, parts: tuple[Indices, Flags], whole: tuple[Indices, Flags]
) -> None:
    onto = _onto(child, margin.dimensions)
    sums = np.bincount(onto, weights=parts[0].ravel(), minlength=whole[0].size).astype(np.int64)
    reported = np.bincount(onto, weights=~parts[1].ravel(), minlength=whole[0].size) > 0
    wrong = (sums != whole[0].ravel()) | (reported == whole[1].ravel())
    if wrong.any():
        key = list(margin.keys())[int(np.flatnonzero(wrong)[0])]
        where = ", ".join(f"{name} {category}" for name, category in key) or "the total"
        raise InputError(
            f"{child.indicator}: the table by {', '.join(child.dimensions)} does not add up to {where}"
            f" of the table by {', '.join(margin.dimensions) or 'nothing'}"
        )


class _Rows:
    """Equations collected as coordinates."""

    def __init__(self) -> None:
        self.count = 0
        self.row: list[Indices] = []
        self.column: list[Indices] = []
        self.sign: list[npt.NDArray[np.float64]] = []

    def equate(self, one: tuple[Indices, Indices], other: tuple[Indices, Indices]) -> None:
        """Add: for every position k, the variables of `one` at k sum to those of `other`; -1 is no variable."""
        height = 0
        for (variables, position), sign in ((one, 1.0), (other, -1.0)):
            real = variables.ravel() >= 0
            self.row.append(position[real] + self.count)
            self.column.append(variables.ravel()[real])
            self.sign.append(np.full(int(real.sum()), sign))
            height = max(height, int(position.max(initial=-1)) + 1)
        self.count += height

    def matrix(self, width: int) -> Matrix:
        if not self.row:
            return sparse.csc_array((0, width))
        data = (np.concatenate(self.sign), (np.concatenate(self.row), np.concatenate(self.column)))
        full = sparse.csr_array(data, shape=(self.count, width))
        return full[np.diff(full.indptr) > 0].tocsc()


def _add_joint(
    tables: Sequence[CountTable],
    counts: list[Indices],
    index: tuple[Indices, ...],
    rows: _Rows,
    *,
    first: int,
    rule: Rule,
) -> int:
    """Add the cells of the joint table behind tables that hang together in a circle; how many there are."""
    core = cyclic_core([frozenset(table.dimensions) for table in tables])
    if not core:
        return 0
    names = sorted(frozenset[str]().union(*core))
    joint = _joint_frame(tables, names)
    size = len(joint.counts)
    possible = np.ones(size, dtype=np.bool_)
    sides = []
    for group in core:
        t = _smallest(tables, group)
        onto, within = _onto(tables[t], sorted(group)), _onto(joint, sorted(group))
        sums = np.bincount(onto, weights=counts[t].ravel())
        possible &= (sums > 0)[within] | (rule.lowest == 0)
        sides.append((index[t], onto, within))
    variables = np.full(size, -1, dtype=np.int64)
    variables[possible] = np.arange(first, first + int(possible.sum()))
    for cells, onto, within in sides:
        rows.equate((cells, onto), (variables, within))
    return int(possible.sum())


def _smallest(tables: Sequence[CountTable], group: Group) -> int:
    holding = [t for t, table in enumerate(tables) if group <= set(table.dimensions)]
    return min(holding, key=lambda t: len(tables[t].counts))


def _joint_frame(tables: Sequence[CountTable], names: list[str]) -> CountTable:
    categories = {n: c for table in tables for n, c in zip(table.dimensions, table.categories, strict=True)}
    size = int(np.prod([len(categories[name]) for name in names]))
    if size > JOINT_LIMIT:
        raise InputError(
            f"the tables by {', '.join(names)} come from a joint table of {size} cells, too many to check"
            f" (limit {JOINT_LIMIT}): publish fewer of these cross tables together"
        )
    return CountTable("joint", "", "", tuple(names), tuple(categories[n] for n in names), (0,) * size)
