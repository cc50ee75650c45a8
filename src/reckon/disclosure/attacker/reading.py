"""What readers see: the published tables as places with a count, a mark or nothing, and how fine each table is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reckon.disclosure.hierarchy import Hierarchy, Leaves, leaves_of
from reckon.tables import Cell, InputError, Key, Table

Spot = frozenset[int]
"""A cell's place: the numbers of its codes. A code that spans its whole dimension is left out."""

Partition = frozenset[Leaves]
Shape = frozenset[tuple[str, Partition]]
"""How fine a table is: for each dimension the groups of leaves that it tells apart."""

Tie = Literal["same", "grown", "apart"]
"""What ties the counts of a release to those of the next later one."""


class Atlas:
    """Numbers for the codes of a set of tables: two codes with the same leaves are one."""

    def __init__(self, tables: Iterable[Table], hierarchies: Sequence[Hierarchy]) -> None:
        self.leaves: dict[tuple[str, str], Leaves] = {}
        self.whole: dict[str, Leaves] = {}
        for table in tables:
            for name, codes in zip(table.dimensions, table.categories, strict=True):
                for code in codes:
                    self.leaves[name, code] = leaves_of(name, code, hierarchies)
                    self.whole[name] = self.whole.get(name, frozenset()) | self.leaves[name, code]
        self.numbers: dict[tuple[str, Leaves], int] = {}

    def number(self, name: str, leaves: Leaves) -> int | None:
        """The number of a group of leaves; None when it is the whole dimension."""
        if leaves == self.whole[name]:
            return None
        return self.numbers.setdefault((name, leaves), len(self.numbers))

    def spot(self, key: Key) -> Spot:
        """Where a cell is."""
        found = (self.number(name, self.leaves[name, code]) for name, code in key)
        return frozenset(number for number in found if number is not None)

    def shapes(self, table: Table) -> list[Shape]:
        """A table that lists regions and their states is two: one by region and one by state."""
        shapes: list[Shape] = [frozenset()]
        for name, codes in zip(table.dimensions, table.categories, strict=True):
            layers = split({self.leaves[name, code] for code in codes}, name)
            pairs: list[Shape] = [frozenset([(name, p)] if p != {self.whole[name]} else []) for p in layers]
            shapes = [shape | pair for shape in shapes for pair in pairs]
        return shapes

    def grid(self, shape: Shape) -> Iterator[Spot]:
        """Every place of a table of this shape."""
        spots: list[Spot] = [frozenset()]
        for name, partition in sorted(shape, key=lambda pair: pair[0]):
            numbers = sorted(self.numbers.setdefault((name, group), len(self.numbers)) for group in partition)
            spots = [spot | {number} for spot in spots for number in numbers]
        return iter(spots)

    def onto(self, fine: Shape, coarse: Shape) -> dict[int, int | None]:
        """For each code of the finer shape the code of the coarser one that holds it; None when it is summed over."""
        wanted = dict(coarse)
        found: dict[int, int | None] = {}
        for name, partition in fine:
            for group in partition:
                above = next((whole for whole in wanted.get(name, ()) if group <= whole), None)
                found[self.numbers[name, group]] = None if above is None else self.numbers[name, above]
        return found


def split(groups: set[Leaves], name: str) -> list[Partition]:
    """The layers of a list of codes, coarsest first; each tells all leaves apart that the list knows, without overlap."""
    layers = []
    layer = frozenset(group for group in groups if not any(group < other for other in groups))
    while True:
        if sum(map(len, layer)) != len(frozenset[str]().union(*layer)):
            raise InputError(f"the codes of {name} in one table overlap")
        layers.append(layer)
        below = {group: _directly_within(group, groups) for group in layer}
        for group, parts in below.items():
            if parts and frozenset[str]().union(*parts) != group:
                raise InputError(f"the codes of {name} in one table leave out a part of a code that they divide")
        if not any(below.values()):
            return layers
        layer = frozenset(part for group, parts in below.items() for part in (parts or [group]))


def _directly_within(group: Leaves, groups: set[Leaves]) -> list[Leaves]:
    inner = [other for other in groups if other < group]
    return [one for one in inner if not any(one < other for other in inner)]


@dataclass
class Stand:
    """What is known of one stand of the counts: a value, None where it is withheld, nothing where nobody reported."""

    known: dict[Spot, int | None] = field(default_factory=dict)
    shapes: set[Shape] = field(default_factory=set)
    later_holds_more: bool = False
    """Whether every count of the next later stand is this one or more."""

    def add(self, table: Table, atlas: Atlas) -> None:
        """Take in a table; InputError when it shows another value of a cell than a table before."""
        self.shapes |= set(atlas.shapes(table))
        for cell in table.cells:
            if cell.status == "missing":
                continue
            spot = atlas.spot(cell.key)
            before = self.known.get(spot)
            if before is not None and cell.value is not None and before != cell.value:
                raise InputError("the published tables contradict one another")
            self.known[spot] = cell.value if before is None else before


def stands(
    releases: Sequence[Sequence[Table]], atlas: Atlas, lowest: int, ties: Sequence[Tie] | None = None
) -> tuple[list[Stand], list[int], list[Tie]]:
    """The stands of one indicator, newest first, the stand of each release, and how it is tied to the one after it.

    The newest release comes first. An earlier one shows the same counts when every cell that both show is equal, and
    fewer persons when none has fallen since. When some rose and some fell the numbers were corrected, and nothing ties
    the two together. `ties` says so beforehand, for tables that show less.
    """
    found: list[Stand] = []
    place: list[int] = []
    said: list[Tie] = []
    for number, release in enumerate(releases):
        stand = Stand()
        for table in release:
            stand.add(table, atlas)
        tie = ties[number] if ties is not None else _tie(stand, found[-1], lowest) if found else "apart"
        if tie == "same" and found:
            for table in release:
                found[-1].add(table, atlas)
        else:
            stand.later_holds_more = tie == "grown"
            found.append(stand)
        place.append(len(found) - 1)
        said.append(tie)
    return found, place, said


def _tie(earlier: Stand, later: Stand, lowest: int) -> Tie:
    """What the cells that both know say; of a withheld one it is known that it is not below the lowest."""
    rises = set()
    for spot, old in earlier.known.items():
        new = later.known.get(spot, old)
        if old is not None and new is not None:
            rises.add(new - old)
        elif (old is not None and old < lowest) or (new is not None and new < lowest):
            rises.add(1 if new is None else -1)
    return "same" if rises <= {0} else "grown" if min(rises) >= 0 else "apart"


def withheld(tables: Sequence[Table]) -> Iterator[tuple[Table, Cell]]:
    """Every withheld cell with its table."""
    return ((table, cell) for table in tables for cell in table.cells if cell.is_suppressed)
