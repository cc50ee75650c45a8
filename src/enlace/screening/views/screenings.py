"""The list, beginning a screening, the steps of safety, the hub of one under way, and its end."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency, display_names
from enlace.base.errors import Missing
from enlace.country.labels import language
from enlace.country.protocols import Protocol
from enlace.intake.queries import contact as contact_of
from enlace.people.queries import person as person_of
from enlace.screening import actions, asked, queries, rules
from enlace.screening.forms import FinishForm, ListForm, SafetyForm, StartForm
from enlace.screening.labels import answer_text, line
from enlace.screening.models import Screening
from enlace.screening.views.outcome import outcome_page
from enlace.screening.views.parts import Part, parts_of
from enlace.vault.flow import Work, work_form


@allowed("SCREENING_READ")
@require_safe
def screening_list(request: Request) -> HttpResponse:
    """The agency's screenings; filters stand in the address."""
    form = ListForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = queries.ScreeningFilter(
        status=said.get("status", ""),
        class_code=said.get("result", ""),
        screener=request.actor.id if said.get("whose") == "mine" else "",
    )
    page = queries.screening_page(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "rows": [line(row) for row in page.rows]}
    return render(request, "screening/list.html", context)


@allowed("SCREENING_RECORD")
def start(request: Request) -> HttpResponse:
    """Begin a screening of the person that the address names, met in the contact that it names."""
    person_id = address_id(request, "person")
    if person_id is None:
        return render(request, "screening/nobody.html")
    contact_id = address_id(request, "contact")
    found = contact_of(viewer=request.actor, contact_id=contact_id) if contact_id else None
    return _start(request, person_id, found, None)


@allowed("SCREENING_RECORD")
def start_second(request: Request, screening_id: UUID) -> HttpResponse:
    """Begin the screening that follows one that is finished."""
    first = queries.screening(viewer=request.actor, screening_id=screening_id)
    return _start(request, first.person_id, first.contact, first)


def _start(request: Request, person_id: UUID, contact: Any, first: Screening | None) -> HttpResponse:
    viewer = request.actor
    person = person_of(viewer=viewer, person_id=person_id)
    channel = contact.channel_code if contact else (first.channel_code if first else "")
    protocols = offered(request, channel, second=first)

    def act(form: Any) -> str:
        said = form.cleaned_data
        row = actions.Start(
            person_id=person_id,
            protocol_code=said["protocol"],
            contact_id=contact.pk if contact else None,
            second_of=first.pk if first else None,
            channel_code=channel,
            state_code=said["state"],
            risk_codes=tuple(said["risk"]),
        )
        return reverse("screening:safety", args=[actions.start_screenings(by=viewer, rows=[row])[0].pk])

    earlier = queries.screenings_of_person(viewer=viewer, person_id=person_id)[:5]
    state = contact.state_code if contact else ""
    work = Work(
        name="screening.start",
        form=lambda **kwargs: StartForm(protocols=protocols, **kwargs),
        act=act,
        template="screening/start.html",
        initial={"state": state or viewer.state_code, "protocol": protocols[0].code if len(protocols) == 1 else ""},
        context={
            "person": person,
            "first": first,
            "earlier": [line(row) for row in earlier],
            "cancel_url": reverse("vault:person", args=[person_id]),
        },
        keeps_drafts=False,
    )
    return work_form(request, work)


def offered(request: Request, channel: str = "", *, second: Screening | None = None) -> list[Protocol]:
    """What this agency may ask today; a second protocol only after a screening that left too much open."""
    kind = agency(request.actor.agency_code).kind_code
    found = asked.offered(agency_kind=kind, on=timezone.localdate(), channel=channel)
    is_owed = second is not None and second.second_due_at is not None
    return [p for p in found if p.kind != "second" or is_owed]


@allowed("SCREENING_RECORD")
def safety(request: Request, screening_id: UUID) -> HttpResponse:
    """The steps before the first question."""
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    if found.status != rules.DRAFT and request.method != "POST":
        return redirect("screening:screening", screening_id)
    protocol = queries.protocol_of(found)

    def act(form: Any) -> str:
        actions.confirm_safety(by=request.actor, screening_id=screening_id, codes=form.codes())
        parts = parts_of(queries.standing_of(found))
        return reverse("screening:screening_section", args=[screening_id, parts[0].number if parts else 1])

    work = Work(
        name="screening.safety",
        subject=str(screening_id),
        form=lambda **kwargs: SafetyForm(protocol=protocol, **kwargs),
        act=act,
        template="screening/safety.html",
        initial={f"step_{code}": True for code in found.safety_codes},
        context={
            "screening": found,
            "protocol_title": protocol.title(language()),
            "cancel_url": reverse("screening:screening", args=[screening_id]),
        },
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("SCREENING_READ")
@require_safe
def screening(request: Request, screening_id: UUID) -> HttpResponse:
    """One screening: how far it is while it is under way, and what was found once it is finished."""
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    if found.status != rules.DRAFT:
        return outcome_page(request, screening_id)
    standing = queries.standing_of(found)
    parts = parts_of(standing)
    context = {
        "screening": found,
        "protocol": standing.protocol,
        "protocol_title": standing.protocol.title(language()),
        "parts": parts,
        "resume": next((part for part in parts if not part.is_done), None),
        "answers_at": standing.saved_at,
        "screener": display_names([found.screener]).get(found.screener, ""),
    }
    return render(request, "screening/draft.html", context)


@allowed("SCREENING_RECORD")
def finish(request: Request, screening_id: UUID) -> HttpResponse:
    """Check the answers, and finish."""
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    home = reverse("screening:screening", args=[screening_id])
    if found.status != rules.DRAFT and request.method != "POST":
        return redirect(home)

    def act(form: Any) -> str:
        actions.finish_screenings(by=request.actor, rows=[actions.Finish(screening_id=screening_id)])
        return home

    work = Work(
        name="screening.finish",
        subject=str(screening_id),
        form=FinishForm,
        act=act,
        template="screening/finish.html",
        context={"screening": found, **_check(found), "cancel_url": home},
        keeps_drafts=False,
    )
    return work_form(request, work)


def _check(found: Screening) -> dict[str, Any]:
    """All answers by section, each with the way to change it, and what is still open."""
    standing = queries.standing_of(found)
    values = standing.values
    missing = set(rules.missing_required(standing.protocol, values))
    sections: list[tuple[Part, list[dict[str, Any]]]] = []
    for part in parts_of(standing):
        url = reverse("screening:screening_section", args=[found.pk, part.number])
        rows = [
            {
                "text": question.text(language()),
                "answer": answer_text(question, standing.rows[question.code]) if question.code in values else "",
                "is_missing": question.code in missing,
                "url": f"{url}#q_{question.code}",
            }
            for question in part.questions
        ]
        sections.append((part, rows))
    still_open = sum(not row["answer"] for _part, rows in sections for row in rows)
    return {"sections": sections, "missing": len(missing), "open": still_open}


def address_id(request: Request, name: str) -> UUID | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Missing(_("There is nothing at this address.")) from None
