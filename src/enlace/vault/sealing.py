"""Keys and sealed items as rows: which key is in use, rows to identities and back. Callers checked the right to ask."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.keyring import KeyUnavailable
from enlace.base.rows import seeing_as
from enlace.vault import envelope
from enlace.vault.models import AgencyKey, BlindToken, LentKey, PersonKey, RecordKey, SealedDraft, SealedItem
from enlace.vault.rules import Identity, Item, identity_of
from enlace.vault.tokens import field_keys, person_tokens

SYSTEM = Actor.system("vault")
NATION = ""
MASTER_LOCK = "master"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class OpenKey:
    version: int
    key: bytes


def agency_of(actor: Actor) -> str:
    """Raises ``Refusal`` for an actor of no agency: what is sealed is always some agency's."""
    if not actor.agency_code:
        raise Refusal(_("This can only be done for an agency."))
    return actor.agency_code


def batches(things: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """Lists short enough for one statement."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def hold(what: str, *, alone: bool = False) -> None:
    """Until the transaction ends, no rotation of this key passes; ``alone`` is for the rotation itself.

    On SQLite a writing transaction is alone already.
    """
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"vault {what}"])


def key_to_write(agency_code: str) -> OpenKey:
    """The key under which the agency's people are wrapped now, made on first use; inside a transaction."""
    hold(f"agency {agency_code}")
    row = _key_row(agency_code, AgencyKey.DATA)
    return OpenKey(row.version, _open(row))


def keys_to_read(agency_code: str) -> dict[int, bytes]:
    """The agency's keys that are not retired, by version."""
    with seeing_as(SYSTEM):
        rows = AgencyKey.objects.filter(agency_code=agency_code, use=AgencyKey.DATA, retired_at=None)
        return {row.version: _open(row) for row in rows}


def index_keys(agency_code: str) -> dict[str, bytes]:
    """The agency's index keys by field, made on first use; inside a transaction."""
    return field_keys(_open(_key_row(agency_code, AgencyKey.INDEX)))


def national_root() -> bytes:
    """The root of the nation's index keys, made on first use; inside a transaction."""
    return _open(_key_row(NATION, AgencyKey.INDEX))


def new_agency_key(agency_code: str, use: str, *, version: int) -> AgencyKey:
    """An unsaved new key, wrapped by the master key (during a rotation by the coming one)."""
    wrapped = envelope.wrap_agency_key(envelope.new_key(), envelope.master_keys()[-1])
    return AgencyKey(agency_code=agency_code, use=use, version=version, wrapped=wrapped, created_at=timezone.now())


def unwrapped(row: PersonKey | LentKey | SealedDraft | RecordKey, keys: dict[int, bytes]) -> bytes:
    """The data key that the row holds, opened with the keys of ``row.agency_code``."""
    if row.agency_key_version not in keys:
        raise KeyUnavailable(_("The key that this was sealed under has been retired."))
    return envelope.unwrap(bytes(row.wrapped), keys[row.agency_key_version])


def released_keys(agency_code: str, person_ids: Collection[UUID]) -> dict[UUID, PersonKey]:
    """The person keys that the agency may use, by person."""
    rows = PersonKey.objects.filter(agency_code=agency_code, person_id__in=person_ids, released_at__isnull=False)
    return {row.person_id: row for row in rows} if agency_code else {}


def record_key(actor: Actor, record_id: UUID) -> bytes:
    """The key of a sealed record, for an agency that holds it or for the system. Raises ``Missing`` for everyone else."""
    rows = RecordKey.objects.filter(record_id=record_id)
    with seeing_as(actor):
        row = (rows if actor.is_system else rows.filter(agency_code=actor.agency_code)).first()
    if row is None:
        raise Missing(_("There is no such record, or your agency cannot open it."))
    return unwrapped(row, keys_to_read(row.agency_code))


def seal(person_id: UUID, key: bytes, items: Iterable[Item], agency_code: str, at: datetime) -> list[SealedItem]:
    """Unsaved rows for the items of one person."""
    return [_sealed(person_id, key, item, agency_code, at) for item in items]


def unseal(keys: Mapping[UUID, bytes], *, without: Collection[str] = ()) -> dict[UUID, list[tuple[SealedItem, Item]]]:
    """The present items of people with their rows, given each one's data key (a few hundred at a time).

    Raises ``KeyUnavailable`` when any of them was tampered with.
    """
    found: dict[UUID, list[tuple[SealedItem, Item]]] = {person_id: [] for person_id in keys}
    for row in SealedItem.objects.filter(person_id__in=keys, replaced_at=None).exclude(kind__in=without):
        found[row.person_id].append((row, _opened(row, keys[row.person_id])))
    return found


def identities_in(keys: Mapping[UUID, bytes], *, without: Collection[str] = ()) -> dict[UUID, Identity]:
    """The identities of people, given each one's data key (a few hundred at a time)."""
    return {pk: identity_of(item for _row, item in rows) for pk, rows in unseal(keys, without=without).items()}


def index_rows(person_id: UUID, identity: Identity, agency_code: str, keys: dict[str, bytes]) -> list[BlindToken]:
    """Unsaved search tokens of one person for one agency."""
    return [
        BlindToken(agency_code=agency_code, field=field, token=token, person_id=person_id)
        for field, token in sorted(person_tokens(identity, keys))
    ]


def is_sealed(person_ids: Collection[UUID]) -> bool:
    """Whether any agency holds a key of any of these people (up to a few hundred)."""
    with seeing_as(SYSTEM):
        return PersonKey.objects.filter(person_id__in=person_ids).exists()


def overwrite_deleted() -> None:
    """From here on SQLite writes zeros over what is deleted or replaced, as far as its main file goes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def leave_no_trace() -> None:
    """As ``overwrite_deleted``, and once committed SQLite's log is emptied too: for keys, not for everyday work."""
    overwrite_deleted()
    if connection.vendor == "sqlite":
        connection.on_commit(_empty_log)


def _sealed(person_id: UUID, key: bytes, item: Item, agency_code: str, at: datetime) -> SealedItem:
    row_id = new_id()
    place = envelope.item_place(person_id, row_id, item.kind, item.name)
    return SealedItem(
        id=row_id,
        person_id=person_id,
        kind=item.kind,
        name=item.name,
        position=item.position,
        ciphertext=envelope.encrypt(key, item.text, place=place),
        written_by_agency=agency_code,
        written_at=at,
    )


def _opened(row: SealedItem, key: bytes) -> Item:
    place = envelope.item_place(row.person_id, row.pk, row.kind, row.name)
    return Item(row.kind, row.name, row.position, envelope.decrypt(key, bytes(row.ciphertext), place=place))


def _key_row(agency_code: str, use: str) -> AgencyKey:
    with seeing_as(SYSTEM):
        in_use = AgencyKey.objects.filter(agency_code=agency_code, use=use, retired_at=None)
        return in_use.first() or _first_key(agency_code, use)


def _first_key(agency_code: str, use: str) -> AgencyKey:
    """Two processes may come here at once: the row that was stored first is the key."""
    hold(MASTER_LOCK)
    row = new_agency_key(agency_code, use, version=1)
    AgencyKey.objects.bulk_create([row], ignore_conflicts=True)
    return AgencyKey.objects.get(agency_code=agency_code, use=use, retired_at=None)


def _open(row: AgencyKey) -> bytes:
    try:
        return envelope.unwrap_agency_key(bytes(row.wrapped), envelope.master_keys())
    except KeyUnavailable:  # unless the master key was replaced since the row was read
        with seeing_as(SYSTEM):
            row.refresh_from_db(fields=["wrapped"])
        return envelope.unwrap_agency_key(bytes(row.wrapped), envelope.master_keys())


def _empty_log() -> None:
    """The write-ahead log still holds the pages as they were: copy it back and cut it to nothing."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
