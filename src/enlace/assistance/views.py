"""Pages of help given: recording it, its list, and its end."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.assistance import actions, queries
from enlace.assistance.forms import EndForm, ServiceForm
from enlace.assistance.labels import UNITS
from enlace.base.errors import Refusal
from enlace.cases.queries import case as case_of
from enlace.cases.rules import OPEN
from enlace.country.labels import choices, label
from enlace.country.queries import current
from enlace.referrals.queries import ongoing_in_case
from enlace.vault.flow import Work, work_form


@allowed("SERVICE_READ")
@require_safe
def service_list(request: Request) -> HttpResponse:
    """What the own agency gave, newest first."""
    service = request.GET.get("service", "")
    service = service if service in current().codes("service") else ""
    page = queries.service_page(viewer=request.actor, service_code=service, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "service": service, "services": choices("service"), "units": UNITS}
    return render(request, "assistance/list.html", context)


@allowed("SERVICE_RECORD")
def record_service(request: Request, case_id: UUID) -> HttpResponse:
    """Record one service given to the person of a case."""
    viewer = request.actor
    found = case_of(viewer=viewer, case_id=case_id)
    if request.method != "POST" and found.status != OPEN:
        raise Refusal(_("This case is closed. Reopen it to go on working."))
    referrals = [(str(r.pk), _referral_name(r)) for r in ongoing_in_case(viewer=viewer, case_id=case_id)]

    def act(form: Any) -> str:
        actions.record_services(by=viewer, rows=[form.given(case_id)])
        return reverse("cases:case", args=[case_id])

    work = Work(
        name="service.record",
        subject=str(case_id),
        form=lambda **kwargs: ServiceForm(referrals=referrals, **kwargs),
        act=act,
        template="assistance/record.html",
        done=_("The help given was recorded."),
        initial={"started_on": timezone.localdate(), "referral": request.GET.get("referral") or _only(referrals)},
        context={"case": found, "cancel_url": reverse("cases:case", args=[case_id])},
    )
    return work_form(request, work)


@allowed("SERVICE_RECORD")
def end_service(request: Request, service_id: UUID) -> HttpResponse:
    """Record the last day of a service."""
    found = queries.own_service(viewer=request.actor, service_id=service_id)

    def act(form: Any) -> str:
        actions.end_service(by=request.actor, service_id=service_id, on=form.cleaned_data["on"])
        return reverse("cases:case", args=[found.case_id])

    work = Work(
        name="service.end",
        subject=str(service_id),
        form=EndForm,
        act=act,
        template="assistance/end.html",
        done=_("The end was recorded."),
        initial={"on": timezone.localdate()},
        context={"service": found, "cancel_url": reverse("assistance:list")},
        keeps_drafts=False,
    )
    return work_form(request, work)


def _referral_name(referral: Any) -> str:
    return f"{referral.code}: " + ", ".join(label("service", code) for code in referral.service_codes)


def _only(referrals: list[tuple[str, str]]) -> str:
    return referrals[0][0] if len(referrals) == 1 else ""
