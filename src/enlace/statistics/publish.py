"""From protected tables to what is stored and shown: plain cells, sums beside the counts they rest on, groups and ratios."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from enlace.country.loader import Pack
from reckon.disclosure.amounts import Amount, withheld_amounts
from reckon.indicators import Definition, Period, ValueTable
from reckon.indicators.compute import FEDERAL
from reckon.indicators.define import POPULATION
from reckon.indicators.ratio import MISSING, SUPPRESSED, Shown, divided, grouped
from reckon.tables import NOT_RECORDED, Key, Table
from reckon.tables import Cell as TableCell

Cell: TypeAlias = Mapping[str, Any]
Cells = dict[str, Shown]
EVERYBODY, MAJORITY, FORM = "", "age_group.majority", "form.glotip"
DIGITS = 2
"""Decimals of a ratio."""


@dataclass(frozen=True)
class Known:
    """What groups and rates are deduced with. A release keeps it, so that it is deduced again with the same.

    ``groups``: by name of the grouping, the group of each category; ``people``: by dimension, how many live in each category.
    """

    groups: Mapping[str, Mapping[str, str]]
    people: Mapping[str, Mapping[str, int]]

    def group_of(self, name: str) -> Callable[[str], str]:
        """To which group a category belongs; what is in none is not recorded, several stay several."""
        groups = self.groups[name]
        return lambda category: groups.get(category, NOT_RECORDED)

    def population(self, name: str, category: str) -> Shown:
        """The people among whom a category is counted: those of the state, sex or age; of a form, everybody."""
        found = self.people.get(EVERYBODY if name == FORM else name, {})
        count = None if name and not category else found.get("" if name == FORM else category)
        return MISSING if count is None else Shown(Decimal(count), "published")


@dataclass(frozen=True)
class Publication:
    """Everything that may be published of a period: counts, and values each with the counts that it rests on."""

    known: Known
    period: Period
    tables: Sequence[Table]
    values: Sequence[tuple[ValueTable, Table]]


def published(found: Sequence[Definition], publication: Publication) -> list[dict[str, Any]]:
    """Every indicator by every dimension as plain values, in the order of the definitions; groups and ratios included."""
    made: dict[tuple[str, str], Cells] = {}
    for table in publication.tables:
        if len(table.dimensions) < 2:
            made[table.indicator, _dimension(table)] = {_category(cell): _of_count(cell) for cell in table.cells}
    for values, counts in publication.values:
        made[counts.indicator, _dimension(counts)] = _of_values(values, counts)
    for definition in found:
        if definition.rests_on:
            _rest(definition, made)
        for name in definition.groupings:
            base, total = made[definition.id, name.partition(".")[0]], made[definition.id, ""][""]
            made[definition.id, name] = _deduced(grouped(base, publication.known.group_of(name)), total)
    for definition in found:
        if definition.source == "indicators":
            for name in ("", *definition.dimensions):
                made[definition.id, name] = _ratio(definition, name, made, publication)
    return [
        _plain(definition, name, made[definition.id, name])
        for definition in found
        for name in ("", *definition.dimensions, *definition.groupings)
    ]


def known(pack: Pack, year: int) -> Known:
    """What the pack says of a year."""
    majority = {code.code: code.extra.get("majority", "") for code in pack.codes("age_group")}
    glotip = {code.code: code.maps.get("glotip", "") for code in pack.forms} | {"several": "several"}
    jurisdiction = {state.code: "state" for state in pack.states} | {FEDERAL: FEDERAL}
    people = {
        EVERYBODY: {"": pack.population(None, year)},
        "state": {state.code: pack.population(state.code, year) for state in pack.states},
        "sex": {code.code: pack.population(None, year, code.code) for code in pack.codes("sex")},
        MAJORITY: {name: pack.population(None, year, None, name) for name in set(majority.values()) - {""}},
    }
    counted = {name: {code: n for code, n in found.items() if n is not None} for name, found in people.items()}
    return Known({MAJORITY: majority, FORM: glotip, "state.jurisdiction": jurisdiction}, counted)


def plain_cell(key: Key, count: int | None) -> TableCell:
    """A cell of a count that nothing withholds."""
    if count is None:
        return TableCell(key, None, "missing")
    return TableCell(key, count, "published" if count else "zero")


def undominated(values: Sequence[ValueTable], counts: Sequence[Table], percent: int) -> list[Table]:
    """The counts behind sums and medians, those also withheld whose sum one contributor makes up nearly alone.

    Every table has its counts at the same place, and every indicator its total.
    """
    found = list(counts)
    places: dict[str, list[int]] = {}
    for number, table in enumerate(values):
        if table.contributions and percent:
            places.setdefault(table.counts.indicator, []).append(number)
    for numbers in places.values():
        top = next(number for number in numbers if not values[number].counts.dimensions)
        rest = [number for number in numbers if number != top]
        hidden = [{k for k, cell in enumerate(counts[number].cells) if cell.is_suppressed} for number in rest]
        withheld = withheld_amounts(_amounts(values[top])[0], [_amounts(values[n]) for n in rest], hidden, percent)
        for position, number in enumerate(rest):
            found[number] = _without(counts[number], None if withheld is None else withheld[position])
        found[top] = _without(counts[top], None if withheld is None else set())
    return found


def _amounts(table: ValueTable) -> list[Amount]:
    pairs = zip(table.values, table.contributions, strict=True)
    return [Amount(total or Decimal(0), *largest) for total, largest in pairs]


def _without(table: Table, withheld: Collection[int] | None) -> Table:
    """The table with these cells withheld too; all that are not empty, for None."""
    cells = (
        replace(cell, value=None, status="suppressed") if cell.value and (withheld is None or k in withheld) else cell
        for k, cell in enumerate(table.cells)
    )
    return replace(table, cells=tuple(cells))


def _dimension(table: Table) -> str:
    return table.dimensions[0] if table.dimensions else ""


def _category(cell: TableCell) -> str:
    return cell.key[0][1] if cell.key else ""


def _of_count(cell: TableCell) -> Shown:
    return Shown(None if cell.value is None else Decimal(cell.value), cell.status)


def _of_values(values: ValueTable, counts: Table) -> Cells:
    """A value is shown where the count that it rests on is; where nothing was counted, there is none."""
    cells = {}
    for cell, value in zip(counts.cells, values.values, strict=True):
        if cell.is_suppressed:
            shown = SUPPRESSED
        elif value is None:
            shown = MISSING
        else:
            shown = Shown(value, "published" if value else "zero")
        cells[_category(cell)] = shown
    return cells


def _rest(definition: Definition, made: dict[tuple[str, str], Cells]) -> None:
    """Withhold the amounts whose persons are withheld, or were never counted."""
    for name in ("", *definition.dimensions):
        persons = made[definition.rests_on, name]
        for category, cell in made[definition.id, name].items():
            behind = persons.get(category, MISSING)
            if cell.value and behind.value is None:
                made[definition.id, name][category] = SUPPRESSED


def _deduced(groups: Cells, total: Shown) -> Cells:
    """The one group that is withheld, where every reader can subtract the others from the total."""
    hidden = [name for name, cell in groups.items() if cell == SUPPRESSED]
    if len(hidden) == 1 and total.value is not None:
        rest = total.value - sum(cell.value for cell in groups.values() if cell.value is not None)
        groups[hidden[0]] = Shown(rest, "published" if rest else "zero")
    return groups


def _ratio(definition: Definition, name: str, made: Mapping[tuple[str, str], Cells], publication: Publication) -> Cells:
    above = _cells(definition.numerator, name, made, publication.known)
    if definition.denominator == POPULATION:
        below = {category: publication.known.population(name, category) for category in above}
    else:
        below = _cells(definition.denominator, name, made, publication.known)
    return {code: divided(cell, below.get(code, MISSING), definition.per, DIGITS) for code, cell in above.items()}


def _cells(indicator: str, name: str, made: Mapping[tuple[str, str], Cells], known: Known) -> Cells:
    if (indicator, name) in made or "." not in name:
        return made[indicator, name]
    groups = grouped(made[indicator, name.partition(".")[0]], known.group_of(name))
    return _deduced(groups, made[indicator, ""][""])


def _plain(definition: Definition, name: str, cells: Cells) -> dict[str, Any]:
    return {
        "indicator": definition.id,
        "unit": definition.unit,
        "dimension": name,
        "cells": [
            {"category": category, "value": _number(cell.value), "status": cell.status}
            for category, cell in cells.items()
        ],
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
