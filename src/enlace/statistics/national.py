"""The national table: facts and returns in, protected tables out, each published figure of others beside ours."""

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from enlace.country.figures import PublishedFigure
from enlace.country.loader import Pack
from enlace.statistics.publish import Cell, Publication, known, plain_cell, published, undominated
from reckon.disclosure import Rule, protect
from reckon.indicators import Definition, Period, ValueTable, compute, compute_values
from reckon.indicators.define import LISTS, FigureOf
from reckon.indicators.duck import Duck
from reckon.tables import REPORTED_SCHEMA, CountTable, Table, reported_to_arrow

SEVERAL = "several"
NATIONALITIES = ("national", "foreign")
ROUTES = ("same_state", "other_state", "other_country")
BORDERS = ("crossed", "not_crossed")
ABROAD = "abroad"


@dataclass(frozen=True)
class Compared:
    """A published figure beside ours. ``difference`` is ``None`` whenever our number is withheld or missing."""

    figure: PublishedFigure
    difference: Decimal | None
    same_period: bool
    dimension: str = ""
    category: str = ""
    ours: Mapping[str, Any] | None = None


def definitions(pack: Pack) -> list[Definition]:
    """The pack's indicators, in the order of their files."""
    return list(pack.definitions)


def categories(pack: Pack) -> dict[str, list[str]]:
    """The codes of each dimension in the pack's order; under "indicator.dimension" those of one indicator only."""
    shared = {name: [code.code for code in pack.codes(list_name)] for name, list_name in LISTS.items()}
    for name in ("form", "recruitment", "means"):
        shared[name].append(SEVERAL)
    states = [state.code for state in pack.states]
    shared |= {
        "state": states,
        "jurisdiction": ["federal", "state"],
        "nationality": list(NATIONALITIES),
        "destination": [*states, ABROAD, SEVERAL],
        "route": list(ROUTES),
        "border": list(BORDERS),
    }
    for definition in pack.definitions:
        for name in definition.dimensions if definition.source != "indicators" else ():
            own = _own_codes(pack, definition, name)
            if own is not None:
                shared[f"{definition.id}.{name}"] = own
    return shared


def _own_codes(pack: Pack, definition: Definition, name: str) -> list[str] | None:
    """The codes of a dimension that this indicator alone has: listed with it, or asked for in a return."""
    if name in definition.categories:
        return list(definition.categories[name])
    if name in definition.lists:
        return [code.code for code in pack.codes(definition.lists[name])]
    if definition.source == "facts" or name in ("state", "jurisdiction", "agency_kind"):
        return None
    asked = [t for t in pack.return_templates for m in t.measures if m.id == definition.of]
    found = [dimension for template in asked for dimension in template.dimensions if dimension.id == name]
    return list(dict.fromkeys(category.code for dimension in found for category in dimension.categories))


def period_of(name: str) -> Period:
    """``2020``, ``2020-H1`` or ``2020-H2``. Raises ``ValueError``."""
    year, _, half = name.partition("-")
    first, last = {"": (1, 12), "H1": (1, 6), "H2": (7, 12)}[half]
    return Period(name, date(int(year), first, 1), date(int(year), last, calendar.monthrange(int(year), last)[1]))


def asked_for(found: Sequence[Definition], period: str) -> list[Definition]:
    """The indicators that are counted by periods of this length."""
    kind = "half" if "-" in period else "year"
    return [definition for definition in found if kind in definition.periods]


def counted_tables(
    found: Sequence[Definition],
    order: Mapping[str, Sequence[str]],
    engine: Duck,
    period: Period,
    reporting: Collection[str],
) -> list[CountTable]:
    """The unprotected tables of every indicator that is a count, in their order. Must not leave the house."""
    return [
        table
        for definition in found
        if definition.measure == "count"
        for table in compute(definition, engine, period, order, reporting_states=reporting)
    ]


def valued_tables(
    found: Sequence[Definition], order: Mapping[str, Sequence[str]], engine: Duck, period: Period
) -> list[ValueTable]:
    """The unprotected tables of every sum and median, in their order. Must not leave the house."""
    return [
        table
        for definition in found
        if definition.measure in ("sum", "median")
        for table in compute_values(definition, engine, period, order)
    ]


def national_tables(
    pack: Pack, facts: pa.Table, period: Period, reporting: Collection[str], returned: pa.Table | None = None
) -> list[dict[str, Any]]:
    """Every indicator by every dimension, protected; as plain values, withheld cells without a number.

    ``facts`` and ``returned`` are the two snapshots; without the second, nothing was reported.
    """
    order, found = categories(pack), asked_for(pack.definitions, period.name)
    returned = reported_to_arrow([]) if returned is None else returned
    with Duck({"facts": facts, "returned": returned}) as engine:
        counts = counted_tables(found, order, engine, period, reporting)
        values = valued_tables(found, order, engine, period)
    tables = _shown(found, counts, rule_of(pack))
    publication = Publication(
        known(pack, period.start.year), period, tables, value_counts(found, values, rule_of(pack))
    )
    made = published(found, publication)
    for item in made:
        if not item["dimension"] and (told := reporting_states_of(pack, item["indicator"], returned, period)):
            item["completeness"] = told
    return made


def _shown(found: Sequence[Definition], counts: Sequence[CountTable], rule: Rule) -> list[Table]:
    """The counts as they may leave: those about persons protected, the rest as they are."""
    guarded = {definition.id for definition in found if definition.is_protected}
    safe = protect([table for table in counts if table.indicator in guarded], rule).for_release
    return [*safe, *(opened(table) for table in counts if table.indicator not in guarded)]


def opened(table: CountTable) -> Table:
    cells = tuple(plain_cell(key, count) for key, count in table.cells())
    return Table(table.indicator, table.unit, table.period, table.dimensions, table.categories, cells)


def value_counts(
    found: Sequence[Definition], values: Sequence[ValueTable], rule: Rule
) -> list[tuple[ValueTable, Table]]:
    """Each sum and median with the counts that it rests on, protected where it is protected by its own.

    A count is marked as withheld also where its sum is, because it would show one contribution too closely.
    """
    own = {definition.id: definition.is_protected and not definition.rests_on for definition in found}
    guarded = [table for table in values if own[table.counts.indicator]]
    safe = protect([table.counts for table in guarded], rule).for_release
    shown = iter(undominated(guarded, safe, rule.dominance))
    return [(table, next(shown) if own[table.counts.indicator] else opened(table.counts)) for table in values]


def rule_of(pack: Pack) -> Rule:
    """How the pack wants a table protected."""
    return Rule(
        threshold=pack.disclosure.threshold,
        minimum_interval=pack.disclosure.minimum_interval,
        zeros_are_sensitive=pack.disclosure.zeros_are_sensitive,
        dominance=pack.disclosure.dominance_percent,
    )


def reporting_states_of(pack: Pack, indicator: str, returned: pa.Table, period: Period) -> dict[str, int]:
    """For an indicator from returns: how many states answered for every day of the period, how many for some."""
    definition = next(item for item in pack.definitions if item.id == indicator)
    if definition.source != "returns":
        return {}
    days: dict[str, int] = {}
    for row in returned.select([name for name in REPORTED_SCHEMA.names if name != "record"]).to_pylist():
        is_ours = row["measure"] == definition.of and not row["dimension"] and row["value"] is not None
        if is_ours and period.start <= row["begins"] and row["ends"] <= period.end:
            days[row["state"]] = days.get(row["state"], 0) + (row["ends"] - row["begins"]).days + 1
    whole = (period.end - period.start).days + 1
    asked = [t for t in pack.return_templates if any(m.id == definition.of for m in t.measures)]
    codes = tuple(state.code for state in pack.states)
    expected = {code for template in asked for code in template.states_of(codes)}
    states = {code: days.get(code, 0) for code in expected if code}
    told = {
        "states": sum(count >= whole for count in states.values()),
        "partly": sum(0 < count < whole for count in states.values()),
        "of": len(states),
    }
    if "" in expected:
        told["federal"] = int(days.get("", 0) >= whole)
        if 0 < days.get("", 0) < whole:
            told["federal_partly"] = 1
    return told


def compare(
    pack: Pack, definition: Definition, period: str, total: Mapping[str, Any], tables: Sequence[Mapping[str, Any]] = ()
) -> list[Compared]:
    """The published figures that speak of the same, beside our total, or beside the cell of ``tables`` they speak of."""
    found = []
    for wanted in definition.figures:
        ours: Mapping[str, Any] | None = total
        if wanted.dimension:
            cells = cells_of(tables, definition.id, wanted.dimension)
            ours = next((cell for cell in cells if cell["category"] == wanted.category), None)
        if ours is not None:
            found += [_compared(figure, wanted, period, ours) for figure in _figures(pack, wanted, period)]
    return found


def _figures(pack: Pack, wanted: FigureOf, period: str) -> list[PublishedFigure]:
    return [
        figure
        for figure in pack.figures_for(wanted.indicator)
        if figure.period.partition("-")[0] == period.partition("-")[0]
        and dict(figure.breakdown) == dict(wanted.breakdown)
        and (figure.area == wanted.area if wanted.area else figure.area not in pack.states_by_code)
    ]


def _compared(figure: PublishedFigure, wanted: FigureOf, period: str, ours: Cell) -> Compared:
    value, same = ours["value"], figure.period == period
    difference = None
    if same and value is not None and figure.value is not None:
        difference = Decimal(str(value)) - figure.value
    return Compared(figure, difference, same, wanted.dimension, wanted.category, ours)


def cells_of(tables: Sequence[Mapping[str, Any]], indicator: str, dimension: str) -> list[dict[str, Any]]:
    """The cells of one indicator by one dimension ("" is the total); nothing when it has no such table."""
    for table in tables:
        if table["indicator"] == indicator and table["dimension"] == dimension:
            return list(table["cells"])
    return []
