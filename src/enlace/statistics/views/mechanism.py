"""Pages of the referral mechanism in numbers: a year, its files, and counting again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.charts import Bar, BarChart, MapChart, bars, state_map
from enlace.base.synthetic import is_synthetic
from enlace.country.labels import state_label
from enlace.country.queries import current
from enlace.statistics import mechanism_report
from enlace.statistics.actions import compute_mechanism
from enlace.statistics.mechanism_report import Mechanism, Section
from enlace.statistics.views.asked import as_file, year_of

FILES = {
    "csv": ("text/csv; charset=utf-8", mechanism_report.as_csv),
    "json": ("application/json", mechanism_report.as_json),
}
MAPPED = "needs"  # where nobody could help is what the map is for


@allowed("STATISTICS_READ")
@require_safe
def mechanism(request: Request) -> HttpResponse:
    """One year: the cascade first, then each family of tables."""
    periods = mechanism_report.periods(viewer=request.actor)
    years = [str(year) for year in range(timezone.localdate().year, 2009, -1)]
    period = request.GET.get("year") or (periods[0] if periods else "")
    if period not in periods:
        return render(request, "statistics/no_mechanism.html", {"years": years, "period": period, "periods": periods})
    found = mechanism_report.mechanism(viewer=request.actor, period=period)
    context = {
        "found": found,
        "period": period,
        "periods": periods,
        "years": years,
        "cascade": _cascade(found),
        "map": _map(next(section for section in found.sections if section.id == MAPPED), period),
        "note": mechanism_report.note(found),
    }
    return render(request, "statistics/mechanism.html", context)


@allowed("STATISTICS_READ")
@require_safe
def download(request: Request, period: str, kind: str) -> HttpResponse:
    """The stored year as a file; the same numbers as the page."""
    found = mechanism_report.mechanism(viewer=request.actor, period=period)
    content_type, write = FILES[kind]
    return as_file(write(found, synthetic=is_synthetic()), content_type, f"assistance-{period}", kind)


@allowed("STATISTICS_COMPUTE")
@require_POST
def compute(request: Request) -> HttpResponse:
    """Count a year again and store the result beside the earlier ones."""
    table = compute_mechanism(by=request.actor, year=year_of(request))
    messages.success(request, _("%s was counted.") % table.period)
    return HttpResponseRedirect(f"{reverse('statistics:mechanism')}?year={table.period}")


def _cascade(found: Mechanism) -> BarChart:
    rows = [Bar(step.label, "suppressed" if step.value is None else step.value) for step in found.steps]
    return bars(rows, title=_("How far people got, %s") % found.table.period, id="bars-cascade")


def _map(needs: Section, period: str) -> MapChart | None:
    """Needs by state; a state without any has none recorded."""
    lines = [line for group in needs.groups if group.dimension == "state" for line in group.lines if line.category]
    if not lines:
        return None
    values: dict[str, Any] = {line.category: _value(line.total["value"]) for line in lines}
    pack = current()
    return state_map(
        pack.borders,
        values,
        labels={code: state_label(code) for code in values},
        tiles=pack.tiles,
        title=f"{needs.label}, {period}",
        description=_("The table below says the same in figures."),
        id="map-needs",
    )


def _value(value: int | None) -> int | str:
    return "suppressed" if value is None else value
