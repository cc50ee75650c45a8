"""Counts an indicator: each unit's first event of the period once, then all tables in one grouping."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from reckon.indicators.define import Definition
from reckon.indicators.duck import Duck, Source
from reckon.indicators.plan import FACTS, RETURNED, Group, Period, Plan, plan_of
from reckon.tables import NOT_RECORDED, CountTable, InputError

STATE, JURISDICTION, FEDERAL = "state", "jurisdiction", "federal"
Codes = Mapping[str, Sequence[str]]
Figures = tuple[Any, ...]


class Engine(Protocol):
    """What runs a plan: `reckon.indicators.duck.Duck` or `reckon.indicators.spark.Spark`."""

    def rows(self, plan: Plan) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Sums or medians of an indicator. `counts` says on how many each value rests; both in the same order.

    A value is None where nothing was recorded or nobody reported: that is not zero. `contributions` are, of each sum of
    facts, the two largest amounts in it; of medians and of what was returned none are known.
    """

    counts: CountTable
    values: tuple[Decimal | None, ...]
    contributions: tuple[tuple[Decimal, Decimal], ...] = ()

    def __getitem__(self, wanted: Sequence[str]) -> Decimal | None:
        """The value at these categories, one per dimension in order."""
        categories = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        key = tuple(zip(self.counts.dimensions, categories, strict=True))
        return dict(zip(self.counts.keys(), self.values, strict=True))[key]


def compute(
    definition: Definition,
    facts: Source | Engine,
    period: Period,
    categories: Codes,
    *,
    crosses: Sequence[Group] = (),
    reporting_states: Collection[str] | None = None,
) -> tuple[CountTable, ...]:
    """The grand total, one table for each dimension, then one for each cross of dimensions asked for.

    `facts` is a table of facts (or, for an indicator from returns, of reported facts), a Parquet file of them, or an
    engine. `categories` lists each dimension's codes in order, under "id.dimension" those of one indicator only; ""
    (not recorded) is added last. A code that is in the facts and not in the list is refused, never dropped. With
    `reporting_states`, a state where nobody reported is missing (None); a state with an event has reported. Where no
    state reported and nothing happened, every count is missing. From returns, a count is missing where no return has a
    number.
    Raises InputError for a sum of amounts, a median and a ratio, which are no counts.
    """
    if definition.measure in ("median", "ratio") or (definition.measure == "sum" and definition.source == "facts"):
        raise InputError(f"{definition.id} is a {definition.measure}, not a count")
    if definition.source == "returns":
        return tuple(_whole(table) for table in _returned(definition, facts, period, categories))
    wanted, listed, counted = _count(definition, facts, period, categories, crosses)
    if reporting_states is not None and not reporting_states and not counted[()]:
        return tuple(_table(definition, period, names, listed, None, frozenset()) for names in wanted)
    silent = _silent(counted, listed, reporting_states)
    return tuple(_table(definition, period, names, listed, counted[names], silent) for names in wanted)


def compute_values(
    definition: Definition, facts: Source | Engine, period: Period, categories: Codes, *, crosses: Sequence[Group] = ()
) -> tuple[ValueTable, ...]:
    """Sums (exact) or medians (of two middle values their average, to a hundredth); arguments and errors as `compute`."""
    if definition.measure not in ("sum", "median"):
        raise InputError(f"{definition.id} is no sum and no median")
    if definition.source == "returns":
        return tuple(_returned(definition, facts, period, categories))
    wanted, listed, counted = _count(definition, facts, period, categories, crosses)
    tables = []
    for number, names in enumerate(wanted):
        groups = counted[names]
        counts = _table(definition, period, names, listed, groups, frozenset())
        figures = [groups.get(key) for key in product(*counts.categories)]
        values = tuple(_value(definition, found) for found in figures)
        tops = tuple(_two_largest(found, number) for found in figures) if definition.measure == "sum" else ()
        tables.append(ValueTable(counts, values, tops))
    return tuple(tables)


def codes_of(definition: Definition, dimension: str, categories: Codes) -> Sequence[str]:
    """The codes of a dimension of an indicator: its own list, or the one that all share."""
    own = categories.get(f"{definition.id}.{dimension}")
    return categories[dimension] if own is None else own


def _value(definition: Definition, figures: Figures | None) -> Decimal | None:
    if figures is None or not figures[0]:
        return None
    if definition.measure == "sum":
        return _exact(figures[1])
    return (_exact(figures[1]) + _exact(figures[2])) / 2


def _two_largest(figures: Figures | None, number: int) -> tuple[Decimal, Decimal]:
    """The largest amount and the second, which is nothing where there is one only. `number`: which table it is."""
    if figures is None or not figures[0]:
        return Decimal(0), Decimal(0)
    largest = _exact(figures[2])
    return largest, _exact(figures[3 + number]) - largest


def _exact(value: Any) -> Decimal:
    """A number of an engine as a decimal. Spark's middle values are binary fractions nearest to a hundredth."""
    return value if isinstance(value, Decimal) else Decimal(str(round(value, 2)))


def _count(
    definition: Definition, facts: Source | Engine, period: Period, categories: Codes, crosses: Sequence[Group]
) -> tuple[list[Group], Mapping[str, tuple[str, ...]], dict[Group, dict[Group, Figures]]]:
    if any(set(cross) - set(definition.dimensions) for cross in crosses):
        raise InputError(f"{definition.id} can be crossed by {', '.join(definition.dimensions) or 'nothing'} only")
    wanted: list[Group] = [(), *((name,) for name in definition.dimensions), *crosses]
    listed = {name: (*codes_of(definition, name, categories), NOT_RECORDED) for name in definition.dimensions}
    counted: dict[Group, dict[Group, Figures]] = {group: {} for group in wanted}
    names = definition.dimensions
    asked = {frozenset(group): group for group in wanted}
    if len(asked) != len(wanted):
        raise InputError(f"{definition.id}: a table is asked for twice")
    for row in _rows(definition, facts, plan_of(definition, period, wanted)):
        codes, marks, figures = row[: len(names)], row[len(names) : 2 * len(names)], row[2 * len(names) :]
        where = {name: code for name, code, is_summed in zip(names, codes, marks, strict=True) if not is_summed}
        group = asked[frozenset(where)]
        if figures[0]:
            counted[group][tuple(where[name] for name in group)] = figures
    for group, groups in counted.items():
        for key in groups:
            for name, value in zip(group, key, strict=True):
                if value not in listed[name]:
                    raise InputError(f"{definition.id}: the facts hold a {name} that is not in its list")
    return wanted, listed, counted


def _rows(definition: Definition, facts: Source | Engine, plan: Plan) -> list[tuple[Any, ...]]:
    if not isinstance(facts, pa.Table | Path):
        return facts.rows(plan)
    with Duck({FACTS if definition.source == "facts" else RETURNED: facts}) as engine:
        return engine.rows(plan)


def _silent(
    counted: Mapping[Group, Mapping[Group, Figures]],
    listed: Mapping[str, Sequence[str]],
    reporting: Collection[str] | None,
) -> frozenset[str]:
    """States where nobody reported and nothing happened."""
    if reporting is None or STATE not in listed:
        return frozenset()
    seen = {key[0] for key in counted.get((STATE,), {})}
    return frozenset(set(listed[STATE]) - set(reporting) - seen - {NOT_RECORDED})


def _table(
    definition: Definition,
    period: Period,
    names: Group,
    listed: Mapping[str, tuple[str, ...]],
    groups: Mapping[Group, Figures] | None,
    silent: frozenset[str],
) -> CountTable:
    categories = tuple(listed[name] for name in names)
    place = names.index(STATE) if STATE in names else -1
    counts = tuple(
        None if groups is None or (place >= 0 and key[place] in silent) else groups.get(key, (0,))[0]
        for key in product(*categories)
    )
    return CountTable(definition.id, definition.counted, period.name, names, categories, counts)


def _returned(definition: Definition, facts: Source | Engine, period: Period, categories: Codes) -> list[ValueTable]:
    """The total and one table for each dimension; what a return of the whole country says is under "federal"."""
    found: dict[tuple[str, str], Figures] = {}
    for name, code, count, total in _rows(definition, facts, plan_of(definition, period, [])):
        found[name, FEDERAL if name == STATE and not code else code] = (count, total)
    tables = []
    for name in ("", *definition.dimensions):
        codes = _reported_codes(definition, name, categories)
        strange = {code for at, code in found if at == name} - set(codes)
        if strange:
            raise InputError(f"{definition.id}: the returns hold a {name} that is not in its list")
        figures = [found.get((name, code), (0, None)) for code in codes]
        names, lists = ((name,), (tuple(codes),)) if name else ((), ())
        answered = tuple(count for count, _ in figures)
        counts = CountTable(definition.id, definition.counted, period.name, names, lists, answered)
        tables.append(ValueTable(counts, tuple(None if not count else _exact(total) for count, total in figures)))
    return tables


def _reported_codes(definition: Definition, name: str, categories: Codes) -> list[str]:
    if not name:
        return [NOT_RECORDED]
    last = {STATE: [FEDERAL], JURISDICTION: []}.get(name, [NOT_RECORDED])
    return [*codes_of(definition, name, categories), *last]


def _whole(table: ValueTable) -> CountTable:
    """The sums of a table as counts. InputError when one is no whole number."""
    if any(value is not None and value != value.to_integral_value() for value in table.values):
        raise InputError(f"{table.counts.indicator}: a return holds a fraction where things are counted")
    shape = (table.counts.dimensions, table.counts.categories)
    counts = tuple(None if value is None else int(value) for value in table.values)
    return CountTable(table.counts.indicator, table.counts.unit, table.counts.period, *shape, counts)
