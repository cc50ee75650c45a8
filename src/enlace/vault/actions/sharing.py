"""Opening an identity to another agency, and closing it again: one more wrapped copy of the person's key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.people.actions import revoke_consent
from enlace.people.queries import basis
from enlace.vault import envelope, sealing
from enlace.vault.models import BlindToken, NationalToken, PersonKey
from enlace.vault.queries import waiting_at
from enlace.vault.sealing import SYSTEM


def grant_keys(*, by: Actor, grants: Collection[tuple[UUID, str]], purpose_code: str = "") -> int:
    """Wrap the keys of people for other agencies, (person, agency) each; they open nothing until released there.

    ``purpose_code`` is the consented purpose, so that revoking that consent takes back what still waits; "" where no
    consent is needed.

    Returns how many keys were new: a person without an identity, or whose key the agency has, is passed over. Raises
    ``Missing`` when only other agencies hold a key.
    """
    check(by, "IDENTITY_READ")
    agency_code = sealing.agency_of(by)
    with audited(by=by, action="identity.granted") as event:
        if len(grants) == 1:
            event.about("person", next(iter(grants))[0])
        keys = sealing.keys_to_read(agency_code)
        counts = [_grant(agency_code, batch, keys, purpose_code) for batch in sealing.batches(sorted(set(grants)))]
        event.detail.update(count=sum(counts), to=sorted({to for _person_id, to in grants}))
    return sum(counts)


def grant_key(*, by: Actor, person_id: UUID, to_agency: str, purpose_code: str = "") -> int:
    return grant_keys(by=by, grants=[(person_id, to_agency)], purpose_code=purpose_code)


def release_keys(*, by: Actor, person_ids: Collection[UUID]) -> int:
    """The recipient accepts: its agency can now open and find these people. Returns how many keys were released."""
    check(by, "IDENTITY_READ")
    agency_code = sealing.agency_of(by)
    with audited(by=by, action="identity.released") as event:
        if len(person_ids) == 1:
            event.about("person", next(iter(person_ids)))
        event.detail["count"] = sum(_release(agency_code, batch) for batch in sealing.batches(person_ids))
    return int(event.detail["count"])


def release_key(*, by: Actor, person_id: UUID) -> int:
    return release_keys(by=by, person_ids=[person_id])


def withdraw_key(*, by: Actor, person_id: UUID, agency_code: str, pending_only: bool = False) -> bool:
    """Take back the key that the own agency granted, or hand back the own one; ``False`` when there is none.

    ``pending_only`` spares a key that was released before (a second referral declined). Raises ``Forbidden`` for keys
    that others granted, ``Refusal`` for the last one: that would erase the identity.
    """
    check(by, "IDENTITY_READ")
    with audited(by=by, action="identity.withdrawn", subject=("person", person_id)) as event, seeing_as(SYSTEM):
        event.detail.update(agency=agency_code, count=0)
        rows = PersonKey.objects.filter(person_id=person_id)
        row = rows.filter(agency_code=agency_code).first()
        if row is None or (pending_only and row.released_at):
            return False
        if not by.is_system and by.agency_code not in (row.granted_by, agency_code):
            raise Forbidden(_("Only the agency that shared this identity, or that received it, can take it back."))
        others = rows.filter(released_at__isnull=False).exclude(pk=row.pk)
        heir = others.order_by("granted_at").first()
        if heir is None:
            raise Refusal(_("No other agency can open this identity. Taking this key away would erase it."))
        sealing.leave_no_trace()
        row.delete()
        BlindToken.objects.filter(person_id=person_id, agency_code=agency_code).delete()
        own = NationalToken.objects.filter(person_id=person_id, agency_code=agency_code)
        own.update(agency_code=heir.agency_code)
        event.detail["count"] = 1
    return True


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """What revoking a consent stopped: the agencies at which the identity was waiting and now is not."""

    purpose_code: str
    withdrawn: tuple[str, ...]


def stop_sharing(*, by: Actor, person_id: UUID, consent_id: UUID, on: date) -> Stopped:
    """Revoke a consent: nothing more is disclosed on it, and keys that wait for other agencies are taken back at once."""
    with audited(by=by, action="identity.stopped", subject=("person", person_id)) as event:
        grant = revoke_consent(by=by, person_id=person_id, consent_id=consent_id, on=on)
        waiting = waiting_at(person_id=person_id, purpose_code=grant.purpose_code, recipient_code=grant.recipient_code)
        stopped = [to for to in waiting if not _is_allowed(person_id, grant.purpose_code, to, on)]
        for agency_code in stopped:
            withdraw_key(by=SYSTEM, person_id=person_id, agency_code=agency_code, pending_only=True)
        event.detail.update(purpose=grant.purpose_code, withdrawn=stopped)
    return Stopped(purpose_code=grant.purpose_code, withdrawn=tuple(stopped))


def _is_allowed(person_id: UUID, purpose_code: str, recipient_code: str, on: date) -> bool:
    found = basis(viewer=SYSTEM, person_id=person_id, purpose_code=purpose_code, recipient_code=recipient_code, on=on)
    return found is not None


def _grant(agency_code: str, grants: Collection[tuple[UUID, str]], keys: dict[int, bytes], purpose_code: str) -> int:
    asked = {person_id for person_id, _to in grants}
    own = sealing.released_keys(agency_code, asked)
    if sealing.is_sealed(asked - own.keys()):
        raise Missing(_("Your agency holds no identity of such a person."))
    with seeing_as(SYSTEM):
        rows = PersonKey.objects.filter(person_id__in=own)
        held = set(rows.values_list("person_id", "agency_code"))
        for person_id, to in sorted(
            held & set(grants)
        ):  # what waits for two reasons, one revocation does not take back
            waiting = rows.filter(person_id=person_id, agency_code=to, released_at=None)
            waiting.exclude(purpose_code=purpose_code).update(purpose_code="")
        new = [(person_id, to) for person_id, to in grants if person_id in own and (person_id, to) not in held]
        under = {to: sealing.key_to_write(to) for to in sorted({to for _person_id, to in new})}
        PersonKey.objects.bulk_create(
            PersonKey(
                person_id=person_id,
                agency_code=to,
                agency_key_version=under[to].version,
                wrapped=envelope.wrap(sealing.unwrapped(own[person_id], keys), under[to].key),
                granted_by=agency_code,
                granted_at=timezone.now(),
                purpose_code=purpose_code,
                is_protected=own[person_id].is_protected,
            )
            for person_id, to in new
        )
    return len(new)


def _release(agency_code: str, person_ids: Collection[UUID]) -> int:
    pending = PersonKey.objects.filter(agency_code=agency_code, person_id__in=person_ids, released_at=None)
    rows = list(pending)
    with seeing_as(SYSTEM):
        pending.update(released_at=timezone.now())  # before reading: the wall shows the items of released keys only
    keys, index = sealing.keys_to_read(agency_code), sealing.index_keys(agency_code)
    found = sealing.identities_in({row.person_id: sealing.unwrapped(row, keys) for row in rows})
    BlindToken.objects.bulk_create(
        token for pk, identity in found.items() for token in sealing.index_rows(pk, identity, agency_code, index)
    )
    return len(rows)
