"""The keys that go with an emergency access: lent when it opens, taken away when it ends, however it ends."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.people import actions as people
from enlace.people.queries import emergencies_over
from enlace.vault import envelope, sealing
from enlace.vault.models import LentKey, PersonKey
from enlace.vault.sealing import SYSTEM


def open_emergency(*, by: Actor, row: people.Breaking) -> UUID:
    """Open the record of a person whom the agency does not know, and lend the key; returns the id of the access.

    Of a person under protection nothing sealed opens before a second person agreed.
    """
    with audited(by=by, action="identity.lent", subject=("person", row.person_id)) as event:
        emergency = people.begin_emergency(by=by, row=row)
        waits = emergency.person.is_protected
        count = 0 if waits else _lend(emergency.pk, emergency.person_id, emergency.agency_code)
        event.detail.update(emergency=str(emergency.pk), count=count)
    return emergency.pk


def answer_emergency(*, by: Actor, emergency_id: UUID, approves: bool) -> None:
    """The second person's answer: agreed, where the person is opens to the account that asked."""
    with audited(by=by, action="identity.lent") as event:
        emergency = people.answer_emergency(by=by, emergency_id=emergency_id, approves=approves)
        count = _lend(emergency.pk, emergency.person_id, emergency.agency_code) if approves else 0
        event.about("person", emergency.person_id)
        event.detail.update(emergency=str(emergency_id), count=count)


def end_emergency(*, by: Actor, emergency_id: UUID) -> None:
    """Give the access back before its time."""
    with audited(by=by, action="identity.taken_back", detail={"emergency": str(emergency_id)}) as event:
        people.close_emergency(by=by, emergency_id=emergency_id)
        event.detail["count"] = _take([emergency_id])


def end_emergencies(*, by: Actor, at: datetime) -> int:
    """Take away the keys of every access whose time is over; returns how many ended. Safe to run twice at once."""
    if not emergencies_over(at=at):  # it is asked each minute, and only what happened belongs into the record
        return 0
    with audited(by=by, action="identity.taken_back") as event:
        ended = people.close_emergencies(by=by, at=at)
        event.detail["count"] = _take(ended)
    return len(ended)


def review_emergency(*, by: Actor, emergency_id: UUID, verdict: str, words: str) -> None:
    """The judgement of the data-protection officer; raised, an access that still runs ends."""
    with audited(by=by, action="identity.taken_back", detail={"emergency": str(emergency_id)}) as event:
        emergency = people.review_emergency(by=by, emergency_id=emergency_id, verdict=verdict, words=words)
        event.detail["count"] = _take([emergency_id]) if emergency.ended_at else 0


def _lend(emergency_id: UUID, person_id: UUID, agency_code: str) -> int:
    """One more wrapped copy of the key, for this access; none where nothing is sealed or it was lent before."""
    with seeing_as(SYSTEM):
        held = PersonKey.objects.filter(person_id=person_id, released_at__isnull=False).order_by("granted_at").first()
        if held is None or LentKey.objects.filter(emergency_id=emergency_id).exists():
            return 0
        key = sealing.unwrapped(held, sealing.keys_to_read(held.agency_code))
        under = sealing.key_to_write(agency_code)
        LentKey.objects.create(
            emergency_id=emergency_id,
            person_id=person_id,
            agency_code=agency_code,
            agency_key_version=under.version,
            wrapped=envelope.wrap(key, under.key),
            lent_at=timezone.now(),
        )
    return 1


def _take(emergency_ids: Collection[UUID]) -> int:
    with seeing_as(SYSTEM):
        sealing.leave_no_trace()
        count, _by_table = LentKey.objects.filter(emergency_id__in=emergency_ids).delete()
    return count
