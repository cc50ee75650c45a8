"""Pages of services, things given, costs, and of what people think of the help."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.assistance import actions, queries
from enlace.assistance.forms.service import CostForm, EndForm, FeedbackForm, ServiceForm, ThingsForm, YearForm
from enlace.assistance.labels import INTERPRETER, SCORE, SESSION, UNITS
from enlace.assistance.views.working import known_case, refuse_closed, work_page
from enlace.cases.queries import case as case_of
from enlace.cases.queries import cases_by_id
from enlace.cases.rules import OPEN
from enlace.country.labels import choices, label
from enlace.country.queries import current
from enlace.referrals.queries import ongoing_in_case, ongoing_unnamed


@allowed("SERVICE_READ")
@require_safe
def service_list(request: Request) -> HttpResponse:
    """What the own agency gave, newest first."""
    service = request.GET.get("service", "")
    service = service if service in current().codes("service") else ""
    page = queries.service_page(viewer=request.actor, service_code=service, cursor=request.GET.get("cursor", ""))
    cases = cases_by_id(viewer=request.actor, ids={row.case_id for row in page.rows})
    rows = [(row, cases.get(row.case_id)) for row in page.rows]
    context = {"page": page, "rows": rows, "service": service, "services": choices("service"), "units": UNITS}
    return render(request, "assistance/list.html", context)


@allowed("SERVICE_READ")
@require_safe
def service(request: Request, service_id: UUID) -> HttpResponse:
    """One service with its sessions."""
    found, sessions = queries.read_service(viewer=request.actor, service_id=service_id)
    names, case = agency_names(), known_case(request.actor, found.case_id)
    context = {
        "service": found,
        "case": case,
        "is_closed": case is not None and case.status != OPEN,
        "is_own": found.agency_code == request.actor.agency_code,
        "who": names.get(found.agency_code, found.agency_code),
        "unit": UNITS.get(found.unit_code, ""),
        "interpreter": INTERPRETER.get(found.interpreter_code, ""),
        "sessions": [(s, SESSION[s.status], INTERPRETER.get(s.interpreter_code, "")) for s in sessions],
    }
    return render(request, "assistance/service.html", context)


@allowed("SERVICE_RECORD")
def record_service(request: Request, case_id: UUID) -> HttpResponse:
    """Record one service given to the person of a case."""
    found = case_of(viewer=request.actor, case_id=case_id)
    refuse_closed(request, found)
    referrals = [(str(r.pk), _referral_name(r)) for r in ongoing_in_case(viewer=request.actor, case_id=case_id)]
    return _record(request, case_id, referrals, reverse("cases:case", args=[case_id]), case=found)


@allowed("SERVICE_RECORD")
def record_unnamed(request: Request, unnamed_id: UUID) -> HttpResponse:
    """Record one service given to somebody whom the agency accepted without being told who it is."""
    found = ongoing_unnamed(viewer=request.actor, referral_id=unnamed_id)
    referrals, back = [(str(found.pk), _referral_name(found))], reverse("referrals:referral", args=[unnamed_id])
    return _record(request, found.case_id, referrals, back)


def _record(
    request: Request, case_id: UUID, referrals: list[tuple[str, str]], back: str, *, case: Any = None
) -> HttpResponse:
    def act(form: Any) -> str:
        actions.record_services(by=request.actor, rows=[form.given(case_id)])
        return back

    return work_page(
        request,
        name="service.record",
        subject=case_id,
        form=lambda **kwargs: ServiceForm(referrals=referrals, **kwargs),
        act=act,
        title=_("Record help given"),
        lede=_("What was given, from when, and whether the referral is complete with it."),
        submit=_("Record"),
        done=_("The help given was recorded."),
        initial={"started_on": timezone.localdate(), "referral": request.GET.get("referral") or _only(referrals)},
        case=case,
        cancel_url=back,
    )


@allowed("SERVICE_RECORD")
def end_service(request: Request, service_id: UUID) -> HttpResponse:
    """Record the last day of a service."""
    found = queries.own_service(viewer=request.actor, service_id=service_id)
    case = known_case(request.actor, found.case_id)

    def act(form: Any) -> str:
        actions.end_service(by=request.actor, service_id=service_id, on=form.cleaned_data["on"])
        return reverse("cases:case", args=[case.pk]) if case else reverse("assistance:service", args=[service_id])

    return work_page(
        request,
        name="service.end",
        subject=service_id,
        form=EndForm,
        act=act,
        title=_("Record the end"),
        lede=label("service", found.service_code),
        submit=_("Record"),
        done=_("The end was recorded."),
        initial={"on": timezone.localdate()},
        case=case,
        cancel_url=reverse("assistance:list"),
        keeps_drafts=False,
    )


@allowed("SERVICE_RECORD")
def give_feedback(request: Request, service_id: UUID) -> HttpResponse:
    """Write down what the person thinks of help that another agency gave."""
    found, _sessions = queries.read_service(viewer=request.actor, service_id=service_id)

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.give_feedback(by=request.actor, service_id=service_id, score=said["score"], words=said["words"])
        return reverse("assistance:service", args=[service_id])

    return work_page(
        request,
        name="feedback.give",
        subject=service_id,
        form=FeedbackForm,
        act=act,
        title=_("What the person thinks of the help"),
        lede=_(
            "The agency that gave the help never learns whose answer it is: it sees the answers only in groups, and "
            "never before several people have answered."
        ),
        submit=_("Record"),
        done=_("The answer was recorded, without whose it is."),
        case=known_case(request.actor, found.case_id),
        cancel_url=reverse("assistance:service", args=[service_id]),
        keeps_drafts=False,  # a draft would keep the answer beside the service
    )


@allowed("SERVICE_READ")
@require_safe
def quality(request: Request) -> HttpResponse:
    """What people think of the own agency's help, never so that one answer can be told."""
    rows = [
        (row, [(SCORE[score], count) for score, count in row.scores or ()])
        for row in queries.quality(viewer=request.actor)
    ]
    context = {"rows": rows, "threshold": current().disclosure.threshold}
    return render(request, "assistance/quality.html", context)


@allowed("SERVICE_RECORD")
def record_in_kind(request: Request, case_id: UUID) -> HttpResponse:
    """Record things given to the person of a case."""
    found = case_of(viewer=request.actor, case_id=case_id)
    refuse_closed(request, found)

    def act(form: Any) -> str:
        actions.record_in_kind(by=request.actor, rows=[form.things(case_id)])
        return reverse("cases:case", args=[case_id])

    return work_page(
        request,
        name="in_kind.record",
        subject=case_id,
        form=ThingsForm,
        act=act,
        title=_("Record things given"),
        submit=_("Record"),
        done=_("What was given is recorded."),
        initial={"given_on": timezone.localdate(), "quantity": 1},
        case=found,
        cancel_url=reverse("cases:case", args=[case_id]),
    )


@allowed("SERVICE_READ")
@require_safe
def costs(request: Request) -> HttpResponse:
    """What the own agency spent in a year, by source and kind of help."""
    form = YearForm(request.GET)
    year = form.wanted()
    rows = queries.costs_by_source(viewer=request.actor, year=year)
    context = {
        "form": YearForm(initial={"year": year}),
        "year": year,
        "rows": [(label("funding_source", source), label("service", code), total) for source, code, total in rows],
        "total": sum(total for _source, _code, total in rows),
        "currency": current().currency,
    }
    return render(request, "assistance/costs.html", context)


@allowed("SERVICE_RECORD")
def record_cost(request: Request) -> HttpResponse:
    """Record what help cost and which source paid."""

    def act(form: Any) -> str:
        actions.record_costs(by=request.actor, rows=[form.spending()])
        return reverse("assistance:costs")

    return work_page(
        request,
        name="cost.record",
        subject="",
        form=CostForm,
        act=act,
        title=_("Record what help cost"),
        lede=_("In %(currency)s. Only sums are ever shown to others.") % {"currency": current().currency},
        submit=_("Record"),
        done=_("The amount is recorded."),
        initial={"spent_on": timezone.localdate()},
        cancel_url=reverse("assistance:costs"),
    )


def _referral_name(referral: Any) -> str:
    return f"{referral.code}: " + ", ".join(label("service", code) for code in referral.service_codes)


def _only(referrals: list[tuple[str, str]]) -> str:
    return referrals[0][0] if len(referrals) == 1 else ""
