"""Reads of pages and requests; always ``viewer=``, always filtered. And what the modules' panels on the own page share."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.queries import reads_of
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.base.rows import seeing_as
from enlace.base.slots import Trace, registered
from enlace.country.labels import label
from enlace.country.queries import current
from enlace.directory.queries import agencies_that_house
from enlace.intake import receipts
from enlace.people import queries as people
from enlace.portal import rules
from enlace.portal.models import OwnPage, PersonRequest
from enlace.portal.permissions import (
    PAGE,
    own_id,
    own_pages,
    own_requests,
    person_actor,
    visible_pages,
    visible_requests,
)
from enlace.vault.queries import Part, open_record

KIND = "own page"
ORDER = ("-asked_at", "-id")
READING = (".read", ".refused")  # how the actions of the record end that are a reading
EVENTS, LINES = 2000, 100  # events looked at, and lines shown of them


@dataclass(frozen=True)
class Reading:
    """That an agency read something about her on a day, ``times`` times. ``action`` is the record's; ``purpose`` a code."""

    on: date
    agency: str
    action: str
    purpose: str
    in_emergency: bool
    times: int


@dataclass(frozen=True)
class Receiving:
    """That something about her left one agency for another on a day. ``kind`` and ``purpose`` are codes."""

    on: date
    giver: str
    recipient: str
    kind: str
    purpose: str


def digest_of(number: str) -> str:
    """What is stored of the number of a page."""
    return receipts.digest(KIND, number)


def page_by_number(number: str) -> UUID | None:
    """The page that sixteen digits open now. Ended, run out and never given are told by the same ``None``."""
    with seeing_as(PAGE):
        rows = OwnPage.objects.filter(digest=digest_of(number), status=rules.OPEN, expires_at__gt=timezone.now())
        return rows.values_list("pk", flat=True).first()


def person_of_page(page_id: UUID) -> Actor | None:
    """The person whose page it is, while its number is good."""
    with seeing_as(PAGE):
        rows = OwnPage.objects.filter(pk=page_id, status=rules.OPEN, expires_at__gt=timezone.now())
        found = rows.values_list("person_id", "person__code").first()
    return person_actor(*found) if found else None


def last_page(*, viewer: Actor, person_id: UUID) -> OwnPage | None:
    """The number that is good, or what came of the last one; ``None`` when none was ever offered."""
    open_first = Case(When(status=rules.OPEN, then=0), default=1)
    return visible_pages(viewer).filter(person_id=person_id).order_by(open_first, "-issued_at").first()


def own_page(*, viewer: Actor) -> OwnPage:
    """The page she is reading."""
    found = own_pages(viewer).filter(status=rules.OPEN).first()
    if found is None:
        raise Missing(_("This number opens nothing now."))
    return found


def person_request(*, viewer: Actor, request_id: UUID) -> PersonRequest:
    """One request made of the viewer's agency. Raises ``Missing`` for all others."""
    found = visible_requests(viewer).select_related("person").filter(pk=request_id).first()
    if found is None:
        raise Missing(_("There is no such request."))
    return found


def request_page(*, viewer: Actor, status: str = "", cursor: str = "", size: int = 25) -> Page:
    rows = visible_requests(viewer).select_related("person")
    return page(rows.filter(status=status) if status else rows, order=ORDER, cursor=cursor, size=size)


def requests_owed(*, viewer: Actor, limit: int) -> list[PersonRequest]:
    """What the agency has still to answer or to carry out, the most urgent first."""
    rows = visible_requests(viewer).filter(status__in=rules.OWED).select_related("person")
    return list(rows.order_by("due_at")[:limit])


def request_messages(*, viewer: Actor, request_id: UUID, purpose: str) -> list[Part]:
    """What was written in a request of the viewer's agency, oldest first; the reading is on record, with its purpose."""
    found = person_request(viewer=viewer, request_id=request_id)
    return open_record(viewer=viewer, record_id=found.record_id, purpose=purpose)


def requests_of_own(*, viewer: Actor) -> list[PersonRequest]:
    return list(own_requests(viewer).order_by("-asked_at"))


def request_of_own(*, viewer: Actor, request_id: UUID) -> tuple[PersonRequest, list[Part]]:
    """One request of hers, with what was written. Raises ``Missing`` for everybody else's."""
    found = own_requests(viewer).filter(pk=request_id).first()
    if found is None:
        raise Missing(_("There is no such request."))
    return found, open_record(viewer=PAGE, record_id=found.record_id)


def is_carried_out(kind_code: str) -> bool:
    """Whether such a request is granted and then carried out, or only answered."""
    kind = current().codes("person_request").get(kind_code)
    return kind is not None and kind.extra["carried_out"] == "yes"


def may_be_child(person: Any) -> bool:
    """Whether the person is a minor, or may be one: nobody has recorded an age."""
    group = people.age_group_of(person.birth_year, timezone.localdate(), person.age_group_code)
    found = current().codes("age_group").get(group)
    return found is None or found.extra["majority"] != "adult"


def names_on_own_page() -> dict[str, str]:
    """How each agency is called on a person's own page: by its name, or only by its kind when it houses people.

    Whoever makes her open the page must not learn from a shelter's name where she lives.
    """
    hidden = agencies_that_house()
    return {
        str(agency.pk): label("agency_kind", agency.kind_code) if agency.pk in hidden else agency.name
        for agency in agencies(active=None)
    }


def coarse_facts(*, viewer: Actor) -> list[tuple[object, str]]:
    """What is recorded about her beside what is sealed. No place is among it, not even where she comes from."""
    found = people.person(viewer=viewer, person_id=own_id(viewer))
    group = people.age_group_of(found.birth_year, timezone.localdate(), found.age_group_code)
    rows = [
        (_("Sex"), label("sex", found.sex_code)),
        (_("Gender"), label("gender", found.gender_code)),
        (_("Age group"), label("age_group", group)),
        (_("Nationality"), ", ".join(label("country", code) for code in found.citizenship_codes)),
        (_("Language"), label("language", found.language_code)),
        (_("Second language"), label("language", found.second_language_code)),
        (_("Interpreter"), _("Needed") if found.needs_interpreter else ""),
        (_("Marital status"), label("marital_status", found.marital_status_code)),
        (_("Schooling"), label("education", found.education_code)),
        (_("Migration status"), label("migration_status", found.migration_status_code)),
        (_("Children"), str(found.children_count) if found.children_count is not None else ""),
    ]
    return [(name, value) for name, value in rows if value]


def agencies_that_know(*, viewer: Actor) -> list[tuple[date, str, str]]:
    """The agencies that know her: since when, which, and the code of why."""
    found = people.person(viewer=viewer, person_id=own_id(viewer))
    names = names_on_own_page()
    rows = found.known_to.order_by("since").values_list("since", "agency_code", "reason")
    return [(timezone.localdate(since), names.get(code, ""), why) for since, code, why in rows]


def received(*, viewer: Actor) -> list[Receiving]:
    """What left about her, newest first: to whom, what kind of thing, and for what."""
    names, outside = names_on_own_page(), _("An organisation outside this system")
    rows = people.disclosures(viewer=viewer, person_id=own_id(viewer))[:LINES]
    return [
        Receiving(
            timezone.localdate(row.at),
            names.get(row.agency_code, ""),
            names.get(row.recipient_code, "") if row.recipient_code else outside,
            row.kind,
            row.purpose_code,
        )
        for row in rows
    ]


def readings(*, viewer: Actor, person: Any) -> list[Reading]:
    """Who read what about her, newest first: agencies, never the people who work there."""
    subjects = [own_id(viewer)]
    for trace in registered(Trace, viewer):
        subjects += trace.subjects(viewer, person)
    names = names_on_own_page()
    events = reads_of(*subjects).values_list("at", "chain", "action", "purpose", "detail")[:EVENTS]
    found = Counter(
        (timezone.localdate(at), names[chain], action, purpose, "emergency" in detail)
        for at, chain, action, purpose, detail in events
        if chain in names and _is_reading(action)
    )
    lines = [Reading(*line, times) for line, times in found.items()]
    return sorted(lines, key=lambda line: line.on, reverse=True)[:LINES]


def _is_reading(action: str) -> bool:
    """Writing is recorded with the class of what was written, too; that is no reading."""
    return action.endswith(READING)
