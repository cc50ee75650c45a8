"""The people of a contact: adding many, and saying who each of them is, search before create."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enlace.accounts.access import Request, allowed
from enlace.audit.actions import AlreadyDone, once
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.country.labels import choices
from enlace.intake import actions, queries
from enlace.intake.forms.contacts import LinkForm
from enlace.intake.forms.people import AddPeopleForm
from enlace.intake.views.contacts import step_form
from enlace.people import queries as people
from enlace.people.actions import Registration, register_people
from enlace.vault.actions import seal_identities
from enlace.vault.flow import plumbing
from enlace.vault.queries import search_own
from enlace.vault.rules import Identity


@allowed("CONTACT_RECORD")
def add_people(request: Request, contact_id: UUID) -> HttpResponse:
    """Add people to a contact, many at once."""
    found = queries.contact(viewer=request.actor, contact_id=contact_id)

    def act(form: Any) -> None:
        actions.add_people(by=request.actor, contact_id=contact_id, people=form.people())

    context = {"countries": [name for _code, name in choices("country")]}
    return step_form(
        request, found, "people", AddPeopleForm, act, _("Add people"), template="intake/people.html", context=context
    )


@allowed("CONTACT_RECORD")
@require_http_methods(["GET", "HEAD", "POST"])
def link_person(request: Request, contact_id: UUID, row_id: UUID) -> HttpResponse:
    """Who somebody in a contact is: search by what they say, then choose, or register whom the search did not find."""
    detail = queries.contact_detail(viewer=request.actor, contact_id=contact_id)
    row = next((row for row in detail.people if row.pk == row_id), None)
    if row is None:
        raise Missing(_("There is no such person in this contact."))
    form = LinkForm(request.POST or None)
    context = {"contact": detail.contact, "row": row, "form": form, "searched": False, **plumbing(request)}
    if request.method == "POST" and form.is_valid():
        try:
            if done := _done(request, contact_id, row, form):
                return done
            context |= {"found": _candidates(request, form.cleaned_data), "searched": True}
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
    return render(request, "intake/link.html", context, status=422 if form.errors else 200)


def _done(request: Request, contact_id: UUID, row: Any, form: LinkForm) -> HttpResponse | None:
    """The person chosen, or registered and then chosen; ``None`` when only a search was asked for."""
    wanted = request.POST.get("do", "")
    if wanted not in ("choose", "register"):
        return None
    back = reverse("intake:contact", args=[contact_id])

    def act() -> str:
        person_id = _register(request, row, form) if wanted == "register" else _id(request.POST.get("person", ""))
        actions.link_person(by=request.actor, contact_id=contact_id, row_id=row.pk, person_id=person_id)
        return back

    with suppress(AlreadyDone):
        once(by=request.actor, token=_id(request.POST.get("form_token", ""), new=True), act=act)
    return HttpResponseRedirect(back)


def _register(request: Request, row: Any, form: LinkForm) -> UUID:
    """A new person of the coarse facts of the contact, with what was searched for as the sealed identity."""
    said = form.cleaned_data
    registration = Registration(
        sex_code=row.sex_code or "unknown",
        age_group_code=row.age_group_code,
        citizenship_codes=tuple(row.citizenship_codes),
    )
    register_people(by=request.actor, rows=[registration])
    phones = (said["phone"],) if said["phone"] else ()
    identity = Identity(given_names=said["given_names"], family_names=said["family_names"], phones=phones)
    seal_identities(by=request.actor, identities={registration.id: identity})
    return registration.id


def _candidates(request: Request, said: dict[str, Any]) -> list[dict[str, Any]]:
    viewer = request.actor
    if said["code"]:
        found = people.person_by_code(viewer=viewer, text=said["code"])
        return [{"person": found, "matched": (_("code"),)}] if found else []
    name = f"{said['given_names']} {said['family_names']}".strip()
    candidates = search_own(viewer=viewer, name=name, phone=said["phone"], document=said["document"])
    known = people.people_by_id(viewer=viewer, ids=[c.person_id for c in candidates])
    return [{"person": known[c.person_id], "matched": c.matched} for c in candidates if c.person_id in known]


def _id(text: str, *, new: bool = False) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        if new:
            return new_id()
        raise Refusal(_("Choose the person in the list.")) from None
