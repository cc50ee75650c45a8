"""What came of a contact, told by the modules above: the desk learns whether its calls led to anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.rows import seeing_as
from enlace.intake.models import ContactPerson, Outcome
from enlace.intake.rules import ABOUT_A_PERSON, OUTCOMES

TELLING = Actor.system("intake")  # whoever tells does not see the contacts of other agencies, and need not


@dataclass(frozen=True, kw_only=True)
class Result:
    """One thing that came of it: for every contact in which the person takes part, or for one contact, or both.

    ``ref`` names an investigation, so that one that several contacts led to is counted once.
    """

    kind: str
    person_id: UUID | None = None
    contact_id: UUID | None = None
    at: datetime | None = None
    service_codes: tuple[str, ...] = ()
    ref: str = ""


def record_outcomes(*, by: Actor, rows: Sequence[Result]) -> list[Outcome]:
    """Tell the desks what came of their contacts; people who never were in one leave nothing.

    Asks for no permission of its own: it is called by the action that did what is told, inside its transaction. Contacts
    later than what is told are passed over.
    """
    for row in rows:
        _check(row)
    with seeing_as(TELLING):
        contacts = _contacts_of({row.person_id for row in rows if row.person_id})
    now = timezone.now()
    found = [outcome for row in rows for outcome in _outcomes(row, contacts, by, row.at or now)]
    if not found:
        return []
    with audited(by=by, action="contact.outcome_told", detail={"count": len(found)}), seeing_as(TELLING):
        return Outcome.objects.bulk_create(found, batch_size=500)


def _contacts_of(person_ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, datetime]]]:
    """The contacts in which people take part: person -> (contact, when it began)."""
    found: dict[UUID, list[tuple[UUID, datetime]]] = {}
    ids = sorted(person_ids)
    for start in range(0, len(ids), 500):
        rows = ContactPerson.objects.filter(person_id__in=ids[start : start + 500]).order_by("contact_id")
        for person_id, contact_id, at in rows.values_list("person_id", "contact_id", "contact__opened_at"):
            if person_id:
                found.setdefault(person_id, []).append((contact_id, at))
    return found


def _outcomes(row: Result, contacts: dict[UUID, list[tuple[UUID, datetime]]], by: Actor, at: datetime) -> list[Outcome]:
    known = contacts.get(row.person_id, []) if row.person_id else []
    ids = [contact_id for contact_id, opened_at in known if opened_at <= at]
    if row.contact_id and row.contact_id not in ids:
        ids.append(row.contact_id)
    return [
        Outcome(
            contact_id=contact_id,
            person_id=row.person_id,
            kind=row.kind,
            at=at,
            by=by.id,
            agency_code=by.agency_code,
            service_codes=sorted(set(row.service_codes)),
            ref=row.ref,
        )
        for contact_id in ids
    ]


def _check(row: Result) -> None:
    if row.kind not in OUTCOMES:
        raise Refusal(_("This is no outcome of a contact."))
    if row.person_id is None and (row.kind in ABOUT_A_PERSON or row.contact_id is None):
        raise Refusal(_("Say of which person this came."))
