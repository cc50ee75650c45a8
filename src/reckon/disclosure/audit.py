"""The gate before publication: whether tables give away more than the rule allows, judged by the attacker."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from reckon.disclosure.attacker import Place, Puzzle, blocks
from reckon.disclosure.rule import Rule
from reckon.disclosure.structure import covers
from reckon.tables import Cell, CountTable, Key, Table


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a publication; `problem` is one of the four that `audit` explains."""

    place: Place
    problem: str


@dataclass(frozen=True, slots=True)
class GroupDisclosure:
    """All persons of a margin are in one category, and the zeros beside it say so: who is in the one is in the other."""

    indicator: str
    period: str
    margin: Key
    dimension: str
    category: str


def audit(published: Sequence[Table], truth: Sequence[CountTable], rule: Rule) -> list[Finding]:
    """What is wrong with publishing these tables of these counts under the rule; nothing, when the list is empty.

    altered: a value shown is not the count, or missing and counted are confused · shown: a sensitive count is shown ·
    recovered: a withheld cell can be worked out exactly · narrow: a sensitive count can be placed more closely than
    the rule allows.
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
    return [finding for block in blocks(published).values() for finding in _too_much(block, counts, rule)]


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


def _too_much(block: list[Table], counts: Mapping[Place, int | None], rule: Rule) -> Iterator[Finding]:
    """The cells of one block about which the attacker learns too much."""
    puzzle = Puzzle(block, rule.lowest)
    keys = {cell.key: _place(table, cell.key) for table in block for cell in table.cells if cell.is_suppressed}
    sensitive = [key for key, place in keys.items() if rule.is_sensitive(counts[place] or 0)]
    least = _least(block, rule.lowest)
    floors = {key: least[frozenset(key)] for key in sensitive}
    _stretch(puzzle, floors, rule)
    floors |= _floors(block, {key: low for key, low in floors.items() if puzzle.interval(key)[0] > low}, rule)
    _stretch(puzzle, floors, rule)
    puzzle.loosen()
    for key, place in keys.items():
        low, high = puzzle.interval(key)
        if low == high:
            yield Finding(place, "recovered")
        elif key in floors and (low > floors[key] or (high is not None and high < rule.ceiling(floors[key]))):
            yield Finding(place, "narrow")


def _stretch(puzzle: Puzzle, floors: Mapping[Key, int], rule: Rule) -> None:
    puzzle.stretch({puzzle.cells[frozenset(key)]: (low, rule.ceiling(low)) for key, low in floors.items()})


def _least(block: list[Table], lowest: int) -> dict[frozenset[tuple[str, str]], int]:
    """What each cell must hold at least because its parts hold something; seldom less than its floor."""
    tables = {frozenset(table.dimensions): table for table in block}
    least = {
        frozenset(cell.key): 0 if cell.status in ("zero", "missing") else lowest for t in block for cell in t.cells
    }
    for child, margin in reversed(covers(list(tables))):
        sums: dict[frozenset[tuple[str, str]], int] = defaultdict(int)
        for cell in tables[child].cells:
            sums[frozenset(pair for pair in cell.key if pair[0] in margin)] += least[frozenset(cell.key)]
        for key, total in sums.items():
            least[key] = max(least[key], total)
    return least


def _floors(block: list[Table], guesses: Mapping[Key, int], rule: Rule) -> dict[Key, int]:
    """The lowest value that these cells could have if every count but zero were withheld."""
    if not guesses:
        return {}
    bare = [replace(table, cells=tuple(_withheld(cell) for cell in table.cells)) for table in block]
    puzzle = Puzzle(bare, rule.lowest)
    puzzle.stretch({puzzle.cells[frozenset(key)]: (low, -inf) for key, low in guesses.items()})
    return {key: puzzle.interval(key)[0] for key in guesses}


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
