"""The same counts, slow and obvious: the judge of `compute` in tests."""

from collections.abc import Collection, Mapping, Sequence
from itertools import product

from reckon.indicators.compute import Period
from reckon.indicators.define import Definition
from reckon.tables import CountTable, EventFact


def count(
    definition: Definition,
    facts: Sequence[EventFact],
    period: Period,
    categories: Mapping[str, Sequence[str]],
    *,
    crosses: Sequence[tuple[str, ...]] = (),
    reporting_states: Collection[str] | None = None,
) -> tuple[CountTable, ...]:
    """What `compute` answers, for facts in memory."""
    first: dict[str, EventFact] = {}
    for fact in facts:
        if fact.measure != definition.measure or not period.start <= fact.on <= period.end:
            continue
        if any(getattr(fact, name) not in codes for name, codes in definition.where.items()):
            continue
        unit = getattr(fact, definition.unit)
        if unit and (unit not in first or _order(fact) < _order(first[unit])):
            first[unit] = fact
    listed = {name: (*categories[name], "") for name in definition.dimensions}
    is_empty = reporting_states is not None and not reporting_states and not first
    seen = {fact.state for fact in first.values()}
    tables = []
    for names in [(), *((name,) for name in definition.dimensions), *crosses]:
        counts: list[int | None] = []
        for key in product(*(listed[name] for name in names)):
            number = sum(all(getattr(f, n) == v for n, v in zip(names, key, strict=True)) for f in first.values())
            state = dict(zip(names, key, strict=True)).get("state", "")
            is_silent = bool(state) and reporting_states is not None and state not in {*reporting_states, *seen}
            counts.append(None if is_silent or is_empty else number)
        shape = tuple(listed[name] for name in names)
        tables.append(CountTable(definition.id, definition.unit, period.name, names, shape, tuple(counts)))
    return tuple(tables)


def _order(fact: EventFact) -> tuple[object, ...]:
    return (fact.on, fact.case, fact.agency, fact.agency_kind, fact.state, fact.sex, fact.age_group, fact.form)
