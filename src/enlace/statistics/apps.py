from collections.abc import Sequence
from datetime import date, datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import clocks, slots


class StatisticsConfig(AppConfig):
    name = "enlace.statistics"
    label = "statistics"

    def ready(self) -> None:
        slots.register(slots.NavItem(60, _("Statistics"), "statistics:national", "STATISTICS_READ"))
        slots.register(slots.CaseworkCount("statistics", "STATISTICS_READ", casework))
        clocks.register(clocks.Clock("statistics.changes", 90, forget))


def forget(at: datetime) -> int:
    from enlace.statistics.actions import forget_changes

    return forget_changes(by=clocks.CLOCK, at=at)


def casework(indicators: Sequence[str], state: str, start: date, end: date) -> dict[str, int]:
    """What the facts of casework give for indicators in a state, or ("") the country; nothing where nobody reported."""
    from enlace.country.queries import current
    from enlace.statistics.national import categories, definitions
    from enlace.statistics.snapshot import snapshot
    from reckon.indicators import Period, compute

    pack, facts = current(), snapshot(start, end)
    period, order = Period(f"{start}/{end}", start, end), categories(pack)
    reporting = {code for code in facts.column("state").unique().to_pylist() if code}
    found: dict[str, int] = {}
    for definition in definitions(pack):
        if definition.id not in indicators or definition.measure != "count" or definition.source != "facts":
            continue
        tables = {
            table.dimensions: table for table in compute(definition, facts, period, order, reporting_states=reporting)
        }
        table = tables.get(("state",) if state else ())
        counted = table[state] if table and state else table[()] if table else None
        if counted is not None:
            found[definition.id] = counted
    return found
