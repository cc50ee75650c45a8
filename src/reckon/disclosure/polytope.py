"""The tables that fit what is known: {y : matrix y = rhs, y >= lower}, and how far one cell can move within them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from reckon.disclosure import lp
from reckon.disclosure.lp import TOLERANCE, Matrix, Vector

BATCH = 4_000
"""Variables solved in one call; small programs are put side by side up to this size."""
LITTLE_PROGRESS = 2
NODES = 10_000
ROUGH_GAP, ROUGH_NODES = 0.05, 50


@dataclass(frozen=True, slots=True)
class Aim:
    """Variable `cell` should rise (`sign` +1) or fall (-1) to `level`."""

    cell: int
    sign: int
    level: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an aim can be met, the table `y` that meets it or comes nearest, and the `prices` of the equations.

    There are prices only for an aim that was solved by itself.
    """

    is_met: bool
    y: Vector
    prices: Vector


@dataclass(frozen=True, slots=True)
class Polytope:
    """`matrix` has one row per equation and one column per variable. It must hold a table, else ValueError."""

    matrix: Matrix
    rhs: Vector
    lower: Vector

    @property
    def size(self) -> int:
        """The number of variables."""
        return len(self.lower)

    def one_by_one(self, aims: Sequence[Aim]) -> list[lp.Optimum]:
        """For each aim the table that comes nearest to it, all solved in one call."""
        rows, width, many = len(self.rhs), self.size, len(aims)
        programs = [self._program(aim) for aim in aims]
        cost = np.concatenate([cost for cost, _ in programs])
        upper = np.concatenate([upper for _, upper in programs])
        repeated = lp.copies(self.matrix, many)
        found = lp.minimise(cost, repeated, np.tile(self.rhs, many), np.tile(self.lower, many), upper)
        if found is None:
            raise ValueError("no table fits what is known")
        return [
            lp.Optimum(found.y[k * width : (k + 1) * width], found.prices[k * rows : (k + 1) * rows])
            for k in range(many)
        ]

    def in_whole_numbers(self, aim: Aim) -> Vector | None:
        """The table of whole numbers that comes nearest to the aim; None when the search finds none."""
        cost, upper = self._program(aim)
        return lp.minimise_integer(cost, (self.matrix, self.rhs, self.rhs), self.lower, upper, nodes=NODES)

    def _program(self, aim: Aim) -> tuple[Vector, Vector]:
        cost, upper = np.zeros(self.size), np.full(self.size, np.inf)
        cost[aim.cell] = -aim.sign
        if aim.sign > 0:
            upper[aim.cell] = max(aim.level, self.lower[aim.cell])
        return cost, upper

    def together(self, aims: Sequence[Aim], *, whole: bool) -> Vector | None:
        """One table that brings aims of one sign near as many of their levels as it can; None if none was found.

        Each aimed variable is split into the part up to its level and the rest; the first part is rewarded when it
        should rise, the second costs when it should fall. If the table must be `whole` and is not, a rough integer
        search follows.
        """
        width, cells = self.size, np.array([aim.cell for aim in aims])
        matrix = sparse.hstack([self.matrix, self.matrix[:, cells]], format="csc")
        lower = np.concatenate([self.lower, np.zeros(len(cells))])
        upper = np.full(len(lower), np.inf)
        upper[cells] = np.maximum([aim.level for aim in aims], self.lower[cells])
        cost = np.zeros(len(lower))
        if aims[0].sign > 0:
            cost[cells] = -1.0
        else:
            cost[width:] = 1.0
        found = lp.minimise(cost, matrix, self.rhs, lower, upper)
        if found is None:
            raise ValueError("no table fits what is known")
        both: Vector | None = found.y
        if whole and not is_whole(found.y):
            limits = (matrix, self.rhs, self.rhs)
            both = lp.minimise_integer(cost, limits, lower, upper, gap=ROUGH_GAP, nodes=ROUGH_NODES)
        if both is None:
            return None
        y = both[:width].copy()
        y[cells] += both[width:]
        return y

    def boundless(self) -> npt.NDArray[np.bool_]:
        """Which variables can grow for ever: those of the widest ray {r >= 0 : matrix r = 0}."""
        width = self.size
        matrix = sparse.hstack([self.matrix, self.matrix], format="csc")
        cost = np.concatenate([np.full(width, -1.0), np.zeros(width)])
        upper = np.concatenate([np.ones(width), np.full(width, np.inf)])
        found = lp.minimise(cost, matrix, np.zeros(len(self.rhs)), np.zeros(2 * width), upper)
        assert found is not None, "the zero ray always fits"
        return np.asarray(found.y[:width] > TOLERANCE)


def is_whole(y: Vector) -> bool:
    """Whether every value is a whole number."""
    return bool(np.abs(y - np.round(y)).max(initial=0.0) <= TOLERANCE)


def reach(
    polytope: Polytope, aims: Sequence[Aim], *, whole: bool = False, learn: Callable[[Vector], None] | None = None
) -> list[Outcome]:
    """Which of the aims can be met, in their order: by any table, or by a table of whole numbers if `whole`.

    `learn` is told of every such table found on the way. One table often meets many aims, so large problems first
    look for tables that meet as many as possible; what is left is solved aim by aim.
    """
    search = _Search(aims, learn)
    if len(aims) * polytope.size > BATCH:
        for sign in (1, -1):
            while part := [k for k in search.open if aims[k].sign == sign]:
                table = polytope.together([aims[k] for k in part], whole=whole)
                if table is None or search.note(table) < LITTLE_PROGRESS:
                    break
    step = max(1, BATCH // max(1, polytope.size))
    while search.open:
        part = search.open[:step]
        for k, optimum in zip(part, polytope.one_by_one([aims[k] for k in part]), strict=True):
            if k not in search.done:
                usable: Vector | None = optimum.y
                if whole and not is_whole(optimum.y):
                    usable = None if search.is_best(k, optimum.y) else polytope.in_whole_numbers(aims[k])
                search.conclude(k, usable, optimum)
    return [search.done[k] for k in range(len(aims))]


class _Search:
    """The aims still open and what was found about the others."""

    def __init__(self, aims: Sequence[Aim], learn: Callable[[Vector], None] | None) -> None:
        self.cells = np.array([aim.cell for aim in aims], dtype=np.int64)
        self.signs = np.array([aim.sign for aim in aims], dtype=np.int64)
        self.levels = np.array([aim.level for aim in aims], dtype=np.float64)
        self.best = np.full(len(aims), -np.inf)
        self.learn = learn
        self.open = list(range(len(aims)))
        self.done: dict[int, Outcome] = {}

    def note(self, y: Vector) -> int:
        """Close every open aim that the table y meets; how many."""
        if self.learn:
            self.learn(y)
        self.best = np.maximum(self.best, self.signs * y[self.cells])
        met = self.signs * (y[self.cells] - self.levels) >= -TOLERANCE
        closed = [k for k in self.open if met[k]]
        self.done |= {k: Outcome(True, y, np.zeros(0)) for k in closed}
        self.open = [k for k in self.open if not met[k]]
        return len(closed)

    def is_best(self, k: int, y: Vector) -> bool:
        """Whether no whole number lies between the best found for aim k and the best fraction there is."""
        return bool(self.best[k] >= np.floor(self.signs[k] * y[self.cells[k]] + TOLERANCE))

    def conclude(self, k: int, y: Vector | None, optimum: lp.Optimum) -> None:
        """Close aim k, for which `optimum` is the best there is and y the best that is usable."""
        if y is not None:
            self.note(y)
        if k not in self.done:
            self.done[k] = Outcome(False, optimum.y if y is None else y, optimum.prices)
            self.open.remove(k)
