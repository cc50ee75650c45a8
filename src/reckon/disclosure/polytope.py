"""The tables that fit what is known: {y : matrix y = rhs, y >= lower}, and how far one cell can move within them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from reckon.disclosure import lp
from reckon.disclosure.lp import TOLERANCE, Matrix, Vector

BATCH = 4_000
"""Variables solved in one call; small programs are put side by side up to this size."""
LITTLE_PROGRESS = 2
NODES = 10_000


@dataclass(frozen=True, slots=True)
class Aim:
    """Variable `cell` should rise (`sign` +1) or fall (-1) to `level`."""

    cell: int
    sign: int
    level: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an aim can be met, the table `y` that meets it or comes nearest, and then the `prices` of the rows.

    `is_sure` is False when a table meets the aim but is not of the kind asked for (see `reach`).
    """

    is_met: bool
    y: Vector
    prices: Vector = field(default_factory=lambda: np.zeros(0))
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Polytope:
    """`matrix` has one row per equation and one column per variable."""

    matrix: Matrix
    rhs: Vector
    lower: Vector

    @property
    def size(self) -> int:
        """The number of variables."""
        return len(self.lower)

    def one_by_one(self, aims: Sequence[Aim]) -> list[lp.Optimum]:
        """For each aim the table that comes nearest to it, all solved in one call. ValueError if no table fits."""
        rows, width, many = len(self.rhs), self.size, len(aims)
        cost, upper = np.zeros(width * many), np.full(width * many, np.inf)
        for k, aim in enumerate(aims):
            cost[k * width + aim.cell] = -aim.sign
            if aim.sign > 0:
                upper[k * width + aim.cell] = max(aim.level, self.lower[aim.cell])
        repeated = lp.copies(self.matrix, many)
        found = lp.minimise(cost, repeated, np.tile(self.rhs, many), np.tile(self.lower, many), upper)
        if found is None:
            raise ValueError("no table fits what is known")
        return [
            lp.Optimum(found.y[k * width : (k + 1) * width], found.prices[k * rows : (k + 1) * rows])
            for k in range(many)
        ]

    def together(self, aims: Sequence[Aim]) -> Vector:
        """One table that brings aims of one sign near as many of their levels as it can. ValueError if none fits.

        Each aimed variable is split into the part up to its level and the rest; the first part is rewarded when it
        should rise, the second costs when it should fall.
        """
        width = self.size
        cells = np.array([aim.cell for aim in aims])
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
        y = found.y[:width].copy()
        y[cells] += found.y[width:]
        return y

    def in_whole_numbers(self, aim: Aim) -> Vector | None:
        """The table of whole numbers that comes nearest to the aim; None when the search finds none."""
        cost, upper = np.zeros(self.size), np.full(self.size, np.inf)
        cost[aim.cell] = -aim.sign
        if aim.sign > 0:
            upper[aim.cell] = max(aim.level, self.lower[aim.cell])
        return lp.minimise_integer(cost, (self.matrix, self.rhs, self.rhs), self.lower, upper, nodes=NODES)

    def boundless(self) -> npt.NDArray[np.bool_]:
        """Which variables can grow for ever: those of the widest ray {r >= 0 : matrix r = 0}."""
        width = self.size
        matrix = sparse.hstack([self.matrix, self.matrix], format="csc")
        cost = np.concatenate([np.full(width, -1.0), np.zeros(width)])
        upper = np.concatenate([np.ones(width), np.full(width, np.inf)])
        found = lp.minimise(cost, matrix, np.zeros(len(self.rhs)), np.zeros(2 * width), upper)
        assert found is not None, "the zero ray always fits"
        return np.asarray(found.y[:width] > TOLERANCE)


def reach(
    polytope: Polytope, aims: Sequence[Aim], usable: Callable[[Vector], bool] = lambda y: True
) -> list[Outcome]:
    """Which of the aims can be met, in their order. A table that is not `usable` proves nothing about any aim.

    One table often meets many aims, so large problems first look for tables that meet as many as possible; what is
    left is solved aim by aim.
    """
    search = _Search(aims, usable)
    if len(aims) * polytope.size > BATCH:
        for sign in (1, -1):
            while part := [k for k in search.open if aims[k].sign == sign]:
                search.note(polytope.together([aims[k] for k in part]))
                if len(part) - sum(k in search.done for k in part) == 0:
                    break
                if sum(k in search.done for k in part) < LITTLE_PROGRESS:
                    break
    step = max(1, BATCH // max(1, polytope.size))
    while search.open:
        part = search.open[:step]
        for k, optimum in zip(part, polytope.one_by_one([aims[k] for k in part]), strict=True):
            search.conclude(k, optimum)
    return [search.done[k] for k in range(len(aims))]


class _Search:
    """The aims still open and what was found about the others."""

    def __init__(self, aims: Sequence[Aim], usable: Callable[[Vector], bool]) -> None:
        self.cells = np.array([aim.cell for aim in aims], dtype=np.int64)
        self.signs = np.array([aim.sign for aim in aims], dtype=np.int64)
        self.levels = np.array([aim.level for aim in aims], dtype=np.float64)
        self.usable = usable
        self.open = list(range(len(aims)))
        self.done: dict[int, Outcome] = {}

    def note(self, y: Vector) -> None:
        """Close every open aim that the table y meets."""
        if not self.usable(y):
            return
        met = self._met(y)
        self.done |= {k: Outcome(True, y) for k in self.open if met[k]}
        self.open = [k for k in self.open if not met[k]]

    def conclude(self, k: int, optimum: lp.Optimum) -> None:
        """Close aim k, for which `optimum` is the best there is."""
        if k in self.done:
            return
        self.note(optimum.y)
        if k not in self.done:
            is_met = bool(self._met(optimum.y)[k])
            self.done[k] = Outcome(is_met, optimum.y, optimum.prices, is_sure=not is_met)
            self.open.remove(k)

    def _met(self, y: Vector) -> npt.NDArray[np.bool_]:
        return np.asarray(self.signs * (y[self.cells] - self.levels) >= -TOLERANCE)
