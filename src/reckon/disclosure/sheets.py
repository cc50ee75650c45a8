"""The counts to be published and those published before, laid side by side: one sheet for each table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt

from reckon.disclosure.frame import Frame, Indices
from reckon.tables import CountTable, InputError, Table

Spot = frozenset[tuple[str, frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A table as an earlier release showed it, and the counts that it was made from.

    Raises InputError when the one is not a table of the other.
    """

    published: Table
    counts: CountTable

    def __post_init__(self) -> None:
        ours, theirs = self.counts, self.published
        same = (ours.indicator, ours.period, ours.dimensions, ours.categories)
        if same != (theirs.indicator, theirs.period, theirs.dimensions, theirs.categories):
            raise InputError("an earlier table does not belong to its counts")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table flattened, with a cell for every leaf that other tables of its stand know.

    `counts` has -1 where nobody reported or the table has no cell, `spots` where each cell is, `shown` which cells were
    published (None: the table is new); `own` are the positions of the table's own cells, in its order.
    """

    table: CountTable
    categories: tuple[tuple[str, ...], ...]
    counts: Indices
    spots: list[Spot]
    shown: npt.NDArray[np.bool_] | None
    own: Indices

    @property
    def name(self) -> str:
        """For an error."""
        return f"the table by {', '.join(self.table.dimensions) or 'nothing'}"


@dataclass
class Stand:
    """The tables that show one stand of the counts, and the variables of their cells."""

    sheets: list[Sheet]
    later_holds_more: bool = False
    variables: dict[Spot, int] = field(default_factory=dict)


def stands(tables: Sequence[CountTable], earlier: Sequence[Sequence[Earlier]], frame: Frame) -> list[Stand]:
    """The stands that can say something of one another, newest first.

    Earlier counts that are all equal belong to the stand of the release after them, counts none of which has fallen
    since are a stand of their own. Where some rose and others fell the numbers were corrected: nothing ties that
    release, and those before it, to what came later.
    """
    found = [Stand([_sheet(table, None, frame) for table in tables])]
    for release in earlier:
        sheets = [_sheet(item.counts, item.published, frame) for item in release]
        rises = _rises(sheets, found[-1].sheets)
        if rises <= {0}:
            found[-1].sheets += sheets
        elif min(rises) >= 0:
            found.append(Stand(sheets, later_holds_more=True))
        else:
            break
    return found


def _sheet(table: CountTable, published: Table | None, frame: Frame) -> Sheet:
    pairs = list(zip(table.dimensions, table.categories, strict=True))
    categories = tuple(codes + frame.beyond(name, codes) for name, codes in pairs)
    place = np.arange(int(np.prod([len(codes) for codes in categories], dtype=np.int64)))
    own = place.reshape([len(codes) for codes in categories])[tuple(slice(len(codes)) for codes in table.categories)]
    counts = np.full(len(place), -1, dtype=np.int64)
    counts[own.ravel()] = [-1 if count is None else count for count in table.counts]
    spots = [frame.spot(table.dimensions, codes) for codes in product(*categories)]
    shown = None
    if published is not None:
        shown = np.zeros(len(place), dtype=np.bool_)
        shown[own.ravel()] = [cell.value is not None for cell in published.cells]
    return Sheet(table, categories, counts, spots, shown, own.ravel())


def _rises(sooner: Sequence[Sheet], later: Sequence[Sheet]) -> set[int]:
    """By how much the cells that both know have risen; nobody having reported counts as none."""
    now = {spot: count for sheet in later for spot, count in zip(sheet.spots, sheet.counts.tolist(), strict=True)}
    return {
        max(now[spot], 0) - max(count, 0)
        for sheet in sooner
        for spot, count in zip(sheet.spots, sheet.counts.tolist(), strict=True)
        if spot in now
    }
