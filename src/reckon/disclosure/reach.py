"""How far single cells can move when some are withheld: linear programs of the side that suppresses."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from reckon.disclosure.frame import Indices
from reckon.disclosure.independent import independent_rows
from reckon.disclosure.programs import TOLERANCE, Matrix, Optimum, Repeated, Vector, copies, minimise
from reckon.disclosure.system import Flags, System

BATCH = 4_000
"""Variables solved in one call; small programs are put side by side up to this size."""
WORKERS = 2
TURN = 16
"""Programs that each worker solves before all hear which aims are met: a fixed number, so that pace does not matter."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Variable `cell` should rise (`sign` +1) or fall (-1) to `level`."""

    cell: int
    sign: int
    level: float


@dataclass(frozen=True, slots=True)
class Failed:
    """An aim that cannot be met, how far the cell gets, and the `prices` of the equations that prove it."""

    aim: Aim
    value: float
    prices: Vector


class Room:
    """The tables that agree with all cells but the hidden ones, whose variables come first, then the latent ones.

    A `lean` one leaves out the equations that follow from others: its programs are smaller by a sixth.
    """

    def __init__(self, system: System, hidden: Flags, *, lean: bool = False) -> None:
        kept = np.concatenate([np.flatnonzero(hidden), np.arange(system.size, system.size + system.latent)])
        shown = np.flatnonzero(~hidden)
        self.values = system.values.astype(float)
        self.hidden = np.flatnonzero(hidden)
        self.place = np.cumsum(hidden) - 1
        self.equations = system.matrix.shape[0]
        self.rows = independent_rows(system.matrix) if lean else np.arange(self.equations)
        matrix = system.matrix.tocsr()[self.rows].tocsc() if lean else system.matrix
        self.matrix: Matrix = matrix[:, kept]
        self.rhs = -(matrix[:, shown] @ system.values[shown]).astype(float)
        self.lower = np.where(kept < system.size, float(system.lowest), 0.0)

    def table(self, y: Vector) -> Vector:
        """All variables of the system, the shown ones at their values."""
        full = self.values.copy()
        full[self.hidden] = y[: len(self.hidden)]
        return full

    def prices(self, optimum: Optimum) -> Vector:
        """The prices of all equations of the system; those left out cost nothing."""
        full = np.zeros(self.equations)
        full[self.rows] = optimum.prices
        return full

    def alone(self, layers: Sequence[Sequence[Aim]]) -> list[Optimum]:
        """For each aim the table that comes nearest to it, all solved in one call.

        The aims of one layer lie in blocks of the system that no equation ties together, so that one table serves all.
        """
        rows, width, many = len(self.rhs), len(self.lower), len(layers)
        cost, upper = np.zeros((many, width)), np.full((many, width), np.inf)
        for k, layer in enumerate(layers):
            for aim in layer:
                cell = int(self.place[aim.cell])
                cost[k, cell] = -aim.sign
                if aim.sign > 0:
                    upper[k, cell] = max(aim.level, self.lower[cell])
        limits = (np.tile(self.rhs, many), np.tile(self.lower, many), upper.ravel())
        found = minimise(cost.ravel(), copies(self.matrix, many), *limits)
        assert found is not None, "the truth fits"
        return [
            Optimum(found.y[k * width : (k + 1) * width], found.prices[k * rows : (k + 1) * rows]) for k in range(many)
        ]


def is_met(aim: Aim, table: Vector) -> bool:
    """Whether the table has the cell where it should go."""
    return bool(aim.sign * (table[aim.cell] - aim.level) >= -TOLERANCE)


def meet(
    system: System, hidden: Flags, aims: Sequence[Aim], block: Indices | None = None, enough: int | None = None
) -> tuple[dict[Aim, Vector], list[Failed]]:
    """A table for each aim that can be met, and the proof for each that cannot.

    `block` numbers the parts of the system that no equation ties together, cell by cell; it is one by default. Once
    `enough` have failed, some aims may be left out of both.
    """
    block = np.zeros(system.size, dtype=np.int64) if block is None else block
    width = int(hidden.sum()) + system.latent
    search = _Search(Room(system, hidden, lean=len(aims) * width > BATCH), system, aims, block)
    if len(aims) * width > BATCH:
        search.in_turns(1 if block.any() else WORKERS, enough or len(aims) + 1)
    else:
        search.at_once(max(1, BATCH // max(1, width)))
    return search.met, search.failed


class _Search:
    """The aims still open, and what was found about the others."""

    def __init__(self, room: Room, system: System, aims: Sequence[Aim], block: Indices) -> None:
        self.room, self.block, self.row_block = room, block, _row_blocks(system, block)
        self.aims = [aims[k] for k in np.random.default_rng(0).permutation(len(aims))]
        self.cells = np.array([aim.cell for aim in self.aims], dtype=np.int64)
        self.signs = np.array([aim.sign for aim in self.aims], dtype=np.float64)
        self.levels = np.array([aim.level for aim in self.aims], dtype=np.float64)
        self.open = np.ones(len(aims), dtype=np.bool_)
        self.met: dict[Aim, Vector] = {}
        self.failed: list[Failed] = []

    def at_once(self, most: int) -> None:
        """Small programs side by side in few calls, at most so many in each."""
        while self.open.any():
            layers = self._layers(most)
            optima = self.room.alone([[self.aims[k] for k in layer] for layer in layers])
            for layer, optimum in zip(layers, optima, strict=True):
                self._note(layer, optimum)

    def in_turns(self, workers: int, enough: int) -> None:
        """One program after the other, each from where the last one ended.

        The order is random, as an extreme table often meets aims far from its own and seldom those beside it. The
        workers tell one another after every turn.
        """
        room = self.room
        solvers = [Repeated(room.matrix, room.rhs, room.lower) for _ in range(workers)]
        with ThreadPoolExecutor(workers) as pool:
            while self.open.any() and len(self.failed) < enough:
                layers = self._layers(workers * TURN)
                shares = [layers[start::workers] for start in range(workers)]
                answers = list(pool.map(self._turn, solvers, shares))  # nobody hears anything before all have ended
                for answer in answers:
                    for layer, optimum in answer:
                        self._note(layer, optimum)

    def _turn(self, solver: Repeated, layers: Sequence[Indices]) -> list[tuple[Indices, Optimum]]:
        found: list[tuple[Indices, Optimum]] = []
        is_open = self.open.copy()
        for layer in layers:
            left = layer[is_open[layer]]
            if len(left):
                optimum = solver.extreme(self.room.place[self.cells[left]], self.signs[left])
                optimum = optimum or self.room.alone([[self.aims[k] for k in left]])[0]
                is_open &= ~self._meets(self.room.table(optimum.y))
                found.append((left, optimum))
        return found

    def _layers(self, most: int) -> list[Indices]:
        """Open aims, of which no two in one layer share a block."""
        layers: list[list[int]] = []
        used: dict[int, int] = {}
        for k in np.flatnonzero(self.open).tolist():
            block = int(self.block[self.cells[k]])
            number = used.get(block, 0)
            if number < most:
                used[block] = number + 1
                if number == len(layers):
                    layers.append([])
                layers[number].append(k)
        return [np.array(layer, dtype=np.int64) for layer in layers]

    def _meets(self, table: Vector) -> Flags:
        return np.asarray(self.signs * (table[self.cells] - self.levels) >= -TOLERANCE)

    def _note(self, layer: Indices, optimum: Optimum) -> None:
        """Close the aims that the table meets, and those of its own layer."""
        table = self.room.table(optimum.y)
        meets = self._meets(table)
        self.met |= {self.aims[k]: table for k in np.flatnonzero(meets & self.open)}
        for k in layer[~meets[layer] & self.open[layer]]:
            aim = self.aims[k]
            prices = np.where(self.row_block == self.block[aim.cell], self.room.prices(optimum), 0.0)
            self.failed.append(Failed(aim, float(table[aim.cell]), prices))
        self.open &= ~meets
        self.open[layer] = False


def _row_blocks(system: System, block: Indices) -> Indices:
    rows = system.matrix.tocsr()
    if not rows.shape[0] or not len(block) or not block.any():
        return np.zeros(rows.shape[0], dtype=np.int64)
    return np.asarray(block[rows.indices[rows.indptr[:-1]]])
