"""The map of who has answered: by state, measure and period, as picture, table and file."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.actor import Actor
from enlace.base.charts import MapChart, state_map
from enlace.base.spreadsheets import as_csv
from enlace.base.synthetic import is_synthetic
from enlace.country.labels import language
from enlace.country.queries import current
from enlace.country.returns import Measure, ReturnTemplate
from enlace.returns import facts, report, rules
from enlace.returns.facts import Expected
from enlace.returns.labels import ANSWERS, period_name, state_name

FIRST_YEAR = 2010
TONES = {rules.VALUE: "success", rules.ZERO: "success", rules.NO_DATA: "warning", rules.NOT_ASKED: "neutral"}


@allowed("PERIODIC_RETURN_READ")
@require_safe
def completeness(request: Request) -> HttpResponse:
    """For every number asked how many states gave it, and for one of them which states and when."""
    year, found = _found(request)
    chosen = _chosen(request.GET.get("of", ""), found)
    context: dict[str, Any] = {
        "year": year,
        "years": range(timezone.localdate().year, FIRST_YEAR - 1, -1),
        "measures": [_counted(template, measure, found, year) for template, measure in _asked(found)],
        "of": request.GET.get("of", ""),
    }
    if chosen:
        context |= _one(*chosen, found, year)
    return render(request, "returns/completeness.html", context)


@allowed("PERIODIC_RETURN_READ")
@require_safe
def completeness_file(request: Request) -> HttpResponse:
    """Every number owed for the year as CSV: who owes it, for when, and what came."""
    year, found = _found(request)
    rows = [
        {
            "template": one.template,
            "measure": one.measure,
            "unit": one.unit,
            "state": one.state,
            "jurisdiction": one.jurisdiction,
            "period": one.period,
            "answer": one.kind,
        }
        for one in found
    ]
    empty = dict.fromkeys(("template", "measure", "unit", "state", "jurisdiction", "period", "answer"), "")
    content = as_csv(rows or [empty], synthetic=is_synthetic())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="completeness-{year}.csv"'
    return response


def _found(request: Request) -> tuple[int, list[Expected]]:
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = (
        int(asked) if asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked[:5]) <= today.year else today.year
    )
    span = rules.period_of(str(year))
    actor: Actor = request.actor
    return year, report.completeness(viewer=actor, start=span.start, end=span.end)


def _asked(found: Sequence[Expected]) -> list[tuple[ReturnTemplate, Measure]]:
    """What is asked in the year, in the order of the templates."""
    named = {
        (template.id, measure.id): (template, measure)
        for template in current().return_templates
        for measure in template.measures
    }
    return [named[pair] for pair in dict.fromkeys((one.template, one.measure) for one in found)]


def _chosen(name: str, found: Sequence[Expected]) -> tuple[ReturnTemplate, Measure] | None:
    return next((pair for pair in _asked(found) if f"{pair[0].id}.{pair[1].id}" == name), None)


def _counted(template: ReturnTemplate, measure: Measure, found: Sequence[Expected], year: int) -> dict[str, Any]:
    lines = facts.of_measure(found, template.id, measure.id)
    some, of = facts.reported(lines)
    federal = next((ANSWERS[one.kind] for one in lines if not one.state), "")
    return {
        "name": f"{template.id}.{measure.id}",
        "template": template.label(language()),
        "label": measure.label(language()),
        "some": some,
        "of": of,
        "federal": federal,
    }


def _one(template: ReturnTemplate, measure: Measure, found: Sequence[Expected], year: int) -> dict[str, Any]:
    """Sentence, map and table of one measure."""
    lines = facts.of_measure(found, template.id, measure.id)
    span = rules.period_of(str(year))
    totals = facts.totals(span.start, span.end, template.id, measure.id)
    periods = list(dict.fromkeys(one.period for one in lines))
    states = list(dict.fromkeys(one.state for one in lines))
    kinds = {(one.state, one.period): one.kind for one in lines}
    label = measure.label(language())
    return {
        "title": f"{template.label(language())}: {label}",
        "sentence": sentence(lines, label, str(year)),
        "map": _map(lines, label, year),
        "periods": [period_name(period) for period in periods],
        "lines": [
            (state_name(state), [_cell(kinds[state, period], totals.get((state, period))) for period in periods])
            for state in states
        ],
    }


def sentence(lines: Sequence[Expected], label: str, period: str) -> str:
    """“14 of 32 states reported ...”: how many gave a number for every period, zero included."""
    some, of = facts.reported(lines)
    if not of:
        return ""
    values = {"some": some, "all": of, "what": label, "period": period}
    return _("%(some)d of %(all)d states reported %(what)s for %(period)s.") % values


def _cell(kind: str, value: Any) -> dict[str, Any]:
    return {"value": value, "label": ANSWERS[kind], "tone": TONES.get(kind, "danger"), "has_number": value is not None}


def _map(lines: Sequence[Expected], label: str, year: int) -> MapChart | None:
    """How many periods of the year each state gave a number for; a state that gave none is missing, not zero."""
    pack = current()
    if not any(one.state for one in lines):
        return None
    given: dict[str, float | None] = {}
    for one in lines:
        if one.state and one.kind in rules.NUMBERS:
            given[one.state] = (given.get(one.state) or 0) + 1
    return state_map(
        pack.borders,
        {**dict.fromkeys(pack.states_by_code), **given},
        title=_("Periods reported: %(what)s, %(year)d") % {"what": label, "year": year},
        description=sentence(lines, label, str(year)),
        labels={state.code: state.name(language()) for state in pack.states},
        tiles=pack.tiles,
    )
