"""Pages of follow-up."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.assistance import actions, queries
from enlace.assistance.forms.followups import EndingForm, FollowUpForm, FollowUpListForm
from enlace.assistance.forms.permits import PurposeForm
from enlace.assistance.labels import FOLLOW_UP
from enlace.assistance.rules import FOLLOW_UP as MACHINE
from enlace.assistance.views.working import refuse_step, work_page
from enlace.cases.queries import case as case_of
from enlace.intake.labels import TOLD


@allowed("PLAN_READ")
@require_safe
def follow_up_list(request: Request) -> HttpResponse:
    """What the own agency has to ask, the earliest due first."""
    form = FollowUpListForm(request.GET or {"status": "planned"})
    status = (form.cleaned_data["status"] if form.is_valid() else "") or "planned"
    page = queries.follow_up_page(viewer=request.actor, status=status, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "form": form, "status_names": FOLLOW_UP, "is_planned": status == "planned"}
    return render(request, "assistance/follow_ups.html", context)


@allowed("PLAN_READ")
@require_safe
def follow_up(request: Request, follow_up_id: UUID) -> HttpResponse:
    """One follow-up: when it is due, how to reach the person safely, and what came of it."""
    return _page(request, follow_up_id, PurposeForm())


@allowed("FOLLOWUP_RECORD")
@require_POST
def safe_contact(request: Request, follow_up_id: UUID) -> HttpResponse:
    """How to reach the person, opened for a purpose; the reading is recorded."""
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _page(request, follow_up_id, form, status=422)
    terms = queries.contact_terms(viewer=request.actor, follow_up_id=follow_up_id, purpose=form.cleaned_data["purpose"])
    return _page(request, follow_up_id, form, terms=terms)


@allowed("FOLLOWUP_RECORD")
def record_follow_up(request: Request, follow_up_id: UUID) -> HttpResponse:
    """Record how the person is."""
    found = queries.read_follow_up(viewer=request.actor, follow_up_id=follow_up_id)
    refuse_step(request, "meet", MACHINE.verbs(found.status))

    def act(form: Any) -> str:
        actions.record_follow_up(by=request.actor, row=form.heard(follow_up_id))
        return reverse("cases:case", args=[found.case_id])

    return work_page(
        request,
        name="followup.record",
        subject=follow_up_id,
        form=FollowUpForm,
        act=act,
        title=_("Record how the person is"),
        submit=_("Record"),
        done=_("The follow-up is recorded."),
        initial={"done_on": timezone.localdate()},
        consequences=[
            _("If the person is exploited again, the case opens at once and protection begins anew."),
            _("Whoever wants no more contact is not asked again."),
        ],
        case=found.case,
        cancel_url=reverse("assistance:follow_up", args=[follow_up_id]),
    )


@allowed("FOLLOWUP_RECORD")
def plan_follow_ups(request: Request, case_id: UUID) -> HttpResponse:
    """Say when the help ended, so that the person is asked again."""
    found = case_of(viewer=request.actor, case_id=case_id)

    def act(form: Any) -> str:
        ended = actions.Ending(case_id=case_id, ended_on=form.cleaned_data["on"])
        actions.plan_follow_ups(by=request.actor, rows=[ended])
        return reverse("cases:case", args=[case_id])

    return work_page(
        request,
        name="followup.plan",
        subject=case_id,
        form=EndingForm,
        act=act,
        title=_("Plan the follow-up"),
        lede=_(
            "The agency that leads the case asks the person again how she or he is, at the intervals of the country."
        ),
        submit=_("Plan"),
        initial={"on": timezone.localdate()},
        case=found,
        cancel_url=reverse("cases:case", args=[case_id]),
        keeps_drafts=False,
    )


def _page(
    request: Request, follow_up_id: UUID, form: PurposeForm, *, terms: Any = None, status: int = 200
) -> HttpResponse:
    found = queries.read_follow_up(viewer=request.actor, follow_up_id=follow_up_id)
    names = agency_names()
    context = {
        "found": found,
        "case": found.case,
        "status_name": FOLLOW_UP[found.status],
        "who": names.get(found.agency_code, found.agency_code),
        "is_planned": bool(MACHINE.verbs(found.status)),
        "form": form,
        "terms": terms,
        "said": [(TOLD[name], text) for name, text in terms.said] if terms else [],
    }
    return render(request, "assistance/follow_up.html", context, status=status)
