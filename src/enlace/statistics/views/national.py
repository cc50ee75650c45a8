"""Pages of statistics: the national table with its picture, its files, and counting again."""

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
from enlace.statistics import queries, report
from enlace.statistics.actions import compute_national, declare_nothing
from enlace.statistics.names import GROUP_NAMES
from enlace.statistics.queries import Breakdown, National
from enlace.statistics.views.asked import as_file, year_of

FIRST_GROUP = "people"
FILES = {"csv": ("text/csv; charset=utf-8", report.as_csv), "json": ("application/json", report.as_json)}


@allowed("STATISTICS_READ")
@require_safe
def national(request: Request) -> HttpResponse:
    """The national table of one year."""
    periods = queries.periods(viewer=request.actor)
    years = [str(year) for year in range(timezone.localdate().year, 2009, -1)]
    if not periods:
        return render(request, "statistics/none.html", {"years": years})
    period = request.GET.get("year") or periods[0]
    if period not in periods:
        return render(request, "statistics/none.html", {"years": years, "period": period, "periods": periods})
    whole = queries.national(viewer=request.actor, period=period)
    found = queries.within(
        whole, request.GET.get("group", "") if request.GET.get("group") in whole.groups else FIRST_GROUP
    )
    chosen = request.GET.get("measure", "")
    place = next((n for n, column in enumerate(found.columns) if column.id == chosen), 0)
    context = {
        "found": found,
        "published": any(column.compared for column in found.columns),
        "period": period,
        "periods": periods,
        "years": years,
        "chosen": found.columns[place].id,
        "figures": [_headline(found, column) for column in found.columns],
        "groups": [(name, GROUP_NAMES[name]) for name in found.groups],
        "group": found.columns[place].group,
        "group_label": GROUP_NAMES[found.columns[place].group],
        "is_first": found.columns[place].group == FIRST_GROUP,
        "chosen_label": found.columns[place].label,
        "sections": [_section(breakdown, place, found) for breakdown in found.breakdowns],
    }
    return render(request, "statistics/national.html", context)


@allowed("STATISTICS_READ")
@require_safe
def download(request: Request, period: str, kind: str) -> HttpResponse:
    """The stored table as a file; the same numbers as the page."""
    found = queries.national(viewer=request.actor, period=period)
    content_type, write = FILES[kind]
    return as_file(write(found, synthetic=is_synthetic()), content_type, f"national-{period}", kind)


@allowed("STATISTICS_COMPUTE")
@require_POST
def compute(request: Request) -> HttpResponse:
    """Count a year again from today's records and store the result beside the earlier ones."""
    table = compute_national(by=request.actor, year=year_of(request))
    messages.success(
        request, _("%(period)s was counted: %(n)d facts.") % {"period": table.period, "n": table.fact_count}
    )
    return HttpResponseRedirect(f"{reverse('statistics:national')}?year={table.period}")


@allowed("CASE_CLOSE", "STATISTICS_COMPUTE")
@require_POST
def declare(request: Request) -> HttpResponse:
    """Say that the own agency met nobody in a year."""
    row = declare_nothing(by=request.actor, year=year_of(request))
    messages.success(request, _("Recorded: your agency met nobody in %s.") % row.period)
    return HttpResponseRedirect(reverse("statistics:national"))


def _headline(found: National, column: queries.Column) -> dict[str, Any]:
    table = found.table
    return {
        "unit": column.label,
        "value": column.total["value"],
        "state": "missing" if column.total["status"] == "missing" else "suppressed",
        "period": table.period,
        "cut_off": table.cut_off,
        "completeness": queries.completeness_text(found, column),
        "caveat": column.caveat,
    }


def _value(cell: Any) -> Any:
    if cell is None or cell["status"] == "missing":
        return None
    return cell["value"] if cell["value"] is not None else "suppressed"


def _section(breakdown: Breakdown, place: int, found: National) -> dict[str, Any]:
    """One breakdown with its picture: a map for states, bars for the rest, nothing where it is not broken down so."""
    if all(line.cells[place] is None for line in breakdown.lines):
        return {"breakdown": breakdown}
    if breakdown.dimension == "state":
        return {"breakdown": breakdown, "map": _map(breakdown, place, found)}
    return {"breakdown": breakdown, "bars": _bars(breakdown, place, found)}


def _bars(breakdown: Breakdown, place: int, found: National) -> BarChart:
    rows = [Bar(line.label, _value(line.cells[place])) for line in breakdown.lines if line.cells[place] is not None]
    title = f"{found.columns[place].label}, {found.table.period}: {breakdown.label}"
    return bars(rows, title=title, id=f"bars-{breakdown.dimension}")


def _map(breakdown: Breakdown, place: int, found: National) -> MapChart:
    pack = current()
    values = {line.category: _value(line.cells[place]) for line in breakdown.lines if line.category}
    return state_map(
        pack.borders,
        values,
        labels={code: state_label(code) for code in values},
        tiles=pack.tiles,
        title=f"{found.columns[place].label}, {found.table.period}",
        description=_("The table below says the same in figures."),
        id="map-state",
    )
