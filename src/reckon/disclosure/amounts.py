"""Sums of amounts: which show too much of what one contributor gave, and which others have to be withheld with them.

The p% rule (Hundepool et al., "Statistical Disclosure Control", Wiley 2012, chapter 4): whoever gave the second largest
amount takes it off the sum, and must not come nearer to the largest than `percent` of it. Sensitive is a sum with
    total - largest - second  <  percent / 100 * largest.

Every reader can add up the withheld cells of a table, by taking the others off the total; so a contributor to any of them
can do what a contributor to one cell can. Therefore the withheld cells of each table, taken together, must pass the same rule.
That covers every single one: who gave x to one of them learns of another's largest amount y no more than that it is at most
their sum less x, and the rule for the two largest is the strictest of these.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reckon.tables import InputError


@dataclass(frozen=True, slots=True)
class Amount:
    """The sum of a cell and the two largest contributions in it; each contributor is in one cell of a table."""

    total: Decimal = Decimal(0)
    largest: Decimal = Decimal(0)
    second: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not 0 <= self.second <= self.largest or self.largest + self.second > self.total:
            raise InputError("contributions are not negative, and the two largest are not more than their sum")


def together(amounts: Iterable[Amount]) -> Amount:
    """The amounts of several cells as one."""
    found = list(amounts)
    tops = sorted((top for amount in found for top in (amount.largest, amount.second)), reverse=True)
    total = sum((amount.total for amount in found), Decimal(0))
    return Amount(total, *tops[:2]) if found else Amount()


def is_dominated(amount: Amount, percent: int) -> bool:
    """Whether the sum is sensitive under the p% rule. A sum of nothing is not."""
    rest = amount.total - amount.largest - amount.second
    return rest * 100 < percent * amount.largest


def withheld_amounts(
    total: Amount, tables: Sequence[Sequence[Amount]], hidden: Sequence[Collection[int]], percent: int
) -> list[set[int]] | None:
    """Which cells of each table to withhold; None when nothing can be shown, not even the total.

    `tables` are broken down by one dimension each, and add up to `total`; `hidden` names the cells withheld already, because
    their counts are. Each list holds those, the sensitive sums, and few and small others.
    """
    if is_dominated(total, percent):
        return None
    return [_of_table(cells, set(already), percent) for cells, already in zip(tables, hidden, strict=True)]


def _of_table(cells: Sequence[Amount], already: set[int], percent: int) -> set[int]:
    chosen = already | {number for number, amount in enumerate(cells) if is_dominated(amount, percent)}
    if _passes(cells, chosen, percent):
        return chosen
    others = sorted((n for n in range(len(cells)) if n not in chosen and cells[n].total), key=lambda n: cells[n].total)
    for number in others:
        if _passes(cells, chosen | {number}, percent):
            return chosen | {number}
    added: list[int] = []
    for number in others:
        added.append(number)
        if _passes(cells, chosen | set(added), percent):
            break
    for number in reversed(added):
        if _passes(cells, chosen | set(added) - {number}, percent):
            added.remove(number)
    return chosen | set(added)


def _passes(cells: Sequence[Amount], chosen: Collection[int], percent: int) -> bool:
    return not is_dominated(together(cells[number] for number in chosen), percent)
