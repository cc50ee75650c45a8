"""How screening is going: the page and its files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Missing
from enlace.base.synthetic import is_synthetic
from enlace.screening import report as reports
from enlace.screening.report import Report

FILES = {"csv": ("text/csv; charset=utf-8", reports.as_csv), "json": ("application/json", reports.as_json)}
FIRST_YEAR = 2010


@allowed("SCREENING_READ", "STATISTICS_READ")
@require_safe
def report(request: Request) -> HttpResponse:
    """The report of a year: of the own agency, or of all agencies with small counts withheld."""
    found = _report(request)
    context = {
        "report": found,
        "years": range(timezone.localdate().year, FIRST_YEAR - 1, -1),
        "agreements": [reports.agreement_text(row) for row in found.agreements],
        "may_own": request.actor.may("SCREENING_READ"),
        "may_whole": request.actor.may("STATISTICS_READ"),
        "address": f"year={found.year}" + ("&scope=all" if found.is_whole else ""),
    }
    return render(request, "screening/report.html", context)


@allowed("SCREENING_READ", "STATISTICS_READ")
@require_safe
def download(request: Request, kind: str) -> HttpResponse:
    """The same numbers as a file."""
    if kind not in FILES:
        raise Missing(_("There is nothing at this address."))
    found = _report(request)
    content_type, write = FILES[kind]
    response = HttpResponse(write(found, synthetic=is_synthetic()), content_type=content_type)
    marked = "-synthetic" if is_synthetic() else ""
    response["Content-Disposition"] = f'attachment; filename="screening-{found.year}{marked}.{kind}"'
    return response


def _report(request: Request) -> Report:
    text = request.GET.get("year", "")
    today = timezone.localdate().year
    year = int(text) if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= today else today
    whole = request.GET.get("scope") == "all" or not request.actor.may("SCREENING_READ")
    return reports.report(viewer=request.actor, year=year, whole=whole)
