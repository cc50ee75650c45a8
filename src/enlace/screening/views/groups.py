"""Group screening: the event, what is answered for all, and the people who join it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Refusal
from enlace.country.labels import label, language
from enlace.intake.queries import contact as contact_of
from enlace.intake.queries import contact_detail
from enlace.people.actions import Registration, register_people
from enlace.people.queries import person_by_code
from enlace.screening import actions, queries
from enlace.screening.forms import GroupStartForm, JoinForm
from enlace.screening.labels import line
from enlace.screening.models import GroupScreening
from enlace.screening.views.parts import parts_of
from enlace.screening.views.screenings import address_id, offered
from enlace.vault.flow import Work, work_form

MOST_CODES = 100


@allowed("SCREENING_RECORD")
def start_group(request: Request) -> HttpResponse:
    """Open the event of a group, met in the contact that the address may name."""
    viewer = request.actor
    contact_id = address_id(request, "contact")
    found = contact_of(viewer=viewer, contact_id=contact_id) if contact_id else None
    channel = found.channel_code if found else ""
    protocols = [p for p in offered(request, channel) if any(question.shared for question in p.questions)]

    def act(form: Any) -> str:
        said = form.cleaned_data
        row = actions.GroupStart(
            protocol_code=said["protocol"], contact_id=contact_id, channel_code=channel, state_code=said["state"]
        )
        return reverse("screening:group", args=[actions.start_group(by=viewer, row=row).pk])

    work = Work(
        name="screening.start_group",
        form=lambda **kwargs: GroupStartForm(protocols=protocols, **kwargs),
        act=act,
        template="screening/start_group.html",
        initial={"state": found.state_code if found else viewer.state_code},
        context={"protocols": protocols, "cancel_url": reverse("screening:list")},
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("SCREENING_READ")
@require_safe
def group_list(request: Request) -> HttpResponse:
    """The events of the agency, newest first."""
    page = queries.group_page(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    return render(request, "screening/groups.html", {"page": page})


@allowed("SCREENING_READ")
@require_safe
def group(request: Request, group_id: UUID) -> HttpResponse:
    """One event: what is answered for all, and everybody who was met there."""
    found = queries.group(viewer=request.actor, group_id=group_id)
    standing = queries.standing_of(found)
    context = {
        "group": found,
        "protocol_title": standing.protocol.title(language()),
        "parts": parts_of(standing, shared=True),
        "answers_at": standing.saved_at,
        "rows": [line(row) for row in queries.members(viewer=request.actor, group_id=group_id)],
    }
    return render(request, "screening/group.html", context)


@allowed("SCREENING_RECORD")
def join_group(request: Request, group_id: UUID) -> HttpResponse:
    """Add the people who were met."""
    found = queries.group(viewer=request.actor, group_id=group_id)
    home = reverse("screening:group", args=[group_id])
    known = _of_contact(request, found)

    def act(form: Any) -> str:
        said = form.cleaned_data
        ids = [UUID(pk) for pk in said.get("people", [])] + _by_code(request, said["codes"]) + _new(request, said)
        actions.join_group(by=request.actor, group_id=group_id, person_ids=ids)
        return home

    work = Work(
        name="screening.join_group",
        subject=str(group_id),
        form=lambda **kwargs: JoinForm(known=known, **kwargs),
        act=act,
        template="screening/join_group.html",
        done=_("The people were added. Each one is screened alone."),
        context={"group": found, "cancel_url": home},
        keeps_drafts=False,
    )
    return work_form(request, work)


def _of_contact(request: Request, found: GroupScreening) -> list[tuple[str, object]]:
    """The registered people of the event's contact who are not there yet."""
    if found.contact_id is None:
        return []
    there = {row.person_id for row in queries.members(viewer=request.actor, group_id=found.pk)}
    people = contact_detail(viewer=request.actor, contact_id=found.contact_id).people
    return [
        (str(row.person.pk), f"{row.person.code} · {label('contact_role', row.role_code)}")
        for row in people
        if row.person and row.person.pk not in there
    ]


def _by_code(request: Request, text: str) -> list[UUID]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_CODES:
        raise Refusal(_("Add at most %(count)d codes at once.") % {"count": MOST_CODES})
    people = [person_by_code(viewer=request.actor, text=code) for code in lines]
    unknown = [str(place) for place, person in enumerate(people, start=1) if person is None]
    if unknown:
        places = ", ".join(unknown)
        raise Refusal(
            ngettext(
                "The code on line %(places)s is not that of a person your agency knows. Check it.",
                "The codes on lines %(places)s are not those of people your agency knows. Check them.",
                len(unknown),
            )
            % {"places": places}
        )
    return [person.pk for person in people if person]


def _new(request: Request, said: dict[str, Any]) -> list[UUID]:
    """People met for the first time, registered with what could be seen of all of them."""
    if not said["count"]:
        return []
    citizenship = (said["citizenship"],) if said["citizenship"] else ()
    rows = [
        Registration(sex_code=said["sex"], age_group_code=said["age_group"], citizenship_codes=citizenship)
        for _number in range(said["count"])
    ]
    return [person.pk for person in register_people(by=request.actor, rows=rows)]
