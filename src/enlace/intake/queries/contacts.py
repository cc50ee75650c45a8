"""Reads of contacts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.country.queries import current
from enlace.intake.models import Contact, ContactPerson, ContactStep, Outcome
from enlace.intake.permissions import visible_contacts
from enlace.intake.rules import FOLLOW_UP, OPEN, SEEN_TO, contact_due
from enlace.vault.queries import Part, open_record

ORDER = ("-opened_at", "-id")


@dataclass(frozen=True)
class ContactFilter:
    """What a list of contacts may be narrowed by; empty means all. Both days are included."""

    channel_code: str = ""
    disposition_code: str = ""
    risk_code: str = ""
    status: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ContactDetail:
    """A contact with its people (their person beside them where known), what came of it and its steps, oldest first."""

    contact: Contact
    people: Sequence[ContactPerson]
    outcomes: Sequence[Outcome]
    steps: Sequence[ContactStep]


def contact(*, viewer: Actor, contact_id: UUID) -> Contact:
    """One contact that the viewer's agency recorded. Raises ``Missing`` for all others, existing or not."""
    found = visible_contacts(viewer).filter(pk=contact_id).first()
    if found is None:
        raise Missing(_("Your agency recorded no such contact."))
    return found


def contact_detail(*, viewer: Actor, contact_id: UUID) -> ContactDetail:
    """In four queries, whatever the number of people. What was told stays sealed: see ``open_told``."""
    found = contact(viewer=viewer, contact_id=contact_id)
    people = ContactPerson.objects.filter(contact=found).select_related("person").order_by("position")
    outcomes = Outcome.objects.filter(contact=found).select_related("person").order_by("at", "id")
    steps = ContactStep.objects.filter(contact=found).order_by("at", "id")
    return ContactDetail(found, list(people), list(outcomes), list(steps))


def open_told(*, viewer: Actor, contact_id: UUID, purpose: str) -> list[Part]:
    """What was told, in the order in which it was; the reading leaves a record."""
    found = contact(viewer=viewer, contact_id=contact_id)
    return open_record(viewer=viewer, record_id=contact_id, purpose=purpose) if found.is_sealed else []


def contact_page(*, viewer: Actor, wanted: ContactFilter, cursor: str = "", size: int = 25) -> Page:
    """One page of the agency's contacts, newest first."""
    return page(_narrowed(viewer, wanted), order=ORDER, cursor=cursor, size=size)


def export_contacts(*, viewer: Actor, wanted: ContactFilter) -> Iterator[tuple[Contact, int]]:
    """Every contact of the list with how many people at risk it has, newest first; that they left is on record."""
    at_risk = [code.code for code in current().codes("contact_role") if code.extra["at_risk"] == "yes"]
    rows = _narrowed(viewer, wanted).order_by(*ORDER)
    with audited(by=viewer, action="contact.exported", data_class="C") as event:
        contacts = list(rows)
        event.detail["count"] = len(contacts)
    for start in range(0, len(contacts), 500):
        batch = contacts[start : start + 500]
        counts: dict[UUID, int] = {}
        people = ContactPerson.objects.filter(contact__in=batch, role_code__in=at_risk)
        for contact_id in people.values_list("contact_id", flat=True):
            counts[contact_id] = counts.get(contact_id, 0) + 1
        yield from ((row, counts.get(row.pk, 0)) for row in batch)


def contacts_of_person(*, viewer: Actor, person_id: UUID) -> list[Contact]:
    """The agency's contacts in which a person takes part, newest first."""
    return list(visible_contacts(viewer).filter(people__person_id=person_id).order_by(*ORDER))


def follow_ups_due(*, viewer: Actor, limit: int) -> list[Contact]:
    """The calls promised, the most pressing first."""
    return list(visible_contacts(viewer).filter(status=FOLLOW_UP).order_by("follow_up_due")[:limit])


def contacts_to_see(*, viewer: Actor, limit: int) -> list[tuple[Contact, datetime]]:
    """Open contacts that nobody has seen to yet, with their clock: those in danger first, then the oldest."""
    limits = current().limits
    seen_to = Outcome.objects.filter(contact=OuterRef("pk"), kind__in=SEEN_TO)
    rows = visible_contacts(viewer).filter(~Exists(seen_to), status=OPEN)
    danger_first = Case(When(risk_code="immediate", then=0), default=1)
    found = rows.order_by(danger_first, "opened_at")[:limit]
    return [(row, contact_due(row.risk_code, row.opened_at, limits)) for row in found]


def _narrowed(viewer: Actor, wanted: ContactFilter) -> QuerySet[Contact]:
    rows = visible_contacts(viewer)
    for name in ("channel_code", "disposition_code", "risk_code", "status"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.since:
        rows = rows.filter(opened_at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(opened_at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
