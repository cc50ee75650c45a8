"""Ratios of published numbers: what is withheld above or below the line is withheld in the ratio, so nothing new is told.

Works on cells as they were published ({category: cell}), never on the counts behind them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from reckon.tables import Status

Cells = Mapping[str, "Shown"]
SHOWN: tuple[Status, ...] = ("published", "zero")


@dataclass(frozen=True, slots=True)
class Shown:
    """One published cell: its value is None exactly when it is missing or withheld."""

    value: Decimal | None
    status: Status


MISSING = Shown(None, "missing")
SUPPRESSED = Shown(None, "suppressed")


def grouped(cells: Cells, group_of: Callable[[str], str]) -> dict[str, Shown]:
    """Cells added up by group, in the order in which the groups appear; a group with a withheld cell is withheld."""
    groups: dict[str, list[Shown]] = {}
    for category, cell in cells.items():
        groups.setdefault(group_of(category), []).append(cell)
    return {name: added(members) for name, members in groups.items()}


def added(cells: Iterable[Shown]) -> Shown:
    """The sum of what is known: withheld when a part is withheld, missing when all parts are missing."""
    parts = list(cells)
    if any(cell.value is None and cell.status != "missing" for cell in parts):
        return SUPPRESSED
    known = [cell.value for cell in parts if cell.value is not None]
    if not known:
        return MISSING
    total = sum(known, Decimal(0))
    return Shown(total, "published" if total else "zero")


def divided(above: Shown, below: Shown, per: Decimal, digits: int) -> Shown:
    """`per` times one cell by another, rounded half to even; missing where there is nothing to divide by."""
    if below.value is not None and not below.value:
        return MISSING
    for cell in (above, below):
        if cell.value is None:
            return MISSING if cell.status == "missing" else SUPPRESSED
    assert above.value is not None
    assert below.value is not None
    value = (per * above.value / below.value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    return Shown(value, "published" if above.value else "zero")
