"""Which cells to withhold besides the small ones: secondary suppression at the smallest loss.

Fischetti and Salazar-González, "Solving the cell suppression problem on tabular data with linear constraints",
Management Science 47 (2001). Cells are variables, every margin an equation My = 0. For each sensitive count two tables
must exist that agree with everything published: one where the count is at its ceiling, one where it is at its floor
(see `Rule`). A pattern x that fails for some count is cut off through the dual of the attacker's linear program:
    sum over cells of  min(room of the cell, need) x  >=  need.
Loss: persons in the cells withheld, then the number of cells. What comes out is a proposal; `audit` judges it.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from reckon.disclosure import lp
from reckon.disclosure.lp import TOLERANCE, Matrix, Vector
from reckon.disclosure.polytope import Aim, Outcome, Polytope, reach
from reckon.disclosure.rule import Rule
from reckon.disclosure.system import Flags, Indices, System

EXACT_WORK = 40_000
"""Cells times sensitive cells up to which the smallest loss is sought."""
EXACT_ROUNDS = 12
ROUNDS = 2
"""Rounds in which cells may be chosen anew; afterwards cells are only added, so that the search ends."""
GAP = 0.01
"""How near the smallest loss, in proportion, each round of a large problem comes."""
NODES = 500
DIGITS = 6
"""Decimals of a price that are meant; the rest is the solver's noise."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Inequalities: matrix x >= need."""

    matrix: Matrix
    need: Vector

    def __add__(self, other: "_Rows") -> "_Rows":
        return _Rows(sparse.vstack([self.matrix, other.matrix], format="csr"), np.append(self.need, other.need))


def choose(system: System, rule: Rule) -> Flags:
    """The cells to withhold, sensitive ones included: one flag per variable of the system.

    Small problems get the smallest loss; larger ones come near it in two rounds and then add cells until all is met.
    """
    hidden = system.sensitive.copy()
    if not hidden.any():
        return hidden
    aims = _aims(system, rule)
    is_small = system.size * int(hidden.sum()) <= EXACT_WORK
    rounds, gap = (EXACT_ROUNDS, 0.0) if is_small else (ROUNDS, GAP)
    rows = _no_lonely_cell(system) + _one_row_at_a_time(system, aims)
    witnesses: dict[Aim, Flags] = {}
    for number in range(system.size + rounds):
        hidden = _cheapest(system, rows, hidden if number >= rounds else system.sensitive, gap)
        failed = _failed(system, hidden, aims, witnesses)
        if not failed:
            return hidden
        rows += _cuts(system, failed)
    return np.ones(system.size, dtype=np.bool_)


def widen(system: System, hidden: Flags, cells: Indices) -> Flags:
    """More cells withheld: for each of `cells` the cheapest one shown that shares an equation with it (or any)."""
    wider = hidden.copy()
    rows = system.matrix.tocsr()[:, : system.size]
    for cell in cells:
        beside = (abs(rows).T @ (rows[:, [int(cell)]] != 0)).toarray().ravel() > 0
        shown = np.flatnonzero(~wider & beside)
        if not len(shown):
            shown = np.flatnonzero(~wider)
        if len(shown):
            wider[shown[np.argmin(system.values[shown])]] = True
    return wider


def _aims(system: System, rule: Rule) -> list[Aim]:
    """Where each sensitive cell must be able to go, without those where it already is."""
    cells = np.flatnonzero(system.sensitive)
    guess = _least(system)
    lowest = [Aim(int(cell), -1, guess[cell]) for cell in cells]
    everything = np.ones(system.size, dtype=np.bool_)
    aims = []
    for aim, outcome in zip(lowest, reach(_polytope(system, everything), lowest), strict=True):
        floor = int(aim.level if outcome.is_met else np.ceil(outcome.y[aim.cell] - TOLERANCE))
        value = int(system.values[aim.cell])
        aims += [Aim(aim.cell, 1, rule.ceiling(floor))] if value < rule.ceiling(floor) else []
        aims += [Aim(aim.cell, -1, floor)] if value > floor else []
    return aims


def _least(system: System) -> Vector:
    """What each cell must hold at least, because each of its parts holds the lowest value: a first guess at floors."""
    least = np.full(system.size, float(system.lowest))
    for _ in range(system.size):
        before = least.copy()
        for cells, signs in _rows_of_cells_only(system).values():
            margin = cells[signs < 0]
            least[margin] = np.maximum(least[margin], least[cells[signs > 0]].sum())
        if (least == before).all():
            break
    return least


def _polytope(system: System, hidden: Flags) -> Polytope:
    """The tables that agree with all cells but the hidden ones, whose variables come first, then the latent ones."""
    kept = np.concatenate([np.flatnonzero(hidden), np.arange(system.size, system.size + system.latent)])
    shown = np.flatnonzero(~hidden)
    lower = np.where(kept < system.size, float(system.lowest), 0.0)
    return Polytope(system.matrix[:, kept], -(system.matrix[:, shown] @ system.values[shown]).astype(float), lower)


def _weights(system: System) -> Vector:
    return np.where(system.sensitive, 0.0, system.values + 1.0 / (system.size + 1))


def _cheapest(system: System, rows: _Rows, fixed: Flags, gap: float) -> Flags:
    """The least loss among the patterns that satisfy the rows and contain the cells in `fixed`."""
    limits = (rows.matrix, rows.need, np.full(len(rows.need), np.inf))
    x = lp.minimise_integer(_weights(system), limits, fixed.astype(float), np.ones(system.size), gap=gap, nodes=NODES)
    return np.ones(system.size, dtype=np.bool_) if x is None else x > 0.5


def _failed(system: System, hidden: Flags, aims: list[Aim], witnesses: dict[Aim, Flags]) -> list[tuple[Aim, Outcome]]:
    """The aims that the pattern does not let happen. A table found once serves as long as all it changes is hidden."""
    open_aims = [aim for aim in aims if aim not in witnesses or (witnesses[aim] & ~hidden).any()]
    place = np.cumsum(hidden) - 1
    moved_aims = [Aim(int(place[aim.cell]), aim.sign, aim.level) for aim in open_aims]
    failed = []
    for aim, outcome in zip(open_aims, reach(_polytope(system, hidden), moved_aims), strict=True):
        if outcome.is_met:
            witnesses[aim] = _changed(system, hidden, outcome.y)
        else:
            failed.append((aim, outcome))
    return failed


def _changed(system: System, hidden: Flags, y: Vector) -> Flags:
    changed = np.zeros(system.size, dtype=np.bool_)
    changed[hidden] = np.abs(y[: int(hidden.sum())] - system.values[hidden]) > TOLERANCE
    return changed


def _cuts(system: System, failed: list[tuple[Aim, Outcome]]) -> _Rows:
    """For each failed aim an inequality that every good pattern satisfies and the present one does not.

    With prices p of the equations, slope = sign e + M'p bounds how far the cell gets by what the others can give:
    sign y = slope'y for every table. A cell with positive slope would have to rise (no limit), one with negative
    slope to fall (to the lowest value), and what it gives counts at most as the whole need.
    """
    room = system.values - system.lowest
    coefficients, needs = [], []
    for aim, outcome in failed:
        slope = system.matrix.T @ outcome.prices
        slope[aim.cell] += aim.sign
        slope = np.round(slope[: system.size], DIGITS + 3)
        need = aim.sign * aim.level - float(slope @ system.values)
        coefficients.append(np.where(slope > 0, need, np.minimum(-slope * room, need)))
        needs.append(need)
    return _Rows(sparse.csr_array(np.round(coefficients, DIGITS)), np.round(needs, DIGITS))


def _one_row_at_a_time(system: System, aims: list[Aim]) -> _Rows:
    """What each single equation asks for: when a cell is to rise, others in its row must give way, and conversely."""
    rows, columns = _rows_of_cells_only(system), system.matrix.tocsc()
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
    return _Rows(entries.matrix(system.size), np.array(needs))


def _no_lonely_cell(system: System) -> _Rows:
    """A cell that is the only one hidden in its row is found by subtraction: hiding it would be loss for nothing."""
    entries = _Entries()
    for cells, _ in _rows_of_cells_only(system).values():
        if system.sensitive[cells].any():
            continue
        for cell in cells:
            entries.add(cells, np.where(cells == cell, -1.0, 1.0))
    return _Rows(entries.matrix(system.size), np.zeros(entries.count))


def _rows_of_cells_only(system: System) -> dict[int, tuple[Indices, Vector]]:
    """The equations without latent cells, as (cells, signs)."""
    rows = system.matrix.tocsr()
    spans = ((row, slice(rows.indptr[row], rows.indptr[row + 1])) for row in range(rows.shape[0]))
    return {row: (rows.indices[s], rows.data[s]) for row, s in spans if (rows.indices[s] < system.size).all()}


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
