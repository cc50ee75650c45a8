"""Rows for statistics: the numbers of accepted returns, and who should have answered and has not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from enlace.country.queries import current
from enlace.country.returns import Key, ReturnTemplate, rebuilt
from enlace.returns import rules
from enlace.returns.models import PeriodicReturn, Value

FEDERAL, STATE = "federal", "state"
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ReturnFact:
    """One answer of an accepted return, for the days ``start`` to ``end``, both included.

    ``key`` is () for a measure's total; a row of a breakdown has all dimensions of that breakdown. Rows of different sets of
    dimensions count the same things again: never add them up together. ``kind`` is value, zero, no_data or not_asked;
    ``value`` is ``None`` for the last two. ``state`` is "" for the federation's answer.
    """

    measure: str
    unit: str
    start: date
    end: date
    state: str
    jurisdiction: str
    agency_kind: str
    key: Key
    value: Decimal | None
    kind: str
    template: str
    return_id: str


@dataclass(frozen=True, slots=True)
class Expected:
    """One number that somebody owes for one period: ``kind`` is that of the accepted total, or missing."""

    template: str
    measure: str
    unit: str
    state: str
    jurisdiction: str
    period: str
    start: date
    end: date
    kind: str


def accepted(start: date, end: date) -> Iterator[ReturnFact]:
    """Every answer of the newest accepted revision of each return whose period lies inside the span."""
    templates: dict[str, ReturnTemplate] = {}
    rows = {row.pk: row for row in newest(start, end).select_related("template")}
    values = Value.objects.filter(of__in=rows).order_by("of_id", "measure", "key")
    for value in values.iterator(chunk_size=2000):
        row = rows[value.of_id]
        if row.template_id not in templates:
            templates[row.template_id] = rebuilt(row.template.content)
        yield ReturnFact(
            measure=value.measure,
            unit=templates[row.template_id].measure(value.measure).unit,
            start=row.starts_on,
            end=row.ends_on,
            state=row.state_code,
            jurisdiction=jurisdiction(row.state_code),
            agency_kind=row.agency_kind,
            key=rules.read_key(value.key),
            value=value.value,
            kind=value.kind,
            template=row.template_code,
            return_id=str(row.pk),
        )


def completeness(start: date, end: date) -> list[Expected]:
    """Every number owed for a period inside the span, whoever answered: by template, period, measure and state."""
    found: list[Expected] = []
    answered = _totals(start, end)
    states = tuple(state.code for state in current().states)
    for template in current().return_templates:
        for period in rules.periods(template.periodicity, start, end):
            if not template.is_valid(period.start):
                continue
            for measure in template.measures:
                for state in template.states_of(states):
                    kind = answered.get((template.id, period.name, state, measure.id), MISSING)
                    place = (state, jurisdiction(state), period.name, period.start, period.end)
                    found.append(Expected(template.id, measure.id, measure.unit, *place, kind))
    return found


def reported(found: Iterable[Expected]) -> tuple[int, int]:
    """How many of how many states gave a number, zero included, for every line given."""
    states: dict[str, bool] = {}
    for one in found:
        if one.state:
            states[one.state] = states.get(one.state, True) and one.kind in rules.NUMBERS
    return sum(states.values()), len(states)


def of_measure(found: Iterable[Expected], template: str, measure: str) -> list[Expected]:
    return [one for one in found if one.template == template and one.measure == measure]


def totals(start: date, end: date, template: str, measure: str) -> dict[tuple[str, str], Decimal | None]:
    """(state, period) -> the accepted total of a measure, ``None`` for an answer without a number."""
    rows = Value.objects.filter(of__in=newest(start, end), of__template_code=template, measure=measure, key="")
    return {
        (state, period): value for state, period, value in rows.values_list("of__state_code", "of__period", "value")
    }


def jurisdiction(state_code: str) -> str:
    return STATE if state_code else FEDERAL


def newest(start: date, end: date) -> QuerySet[PeriodicReturn]:
    """The newest accepted revisions inside the span, however many later ones were given back or are under way."""
    counted = PeriodicReturn.objects.filter(status__in=rules.COUNTED)
    later = counted.filter(
        template_code=OuterRef("template_code"),
        period=OuterRef("period"),
        state_code=OuterRef("state_code"),
        revision__gt=OuterRef("revision"),
    )
    return counted.filter(~Exists(later), starts_on__gte=start, ends_on__lte=end)


def _totals(start: date, end: date) -> dict[tuple[str, str, str, str], str]:
    rows = Value.objects.filter(of__in=newest(start, end), key="")
    names = ("of__template_code", "of__period", "of__state_code", "measure", "kind")
    return {(code, period, state, measure): kind for code, period, state, measure, kind in rows.values_list(*names)}
