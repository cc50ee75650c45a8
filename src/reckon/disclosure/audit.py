"""The gate before publication: whether tables give away more than the rule allows, judged by the attacker."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reckon.disclosure.attacker import Puzzle, blocks, pose, withheld
from reckon.disclosure.hierarchy import Hierarchy
from reckon.disclosure.rule import Rule
from reckon.disclosure.sheets import Earlier
from reckon.tables import Cell, CountTable, Key, Table

Place = tuple[str, str, Key]
"""Indicator, period and key (sorted) of a cell."""

Evidence = npt.NDArray[np.float64]
"""Tables that may fit a block, one per row. The columns are the cells of its tables in their order, then those of the
tables of earlier releases, newest first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a publication; `problem` is one of the four that `audit` explains.

    `release` is 0 for the tables audited, 1 for the newest of the earlier releases, and so on back.
    """

    place: Place
    problem: str
    release: int = 0


@dataclass(frozen=True, slots=True)
class GroupDisclosure:
    """All persons of a margin are in one category, and the zeros beside it say so: who is in the one is in the other."""

    indicator: str
    period: str
    margin: Key
    dimension: str
    category: str


def audit(
    published: Sequence[Table],
    truth: Sequence[CountTable],
    rule: Rule,
    *,
    hierarchies: Sequence[Hierarchy] = (),
    earlier: Sequence[Sequence[Earlier]] = (),
    evidence: Mapping[tuple[str, str], Evidence] | None = None,
) -> list[Finding]:
    """What is wrong with publishing these tables of these counts under the rule; nothing, when the list is empty.

    altered: a value shown is not the count, or missing and counted are confused · shown: a sensitive count is shown ·
    recovered: a withheld cell can be worked out exactly · narrow: a sensitive count can be placed more closely than
    the rule allows. `earlier` holds earlier releases, newest first: what they withhold must stay withheld, and what
    they alone give away is not held against the new tables. `evidence` (by indicator and period) spares linear
    programs: each table in it is checked against everything published before it counts.

    What is promised: up to `WHOLE_LIMIT` withheld cells in a block, that each of these values can be had by a table of
    whole numbers. Above, that the linear program's interval is as wide as the rule asks and holds two whole numbers for
    every withheld cell, in tables whose counts may be fractions; a reader who also uses that persons are whole might
    there say more.
    """
    counts = {_place(table, key): count for table in truth for key, count in table.cells()}
    findings = [
        Finding(_place(table, cell.key), problem)
        for table in published
        for cell in table.cells
        if (problem := _fault(cell, counts[_place(table, cell.key)], rule))
    ]
    if findings:
        return findings
    case = _Case(rule, hierarchies, earlier, counts)
    return [
        finding
        for name, block in blocks(published).items()
        for finding in case.too_much(name, block, (evidence or {}).get(name))
    ]


def groups_disclosed(published: Sequence[Table]) -> list[GroupDisclosure]:
    """Margins all of whose persons are in a single recorded category, as anyone can see from the zeros."""
    return [found for table in published for found in _single_categories(table)]


def _place(table: Table | CountTable, key: Key) -> Place:
    return table.indicator, table.period, tuple(sorted(key))


def _fault(cell: Cell, count: int | None, rule: Rule) -> str:
    """What is wrong with a cell taken by itself."""
    if (cell.status == "missing") != (count is None):
        return "altered"
    if cell.value is None:
        return ""
    return "altered" if cell.value != count else "shown" if rule.is_sensitive(cell.value) else ""


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A withheld cell: where it is, its number in the puzzle, its count."""

    place: Place
    key: Key
    release: int
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class _Case:
    """What every block is judged by."""

    rule: Rule
    hierarchies: Sequence[Hierarchy]
    earlier: Sequence[Sequence[Earlier]]
    counts: Mapping[Place, int | None]

    def too_much(self, name: tuple[str, str], block: list[Table], evidence: Evidence | None) -> Iterator[Finding]:
        """The cells of one block about which the attacker learns too much."""
        before = [
            [e for e in release if (e.published.indicator, e.published.period) == name] for release in self.earlier
        ]
        puzzle = self._puzzle(block, before)
        hidden = list(self._hidden(puzzle, block, before))
        _accept(puzzle, [block, *([item.published for item in release] for release in before)], evidence)
        sensitive = [cell for cell in hidden if self.rule.is_sensitive(cell.count)]
        bare = self._puzzle([_everything_withheld(table) for table in block], before, puzzle)
        least = bare.least()
        needs = {}
        for cell in sensitive:
            low = int(least[number]) if (number := bare.cell(cell.key, cell.release)) is not None else cell.count
            needs[cell.number] = self.rule.span(cell.count, low)
        puzzle.stretch(needs)
        tight = [cell for cell in sensitive if not puzzle.spans(cell.number, *needs[cell.number])]
        needs |= self._within_reach(bare, tight, needs)
        puzzle.stretch({cell.number: needs[cell.number] for cell in tight})
        puzzle.loosen()
        for cell in hidden:
            if puzzle.is_fixed(cell.number):
                if not bare.recovers(cell.key, cell.release):
                    yield Finding(cell.place, "recovered", cell.release)
            elif cell.number in needs and not puzzle.spans(cell.number, *needs[cell.number]):
                yield Finding(cell.place, "narrow", cell.release)

    def _puzzle(self, block: list[Table], before: list[list[Earlier]], like: Puzzle | None = None) -> Puzzle:
        releases = [block, *([item.published for item in release] for release in before)]
        if like is None:
            return pose(releases, self.rule.lowest, self.hierarchies)
        return Puzzle(releases, self.rule.lowest, self.hierarchies, like.ties, like.in_fractions)

    def _hidden(self, puzzle: Puzzle, block: list[Table], before: list[list[Earlier]]) -> Iterator[_Hidden]:
        """Every withheld cell once, those of today's tables first."""
        counts = [self.counts, *({_place(e.counts, k): n for e in r for k, n in e.counts.cells()} for r in before)]
        seen: set[int] = set()
        for release, tables in enumerate([block, *([item.published for item in r] for r in before)]):
            for table, cell in withheld(tables):
                number = puzzle.cell(cell.key, release)
                if number is not None and number not in seen:
                    seen.add(number)
                    place = _place(table, cell.key)
                    yield _Hidden(place, cell.key, release, number, counts[release][place] or 0)

    def _within_reach(
        self, bare: Puzzle, tight: list[_Hidden], needs: Mapping[int, tuple[int, int]]
    ) -> dict[int, tuple[int, int]]:
        """What these cells can still ask for: no more than if every new count but zero were withheld."""
        numbers = {cell.number: bare.cell(cell.key, cell.release) for cell in tight}
        bare.stretch({b: needs[number] for number, b in numbers.items() if b is not None})
        found = {}
        for cell in tight:
            b = numbers[cell.number]
            if b is None:
                found[cell.number] = (cell.count, cell.count)
            else:
                lowest, highest = bare.whole()
                low, high = self.rule.span(cell.count, int(lowest[b]))
                found[cell.number] = (low, int(min(high, highest[b])) if any(self.earlier) else high)
        return found


def _accept(puzzle: Puzzle, releases: Sequence[Sequence[Table]], evidence: Evidence | None) -> None:
    """Let the puzzle look at tables that may fit."""
    if evidence is None:
        return
    number = [
        puzzle.cell(cell.key, release) if cell.is_suppressed else None
        for release, tables in enumerate(releases)
        for table in tables
        for cell in table.cells
    ][: evidence.shape[1]]
    columns = [k for k, n in enumerate(number) if n is not None]
    numbers = np.array([n for n in number if n is not None], dtype=np.int64)
    if len(set(numbers.tolist())) != puzzle.size:
        return
    for row in evidence:
        y = np.zeros(puzzle.size)
        y[numbers] = row[columns]
        puzzle.accept(y)


def _everything_withheld(table: Table) -> Table:
    return replace(table, cells=tuple(_withheld(cell) for cell in table.cells))


def _withheld(cell: Cell) -> Cell:
    return replace(cell, value=None, status="suppressed") if cell.status == "published" else cell


def _single_categories(table: Table) -> Iterator[GroupDisclosure]:
    for axis, dimension in enumerate(table.dimensions):
        lines = defaultdict(list)
        for cell in table.cells:
            lines[cell.key[:axis] + cell.key[axis + 1 :]].append(cell)
        for margin, cells in lines.items():
            people = [cell for cell in cells if cell.status not in ("zero", "missing")]
            if len(people) == 1 and people[0].key[axis][1] and any(cell.status == "zero" for cell in cells):
                yield GroupDisclosure(table.indicator, table.period, margin, dimension, people[0].key[axis][1])
