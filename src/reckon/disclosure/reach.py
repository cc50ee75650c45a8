"""How far single cells can move when some are withheld: linear programs of the side that suppresses."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from reckon.disclosure.frame import Indices
from reckon.disclosure.programs import TOLERANCE, Matrix, Optimum, Repeated, Vector, copies, minimise
from reckon.disclosure.system import Flags, System

BATCH = 4_000
"""Variables solved in one call; small programs are put side by side up to this size."""
WORKERS = 2
MOST_FAILED = 200
"""Failed aims of a large system after which a worker leaves the rest for another choice of cells."""
LITTLE_PROGRESS = 0.03
"""Part of the open aims that a common table has to meet for another one to be tried."""


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
    """The tables that agree with all cells but the hidden ones, whose variables come first, then the latent ones."""

    def __init__(self, system: System, hidden: Flags) -> None:
        kept = np.concatenate([np.flatnonzero(hidden), np.arange(system.size, system.size + system.latent)])
        shown = np.flatnonzero(~hidden)
        self.values = system.values.astype(float)
        self.hidden = np.flatnonzero(hidden)
        self.place = np.cumsum(hidden) - 1
        self.matrix: Matrix = system.matrix[:, kept]
        self.rhs = -(system.matrix[:, shown] @ system.values[shown]).astype(float)
        self.lower = np.where(kept < system.size, float(system.lowest), 0.0)

    def table(self, y: Vector) -> Vector:
        """All variables of the system, the shown ones at their values."""
        full = self.values.copy()
        full[self.hidden] = y[: len(self.hidden)]
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

    def together(self, aims: Sequence[Aim]) -> Vector:
        """One table that brings aims of one sign near as many of their levels as it can.

        Each aimed variable is split into the part up to its level and the rest; the first part is rewarded when it
        should rise, the second costs when it should fall.
        """
        width, cells = len(self.lower), self.place[[aim.cell for aim in aims]]
        matrix = sparse.hstack([self.matrix, self.matrix[:, cells]], format="csc")
        lower = np.concatenate([self.lower, np.zeros(len(cells))])
        upper = np.full(len(lower), np.inf)
        upper[cells] = np.maximum([aim.level for aim in aims], self.lower[cells])
        cost = np.zeros(len(lower))
        if aims[0].sign > 0:
            cost[cells] = -1.0
        else:
            cost[width:] = 1.0
        found = minimise(cost, matrix, self.rhs, lower, upper)
        assert found is not None, "the truth fits"
        y = found.y[:width].copy()
        y[cells] += found.y[width:]
        return y


def is_met(aim: Aim, table: Vector) -> bool:
    """Whether the table has the cell where it should go."""
    return bool(aim.sign * (table[aim.cell] - aim.level) >= -TOLERANCE)


def meet_together(room: Room, aims: Sequence[Aim]) -> tuple[dict[Aim, Vector], list[Aim]]:
    """Tables for as many aims as a few common ones meet, and the aims left."""
    met: dict[Aim, Vector] = {}
    left = []
    for sign in (1, -1):
        part = [aim for aim in aims if aim.sign == sign]
        while part:
            table = room.table(room.together(part))
            found = {aim: table for aim in part if is_met(aim, table)}
            met |= found
            part = [aim for aim in part if aim not in found]
            if len(found) <= LITTLE_PROGRESS * len(part):
                break
        left += part
    return met, left


def meet(
    system: System, hidden: Flags, aims: Sequence[Aim], block: Indices | None = None
) -> tuple[dict[Aim, Vector], list[Failed]]:
    """A table for each aim that can be met, and the proof for each that cannot.

    `block` numbers the parts of the system that no equation ties together, cell by cell; it is one by default.
    """
    room = Room(system, hidden)
    block = np.zeros(system.size, dtype=np.int64) if block is None else block
    met: dict[Aim, Vector] = {}
    left = list(aims)
    if len(aims) * len(room.lower) > BATCH:
        met, left = meet_together(room, aims)
    if len(room.lower) > BATCH and not block.any():
        return _in_halves(room, left, met)
    failed: list[Failed] = []
    step = max(1, BATCH // max(1, len(room.lower)))
    row_block = _row_blocks(system, block)
    while left:
        layers = _layers(left, block, step)
        for layer, optimum in zip(layers, room.alone(layers), strict=True):
            table = room.table(optimum.y)
            for aim in layer:
                if is_met(aim, table):
                    met[aim] = table
                else:
                    prices = np.where(row_block == block[aim.cell], optimum.prices, 0.0)
                    failed.append(Failed(aim, float(table[aim.cell]), prices))
            met |= {other: table for other in left if is_met(other, table)}
        tried = {aim for layer in layers for aim in layer}
        left = [aim for aim in left if aim not in met and aim not in tried]
    return met, failed


def _in_halves(room: Room, aims: Sequence[Aim], met: dict[Aim, Vector]) -> tuple[dict[Aim, Vector], list[Failed]]:
    """As `meet`, for one large system. The halves never tell one another, so that their pace does not matter."""
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = list(pool.map(lambda start: _one_after_another(room, aims[start::WORKERS]), range(WORKERS)))
    failed = []
    for found, failures in answers:
        met |= found
        failed += failures
    return met, failed


def _one_after_another(room: Room, aims: Sequence[Aim]) -> tuple[dict[Aim, Vector], list[Failed]]:
    """It ends early when enough has failed, and then says nothing of some aims."""
    solver = Repeated(room.matrix, room.rhs, room.lower)
    met: dict[Aim, Vector] = {}
    failed: list[Failed] = []
    left = list(aims)
    while left and len(failed) < MOST_FAILED:
        aim = left.pop(0)
        optimum = solver.extreme(int(room.place[aim.cell]), aim.sign) or room.alone([[aim]])[0]
        table = room.table(optimum.y)
        if not is_met(aim, table):
            failed.append(Failed(aim, float(table[aim.cell]), optimum.prices))
        here = {other: table for other in (aim, *left) if is_met(other, table)}
        met |= here
        left = [other for other in left if other not in here]
    return met, failed


def _row_blocks(system: System, block: Indices) -> Indices:
    rows = system.matrix.tocsr()
    if not rows.shape[0] or not len(block) or not block.any():
        return np.zeros(rows.shape[0], dtype=np.int64)
    return np.asarray(block[rows.indices[rows.indptr[:-1]]])


def _layers(aims: Sequence[Aim], block: Indices, most: int) -> list[list[Aim]]:
    """Lists of aims, of which no two in one list share a block."""
    layers: list[list[Aim]] = []
    used: dict[int, int] = {}
    for aim in aims:
        number = used.get(int(block[aim.cell]), 0)
        if number < most:
            used[int(block[aim.cell])] = number + 1
            if number == len(layers):
                layers.append([])
            layers[number].append(aim)
    return layers
