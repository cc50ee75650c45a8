"""One page for a person's consent: what stands, what was answered, what left, and each step of it; and the sheet to sign."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.base.errors import Refusal
from enlace.base.pdf import typeset
from enlace.country.labels import label, language
from enlace.country.queries import current
from enlace.people import queries as people
from enlace.people.actions import end_ground, record_ground
from enlace.people.labels import CHILD_VIEWS, DISCLOSED, FIELDS, GROUNDS
from enlace.vault import queries
from enlace.vault.actions import sign_consent, stop_sharing
from enlace.vault.flow import Work, work_form
from enlace.vault.forms import ConsentForm, GroundForm, PurposeForm, RevokeForm


@allowed("CASE_READ")
@require_safe
def consents(request: Request, person_id: UUID) -> HttpResponse:
    """What stands today, every answer, the legal grounds, and everything that left."""
    viewer, today = request.actor, timezone.localdate()
    found = people.person(viewer=viewer, person_id=person_id)
    context = {
        "person": found,
        "answers": people.answers(viewer=viewer, person_id=person_id, on=today),
        "history": list(people.consents(viewer=viewer, person_id=person_id)),
        "grounds": list(people.grounds(viewer=viewer, person_id=person_id)),
        "disclosures": list(people.disclosures(viewer=viewer, person_id=person_id)[:100]),
        "today": today,
        **_names(),
    }
    return render(request, "vault/consents.html", context)


@allowed("CONSENT_RECORD")
def consent(request: Request, person_id: UUID) -> HttpResponse:
    """Record one answer about consent."""

    def act(form: django_forms.Form) -> str:
        assert isinstance(form, ConsentForm)
        sign_consent(by=request.actor, row=form.consent(person_id), signed=form.signed())
        return _page(person_id)

    work = _work(
        request,
        person_id,
        name="consent",
        form=lambda **kwargs: ConsentForm(recipients=agency_names(), **kwargs),
        act=act,
        initial={"given_on": timezone.localdate(), "purpose": request.GET.get("purpose", "")},
        done=_("The answer is recorded."),
    )
    return work_form(request, work)


@allowed("CONSENT_RECORD")
def revoke(request: Request, person_id: UUID, consent_id: UUID) -> HttpResponse:
    """Stop future disclosure at once, after saying what stops and what has left before."""
    grant = people.consent(viewer=request.actor, person_id=person_id, consent_id=consent_id)
    if request.method != "POST" and (grant.revoked_on or grant.is_refusal):
        raise Refusal(_("There is nothing to revoke: this answer allows nothing."))

    def act(form: django_forms.Form) -> str:
        stopped = stop_sharing(by=request.actor, person_id=person_id, consent_id=consent_id, on=timezone.localdate())
        messages.success(request, _("Consent revoked. Nothing more will be disclosed under it."))
        if stopped.withdrawn:
            taken = ", ".join(_names()["agency_names"].get(code, code) for code in stopped.withdrawn)
            messages.info(request, _("The identity no longer waits at: %(agencies)s.") % {"agencies": taken})
        return _page(person_id) + "#disclosed-title"

    before = people.disclosures(viewer=request.actor, person_id=person_id).filter(purpose_code=grant.purpose_code)
    context = {
        "title": _("Revoke the consent"),
        "consequences": _what_stops(grant, has_left=before.exists()),
        "confirm_label": _("Revoke"),
        "danger": True,
        "disclosures": list(before[:100]),
        **_names(),
    }
    work = _work(request, person_id, name="revoke", form=RevokeForm, act=act, template="vault/revoke.html", **context)
    return work_form(request, work)


@allowed("CONSENT_RECORD")
def ground(request: Request, person_id: UUID) -> HttpResponse:
    """Record a decision under the law that something may be disclosed without consent."""

    def act(form: django_forms.Form) -> str:
        assert isinstance(form, GroundForm)
        record_ground(by=request.actor, row=form.grounded(person_id))
        return _page(person_id)

    work = _work(
        request,
        person_id,
        name="ground",
        form=lambda **kwargs: GroundForm(recipients=agency_names(), **kwargs),
        act=act,
        template="vault/ground.html",
        initial={"decided_on": timezone.localdate()},
        done=_("The legal ground is recorded."),
    )
    return work_form(request, work)


@allowed("CONSENT_RECORD")
def ground_end(request: Request, person_id: UUID, ground_id: UUID) -> HttpResponse:
    """End a legal ground, after saying what stops."""
    people.ground(viewer=request.actor, person_id=person_id, ground_id=ground_id)

    def act(form: django_forms.Form) -> str:
        end_ground(by=request.actor, person_id=person_id, ground_id=ground_id, on=timezone.localdate())
        return _page(person_id)

    context: dict[str, Any] = {
        "title": _("End the legal ground"),
        "consequences": [
            _("From today nothing more is disclosed on this ground."),
            _("What was disclosed before stays in the list."),
        ],
        "confirm_label": _("End it"),
        "done": _("The ground has ended."),
    }
    work = _work(
        request, person_id, name="ground_end", form=RevokeForm, act=act, template="vault/revoke.html", **context
    )
    return work_form(request, work)


@allowed("IDENTITY_READ")
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: Request, person_id: UUID, consent_id: UUID) -> HttpResponse:
    """Open what is sealed with an answer, for a stated purpose: who signed, and what a child said."""
    grant = people.consent(viewer=request.actor, person_id=person_id, consent_id=consent_id)
    form = PurposeForm(request.POST or None)
    context: dict[str, Any] = {"person": people.person(viewer=request.actor, person_id=person_id), "grant": grant}
    if request.method == "POST" and form.is_valid():
        parts = queries.open_record(viewer=request.actor, record_id=grant.pk, purpose=form.cleaned_data["purpose"])
        context["sealed"] = parts[0].content
    return render(request, "vault/signature.html", context | {"form": form}, status=422 if form.errors else 200)


@allowed("CONSENT_RECORD")
@require_safe
def consent_sheet(request: Request, person_id: UUID) -> HttpResponse:
    """The sheet to read aloud, tick and sign, in plain words. It names nobody: the names are written on paper."""
    found = people.person(viewer=request.actor, person_id=person_id)
    is_minor = people.is_minor(found, timezone.localdate())
    data = _sheet(found.code, request.actor.agency_name, is_minor)
    return HttpResponse(typeset("vault/consent_sheet.typ", data), content_type="application/pdf")


def _page(person_id: UUID) -> str:
    return reverse("vault:consents", args=[person_id])


def _names() -> dict[str, Any]:
    return {
        "agency_names": agency_names(),
        "child_view_names": CHILD_VIEWS,
        "disclosed_names": DISCLOSED,
        "field_names": FIELDS,
        "ground_names": GROUNDS,
    }


def _work(
    request: Request,
    person_id: UUID,
    *,
    name: str,
    form: Callable[..., django_forms.Form],
    act: Callable[[django_forms.Form], str],
    template: str = "vault/consent.html",
    initial: dict[str, Any] | None = None,
    done: str = "",
    **context: Any,
) -> Work:
    found = people.person(viewer=request.actor, person_id=person_id)
    return Work(
        name=name,
        subject=str(person_id),
        form=form,
        act=act,
        template=template,
        initial=initial or {},
        done=done,
        keeps_drafts="consequences" not in context,
        context={"person": found, "cancel_url": _page(person_id), **context},
    )


def _what_stops(grant: Any, *, has_left: bool) -> list[str]:
    names, purpose = agency_names(), label("consent_purpose", grant.purpose_code)
    to = names.get(grant.recipient_code, grant.recipient_code) or _("any agency")
    waiting = queries.waiting_at(
        person_id=grant.person_id, purpose_code=grant.purpose_code, recipient_code=grant.recipient_code
    )
    found = [
        _("From now on nothing is disclosed to %(whom)s for this: %(purpose)s.") % {"whom": to, "purpose": purpose},
        _("What was begun and not sent yet closes."),
    ]
    if waiting:
        at = ", ".join(names.get(code, code) for code in waiting)
        found.append(_("The identity waits, still sealed, at %(agencies)s: it is taken back.") % {"agencies": at})
    if has_left:
        found.append(_("What was disclosed before cannot be taken back: it is listed below."))
    return [
        *found,
        _("The help goes on, and the person still counts in the statistics without a name."),
    ]


def _sheet(code: str, agency_name: str, is_minor: bool) -> dict[str, Any]:
    """What the printed sheet says, in the reader's language."""
    return {
        "lang": language(),
        "title": _("May we share what you told us?"),
        "foot": f"Enlace · {code}",
        "code": _("Code: %(code)s") % {"code": code},
        "agency": agency_name,
        "before": [
            _("You decide. You may say yes to one thing and no to another."),
            _("If you say no, nobody takes your help away, and you do not have to say why."),
            _("If you say yes, we give each agency only what it needs to help you. We never give where you are."),
            _("You may change your mind on any day. From then on nothing more is shared."),
            _("What was shared before cannot be taken back. You may ask for the list of it."),
        ],
        "asked": _("May we share for this?"),
        "until": _("Until which day"),
        "whom": _("With which agency (empty: any that helps)"),
        "yes": _("Yes"),
        "no": _("No"),
        "purposes": [label("consent_purpose", item.code) for item in current().codes("consent_purpose")],
        "child": [_("What the child says"), *map(str, CHILD_VIEWS.values())] if is_minor else [],
        "lines": [
            _("Name and signature, or fingerprint"),
            *([_("Name, relation and signature of who answers for the child")] if is_minor else []),
            _("Place and day"),
            _("Who explained this, and in which language"),
        ],
        "exception": _(
            "Only an order of an authority, or a danger that the law names, may be shared without your yes. "
            "Then it is written down who decided and why, and you may see it."
        ),
    }
