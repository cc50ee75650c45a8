"""Pages of referrals: sending one, the boxes, and each answer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.base.errors import Refusal
from enlace.cases.queries import case as case_of
from enlace.cases.rules import OPEN
from enlace.country.labels import label
from enlace.directory.queries import offers
from enlace.people.queries import consent_stands
from enlace.referrals import actions, queries
from enlace.referrals.forms import DeclineForm, InterruptForm, ListForm, SendForm, StepForm
from enlace.referrals.labels import STATUS, STEPS
from enlace.referrals.rules import REFERRAL
from enlace.vault.flow import Work, work_form

FORMS = {"decline": DeclineForm, "interrupt": InterruptForm}
TITLES = {
    "accept": gettext_lazy("Accept the referral"),
    "decline": gettext_lazy("Decline the referral"),
    "withdraw": gettext_lazy("Withdraw the referral"),
    "start": gettext_lazy("Start the help"),
    "complete": gettext_lazy("Complete the help"),
    "interrupt": gettext_lazy("Interrupt the help"),
}


@allowed("REFERRAL_READ")
@require_safe
def referral_list(request: Request) -> HttpResponse:
    """Received and sent referrals; filters stand in the address."""
    form = ListForm(request.GET or {"box": "in"})
    said = form.cleaned_data if form.is_valid() else {}
    wanted = queries.ReferralFilter(box=said.get("box") or "in", status=said.get("status", ""))
    page = queries.referral_page(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "box": wanted.box, "agency_names": agency_names(), "status_names": STATUS}
    return render(request, "referrals/list.html", context)


@allowed("REFERRAL_READ")
@require_safe
def referral(request: Request, referral_id: UUID) -> HttpResponse:
    """One referral: the slice that its recipient may read, its clock and its steps."""
    viewer = request.actor
    found = queries.read_referral(viewer=viewer, referral_id=referral_id)
    is_recipient = found.recipient_code == viewer.agency_code
    names = agency_names()
    context = {
        "referral": found,
        "is_recipient": is_recipient,
        "status_name": STATUS[found.status],
        "sender": names.get(found.sender_code, found.sender_code),
        "recipient": names.get(found.recipient_code, found.recipient_code),
        "services": [label("service", code) for code in found.service_codes],
        "facts": _slice(found.slice),
        "steps": [
            (s, STEPS[s.verb], names.get(s.agency_code, "")) for s in queries.steps(viewer=viewer, referral_id=found.pk)
        ],
        "verbs": [(verb, TITLES[verb]) for verb in _verbs(viewer, found, is_recipient)],
        "sees_case": not is_recipient or found.status in ("accepted", "started", "completed", "interrupted"),
    }
    return render(request, "referrals/referral.html", context)


@allowed("REFERRAL_SEND")
def send_referral(request: Request, case_id: UUID) -> HttpResponse:
    """Refer the person of a case to another agency's inbox."""
    viewer = request.actor
    found = case_of(viewer=viewer, case_id=case_id)
    if request.method != "POST" and found.status != OPEN:
        raise Refusal(_("This case is closed. Reopen it to go on working."))
    known = {
        offer.agency_id: offer.agency.name for offer in offers(viewer=viewer) if offer.agency_id != viewer.agency_code
    }

    def act(form: Any) -> str:
        sent = actions.send_referrals(by=viewer, rows=[form.request(case_id)])[0]
        return reverse("referrals:referral", args=[sent.pk])

    consented = consent_stands(
        viewer=viewer,
        person_id=found.person_id,
        purpose_code=actions.CONSENT_PURPOSE,
        recipient_code="",
        on=timezone.localdate(),
    )
    work = Work(
        name="referral.send",
        subject=str(case_id),
        form=lambda **kwargs: SendForm(recipients=known, **kwargs),
        act=act,
        template="referrals/send.html",
        done=_("The referral was sent. Its answer will appear in your work queue."),
        initial={"services": request.GET.getlist("service")},
        context={"case": found, "consented": consented, "cancel_url": reverse("cases:case", args=[case_id])},
    )
    return work_form(request, work)


@allowed("REFERRAL_ANSWER", "REFERRAL_DELIVER", "REFERRAL_SEND")
def step(request: Request, referral_id: UUID, verb: str) -> HttpResponse:
    """One step of a referral, after saying what it means."""
    viewer = request.actor
    found = queries.referral(viewer=viewer, referral_id=referral_id)

    def act(form: Any) -> str:
        said = form.cleaned_data
        answer = actions.Answer(
            referral_id=referral_id, verb=verb, reason_code=said.get("reason", ""), note=said.get("note", "")
        )
        actions.take_step(by=viewer, row=answer)
        return reverse("referrals:referral", args=[referral_id])

    # A form sent twice has to find the way its first sending led, so only the page asks whether the step is possible.
    if request.method != "POST" and verb not in REFERRAL.verbs(found.status):
        raise Refusal(_("Something has changed since the page was opened."))
    context = {
        "title": TITLES[verb],
        "consequences": [str(CONSEQUENCES[verb])],
        "confirm_label": TITLES[verb],
        "cancel_url": reverse("referrals:referral", args=[referral_id]),
        "referral": found,
    }
    work = Work(
        name=f"referral.{verb}",
        subject=str(referral_id),
        form=FORMS.get(verb, StepForm),
        act=act,
        template="referrals/step.html",
        context=context,
        keeps_drafts=False,
    )
    return work_form(request, work)


CONSEQUENCES = {
    "accept": gettext_lazy("Your agency joins the case and sees its part of it. The sender is told."),
    "decline": gettext_lazy(
        "The sender is told why and looks for another place. Each reason is counted: it is how gaps become known."
    ),
    "withdraw": gettext_lazy("The other agency will no longer see it as waiting."),
    "start": gettext_lazy("The help promised has begun."),
    "complete": gettext_lazy("The help asked for was given. The sender is told."),
    "interrupt": gettext_lazy("The help stopped before its end. The sender is told, so that nobody is left alone."),
}


def _verbs(viewer: Any, found: Any, is_recipient: bool) -> list[str]:
    """The steps this viewer may take now, in the order in which they are offered."""
    possible = REFERRAL.verbs(found.status)
    allowed_to = {
        "accept": is_recipient and viewer.may("REFERRAL_ANSWER"),
        "decline": is_recipient and viewer.may("REFERRAL_ANSWER"),
        "start": is_recipient and viewer.may("REFERRAL_DELIVER"),
        "complete": is_recipient and viewer.may("REFERRAL_DELIVER"),
        "interrupt": is_recipient and viewer.may("REFERRAL_DELIVER"),
        "withdraw": not is_recipient and viewer.may("REFERRAL_SEND"),
    }
    return [verb for verb in possible if allowed_to.get(verb)]


def _slice(facts: dict[str, Any]) -> list[tuple[str, str]]:
    several = {"citizenship_codes": "country", "forms": "exploitation_form", "vulnerabilities": "vulnerability"}
    single = {"age_group_code": "age_group", "sex_code": "sex", "language_code": "language"}
    names = {
        "age_group_code": _("Age group"),
        "sex_code": _("Sex"),
        "citizenship_codes": _("Nationality"),
        "language_code": _("Language"),
        "forms": _("Form of exploitation"),
        "vulnerabilities": _("Situation of vulnerability"),
    }
    rows = [(names[key], label(list_name, facts.get(key) or "")) for key, list_name in single.items()]
    rows += [(names[key], ", ".join(label(name, c) for c in facts.get(key) or [])) for key, name in several.items()]
    if facts.get("needs_interpreter"):
        rows.append((_("Interpreter"), _("Needed")))
    return [(name, value) for name, value in rows if value]
