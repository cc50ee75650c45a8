"""The attacker: what anyone can work out from the tables as published.

A separate path from `suppress`: it starts from the published tables alone, writes down every equation between them
anew, and asks of each withheld cell for its smallest and its largest value in whole numbers (the attacker's problem;
Fischetti and Salazar-González, Management Science 47, 2001). Of the rules it knows what readers know: whether zeros
are shown. It does not know which of the withheld counts are small.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from scipy import sparse

from reckon.disclosure.lp import Vector
from reckon.disclosure.polytope import Aim, Polytope, reach
from reckon.disclosure.structure import Group, covers, cyclic_core
from reckon.tables import InputError, Key, Table

Place = tuple[str, str, Key]
"""Indicator, period and key (sorted) of a cell."""

Sums = dict[Key, tuple[list[int], int]]
"""For each key of a margin: the withheld cells in it and the sum of the others."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A withheld cell holds `low` to `high` (None: no upper limit). Equal ends mean that it is recovered."""

    indicator: str
    period: str
    key: Key
    low: int
    high: int | None

    @property
    def is_recovered(self) -> bool:
        """Whether the value is known exactly."""
        return self.low == self.high


def attack(published: Sequence[Table], lowest: int = 1) -> list[Interval]:
    """The exact interval of every withheld cell, in the order of the tables.

    `lowest` is 1 when zeros are published (a withheld cell is then not zero), otherwise 0. Raises InputError when the
    tables contradict one another.
    """
    puzzles = {name: Puzzle(block, lowest) for name, block in blocks(published).items()}
    for puzzle in puzzles.values():
        puzzle.solve()
    return [
        Interval(table.indicator, table.period, cell.key, *puzzles[table.indicator, table.period].interval(cell.key))
        for table in published
        for cell in table.cells
        if cell.is_suppressed
    ]


def blocks(tables: Sequence[Table]) -> dict[tuple[str, str], list[Table]]:
    """The tables of each indicator and period: those that equations tie together."""
    found: dict[tuple[str, str], list[Table]] = {}
    for table in tables:
        found.setdefault((table.indicator, table.period), []).append(table)
    return found


class Puzzle:
    """The withheld cells of one block of tables, what ties them together, and the values found possible so far."""

    def __init__(self, tables: Sequence[Table], lowest: int) -> None:
        self.lowest = lowest
        self.tables = {frozenset(table.dimensions): table for table in tables}
        withheld = [frozenset(cell.key) for table in tables for cell in table.cells if cell.is_suppressed]
        self.cells = {key: number for number, key in enumerate(withheld)}
        equations = _Equations(len(withheld))
        groups = list(self.tables)
        for one, other in covers(groups):
            equations.equate(self._sums(one, other), self._sums(other, other))
        for one, other in combinations(groups, 2):
            if one & other not in self.tables:
                equations.equate(self._sums(one, one & other), self._sums(other, one & other))
        self._add_joint(equations, cyclic_core(groups))
        self.polytope = equations.polytope(lowest)
        self.low = np.full(len(withheld), np.inf)
        self.high = np.full(len(withheld), -np.inf)

    def interval(self, key: Key) -> tuple[int, int | None]:
        """What has been found for the cell; exact after `solve`."""
        cell = self.cells[frozenset(key)]
        return int(self.low[cell]), None if np.isinf(self.high[cell]) else int(self.high[cell])

    def solve(self) -> None:
        """Find every interval exactly."""
        if not self.cells:
            return
        boundless = self.polytope.boundless()[: len(self.cells)]
        self.stretch({cell: (self.lowest, -np.inf if boundless[cell] else np.inf) for cell in self.cells.values()})
        self.high[boundless] = np.inf

    def stretch(self, wanted: Mapping[int, tuple[float, float]]) -> None:
        """Widen what is known of each cell until it spans the wanted (low, high), or as far as it goes.

        A wanted high must be a value that the cell can have or exceed (-inf: none wanted).
        """
        aims = [Aim(cell, -1, low) for cell, (low, _) in wanted.items() if self.low[cell] > low]
        aims += [Aim(cell, 1, high) for cell, (_, high) in wanted.items() if self.high[cell] < high]
        try:
            reach(self.polytope, aims, whole=True, learn=self._learn)
        except ValueError as error:
            raise InputError("the published tables contradict one another") from error

    def loosen(self) -> None:
        """Look for a second possible value of every cell for which only one has been found."""
        if not self.cells:
            return
        if np.isinf(self.low).any():
            self.stretch({0: (self.lowest, -np.inf)})
        for down, up in ((0, 1), (1, 0)):
            single = np.flatnonzero(self.low == self.high)
            self.stretch({int(cell): (self.low[cell] - down, self.high[cell] + up) for cell in single})

    def _learn(self, y: Vector) -> None:
        """Note the values of a table that fits."""
        cells = np.round(y[: len(self.cells)])
        self.low, self.high = np.minimum(self.low, cells), np.maximum(self.high, cells)

    def _sums(self, group: Group, margin: Group) -> Sums:
        """The table of these dimensions, summed to the margin. A missing cell adds nothing."""
        sums: Sums = defaultdict(lambda: ([], 0))
        for cell in self.tables[group].cells:
            key = tuple(sorted(pair for pair in cell.key if pair[0] in margin))
            cells, known = sums[key]
            more = [self.cells[frozenset(cell.key)]] if cell.is_suppressed else []
            sums[key] = (cells + more, known + (cell.value or 0))
        return sums

    def _add_joint(self, equations: "_Equations", core: list[Group]) -> None:
        """The table that all tables of a circle come from: unpublished, but known to exist and to hold counts."""
        sides = {group: self._sums(self._smallest_with(group), group) for group in core}
        names = sorted(frozenset[str]().union(*core))
        categories = {n: c for t in self.tables.values() for n, c in zip(t.dimensions, t.categories, strict=True)}
        joint: dict[Group, Sums] = {group: defaultdict(lambda: ([], 0)) for group in core}
        for combination in product(*(categories[name] for name in names)) if core else ():
            pairs = list(zip(names, combination, strict=True))
            keys = {group: tuple(pair for pair in pairs if pair[0] in group) for group in core}
            if all(sides[group][keys[group]] != ([], 0) for group in core):
                cell = equations.new_variable()
                for group in core:
                    joint[group][keys[group]][0].append(cell)
        for group in core:
            equations.equate(sides[group], joint[group])

    def _smallest_with(self, group: Group) -> Group:
        return min((dims for dims in self.tables if group <= dims), key=lambda dims: len(self.tables[dims].cells))


class _Equations:
    """Sums that must agree, written as a matrix at the end."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        self.width = cells
        self.rows: list[tuple[list[int], list[int], int]] = []

    def new_variable(self) -> int:
        """A further variable, for a cell of the unpublished joint table."""
        self.width += 1
        return self.width - 1

    def equate(self, one: Sums, other: Sums) -> None:
        """For every key both sums are the same number."""
        for key in one.keys() | other.keys():
            plus, known_plus = one.get(key, ([], 0))
            minus, known_minus = other.get(key, ([], 0))
            if plus or minus:
                self.rows.append((plus, minus, known_minus - known_plus))
            elif known_plus != known_minus:
                raise InputError("the published tables contradict one another")

    def polytope(self, lowest: int) -> Polytope:
        """All tables that fit; cells of the joint table may be zero."""
        columns = [cell for plus, minus, _ in self.rows for cell in (*plus, *minus)]
        signs = [sign for plus, minus, _ in self.rows for sign in (*[1.0] * len(plus), *[-1.0] * len(minus))]
        pointers = np.cumsum([0, *(len(plus) + len(minus) for plus, minus, _ in self.rows)])
        matrix = sparse.csr_array((signs, columns, pointers), shape=(len(self.rows), self.width), dtype=np.float64)
        lower = np.where(np.arange(self.width) < self.cells, float(lowest), 0.0)
        return Polytope(matrix.tocsc(), np.array([rhs for *_, rhs in self.rows], dtype=np.float64), lower)
