"""Emergency access, step by step: find the person, say why, read for hours, the second person, and the review."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names, display_names
from enlace.base.errors import Missing, Refusal
from enlace.base.slots import Panel, registered
from enlace.country.queries import current
from enlace.people import queries as people
from enlace.people.actions import ask_second
from enlace.people.labels import EVENTS, VERDICTS
from enlace.people.rules import in_force, opens_whereabouts, waits_for_second
from enlace.vault import actions, queries
from enlace.vault.flow import Work, work_form
from enlace.vault.forms import EmergencyForm, ReviewForm, SecondForm, StrangerForm
from enlace.vault.views.people import facts_of


@allowed("EMERGENCY_OPEN")
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_find(request: Request) -> HttpResponse:
    """By the code of a person whom the agency does not know."""
    form = StrangerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if own := people.person_by_code(viewer=request.actor, text=code):
            return redirect("vault:person", own.pk)
        try:
            found = people.stranger(viewer=request.actor, text=code)
        except (Missing, Refusal) as refusal:
            form.add_error("code", str(refusal.reason))
        else:
            token = people.found_token(viewer=request.actor, person_id=found.pk)
            return HttpResponseRedirect(f"{reverse('vault:emergency_open')}?{urlencode({'found': token})}")
    context = {"form": form, "hours": _hours()}
    return render(request, "vault/emergency_find.html", context, status=422 if form.errors else 200)


@allowed("EMERGENCY_OPEN")
def emergency_open(request: Request) -> HttpResponse:
    """Say why, and open the record for the hours that the country allows."""

    def act(form: django_forms.Form) -> str:
        assert isinstance(form, EmergencyForm)
        person_id = people.found_person(viewer=request.actor, token=form.cleaned_data["found"])
        opened = actions.open_emergency(by=request.actor, row=form.breaking(person_id))
        return reverse("vault:emergency", args=[opened])

    work = Work(
        name="emergency.open",
        form=EmergencyForm,
        act=act,
        template="vault/emergency_open.html",
        initial={"found": request.GET.get("found", "")},
        context={"cancel_url": reverse("vault:search"), "hours": _hours()},
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("EMERGENCY_OPEN")
@require_safe
def emergency(request: Request, emergency_id: UUID) -> HttpResponse:
    """The record of the person, for as long as the access runs."""
    return render(request, "vault/emergency.html", _record(request, emergency_id))


@allowed("EMERGENCY_OPEN")
@require_POST
def emergency_identity(request: Request, emergency_id: UUID) -> HttpResponse:
    """Open who the person is; where the person is, once a second person agreed."""
    opened = queries.open_in_emergency(viewer=request.actor, emergency_id=emergency_id)
    context = {"identity": opened.identity, "is_opened": True}
    if request.htmx:
        return render(request, "vault/_emergency_identity.html", _standing(opened.emergency) | context)
    return render(request, "vault/emergency.html", _record(request, emergency_id) | context)


@allowed("EMERGENCY_OPEN")
@require_POST
def emergency_ask(request: Request, emergency_id: UUID) -> HttpResponse:
    """Ask for the second person."""
    ask_second(by=request.actor, emergency_id=emergency_id)
    messages.success(request, _("A second person was asked. Call them: the question stands in their work queue."))
    return redirect("vault:emergency", emergency_id)


@allowed("EMERGENCY_OPEN")
@require_POST
def emergency_end(request: Request, emergency_id: UUID) -> HttpResponse:
    """Give the access back."""
    actions.end_emergency(by=request.actor, emergency_id=emergency_id)
    messages.success(request, _("The access has ended."))
    return redirect("accounts:home")


@allowed("EMERGENCY_APPROVE")
def emergency_answer(request: Request, emergency_id: UUID) -> HttpResponse:
    """The second person reads why, and agrees or does not."""
    found = people.emergency_to_answer(viewer=request.actor, emergency_id=emergency_id)

    def act(form: django_forms.Form) -> str:
        approves = form.cleaned_data["answer"] == "yes"
        actions.answer_emergency(by=request.actor, emergency_id=emergency_id, approves=approves)
        return reverse("accounts:home")

    waits = waits_for_second(people.access_of(found), timezone.now(), current().limits["break_glass_second"])
    work = Work(
        name="emergency.answer",
        subject=str(emergency_id),
        form=SecondForm,
        act=act,
        template="vault/emergency_answer.html",
        context={"emergency": found, "waits": waits, "cancel_url": reverse("accounts:home"), **_who([found])},
        done=_("Your answer is recorded."),
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("EMERGENCY_REVIEW")
@require_safe
def emergencies(request: Request) -> HttpResponse:
    """What waits for the data-protection officer, and what was judged before."""
    waiting = people.emergencies_to_review(viewer=request.actor)
    judged = people.emergencies_to_review(viewer=request.actor, reviewed=True)
    context = {"waiting": waiting, "judged": judged, "verdicts": VERDICTS, **_who([*waiting, *judged])}
    return render(request, "vault/emergencies.html", context)


@allowed("EMERGENCY_REVIEW")
def emergency_review(request: Request, emergency_id: UUID) -> HttpResponse:
    """Why it was opened, everything that was read under it, and the judgement."""
    found, events = people.emergency_to_review(viewer=request.actor, emergency_id=emergency_id)

    def act(form: django_forms.Form) -> str:
        said = form.cleaned_data
        actions.review_emergency(
            by=request.actor, emergency_id=emergency_id, verdict=said["verdict"], words=said["words"]
        )
        return reverse("vault:emergencies")

    context = {
        "emergency": found,
        "events": [(row, EVENTS[row.action]) for row in events if row.action in EVENTS],
        "runs": in_force(people.access_of(found), timezone.now()),
        "verdicts": VERDICTS,
        "cancel_url": reverse("vault:emergencies"),
        **_who([found]),
    }
    work = Work(
        name="emergency.review",
        subject=str(emergency_id),
        form=ReviewForm,
        act=act,
        template="vault/emergency_review.html",
        context=context,
        done=_("The review is recorded."),
    )
    return work_form(request, work)


def _record(request: Request, emergency_id: UUID) -> dict[str, Any]:
    viewer = request.actor
    found = people.read_emergency(viewer=viewer, emergency_id=emergency_id)
    panels = [p for p in registered(Panel, viewer) if p.page == "emergency"]
    return {
        "person": found.person,
        "facts": facts_of(found.person),
        "today": timezone.localdate(),
        "consents": people.consents_in_emergency(viewer=viewer, person_id=found.person_id),
        "panels": [(panel.template, panel.context(viewer, found)) for panel in panels],
        **_standing(found),
        **_who([found]),
    }


def _standing(found: Any) -> dict[str, Any]:
    access, now = people.access_of(found), timezone.now()
    return {
        "emergency": found,
        "shows_whereabouts": opens_whereabouts(access, now),
        "waits": waits_for_second(access, now, current().limits["break_glass_second"]),
    }


def _who(rows: list[Any]) -> dict[str, Any]:
    ids = {row.opened_by for row in rows} | {row.answered_by for row in rows} | {row.reviewed_by for row in rows}
    return {"agency_names": agency_names(), "people_names": display_names(ids - {""})}


def _hours() -> int:
    return int(current().limits["break_glass"].total_seconds() // 3600)
