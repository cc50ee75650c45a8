"""The tables that fit what is known: {y : matrix y = rhs, y >= lower}, and how far one cell can move within them.

Linear and integer programs go to HiGHS through SciPy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

Vector = npt.NDArray[np.float64]
Matrix = Any  # scipy.sparse has no type stubs

TOLERANCE = 1e-6
BATCH = 4_000
"""Variables solved in one call; small programs are put side by side up to this size."""
LITTLE_PROGRESS = 2
NODES = 10_000
ROUGH_GAP, ROUGH_NODES = 0.05, 50


class SolverError(RuntimeError):
    """The solver gave neither an optimum nor a proof that there is none."""


def minimise(cost: Vector, matrix: Matrix, rhs: Vector, lower: Vector, upper: Vector) -> Vector | None:
    """The optimum of the linear program, None when nothing satisfies it. Every objective here must be bounded."""
    bounds = np.column_stack([lower, upper])
    equations = (matrix, rhs) if matrix.shape[0] else (None, None)
    found = optimize.linprog(cost, A_eq=equations[0], b_eq=equations[1], bounds=bounds, method="highs")
    if found.status not in (0, 2):
        raise SolverError(found.message)
    return None if found.status == 2 else np.asarray(found.x, dtype=np.float64)


def minimise_integer(
    cost: Vector, matrix: Matrix, rhs: Vector, lower: Vector, upper: Vector, *, gap: float = 0.0, nodes: int = NODES
) -> Vector | None:
    """The best whole numbers found; None when none were found. Nodes, not seconds, limit the search."""
    found = optimize.milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=optimize.Bounds(lower, upper),
        constraints=optimize.LinearConstraint(matrix, rhs, rhs) if matrix.shape[0] else None,
        options={"mip_rel_gap": gap, "node_limit": nodes},
    )
    # SciPy knows only some of the ways in which HiGHS says that its nodes have run out; the message always says it
    if found.status not in (0, 1, 2) and "limit" not in found.message:
        raise SolverError(found.message)
    return None if found.x is None else np.asarray(np.round(found.x), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Aim:
    """Variable `cell` should rise (`sign` +1) or fall (-1) to `level`."""

    cell: int
    sign: int
    level: float


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

    def one_by_one(self, aims: Sequence[Aim]) -> list[Vector]:
        """For each aim the table that comes nearest to it, in fractions, all solved in one call."""
        width, many = self.size, len(aims)
        programs = [self._program(aim) for aim in aims]
        cost = np.concatenate([cost for cost, _ in programs])
        upper = np.concatenate([upper for _, upper in programs])
        repeated = sparse.block_diag([self.matrix] * many, format="csc") if many > 1 else self.matrix
        found = minimise(cost, repeated, np.tile(self.rhs, many), np.tile(self.lower, many), upper)
        if found is None:
            raise ValueError("no table fits what is known")
        return [found[k * width : (k + 1) * width] for k in range(many)]

    def in_whole_numbers(self, aim: Aim) -> Vector | None:
        """The table of whole numbers that comes nearest to the aim; None when the search finds none."""
        cost, upper = self._program(aim)
        return minimise_integer(cost, self.matrix, self.rhs, self.lower, upper)

    def _program(self, aim: Aim) -> tuple[Vector, Vector]:
        cost, upper = np.zeros(self.size), np.full(self.size, np.inf)
        cost[aim.cell] = -aim.sign
        if aim.sign > 0:
            upper[aim.cell] = max(aim.level, self.lower[aim.cell])
        return cost, upper

    def together(self, aims: Sequence[Aim]) -> Vector | None:
        """One table of whole numbers that brings aims of one sign near as many of their levels as it can, if found.

        Each aimed variable is split into the part up to its level and the rest; the first part is rewarded when it
        should rise, the second costs when it should fall. A table in fractions is followed by a rough integer search.
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
        both = minimise(cost, matrix, self.rhs, lower, upper)
        if both is None:
            raise ValueError("no table fits what is known")
        if not is_whole(both):
            both = minimise_integer(cost, matrix, self.rhs, lower, upper, gap=ROUGH_GAP, nodes=ROUGH_NODES)
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
        found = minimise(cost, matrix, np.zeros(len(self.rhs)), np.zeros(2 * width), upper)
        assert found is not None, "the zero ray always fits"
        return np.asarray(found[:width] > TOLERANCE)


def is_whole(y: Vector) -> bool:
    """Whether every value is a whole number."""
    return bool(np.abs(y - np.round(y)).max(initial=0.0) <= TOLERANCE)


def reach(polytope: Polytope, aims: Sequence[Aim], learn: Callable[[Vector], None]) -> None:
    """Tell `learn` of tables of whole numbers until each aim is met by one, or met as nearly as it can be.

    One table often meets many aims, so large problems first look for tables that meet as many as possible; what is
    left is solved aim by aim.
    """
    search = Openness(aims, learn)
    if len(aims) * polytope.size > BATCH:
        for sign in (1, -1):
            while part := [k for k in search.open if aims[k].sign == sign]:
                table = polytope.together([aims[k] for k in part])
                if table is None or search.note(table) < LITTLE_PROGRESS:
                    break
    step = max(1, BATCH // max(1, polytope.size))
    while search.open:
        part = search.open[:step]
        for k, y in zip(part, polytope.one_by_one([aims[k] for k in part]), strict=True):
            if k not in search.open:
                continue
            if is_whole(y):
                search.note(y)
            elif not search.is_best(k, y) and (whole := polytope.in_whole_numbers(aims[k])) is not None:
                search.note(whole)
            search.open = [other for other in search.open if other != k]


class Openness:
    """The aims still open and what was found about the others."""

    def __init__(self, aims: Sequence[Aim], learn: Callable[[Vector], None]) -> None:
        self.cells = np.array([aim.cell for aim in aims], dtype=np.int64)
        self.signs = np.array([aim.sign for aim in aims], dtype=np.int64)
        self.levels = np.array([aim.level for aim in aims], dtype=np.float64)
        self.best = np.full(len(aims), -np.inf)
        self.learn = learn
        self.open = list(range(len(aims)))

    def note(self, y: Vector) -> int:
        """Close every open aim that the table y meets; how many."""
        self.learn(y)
        self.best = np.maximum(self.best, self.signs * y[self.cells])
        met = self.signs * (y[self.cells] - self.levels) >= -TOLERANCE
        before = len(self.open)
        self.open = [k for k in self.open if not met[k]]
        return before - len(self.open)

    def is_best(self, k: int, y: Vector) -> bool:
        """Whether no whole number lies between the best found for aim k and the best fraction there is."""
        return bool(self.best[k] >= np.floor(self.signs[k] * y[self.cells[k]] + TOLERANCE))
