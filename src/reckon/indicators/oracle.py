"""The same counts, sums and medians, slow and obvious: the judge of `compute` in tests."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from itertools import product
from statistics import median

from reckon.indicators.compute import FEDERAL, ValueTable
from reckon.indicators.define import COUNTED_COLUMN, PLACES, Definition
from reckon.indicators.plan import Period
from reckon.tables import CountTable, EventFact, ReportedFact

Codes = Mapping[str, Sequence[str]]


def count(
    definition: Definition,
    facts: Sequence[EventFact],
    period: Period,
    categories: Codes,
    *,
    crosses: Sequence[tuple[str, ...]] = (),
    reporting_states: Collection[str] | None = None,
) -> tuple[CountTable, ...]:
    """What `compute` answers, for facts in memory."""
    first = _first(definition, facts, period)
    listed = {name: (*categories[name], "") for name in definition.dimensions}
    is_empty = reporting_states is not None and not reporting_states and not first
    seen = {fact.state for fact in first}
    tables = []
    for names in [(), *((name,) for name in definition.dimensions), *crosses]:
        counts: list[int | None] = []
        for key in product(*(listed[name] for name in names)):
            state = dict(zip(names, key, strict=True)).get("state", "")
            is_silent = bool(state) and reporting_states is not None and state not in {*reporting_states, *seen}
            counts.append(None if is_silent or is_empty else len(_at(first, names, key)))
        shape = tuple(listed[name] for name in names)
        tables.append(CountTable(definition.id, definition.counted, period.name, names, shape, tuple(counts)))
    return tuple(tables)


def values(
    definition: Definition,
    facts: Sequence[EventFact],
    period: Period,
    categories: Codes,
    *,
    crosses: Sequence[tuple[str, ...]] = (),
) -> tuple[ValueTable, ...]:
    """What `compute_values` answers, for facts in memory."""
    first = _first(definition, [fact for fact in facts if fact.value is not None], period)
    of: Callable[[list[Decimal]], Decimal | int] = sum if definition.measure == "sum" else median
    tables = []
    for table in count(
        definition, [fact for fact in facts if fact.value is not None], period, categories, crosses=crosses
    ):
        found: list[Decimal | None] = []
        tops: list[tuple[Decimal, Decimal]] = []
        for key in product(*table.categories):
            numbers = [fact.value for fact in _at(first, table.dimensions, key) if fact.value is not None]
            found.append(Decimal(of(numbers)) if numbers else None)
            one, other, *_rest = [*sorted(numbers, reverse=True), Decimal(0), Decimal(0)]
            tops.append((one, other))
        tables.append(ValueTable(table, tuple(found), tuple(tops) if definition.measure == "sum" else ()))
    return tuple(tables)


def returned(
    definition: Definition, facts: Sequence[ReportedFact], period: Period, categories: Codes
) -> tuple[ValueTable, ...]:
    """What `compute_values` answers for an indicator from returns."""
    wanted = [
        fact
        for fact in facts
        if fact.measure == definition.of
        and period.start <= fact.begins
        and fact.ends <= period.end
        and all(getattr(fact, name) in codes for name, codes in definition.where.items())
    ]
    tables = []
    for name in ("", *definition.dimensions):
        codes = [*categories[name], *({"state": [FEDERAL], "jurisdiction": []}.get(name, [""]))] if name else [""]
        numbers = [[f.value for f in wanted if _code(f, name) == code and f.value is not None] for code in codes]
        names, lists = ((name,), (tuple(codes),)) if name else ((), ())
        counts = CountTable(definition.id, definition.counted, period.name, names, lists, tuple(map(len, numbers)))
        tables.append(ValueTable(counts, tuple(sum(found, Decimal(0)) if found else None for found in numbers)))
    return tuple(tables)


def _code(fact: ReportedFact, name: str) -> str | None:
    """The category of a reported fact in a dimension; None when it belongs to another table."""
    if name in PLACES:
        return None if fact.dimension else getattr(fact, name) or (FEDERAL if name == "state" else "")
    return fact.category if fact.dimension == name else None


def _first(definition: Definition, facts: Sequence[EventFact], period: Period) -> list[EventFact]:
    """The first event of each unit."""
    first: dict[str, EventFact] = {}
    for fact in facts:
        if fact.measure != definition.of or not period.start <= fact.on <= period.end:
            continue
        if any(getattr(fact, name) not in codes for name, codes in definition.where.items()):
            continue
        unit = getattr(fact, COUNTED_COLUMN[definition.counted])
        if unit and (unit not in first or _order(definition, fact) < _order(definition, first[unit])):
            first[unit] = fact
    return list(first.values())


def _at(facts: Sequence[EventFact], names: Sequence[str], key: Sequence[str]) -> list[EventFact]:
    return [fact for fact in facts if all(getattr(fact, n) == v for n, v in zip(names, key, strict=True))]


def _order(definition: Definition, fact: EventFact) -> tuple[object, ...]:
    codes = (getattr(fact, name) for name in definition.dimensions)
    return (fact.on, fact.case, fact.agency, *codes, fact.value or Decimal(0))
