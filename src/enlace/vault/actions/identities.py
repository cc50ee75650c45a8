"""Sealing, correcting, protecting and erasing identities."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.vault import envelope, sealing, tokens
from enlace.vault.models import BlindToken, LentKey, NationalToken, PersonKey, SealedDraft, SealedItem
from enlace.vault.queries import strong_types
from enlace.vault.rules import Identity, corrected, items_of, strong_pairs
from enlace.vault.sealing import SYSTEM


def seal_identities(
    *, by: Actor, identities: Mapping[UUID, Identity], protected: Collection[UUID] = frozenset()
) -> None:
    """Seal the identities of people the own agency has just registered, each under a new key of its own.

    ``protected`` are those of them that no other agency may find. Raises ``Refusal`` when any is sealed already.
    """
    check(by, "IDENTITY_WRITE")
    agency_code = sealing.agency_of(by)
    with audited(by=by, action="identity.sealed", detail={"count": len(identities)}) as event:
        if len(identities) == 1:
            event.about("person", next(iter(identities)))
        for ids in sealing.batches(identities):
            if sealing.is_sealed(ids):
                raise Refusal(_("The identity of this person was sealed before. Correct it instead."))
            _seal(agency_code, {pk: identities[pk] for pk in ids}, protected)


def reseal_identity(
    *, by: Actor, person_id: UUID, identity: Identity, clear: Collection[str] = (), protected: bool | None = None
) -> None:
    """Correct an identity: what is given takes the place of what was there, what is empty stays (``rules.corrected``).

    Replaced items are kept, sealed, with the date. ``clear`` names fields to empty, such as an unsafe "phones".
    ``protected`` changes whether other agencies may find the person; ``None`` leaves it. A person without an identity
    gets one. Raises ``Missing`` when only other agencies hold the key.
    """
    check(by, "IDENTITY_WRITE")
    if not {"addresses", "places"}.isdisjoint(clear):
        check(by, "WHEREABOUTS_READ")
    agency_code = sealing.agency_of(by)
    with audited(by=by, action="identity.corrected", subject=("person", person_id)) as event:
        row = sealing.released_keys(agency_code, [person_id]).get(person_id)
        if row is None:
            if sealing.is_sealed([person_id]):
                raise Missing(_("Your agency holds no identity of such a person."))
            event.action = "identity.sealed"
            _seal(agency_code, {person_id: identity}, {person_id} if protected else frozenset())
            return
        key = sealing.unwrapped(row, sealing.keys_to_read(agency_code))
        before = sealing.identities_in({person_id: key})
        after = corrected(before[person_id], identity, clear=clear, sees_places=by.may("WHEREABOUTS_READ"))
        event.detail["kinds"] = _replace_items(person_id, key, after, agency_code)
        _index_again(person_id, after, row.is_protected if protected is None else protected, agency_code)


def protect_person(*, by: Actor, person_id: UUID) -> None:
    """From now on no other agency can find the person through the narrow door."""
    check(by, "PERSON_EDIT")
    with audited(by=by, action="person.protected", subject=("person", person_id)):
        if sealing.is_sealed([person_id]):
            _check_holds(by, person_id)
        with seeing_as(SYSTEM):
            PersonKey.objects.filter(person_id=person_id).update(is_protected=True)
            NationalToken.objects.filter(person_id=person_id).delete()


def erase_person(*, by: Actor, person_id: UUID) -> None:
    """Erase an identity for ever by destroying every copy of its key; what stays of it can no longer be read by anyone.

    Raises ``Refusal`` while another agency holds a key too, unless the installation itself erases.
    """
    check(by, "IDENTITY_WRITE")
    with audited(by=by, action="identity.erased", subject=("person", person_id)) as event:
        _check_holds(by, person_id)
        with seeing_as(SYSTEM):
            keys = PersonKey.objects.filter(person_id=person_id)
            event.detail["count"] = keys.count()
            if not by.is_system and keys.exclude(agency_code=by.agency_code).exists():
                raise Refusal(_("Another agency also holds this identity. Take its key back first."))
            sealing.leave_no_trace()
            keys.delete()
            LentKey.objects.filter(person_id=person_id).delete()
            SealedDraft.objects.filter(subject=str(person_id)).delete()
            BlindToken.objects.filter(person_id=person_id).delete()
            NationalToken.objects.filter(person_id=person_id).delete()
            SealedItem.objects.filter(person_id=person_id, replaced_at=None).update(replaced_at=timezone.now())


def _seal(agency_code: str, identities: Mapping[UUID, Identity], protected: Collection[UUID]) -> None:
    under, index, now = sealing.key_to_write(agency_code), sealing.index_keys(agency_code), timezone.now()
    keys: list[PersonKey] = []
    items: list[SealedItem] = []
    found: list[BlindToken] = []
    for person_id, identity in identities.items():
        key = envelope.new_key()
        keys.append(
            PersonKey(
                person_id=person_id,
                agency_code=agency_code,
                agency_key_version=under.version,
                wrapped=envelope.wrap(key, under.key),
                granted_by=agency_code,
                granted_at=now,
                released_at=now,
                is_protected=person_id in protected,
            )
        )
        items += sealing.seal(person_id, key, items_of(identity), agency_code, now)
        found += sealing.index_rows(person_id, identity, agency_code, index)
    with seeing_as(SYSTEM):
        PersonKey.objects.bulk_create(keys)
    SealedItem.objects.bulk_create(items)
    BlindToken.objects.bulk_create(found)
    NationalToken.objects.bulk_create(
        _national_tokens({pk: identity for pk, identity in identities.items() if pk not in protected}, agency_code)
    )


def _check_holds(by: Actor, person_id: UUID) -> None:
    if not by.is_system and not sealing.released_keys(sealing.agency_of(by), [person_id]):
        raise Missing(_("Your agency holds no identity of such a person."))


def _replace_items(person_id: UUID, key: bytes, identity: Identity, agency_code: str) -> list[str]:
    """Replace the items that differ; returns the kinds that changed."""
    stored = sealing.unseal({person_id: key})[person_id]
    wanted, present = items_of(identity), {item for _row, item in stored}
    fresh = [item for item in wanted if item not in present]
    stale = {row.pk: item.kind for row, item in stored if item not in wanted}
    now = timezone.now()
    SealedItem.objects.filter(pk__in=stale).update(replaced_at=now)
    SealedItem.objects.bulk_create(sealing.seal(person_id, key, fresh, agency_code, now))
    return sorted({item.kind for item in fresh} | set(stale.values()))


def _index_again(person_id: UUID, identity: Identity, is_protected: bool, agency_code: str) -> None:
    """New search tokens for every agency that may find the person."""
    with seeing_as(SYSTEM):
        keys = PersonKey.objects.filter(person_id=person_id)
        keys.update(is_protected=is_protected)
        for model in (BlindToken, NationalToken):
            model.objects.filter(person_id=person_id).delete()
        for holder in keys.filter(released_at__isnull=False).values_list("agency_code", flat=True):
            BlindToken.objects.bulk_create(sealing.index_rows(person_id, identity, holder, sealing.index_keys(holder)))
        if not is_protected:
            NationalToken.objects.bulk_create(_national_tokens({person_id: identity}, agency_code))


def _national_tokens(identities: Mapping[UUID, Identity], agency_code: str) -> list[NationalToken]:
    strong, root = strong_types(), sealing.national_root()
    rows = []
    for person_id, identity in identities.items():
        documents = [(name, tokens.document_key(number)) for name, number in identity.documents]
        for kind, pair in strong_pairs(documents, identity.birth_date, strong):
            token = tokens.national_token(root, kind, pair)
            rows.append(NationalToken(token=token, kind=kind, person_id=person_id, agency_code=agency_code))
    return rows
