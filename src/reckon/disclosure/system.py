"""The tables of one indicator as variables and equations: My = 0, one row for every margin.

Only cells that can be withheld are variables: zero cells (unless zeros are sensitive) and missing cells are known to
everyone and drop out, so that a margin over reporting and silent states is the margin of those that reported. A cell
that stands in several tables is one variable. Earlier releases of the same counts add their cells; of counts that have
only grown since, a second set of variables, each at most its later one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from reckon.disclosure.frame import Frame, Grid, Indices, Level, closure, finest, is_coarser, onto, refined
from reckon.disclosure.hierarchy import Hierarchy
from reckon.disclosure.layout import Layout, layout_of
from reckon.disclosure.programs import Matrix
from reckon.disclosure.rule import Rule
from reckon.disclosure.sheets import Earlier, Sheet, Stand, stands
from reckon.disclosure.structure import Group, covers, cyclic_core, unshared
from reckon.tables import CountTable, InputError

Flags = npt.NDArray[np.bool_]

JOINT_LIMIT = 50_000
"""Cells of the largest unpublished joint table that is modelled."""


@dataclass(frozen=True, slots=True)
class System:
    """`index[t]` gives, for each cell of table t, its variable or -1; `values` are the variables' true counts. `past`
    is the same for the tables of earlier releases, newest first, as far back as they are tied to this one.

    `matrix` has one column for each variable and then one for each of the `latent` counts that nobody publishes but
    everybody knows to exist; it is zero at the truth. `sensitive` marks the counts too small to show, `public` those
    that an earlier release shows, `given` those that it withholds and that are no longer ours to show.
    """

    index: tuple[Indices, ...]
    values: Indices
    matrix: Matrix
    latent: int
    sensitive: Flags
    public: Flags
    given: Flags
    lowest: int
    layouts: tuple[Layout, ...]
    """The finest tables with their margins."""
    past: tuple[Indices, ...] = ()

    @property
    def size(self) -> int:
        """How many variables there are, latent ones apart."""
        return len(self.values)

    @property
    def fixed(self) -> Flags:
        """What is withheld in any case."""
        return (self.sensitive | self.given) & ~self.public


def build(
    tables: Sequence[CountTable],
    rule: Rule,
    *,
    hierarchies: Sequence[Hierarchy] = (),
    earlier: Sequence[Sequence[Earlier]] = (),
) -> System:
    """The system of one indicator's linked tables; `earlier` holds earlier releases of it, the newest first.

    Raises InputError when dimensions disagree on their categories, a shared margin is not among the tables, or a
    margin is not the sum of its parts.
    """
    lists = [pair for table in tables for pair in zip(table.dimensions, table.categories, strict=True)]
    _check_groups(tables, Frame(lists, hierarchies))
    while True:
        try:
            return _tied(tables, rule, hierarchies, earlier)
        except Untied:
            earlier = earlier[:-1]


def _tied(
    tables: Sequence[CountTable], rule: Rule, hierarchies: Sequence[Hierarchy], earlier: Sequence[Sequence[Earlier]]
) -> System:
    every = [*tables, *(item.counts for release in earlier for item in release)]
    lists = [pair for table in every for pair in zip(table.dimensions, table.categories, strict=True)]
    maker = _Maker(frame := Frame(lists, hierarchies), rule)
    found = stands(tables, earlier, frame)
    for stand in found:
        maker.add(stand)
    for later, sooner in pairwise(found):
        if sooner.later_holds_more:
            maker.grow(sooner, later)
    return maker.system()


def _check_groups(tables: Sequence[CountTable], frame: Frame) -> None:
    seen: set[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = set()
    for table in tables:
        what = table.dimensions, table.categories
        if what in seen:
            names = ", ".join(sorted(table.dimensions)) or "nothing"
            raise InputError(f"there are two tables of {table.indicator} by {names}")
        seen.add(what)
    grids = [grid for table in tables for grid in frame.grids(table.dimensions, table.categories)]
    every = {token for grid in grids for token in grid.tokens}
    margin = unshared({closure(grid.tokens, every) for grid in grids})
    if margin is not None:
        names = ", ".join(sorted({name for name, _ in margin}))
        what_lacks = f"the table by {names}" if margin else "the total"
        raise InputError(
            f"{what_lacks} of {tables[0].indicator} is not among the tables, but two of them share it: add it"
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """One grid of one sheet: its variables (-1: none) and counts (-1: missing), flattened. No sheet: not published."""

    grid: Grid
    variables: Indices
    counts: Indices
    sheet: Sheet | None = None


class _Maker:
    """Collects variables and rows."""

    def __init__(self, frame: Frame, rule: Rule) -> None:
        self.frame, self.rule = frame, rule
        self.values: list[int] = []
        self.public: list[bool] = []
        self.given: list[bool] = []
        self.index: list[Indices] = []
        self.past: list[Indices] = []
        self.latent = 0
        self.rows = _Rows()
        self.layouts: list[Layout] = []

    def add(self, stand: Stand) -> None:
        """The cells of one stand of the counts and their equations."""
        parts: dict[Group, _Part] = {}
        sheets = [(sheet, self._variables(sheet, stand)) for sheet in stand.sheets]
        grids = [
            (grid, sheet, cells)
            for sheet, cells in sheets
            for grid in self.frame.grids(sheet.table.dimensions, sheet.categories)
        ]
        every = {token for grid, _, _ in grids for token in grid.tokens}
        for grid, sheet, cells in grids:
            flat = grid.cells.ravel()
            part = _Part(grid, cells[flat], sheet.counts[flat], sheet)
            parts.setdefault(closure(grid.tokens, every), part)
        self._lay_out(parts)
        core = self._core(parts)
        if core:
            joint = self._joint([parts[group] for group in core])
            every |= joint.grid.tokens
            parts = {closure(part.grid.tokens, every): part for part in parts.values()}
            parts[closure(joint.grid.tokens, every)] = joint
        self._close(parts)
        for child, margin in covers(list(parts)):
            self._equate(parts[child], parts[margin])

    def _variables(self, sheet: Sheet, stand: Stand) -> Indices:
        cells = np.full(len(sheet.counts), -1, dtype=np.int64)
        for position, (spot, count) in enumerate(zip(sheet.spots, sheet.counts.tolist(), strict=True)):
            if count < self.rule.lowest:
                continue
            if spot not in stand.variables:
                stand.variables[spot] = len(self.values)
                self.values.append(count)
                self.public.append(False)
                self.given.append(True)
            variable = stand.variables[spot]
            if self.values[variable] != count:
                raise InputError(f"{sheet.table.indicator}: {sheet.name} shares a cell with another and differs in it")
            self.public[variable] |= sheet.shown is not None and bool(sheet.shown[position])
            self.given[variable] &= sheet.shown is not None
            cells[position] = variable
        (self.index if sheet.shown is None else self.past).append(cells[sheet.own])
        return cells

    def _lay_out(self, parts: dict[Group, _Part]) -> None:
        tops = [part for group, part in parts.items() if not any(group < other for other in parts)]
        cells = [(part.grid, part.variables) for part in parts.values()]
        self.layouts += [layout_of(top.grid, cells) for top in tops if top.grid.names]

    def _core(self, parts: dict[Group, _Part]) -> list[Group]:
        """Tables that hang together in a circle, or divide a dimension in ways of which neither is finer."""
        tops = [group for group in parts if not any(group < other for other in parts)]
        tokens = sorted({token for group in tops for token in finest(group)})
        for number, (name, level) in enumerate(tokens):
            for other_name, other in tokens[number + 1 :]:
                if name == other_name and not is_coarser(level, other) and not is_coarser(other, level):
                    return tops
        core = cyclic_core(list(parts))
        return [min((g for g in parts if c <= g), key=lambda g: len(parts[g].counts)) for c in core]

    def _joint(self, core: list[_Part]) -> _Part:
        """The table behind the tables of a circle: over each dimension that two of them share, as fine as any."""
        names = [name for part in core for name in part.grid.names]
        levels: dict[str, Level] = {}
        for part in core:
            for name, level in zip(part.grid.names, part.grid.levels, strict=True):
                if names.count(name) > 1:
                    levels[name] = refined(levels.get(name, level), level)
        shared = sorted(levels)
        size = int(np.prod([len(set(levels[name])) for name in shared]))
        if size > JOINT_LIMIT:
            raise InputError(
                f"the tables by {', '.join(shared)} come from a joint table of {size} cells, too many to check"
                f" (limit {JOINT_LIMIT}): publish fewer of these cross tables together"
            )
        possible = np.ones(size, dtype=np.bool_)
        grid = Grid(tuple(shared), tuple(levels[name] for name in shared), np.arange(size))
        for part in core:
            side = _onto_shared(part, levels)
            sums = np.bincount(side[0], weights=np.maximum(part.counts, 0), minlength=int(side[1].max(initial=0)) + 1)
            possible &= (sums > 0)[side[1]] | (self.rule.lowest == 0)
        return _Part(grid, self._new_latent(possible), np.zeros(size, dtype=np.int64))

    def _new_latent(self, possible: Flags) -> Indices:
        """Numbers below -1 for now: -2 is the first latent variable."""
        variables = np.full(len(possible), -1, dtype=np.int64)
        count = int(possible.sum())
        variables[possible] = -2 - np.arange(self.latent, self.latent + count)
        self.latent += count
        return variables

    def _close(self, parts: dict[Group, _Part]) -> None:
        """Add the margins that two tables share and nobody printed."""
        while (margin := unshared(list(parts))) is not None:
            tokens = sorted(finest(margin))
            names, levels = tuple(name for name, _ in tokens), tuple(level for _, level in tokens)
            size = int(np.prod([len(set(level)) for level in levels]))
            variables = self._new_latent(np.ones(size, dtype=np.bool_))
            parts[margin] = _Part(Grid(names, levels, np.arange(size)), variables, np.zeros(size, dtype=np.int64))

    def _equate(self, child: _Part, margin: _Part) -> None:
        position = onto(child.grid.names, child.grid.levels, margin.grid)
        if child.sheet and margin.sheet:
            _check_sum(child, margin, position)
        self.rows.equate((child.variables, position), (margin.variables, np.arange(len(margin.variables))))

    def grow(self, sooner: Stand, later: Stand) -> None:
        """Every count of the later stand is that of the sooner and what was added, which is no less than nothing."""
        pairs = [
            (later.variables[spot], variable) for spot, variable in sooner.variables.items() if spot in later.variables
        ]
        place = np.arange(len(pairs))
        more = self._new_latent(np.ones(len(pairs), dtype=np.bool_))
        new, old = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        self.rows.equate((new, place), (np.concatenate([old, more]), np.concatenate([place, place])))

    def system(self) -> System:
        """Everything, with the latent variables after the others."""
        values = np.array(self.values, dtype=np.int64)
        sensitive = np.array([self.rule.is_sensitive(value) for value in self.values], dtype=np.bool_)
        public, given = np.array(self.public, dtype=np.bool_), np.array(self.given, dtype=np.bool_)
        matrix = self.rows.matrix(len(values), self.latent)
        return System(
            tuple(self.index),
            values,
            matrix,
            self.latent,
            sensitive,
            public,
            given & ~public,
            self.rule.lowest,
            tuple(self.layouts),
            tuple(self.past),
        )


def _onto_shared(part: _Part, levels: dict[str, Level]) -> tuple[Indices, Indices]:
    """Where the cells of a table, and those of the joint table, fall in the margin that both have."""
    kept = [k for k, name in enumerate(part.grid.names) if name in levels]
    margin = Grid(
        tuple(part.grid.names[k] for k in kept), tuple(part.grid.levels[k] for k in kept), np.zeros(0, np.int64)
    )
    names = sorted(levels)
    return onto(part.grid.names, part.grid.levels, margin), onto(names, [levels[name] for name in names], margin)


class Untied(InputError):
    """Counts of an earlier release that are not those of today, although no cell that both have says so."""


def _check_sum(child: _Part, margin: _Part, position: Indices) -> None:
    assert child.sheet, "an unpublished table has no sums to check"
    assert margin.sheet, "an unpublished table has no sums to check"
    size = len(margin.counts)
    sums = np.bincount(position, weights=np.maximum(child.counts, 0), minlength=size).astype(np.int64)
    reported = np.bincount(position, weights=child.counts >= 0, minlength=size) > 0
    is_new = child.sheet.shown is None and margin.sheet.shown is None
    wrong = (sums != np.maximum(margin.counts, 0)) | (is_new & (reported != (margin.counts >= 0)))
    if not wrong.any():
        return
    if not is_new:
        raise Untied("an earlier release does not show the counts of today")
    key = list(margin.sheet.table.keys())[int(margin.grid.cells.ravel()[int(np.flatnonzero(wrong)[0])])]
    where = ", ".join(f"{name} {category}" for name, category in key) or "the total"
    raise InputError(
        f"{child.sheet.table.indicator}: {child.sheet.name} does not add up to {where} of {margin.sheet.name}"
    )


class _Rows:
    """Equations collected as coordinates."""

    def __init__(self) -> None:
        self.count = 0
        self.row: list[Indices] = []
        self.column: list[Indices] = []
        self.sign: list[npt.NDArray[np.float64]] = []

    def equate(self, one: tuple[Indices, Indices], other: tuple[Indices, Indices]) -> None:
        """Add: for every position k, the variables of `one` at k sum to those of `other`; -1 is no variable."""
        height = 0
        for (variables, position), sign in ((one, 1.0), (other, -1.0)):
            real = variables != -1
            self.row.append(position[real] + self.count)
            self.column.append(variables[real])
            self.sign.append(np.full(int(real.sum()), sign))
            height = max(height, int(position.max(initial=-1)) + 1)
        self.count += height

    def matrix(self, width: int, latent: int) -> Matrix:
        """The columns of the variables, then of the latent ones, without empty rows."""
        if not self.row:
            return sparse.csc_array((0, width + latent))
        column = np.concatenate(self.column)
        column = np.where(column < 0, width - 2 - column, column)
        data = (np.concatenate(self.sign), (np.concatenate(self.row), column))
        full = sparse.csr_array(data, shape=(self.count, width + latent))
        full.eliminate_zeros()  # a cell that is its own margin
        return full[np.diff(full.indptr) > 0].tocsc()
