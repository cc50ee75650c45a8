"""Pages of assisted return and of the half-years that agencies abroad report."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names, display_names
from enlace.assistance import actions, queries
from enlace.assistance.forms.permits import PurposeForm
from enlace.assistance.forms.plans import ConfirmForm
from enlace.assistance.forms.returns import (
    ConfirmReceiverForm,
    OpenReturnForm,
    ReceiverForm,
    ReturnForm,
    RisksForm,
)
from enlace.assistance.labels import FOUND, LACKING, RETURN, RETURN_STEPS, RISK_DECISION
from enlace.assistance.rules import RETURN as MACHINE
from enlace.assistance.rules import returns as rules
from enlace.assistance.views.working import refuse_closed, refuse_step, told_turns, work_page
from enlace.base.errors import Missing, Refusal
from enlace.cases.queries import case as case_of
from enlace.country.labels import label

FORMS: dict[str, type[ReturnForm]] = {
    "check_risks": RisksForm,
    "confirm": ConfirmReceiverForm,
    "arrive": ReceiverForm,
}
TITLES = {
    "check_risks": gettext_lazy("Check the risks of the return"),
    "confirm": gettext_lazy("Somebody receives the person"),
    "depart": gettext_lazy("The person leaves"),
    "turn_back": gettext_lazy("The journey was broken off"),
    "arrive": gettext_lazy("The person has arrived"),
    "cancel": gettext_lazy("Give up the return"),
}
CONSEQUENCES = {
    "check_risks": gettext_lazy("Your name stands beside the decision."),
    "confirm": gettext_lazy("Who they are and how to reach them is sealed."),
    "depart": gettext_lazy("The person's consent is looked at once more; who takes it back does not travel."),
    "turn_back": gettext_lazy("The risks are checked anew before another departure."),
    "arrive": gettext_lazy("Follow-up is planned: the person is asked how she or he is, as after any help."),
    "cancel": gettext_lazy("The person may change her or his mind at any time, without giving a reason."),
}

REASONS = {"confirm": "receiving_side", "arrive": "receiving_side"}


@allowed("RETURN_READ")
@require_safe
def return_list(request: Request) -> HttpResponse:
    """The returns that the own agency prepares; an agency abroad also sees which half-years it has reported."""
    page = queries.return_page(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "status_names": RETURN,
        "halves": queries.halves_of(viewer=request.actor, on=timezone.localdate()),
    }
    return render(request, "assistance/returns.html", context)


@allowed("RETURN_READ")
@require_http_methods(["GET", "HEAD", "POST"])
def assisted_return(request: Request, return_id: UUID) -> HttpResponse:
    """One return: what it rests on, what is missing, and its steps."""
    viewer = request.actor
    found, turns = queries.read_return(viewer=viewer, return_id=return_id)
    form = PurposeForm(request.POST or None)
    papers = []
    if request.method == "POST" and form.is_valid():
        papers = queries.open_papers(viewer=viewer, record_id=found.pk, purpose=form.cleaned_data["purpose"])
    names = agency_names()
    may_move, possible, missing = viewer.may("RETURN_RECORD"), MACHINE.verbs(found.status), _missing(request, found)
    context = {
        "found": found,
        "case": found.case,
        "status_name": RETURN[found.status],
        "facts": _facts(found, names),
        "risks": [(label("return_risk", code), FOUND[answer], answer) for code, answer in found.risks.items()],
        "missing": missing,
        "turns": told_turns(turns, RETURN_STEPS, REASONS),
        "verbs": [(verb, TITLES[verb]) for verb in possible if verb != "depart" or not missing] if may_move else [],
        "is_keeper": found.agency_code == viewer.agency_code,
        "form": form,
        "papers": papers,
    }
    return render(request, "assistance/return.html", context, status=422 if form.errors else 200)


@allowed("RETURN_RECORD")
def open_return(request: Request, case_id: UUID) -> HttpResponse:
    """Begin to prepare a return that the person asks for."""
    found = case_of(viewer=request.actor, case_id=case_id)
    refuse_closed(request, found)

    def act(form: Any) -> str:
        said = form.cleaned_data
        opened = actions.open_return(
            by=request.actor, case_id=case_id, kind_code=said["kind"], country_code=said["country"], on=said["on"]
        )
        return reverse("assistance:return", args=[opened.pk])

    return work_page(
        request,
        name="return.open",
        subject=case_id,
        form=OpenReturnForm,
        act=act,
        title=_("Prepare a voluntary return"),
        lede=_(
            "Only when the person asks for it. Nobody leaves without consent, a risk check and somebody who receives them."
        ),
        submit=_("Begin"),
        initial={"on": timezone.localdate()},
        case=found,
        cancel_url=reverse("cases:case", args=[case_id]),
    )


@allowed("RETURN_RECORD")
def move_return(request: Request, return_id: UUID, return_verb: str) -> HttpResponse:
    """One step of a return."""
    found = queries.assisted_return(viewer=request.actor, return_id=return_id)
    if return_verb not in TITLES:
        raise Missing(_("There is no such step."))
    refuse_step(request, return_verb, MACHINE.verbs(found.status))
    back = reverse("assistance:return", args=[return_id])

    def act(form: Any) -> str:
        actions.move_return(by=request.actor, row=form.step(return_id, return_verb))
        return back

    return work_page(
        request,
        name=f"return.{return_verb}",
        subject=return_id,
        form=FORMS.get(return_verb, ReturnForm),
        act=act,
        title=str(TITLES[return_verb]),
        submit=_("Record"),
        initial={"on": timezone.localdate(), "code": found.receiver_code if return_verb == "arrive" else ""},
        consequences=[str(CONSEQUENCES[return_verb])],
        case=found.case,
        cancel_url=back,
        keeps_drafts=return_verb != "confirm",  # who receives the person is sealed in one place only
    )


@allowed("RETURN_RECORD")
def report_half(request: Request, half: str) -> HttpResponse:
    """Say that everybody met in a half-year is recorded."""
    if not queries.is_abroad(viewer=request.actor):
        raise Refusal(_("Only agencies abroad report by half-year."))

    def act(form: Any) -> str:
        actions.report_half(by=request.actor, half=half)
        return reverse("assistance:returns")

    return work_page(
        request,
        name="half.report",
        subject=half,
        form=ConfirmForm,
        act=act,
        title=_("Report a half-year"),
        lede=half,
        submit=_("Everybody is recorded"),
        consequences=[_("Until you say so, the half-year counts as missing, which is not zero.")],
        cancel_url=reverse("assistance:returns"),
        keeps_drafts=False,
    )


def _missing(request: Request, found: Any) -> list[Any]:
    """What a return in preparation still needs; consent is asked of the record of consents as it stands today."""
    if found.status != rules.PREPARING:
        return []
    found.consent = queries.consent_to_return(viewer=request.actor, found=found, on=timezone.localdate())
    return [LACKING[name] for name in rules.lacking(queries.readiness(found))]


def _facts(found: Any, names: dict[str, str]) -> list[tuple[str, Any]]:
    decided = display_names([found.risk_checked_by]) if found.risk_checked_by else {}
    rows = [
        (_("Kind of return"), label("return_kind", found.kind_code)),
        (_("To which country"), label("country", found.country_code)),
        (_("Prepared by"), names.get(found.agency_code, found.agency_code)),
        (_("Risk decision"), RISK_DECISION.get(found.risk_code, "")),
        (_("Decided by"), decided.get(found.risk_checked_by, "")),
        (_("Measures that make it safe"), found.risk_measures),
        (_("Who receives the person"), label("receiving_side", found.receiver_code)),
    ]
    return [(name, value) for name, value in rows if value]
