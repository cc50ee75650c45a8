"""The hotline's year: exact for its own staff, under disclosure control for everybody else who reads statistics."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_kinds
from enlace.base.errors import Missing
from enlace.base.synthetic import is_synthetic
from enlace.country.queries import current
from enlace.intake import report
from enlace.intake.report import Year

FIRST_YEAR = 2015
FILES = {"csv": ("text/csv; charset=utf-8", report.as_csv), "json": ("application/json", report.as_json)}


@allowed("STATISTICS_READ")
@require_safe
def figures(request: Request) -> HttpResponse:
    """The hotline's year as a page."""
    this = timezone.localdate().year
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else this
    found = _found(request, year)
    context = {
        "found": found,
        "published": report.beside(found),
        "notes": report.notes(found),
        "years": range(this, FIRST_YEAR - 1, -1),
    }
    return render(request, "intake/hotline.html", context)


@allowed("STATISTICS_READ")
@require_safe
def download(request: Request, year: int, kind: str) -> HttpResponse:
    """The same numbers as a file."""
    if kind not in FILES:
        raise Missing(_("There is no file of this kind."))
    content_type, write = FILES[kind]
    response = HttpResponse(write(_found(request, year), synthetic=is_synthetic()), content_type=content_type)
    marked = "-synthetic" if is_synthetic() else ""
    response["Content-Disposition"] = f'attachment; filename="hotline-{year}{marked}.{kind}"'
    return response


def _found(request: Request, year: int) -> Year:
    viewer = request.actor
    kind = agency_kinds().get(viewer.agency_code, "")
    hotline = [
        c.extra["agency_kinds"].split() for c in current().codes("contact_channel") if c.extra["door"] == "hotline"
    ]
    is_own = viewer.may("CONTACT_READ") and any(kind in kinds for kinds in hotline)
    return report.own_year(viewer=viewer, year=year) if is_own else report.published_year(viewer=viewer, year=year)
