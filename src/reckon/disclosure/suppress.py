"""Which cells to withhold besides the small ones: secondary suppression at the smallest loss.

Fischetti and Salazar-González, "Solving the cell suppression problem on tabular data with linear constraints",
Management Science 47 (2001). Cells are variables, every margin an equation My = 0. For each sensitive count two tables
must exist that agree with everything published: one where the count is at the top of what it needs, one where it is at
the bottom (see `Rule.span`). A pattern x that fails for some count is cut off through the dual of the attacker's
linear program:
    sum over cells of  min(room of the cell, need) x  >=  need.
Loss: persons in the cells withheld, then the number of cells. What comes out is a proposal; `audit` judges it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from reckon.disclosure.cuts import Rows, first_rows, joined
from reckon.disclosure.frame import Indices
from reckon.disclosure.parts import Part, slices, whole
from reckon.disclosure.programs import Vector, minimise_binary
from reckon.disclosure.reach import WORKERS, Aim
from reckon.disclosure.system import Flags, System


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to search: rounds of choosing cells anew for each kind of slice and for the whole, and how exactly.

    `gap` is how near the smallest loss, in proportion, each choice comes, `nodes` when the search for it ends. After
    `rounds` in the whole, cells are only added, so that the search ends.
    """

    slice_rounds: tuple[int, ...]
    rounds: int
    gap: float
    nodes: int


EXACT = Effort(slice_rounds=(20, 20, 20), rounds=200, gap=0.0, nodes=5_000)
QUICK = Effort(slice_rounds=(2,), rounds=2, gap=0.01, nodes=500)
LARGE = Effort(slice_rounds=(2, 4), rounds=0, gap=0.01, nodes=500)
EXACT_WORK = 40_000
"""Cells times aims up to which the smallest loss is sought."""
LARGE_SIZE = 4_000
"""Cells above which every linear program over all of them counts."""


def effort_for(cells: int, aims: int) -> Effort:
    """How hard to search by default."""
    return EXACT if cells * aims <= EXACT_WORK else QUICK if cells <= LARGE_SIZE else LARGE


@dataclass(frozen=True, slots=True)
class Pattern:
    """The cells to withhold, and a `bound`: no safe pattern that withholds the sensitive cells loses less."""

    hidden: Flags
    bound: float
    evidence: tuple[Vector, ...]
    """Tables, one value for each variable, that between them meet all aims; most hold fractions."""


def choose(system: System, aims: Sequence[Aim], effort: Effort | None = None) -> Pattern:
    """The cells to withhold, sensitive ones included, so that each aim can be met.

    With `EXACT` the loss is the smallest there is, and equals the bound.
    """
    if not aims:
        return Pattern(system.fixed, 0.0, ())
    effort = effort or effort_for(system.size, len(aims))
    search = _Search(system, aims, effort)
    for parts, rounds in zip(slices(system, aims), effort.slice_rounds, strict=False):
        for _ in range(rounds):
            if not search.cut(parts):
                break
            search.choose()
    everything = [whole(system, aims)]
    for number in range(effort.rounds + system.size):
        if not search.cut(everything):
            return Pattern(search.hidden, search.bound, everything[0].evidence())
        search.choose(keep=number >= effort.rounds)
    return Pattern(~system.public, search.bound, ())


def widen(system: System, hidden: Flags, cells: Indices) -> Flags:
    """More cells withheld: for each of `cells` the cheapest one shown that shares an equation with it (or any)."""
    wider = hidden.copy()
    rows = system.matrix.tocsr()[:, : system.size]
    for cell in cells:
        beside = (abs(rows).T @ (rows[:, [int(cell)]] != 0)).toarray().ravel() > 0
        shown = np.flatnonzero(~wider & ~system.public & beside)
        if not len(shown):
            shown = np.flatnonzero(~wider & ~system.public)
        if len(shown):
            wider[shown[np.argmin(system.values[shown])]] = True
    return wider


def weights(system: System) -> Vector:
    """The loss of withholding each cell: its persons, and a little for the cell itself."""
    return np.where(system.fixed, 0.0, system.values + 1.0 / (system.size + 1))


class _Search:
    """The inequalities found so far and the best choice under them."""

    def __init__(self, system: System, aims: Sequence[Aim], effort: Effort) -> None:
        self.system, self.effort = system, effort
        self.rows = [first_rows(system, aims)]
        self.hidden = system.fixed
        self.bound = 0.0
        self.choose()

    def cut(self, parts: Sequence[Part]) -> bool:
        """Whether some part fails; the inequalities that say why are added."""
        with ThreadPoolExecutor(WORKERS) as pool:
            answers = list(pool.map(lambda part: part.separate(self.hidden, self.system.size), parts))
        found = [rows for rows in answers if rows is not None]
        self.rows += found
        return bool(found)

    def choose(self, *, keep: bool = False) -> None:
        """The least loss under the inequalities; with `keep`, among the choices that only add cells."""
        least = (self.hidden if keep else self.system.fixed).astype(float)
        rows: Rows = joined(self.rows)
        limits = (least, (~self.system.public).astype(float))
        best = minimise_binary(weights(self.system), rows.matrix, rows.need, limits, self.effort.gap, self.effort.nodes)
        if best is None:
            self.hidden = ~self.system.public
            return
        self.hidden = best.x > 0.5
        if not keep:
            self.bound = max(self.bound, best.bound)
