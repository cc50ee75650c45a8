"""Opening an identity to another agency, and closing it again: one more wrapped copy of the person's key."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.vault import envelope, sealing
from enlace.vault.models import BlindToken, NationalToken, PersonKey
from enlace.vault.sealing import SYSTEM


def grant_keys(*, by: Actor, grants: Collection[tuple[UUID, str]]) -> int:
    """Wrap the keys of people for other agencies, (person, agency) each; they open nothing until released there.

    Returns how many keys were new: a person without an identity, or whose key the agency has, is passed over. Raises
    ``Missing`` when only other agencies hold a key.
    """
    check(by, "IDENTITY_READ")
    agency_code = sealing.agency_of(by)
    with audited(by=by, action="identity.granted") as event:
        if len(grants) == 1:
            event.about("person", next(iter(grants))[0])
        keys = sealing.keys_to_read(agency_code)
        counts = [_grant(agency_code, batch, keys) for batch in sealing.batches(sorted(set(grants)))]
        event.detail.update(count=sum(counts), to=sorted({to for _person_id, to in grants}))
    return sum(counts)


def grant_key(*, by: Actor, person_id: UUID, to_agency: str) -> int:
    return grant_keys(by=by, grants=[(person_id, to_agency)])


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


def _grant(agency_code: str, grants: Collection[tuple[UUID, str]], keys: dict[int, bytes]) -> int:
    asked = {person_id for person_id, _to in grants}
    own = sealing.released_keys(agency_code, asked)
    if sealing.is_sealed(asked - own.keys()):
        raise Missing(_("Your agency holds no identity of such a person."))
    with seeing_as(SYSTEM):
        held = set(PersonKey.objects.filter(person_id__in=own).values_list("person_id", "agency_code"))
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
