"""Inequalities over zeros and ones, withheld or not, that every safe choice of cells satisfies.

Fischetti and Salazar-González, "Solving the cell suppression problem on tabular data with linear constraints",
Management Science 47 (2001).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from reckon.disclosure.frame import Indices
from reckon.disclosure.needs import rows_of_cells_only
from reckon.disclosure.programs import TOLERANCE, Matrix, Vector
from reckon.disclosure.reach import Aim, Failed
from reckon.disclosure.system import System

DIGITS = 6
"""Decimals of a price that are meant; the rest is the solver's noise."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Inequalities: matrix x >= need."""

    matrix: Matrix
    need: Vector


def joined(rows: Iterable[Rows]) -> Rows:
    """All inequalities as one set."""
    every = list(rows)
    return Rows(sparse.vstack([part.matrix for part in every], format="csr"), np.concatenate([r.need for r in every]))


def first_rows(system: System, aims: Iterable[Aim]) -> Rows:
    """What single equations ask for."""
    return joined([_no_lonely_cell(system), _one_row_at_a_time(system, aims)])


def cuts(system: System, failed: Iterable[Failed]) -> Rows:
    """For each failed aim an inequality that every good pattern satisfies and the present one does not.

    With prices p of the equations, slope = sign e + M'p bounds how far the cell gets by what the others can give:
    sign y = slope'y for every table. A cell with positive slope would have to rise (no limit), one with negative
    slope to fall (to the lowest value), and what it gives counts at most as the whole need.
    """
    room = (system.values - system.lowest).astype(float)
    transposed = system.matrix.T.tocsr()[: system.size]
    entries, needs = _Entries(), []
    for fail in failed:
        slope = transposed @ fail.prices
        slope[fail.aim.cell] += fail.aim.sign
        cells = np.flatnonzero(np.abs(slope) > TOLERANCE)
        slope = np.round(slope[cells], DIGITS + 3)
        need = fail.aim.sign * fail.aim.level - float(slope @ system.values[cells])
        give = np.where(slope > 0, need, np.minimum(-slope * room[cells], need))
        entries.add(cells, give.round(DIGITS))
        needs.append(round(need, DIGITS))
    return Rows(entries.matrix(system.size), np.array(needs))


def _one_row_at_a_time(system: System, aims: Iterable[Aim]) -> Rows:
    """What each single equation asks for: when a cell is to rise, others in its row must give way, and conversely."""
    rows, columns = rows_of_cells_only(system), system.matrix.tocsc()
    room = (system.values - system.lowest).astype(float)
    entries, needs = _Entries(), []
    for aim in aims:
        need = abs(aim.level - system.values[aim.cell])
        for row in columns.indices[columns.indptr[aim.cell] : columns.indptr[aim.cell + 1]]:
            if row not in rows:
                continue
            cells, signs = rows[row]
            falls = signs * signs[cells == aim.cell] * aim.sign > 0
            give = np.where(falls, np.minimum(room[cells], need), need)
            others = cells != aim.cell
            entries.add(cells[others], give[others])
            needs.append(need)
    return Rows(entries.matrix(system.size), np.array(needs))


def _no_lonely_cell(system: System) -> Rows:
    """A cell that is the only one hidden in its row is found by subtraction: hiding it would be loss for nothing."""
    entries = _Entries()
    for cells, _ in rows_of_cells_only(system).values():
        if system.fixed[cells].any():
            continue
        for cell in cells:
            entries.add(cells, np.where(cells == cell, -1.0, 1.0))
    return Rows(entries.matrix(system.size), np.zeros(entries.count))


class _Entries:
    """A sparse matrix written row by row."""

    def __init__(self) -> None:
        self.count = 0
        self.cells: list[Indices] = []
        self.values: list[Vector] = []

    def add(self, cells: Indices, values: Vector) -> None:
        self.count += 1
        self.cells.append(cells)
        self.values.append(values)

    def matrix(self, width: int) -> Matrix:
        pointers = np.cumsum([0, *(len(cells) for cells in self.cells)])
        cells = np.concatenate([np.zeros(0, dtype=np.int64), *self.cells])
        return sparse.csr_array((np.concatenate([np.zeros(0), *self.values]), cells, pointers), (self.count, width))
