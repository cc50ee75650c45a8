"""Pages of referrals: sending, the boxes, one referral, each answer, and what came of it."""

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
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.cases.queries import case as case_of
from enlace.cases.rules import OPEN
from enlace.country.labels import label
from enlace.directory import queries as directory
from enlace.people.queries import consent_stands
from enlace.referrals import actions, queries
from enlace.referrals.forms import DeclineForm, FeedbackForm, InterruptForm, ListForm, SendForm, StepForm
from enlace.referrals.labels import FIELDS, PACKAGE_STATUS, STATUS, STEPS
from enlace.referrals.models import Referral
from enlace.referrals.rules import BY_PEOPLE, HELPED, ONGOING, REFERRAL, is_left_over
from enlace.referrals.views.slices import shown
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


@allowed("REFERRAL_READ")
@require_safe
def referral_list(request: Request) -> HttpResponse:
    """Received and sent referrals; filters stand in the address."""
    form = ListForm(request.GET or {"box": "in"})
    said = form.cleaned_data if form.is_valid() else {}
    wanted = queries.ReferralFilter(box=said.get("box") or "in", status=said.get("status", ""))
    page = queries.referral_page(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "box": wanted.box, "names": queries.party_names(), "status_names": STATUS}
    return render(request, "referrals/list.html", context)


@allowed("REFERRAL_READ")
@require_safe
def referral(request: Request, referral_id: UUID) -> HttpResponse:
    """One referral: the slice that its recipient may read, its clock, its steps, and what followed."""
    viewer = request.actor
    found = queries.read_referral(viewer=viewer, referral_id=referral_id)
    is_recipient = found.recipient_code == viewer.agency_code
    names = queries.party_names()
    context = {
        "referral": found,
        "is_recipient": is_recipient,
        "status_name": STATUS[found.status],
        "sender": names.get(found.sender_code, found.sender_code),
        "recipient": names.get(found.recipient_code, found.recipient_code),
        "services": [label("service", code) for code in found.service_codes],
        "facts": shown(found.slice),
        "steps": [
            (s, STEPS[s.verb], names.get(s.agency_code, "")) for s in queries.steps(viewer=viewer, referral_id=found.pk)
        ],
        "verbs": [(verb, TITLES[verb]) for verb in _verbs(viewer, found, is_recipient)],
        "sees_case": not is_recipient or (found.status in HELPED and not found.is_anonymous),
        "helps_unnamed": is_recipient and found.is_anonymous and found.status in ONGOING,
        "may_tell": _may_tell(viewer, found, is_recipient),
        **_followed(viewer, found, names),
        **_package(viewer, found),
    }
    return render(request, "referrals/referral.html", context)


@allowed("REFERRAL_SEND")
def send_referral(request: Request, case_id: UUID) -> HttpResponse:
    """Refer the person of a case to another agency's inbox, or to several at the same time."""
    viewer = request.actor
    found = case_of(viewer=viewer, case_id=case_id)
    if request.method != "POST" and found.status != OPEN:
        raise Refusal(_("This case is closed. Reopen it to go on working."))
    known = {
        offer.agency_id: offer.agency.name
        for offer in directory.offers(viewer=viewer)
        if offer.agency_id != viewer.agency_code
    }

    def act(form: Any) -> str:
        sent = actions.send_referrals(by=viewer, rows=form.requests(case_id))[0]
        return reverse("referrals:referral", args=[sent.pk])

    work = Work(
        name="referral.send",
        subject=str(case_id),
        form=lambda **kwargs: SendForm(recipients=known, **kwargs),
        act=act,
        template="referrals/send.html",
        done=_("The referral was sent. Its answer will appear in your work queue."),
        initial=asked_for(request),
        context={
            "case": found,
            "consented": consented(viewer, found.person_id),
            "cancel_url": reverse("cases:case", args=[case_id]),
        },
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
    work = Work(
        name=f"referral.{verb}",
        subject=str(referral_id),
        form=FORMS.get(verb, StepForm),
        act=act,
        template="referrals/step.html",
        context={
            "title": TITLES[verb],
            "consequences": _consequences(found, verb),
            "confirm_label": TITLES[verb],
            "cancel_url": reverse("referrals:referral", args=[referral_id]),
            "referral": found,
        },
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("REFERRAL_DELIVER", "REFERRAL_SEND")
def feedback(request: Request, referral_id: UUID) -> HttpResponse:
    """Tell the sender what came of a referral."""
    viewer = request.actor
    found = queries.referral(viewer=viewer, referral_id=referral_id)
    is_recipient = found.recipient_code == viewer.agency_code
    if request.method != "POST" and not _may_tell(viewer, found, is_recipient):
        raise Refusal(_("What came of it is told by who received the person, once the referral was accepted."))
    here = reverse("referrals:referral", args=[referral_id])

    def act(form: Any) -> str:
        actions.give_feedback(by=viewer, row=form.feedback(referral_id))
        return here

    work = Work(
        name="referral.feedback",
        subject=str(referral_id),
        form=FeedbackForm,
        act=act,
        template="referrals/feedback.html",
        done=_("It was told. The sender finds it in the work queue."),
        context={"title": _("Tell what came of it"), "referral": found, "cancel_url": here},
    )
    return work_form(request, work)


def asked_for(request: Request) -> dict[str, Any]:
    """What the address of a form already says: services, and the referral in whose stead another is sent."""
    try:
        previous: UUID | str = UUID(request.GET.get("previous", ""))
    except ValueError:
        previous = ""
    return {"services": request.GET.getlist("service"), "previous": previous}


def consented(viewer: Actor, person_id: UUID) -> bool:
    """Whether the person agrees to be referred, to any agency that helps."""
    return consent_stands(
        viewer=viewer,
        person_id=person_id,
        purpose_code=actions.CONSENT_PURPOSE,
        recipient_code="",
        on=timezone.localdate(),
    )


def _verbs(viewer: Actor, found: Referral, is_recipient: bool) -> list[str]:
    """The steps this viewer may take now, in the order in which they are offered."""
    for_partner = bool(found.partner_id) and not is_recipient and viewer.may("REFERRAL_SEND")
    answers = for_partner or (is_recipient and viewer.may("REFERRAL_ANSWER"))
    delivers = for_partner or (is_recipient and viewer.may("REFERRAL_DELIVER"))
    allowed_to = {
        **dict.fromkeys(("accept", "decline"), answers),
        **dict.fromkeys(("start", "complete", "interrupt"), delivers),
        "withdraw": not is_recipient and viewer.may("REFERRAL_SEND"),
    }
    return [verb for verb in REFERRAL.verbs(found.status) if verb in BY_PEOPLE and allowed_to[verb]]


def _may_tell(viewer: Actor, found: Referral, is_recipient: bool) -> bool:
    for_partner = bool(found.partner_id) and not is_recipient and viewer.may("REFERRAL_SEND")
    return found.status in HELPED and (for_partner or (is_recipient and viewer.may("REFERRAL_DELIVER")))


def _consequences(found: Referral, verb: str) -> list[str]:
    """What the step means, in sentences."""
    if verb == "accept" and found.is_anonymous:
        return [
            _("Your agency expects somebody with these needs. Who it is stays with the sender until the person says.")
        ]
    if found.partner_id:
        if verb == "withdraw":
            return [_("A package that nobody has opened is destroyed. What was read cannot be taken back.")]
        return [_("You write down what the partner told your agency by telephone.")]
    said = [str(CONSEQUENCES[verb])]
    if verb == "accept" and found.group_id:
        said.append(_("Others were asked at the same time: for them it is withdrawn."))
    return said


def _followed(viewer: Actor, found: Referral, names: dict[str, str]) -> dict[str, Any]:
    """For the sender: who else was asked, and what was done where nobody helped."""
    if found.sender_code != viewer.agency_code:
        return {}
    together = queries.asked_at_once(viewer=viewer, found=found)
    after = queries.successors(viewer=viewer, found=found) if found.followed_at else []
    return {
        "together": [(r, STATUS[r.status], names.get(r.recipient_code, r.recipient_code)) for r in together],
        "successors": [(r, STATUS[r.status], names.get(r.recipient_code, r.recipient_code)) for r in after],
        "is_left_over": not found.followed_at and is_left_over(found.status, [r.status for r in together]),
    }


def _package(viewer: Actor, found: Referral) -> dict[str, Any]:
    package = queries.package_of(viewer=viewer, referral_id=found.pk) if found.partner_id else None
    if package is None:
        return {}
    fields = [str(FIELDS[name]) for name in package.field_names]
    return {"package": package, "package_status": PACKAGE_STATUS[package.status], "package_fields": fields}
