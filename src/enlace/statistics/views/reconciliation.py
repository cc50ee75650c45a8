"""The page of published figures beside ours, and its files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Missing
from enlace.base.synthetic import is_synthetic
from enlace.country.labels import figure_name
from enlace.country.queries import current
from enlace.statistics import reconciliation as reconciled
from enlace.statistics.labels import VERDICTS
from enlace.statistics.queries import periods, unit_label
from enlace.statistics.views.asked import as_file

FILES = {
    "csv": ("text/csv; charset=utf-8", reconciled.as_csv),
    "json": ("application/json", reconciled.as_json),
}
ALL = "all"


@allowed("STATISTICS_READ")
@require_safe
def reconciliation(request: Request) -> HttpResponse:
    """The figures of one year, or of all, by what came of the comparison and by what they count."""
    years = [str(year) for year in reconciled.years(viewer=request.actor)]
    counted = periods(viewer=request.actor)
    chosen = request.GET.get("year", "")
    year = chosen if chosen in (*years, ALL) else next(iter([*counted, *years]), ALL)
    verdict, indicator = request.GET.get("verdict", ""), request.GET.get("indicator", "")
    verdict = verdict if verdict in VERDICTS else ""
    asked = 0 if year == ALL else int(year[:4])
    found = reconciled.reconciliation(viewer=request.actor, year=asked, verdict=verdict, indicator=indicator)
    context = {
        "found": found,
        "rows": [(row, VERDICTS[row.verdict]) for row in found.rows],
        "counts": [(VERDICTS[name], count) for name, count in found.counts.items()],
        "units": [(unit_label(unit), [(s.name, s.said.get(unit, ())) for s in found.sources]) for unit in found.units],
        "year": year,
        "years": [*years, ALL],
        "verdict": verdict,
        "verdicts": VERDICTS,
        "indicator": indicator,
        "indicators": _indicators(),
    }
    return render(request, "statistics/reconciliation.html", context)


def _indicators() -> list[tuple[str, str]]:
    """What others publish figures of, by name."""
    names = {figure.indicator_id: figure_name(figure.indicator_id) for figure in current().figures}
    return sorted(names.items(), key=lambda named: named[1])


@allowed("STATISTICS_READ")
@require_safe
def download(request: Request, period: str, kind: str) -> HttpResponse:
    """The figures of a year as a file; the same as on the page."""
    found = reconciled.reconciliation(viewer=request.actor, year=int(period))
    if not found.rows:
        raise Missing(_("Nobody published a figure of this year."))
    content_type, write = FILES[kind]
    return as_file(write(found, synthetic=is_synthetic()), content_type, f"published-{period}", kind)
