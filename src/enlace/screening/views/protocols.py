"""The protocols that the agency may use, and the sheet of each to print and take where there is no device."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency
from enlace.base.errors import Missing
from enlace.base.pdf import typeset
from enlace.country.labels import language
from enlace.country.queries import current
from enlace.screening import asked
from enlace.screening.labels import KINDS, sheet_wording
from enlace.screening.rules.sheet import sheet


@allowed("SCREENING_READ")
@require_safe
def protocols(request: Request) -> HttpResponse:
    """What may be asked today by this agency."""
    kind = agency(request.actor.agency_code).kind_code
    found = asked.offered(agency_kind=kind, on=timezone.localdate())
    lang = language()
    rows = [
        {
            "protocol": p,
            "title": p.title(lang),
            "purpose": p.purpose(lang),
            "kind": KINDS[p.kind],
            "questions": len(p.questions),
            "languages": current().languages,
        }
        for p in found
    ]
    return render(request, "screening/protocols.html", {"rows": rows})


@allowed("SCREENING_READ")
@require_safe
def prompt_sheet(request: Request, code: str, version: int, lang: str) -> HttpResponse:
    """The prompt sheet of one version in one language, as PDF."""
    if lang not in current().languages:
        raise Missing(_("There is nothing at this address."))
    found = asked.protocol(code, version)
    response = HttpResponse(
        typeset("screening/prompt_sheet.typ", sheet(found, sheet_wording(lang))), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="sheet-{lang}.pdf"'
    return response
