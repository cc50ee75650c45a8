"""Contacts for tests of intake: everybody in them is invented."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from enlace.base.actor import Actor
from enlace.intake.actions import Entry, Notification, Someone, notify, record_contacts


def a_contact(by: Actor, **facts: Any) -> UUID:
    """Record one contact: a call of five minutes about a possible case, unless ``facts`` say otherwise."""
    begun = timezone.now() - timedelta(minutes=5)
    said = {
        "channel_code": "hotline_call",
        "disposition_code": "possible_trafficking",
        "opened_at": begun,
        "seconds": 240,
    }
    row = Entry(**(said | facts))
    record_contacts(by=by, rows=[row])
    return row.id


def at_risk(person_id: UUID | None = None, **facts: Any) -> Someone:
    return Someone(**({"role_code": "at_risk", "sex_code": "female", "person_id": person_id} | facts))


def a_notice(by: Actor, kind: str = "tip", **facts: Any) -> UUID:
    """Send one notice about a contact of the sender's, in the north."""
    if "contact_id" not in facts and "person_id" not in facts:
        facts["contact_id"] = a_contact(by)
    row = Notification(**({"kind": kind, "state_code": "XX-N", "note": "an invented tip"} | facts))
    (sent,) = notify(by=by, rows=[row])
    return sent.pk
