"""The slow judge: every joint table of counts that fits what was published, one after another.

A world has named dimensions with leaves; its joint table has one axis for each. A published table may list leaves and
codes that contain them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from reckon.disclosure import Hierarchy
from reckon.disclosure.hierarchy import leaves_of
from reckon.tables import Cell, CountTable, Key, Status, Table
from tests.reckon.counts import Counts, all_joint_tables

Lists = tuple[tuple[str, tuple[str, ...]], ...]
"""The codes that a table lists for each of its dimensions."""


@dataclass(frozen=True)
class World:
    """Dimensions with their leaves, and how these are grouped."""

    leaves: dict[str, tuple[str, ...]]
    hierarchies: tuple[Hierarchy, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(leaves) for leaves in self.leaves.values())

    def masks(self, lists: Lists) -> Counts:
        """One row for each cell of a table: which cells of the flattened joint table it adds up."""
        rows = []
        for codes in product(*(codes for _, codes in lists)):
            wanted = dict(zip((name for name, _ in lists), codes, strict=True))
            axes = [
                [leaf in leaves_of(name, wanted[name], self.hierarchies) if name in wanted else True for leaf in leaves]
                for name, leaves in self.leaves.items()
            ]
            rows.append([all(inside) for inside in product(*axes)])
        return np.array(rows, dtype=np.int64)

    def count(self, joint: Counts, every: Sequence[Lists]) -> list[CountTable]:
        """The tables with these lists, counted."""
        return [
            CountTable(
                "identified",
                "person",
                "2020",
                tuple(name for name, _ in lists),
                tuple(codes for _, codes in lists),
                tuple(int(n) for n in self.masks(lists) @ joint.ravel()),
            )
            for lists in every
        ]

    def fitting(self, published: Sequence[Table], total: int, lowest: int) -> Counts:
        """Every joint table with at most `total` persons that agrees with what is published, one per row."""
        joints = all_joint_tables(int(np.prod(self.shape)), total)
        for table in published:
            for mask, cell in zip(self.masks(lists_of(table)), table.cells, strict=True):
                values = joints @ mask
                joints = joints[values == cell.value if cell.value is not None else values >= lowest]
        return joints

    def spans(self, published: Sequence[Table], joints: Counts) -> dict[tuple[int, Key], tuple[int, int]]:
        """The smallest and largest value of each withheld cell, by its table's number and key."""
        return {
            (number, cell.key): (int(values.min()), int(values.max()))
            for number, table in enumerate(published)
            for cell, mask in zip(table.cells, self.masks(lists_of(table)), strict=True)
            if cell.is_suppressed
            for values in [joints @ mask]
        }


def lists_of(table: Table | CountTable) -> Lists:
    return tuple(zip(table.dimensions, table.categories, strict=True))


def withhold(table: CountTable, places: Sequence[int], lowest: int = 1) -> Table:
    """The table with the cells at these places withheld, as far as they may be."""
    cells = []
    for place, (key, count) in enumerate(table.cells()):
        assert count is not None
        is_hidden = place in places and count >= lowest
        status: Status = "suppressed" if is_hidden else "published" if count else "zero"
        cells.append(Cell(key, None if is_hidden else count, status))
    return Table(table.indicator, table.unit, table.period, table.dimensions, table.categories, tuple(cells))
