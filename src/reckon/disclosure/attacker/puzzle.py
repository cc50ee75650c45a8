"""The attacker's problem: what anyone can work out from tables as published.

It starts from the published tables alone, this release's and earlier ones', writes down every equation between them
and asks of each withheld cell for its smallest and its largest value in whole numbers (Fischetti and Salazar-González,
Management Science 47, 2001). Of the rules it knows what readers know: whether zeros are shown. It does not know which
of the withheld counts are small. It shares no computation with the side that suppresses.

Above `WHOLE_LIMIT` withheld cells it asks for the values that a table in fractions can have: the interval of the linear
program. No whole number outside that interval is possible, so what is reported as recovered is recovered; that every
whole number inside it is possible is then not claimed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from reckon.disclosure.attacker import elimination
from reckon.disclosure.attacker.equations import Equations
from reckon.disclosure.attacker.fractions import reach_in_fractions
from reckon.disclosure.attacker.polytope import TOLERANCE, Aim, Vector, reach
from reckon.disclosure.attacker.reading import Atlas, Tie, stands, withheld
from reckon.disclosure.hierarchy import Hierarchy
from reckon.tables import CountTable, InputError, Key, Table

Block = tuple[str, str]
"""Indicator and period: what equations tie together."""

WHOLE_LIMIT = 2_000
"""Withheld cells of one block up to which tables are sought in whole numbers. Over 4,800 one integer program takes 12
to 18 s, and a cell may need two."""

WEAKER: dict[Tie, Tie] = {"same": "grown", "grown": "apart", "apart": "apart"}

AnyTable = TypeVar("AnyTable", Table, CountTable)


@dataclass(frozen=True, slots=True)
class Interval:
    """A withheld cell holds `low` to `high` (None: no upper limit). Equal ends mean that it is recovered.

    Of a large block these are the whole numbers between the least and the greatest value in fractions.
    `release` is 0 for the tables attacked, 1 for the newest of the earlier releases, and so on back.
    """

    indicator: str
    period: str
    key: Key
    low: int
    high: int | None
    release: int = 0

    @property
    def is_recovered(self) -> bool:
        """Whether the value is known exactly."""
        return self.high is not None and self.low >= self.high


def attack(
    published: Sequence[Table],
    lowest: int = 1,
    *,
    earlier: Sequence[Sequence[Table]] = (),
    hierarchies: Sequence[Hierarchy] = (),
    exact: bool = True,
) -> list[Interval]:
    """What is found of every withheld cell, in the order of the tables, then of the earlier ones, newest first.

    `earlier` holds earlier releases, the newest first. `lowest` is 1 when zeros are published (a withheld cell is then
    not zero), otherwise 0. With `exact` each interval is exact (of a large block: that of the linear program). Otherwise
    the search for a cell ends once two possible values are known, so that equal ends still mean recovery and nothing else
    is said of how wide the interval is.
    Raises InputError when the tables contradict one another.
    """
    by_release = [blocks(release) for release in (published, *earlier)]
    puzzles = {
        name: pose([release.get(name, []) for release in by_release], lowest, hierarchies)
        for name in dict.fromkeys(name for release in by_release for name in release)
    }
    for puzzle in puzzles.values():
        if exact:
            puzzle.solve()
        else:
            puzzle.loosen()
    return [
        Interval(
            table.indicator,
            table.period,
            cell.key,
            *puzzles[table.indicator, table.period].interval(cell.key, number),
            number,
        )
        for number, release in enumerate((published, *earlier))
        for table, cell in withheld(release)
    ]


def blocks(tables: Sequence[AnyTable]) -> dict[Block, list[AnyTable]]:
    """The tables of each indicator and period."""
    found: dict[Block, list[AnyTable]] = {}
    for table in tables:
        found.setdefault((table.indicator, table.period), []).append(table)
    return found


def pose(releases: Sequence[Sequence[Table]], lowest: int, hierarchies: Sequence[Hierarchy] = ()) -> "Puzzle":
    """The puzzle of releases of one block, newest first, with the closest ties between them that do not contradict.

    What the shown cells leave open is first taken to mean that nothing changed, then that persons were only added, then
    nothing at all.
    """
    ties: list[Tie] | None = None
    for _ in range(len(WEAKER)):
        try:
            puzzle = Puzzle(releases, lowest, hierarchies, ties)
            if len(releases) == 1 or puzzle.is_consistent():
                return puzzle
            ties = puzzle.ties
        except InputError:
            ties = ties or ["same" for _ in releases]
        ties = [WEAKER[tie] for tie in ties]
    return Puzzle(releases, lowest, hierarchies, ["apart" for _ in releases])


class Puzzle:
    """The withheld cells of one indicator and period, what ties them together, and the values found possible so far.

    `releases` holds this release's tables of the block, then those of each earlier one, newest first. `in_fractions`
    says whether tables in fractions will do; by default that depends on the size.
    """

    def __init__(
        self,
        releases: Sequence[Sequence[Table]],
        lowest: int,
        hierarchies: Sequence[Hierarchy] = (),
        ties: Sequence[Tie] | None = None,
        in_fractions: bool | None = None,
    ) -> None:
        self.lowest = lowest
        self.atlas = Atlas([table for release in releases for table in release], hierarchies)
        self.stands, self.place, self.ties = stands(releases, self.atlas, lowest, ties)
        self.equations = Equations(self.stands, self.atlas, lowest)
        self.size = self.equations.cells
        self.in_fractions = self.size > WHOLE_LIMIT if in_fractions is None else in_fractions
        self.polytope = self.equations.polytope()
        self.rows = self.polytope.matrix.tocsr()
        self.low = np.full(self.size, np.inf)
        self.high = np.full(self.size, -np.inf)

    def cell(self, key: Key, release: int = 0) -> int | None:
        """The number of a withheld cell; None when another table or release shows it."""
        return self.equations.unknown[self.place[release]].get(self.atlas.spot(key))

    def interval(self, key: Key, release: int = 0) -> tuple[int, int | None]:
        """What has been found for the cell; exact after `solve`."""
        cell = self.cell(key, release)
        if cell is None:
            value = self.stands[self.place[release]].known[self.atlas.spot(key)]
            assert value is not None, "a cell without a number is shown somewhere"
            return value, value
        low, high = self.whole()
        return int(low[cell]), None if np.isinf(high[cell]) else int(high[cell])

    def is_fixed(self, cell: int) -> bool:
        """Whether no two whole numbers have been found possible for the cell."""
        low, high = self.whole()
        return bool(low[cell] >= high[cell])

    def spans(self, cell: int, low: float, high: float) -> bool:
        """Whether the cell has been found to reach from `low` to `high`."""
        return bool(self.low[cell] <= low + TOLERANCE and self.high[cell] >= high - TOLERANCE)

    def whole(self) -> tuple[Vector, Vector]:
        """The whole numbers within what has been found possible."""
        return np.ceil(self.low - TOLERANCE), np.floor(self.high + TOLERANCE)

    def least(self) -> Vector:
        """What each cell must hold at least, seen from single equations."""
        matrix, rhs = self.equations.matrix()
        return elimination.shuttle(matrix, rhs, np.array(self.equations.lower))[0]

    def recovers(self, key: Key, release: int = 0) -> bool:
        """Whether the cell can have one value only."""
        cell = self.cell(key, release)
        if cell is None:
            return True
        if np.isinf(self.low[cell]):
            self.stretch({cell: (self.lowest, -np.inf)})
        self._loosen(np.array([cell]))
        return self.is_fixed(cell)

    def fixed(self) -> dict[int, int]:
        """The cells that the equations alone give away, and their values: by elimination, without a solver."""
        matrix, rhs = self.equations.matrix()
        found = elimination.fixed(matrix, rhs, np.array(self.equations.lower))
        return {cell: value for cell, value in found.items() if cell < self.size}

    def solve(self) -> None:
        """Find every interval exactly."""
        if not self.size:
            return
        boundless = self.polytope.boundless()[: self.size]
        self.stretch({cell: (self.lowest, -np.inf if boundless[cell] else np.inf) for cell in range(self.size)})
        self.high[boundless] = np.inf

    def is_consistent(self) -> bool:
        """Whether some table fits everything."""
        if not self.size:
            return True
        try:
            self.polytope.one_by_one([Aim(0, -1, self.lowest)])
        except ValueError:
            return False
        return True

    def stretch(self, wanted: Mapping[int, tuple[float, float]]) -> None:
        """Widen what is known of each cell until it spans the wanted (low, high), or as far as it goes.

        A wanted high must be a value that the cell can have or exceed (-inf: none wanted).
        """
        aims = [Aim(cell, -1, low) for cell, (low, _) in wanted.items() if self.low[cell] > low + TOLERANCE]
        aims += [Aim(cell, 1, high) for cell, (_, high) in wanted.items() if self.high[cell] < high - TOLERANCE]
        try:
            search = reach_in_fractions if self.in_fractions else reach
            search(self.polytope, aims, self._learn)
        except ValueError as error:
            raise InputError("the published tables contradict one another") from error

    def loosen(self) -> None:
        """Look for a second possible value of every cell for which only one has been found."""
        if not self.size:
            return
        if np.isinf(self.low).any():
            self.stretch({0: (self.lowest, -np.inf)})
        self._loosen(np.arange(self.size))

    def _loosen(self, cells: npt.NDArray[np.int64]) -> None:
        """Up by one, then down by one; a fraction may have to go either way once more."""
        for down, up in ((0, 1), (1, 0), (1, 1)):
            low, high = self.whole()
            single = cells[low[cells] >= high[cells]]
            if len(single) and (down + up == 1 or self.in_fractions):
                self.stretch({int(c): (low[c] - down, high[c] + up) for c in single})

    def accept(self, y: Vector) -> bool:
        """Note a table handed in as evidence, one value for each withheld cell, if it fits everything published.

        Counts that nobody published are worked out from it. In fractions every equation and every lower limit has to
        hold to a millionth of a person.
        """
        if len(y) != self.size or not np.isfinite(y).all():
            return False
        y = self._completed(y if self.in_fractions else np.round(y))
        tolerance = TOLERANCE if self.in_fractions else 0.0
        off = np.abs(self.polytope.matrix @ y - self.polytope.rhs).max(initial=0.0)
        if not off <= tolerance or not (y >= self.polytope.lower - tolerance).all():
            return False
        self._learn(y)
        return True

    def _completed(self, y: Vector) -> Vector:
        """The unpublished counts too, each from an equation that holds no other; nan where there is no such equation."""
        y = np.concatenate([y, np.full(self.polytope.size - self.size, np.nan)])
        while (unknown := np.isnan(y)).any():
            lone = np.flatnonzero(abs(self.rows) @ unknown.astype(float) == 1)
            if not len(lone):
                break
            left = self.polytope.rhs[lone] - self.rows[lone] @ np.where(unknown, 0.0, y)
            entries = self.rows[lone].tocoo()
            here = unknown[entries.col]
            y[entries.col[here]] = left[entries.row[here]] / entries.data[here]
        return y

    def _learn(self, y: Vector) -> None:
        """Note the values of a table that fits."""
        cells = y[: self.size] if self.in_fractions else np.round(y[: self.size])
        self.low, self.high = np.minimum(self.low, cells), np.maximum(self.high, cells)
