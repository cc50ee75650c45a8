"""New keys for an agency or for the whole vault: keys are wrapped again, sealed items are not touched."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.vault import envelope, sealing
from enlace.vault.models import AgencyKey, LentKey, PersonKey, RecordKey, SealedDraft

BATCH = 1000
WRAPPED = (PersonKey, LentKey, SealedDraft, RecordKey)

Progress = Callable[[int, int], None]  # done, total


def rotate_agency_key(*, by: Actor, agency_code: str, progress: Progress = lambda done, total: None) -> int:
    """Give an agency a new key: the keys of its people and drafts are wrapped again, nothing else is touched.

    The old key is destroyed, so an old copy of ``PersonKey`` alone opens nothing. Returns how many keys were wrapped.
    """
    _check_system(by)
    with audited(by=by, action="vault.agency_key_rotated", detail={"agency": agency_code}) as event:
        sealing.hold(f"agency {agency_code}", alone=True)
        old = AgencyKey.objects.filter(agency_code=agency_code, use=AgencyKey.DATA, retired_at=None).first()
        if old is None or not agency_code:
            raise Refusal(_("This agency has no key: it has sealed nothing yet."))
        keys = sealing.keys_to_read(agency_code)
        sealing.leave_no_trace()
        old.retired_at, old.wrapped = timezone.now(), b""
        old.save(update_fields=["retired_at", "wrapped"])
        AgencyKey.objects.bulk_create([sealing.new_agency_key(agency_code, AgencyKey.DATA, version=old.version + 1)])
        new = sealing.key_to_write(agency_code)
        total = sum(table.objects.filter(agency_code=agency_code).count() for table in WRAPPED)
        done = 0
        for table in WRAPPED:
            stale = table.objects.filter(agency_code=agency_code, agency_key_version__in=list(keys))
            for count in _rewrap(stale, keys, new):
                done += count
                progress(done, total)
        event.detail["count"] = done
    return done


def rotate_master_key(*, by: Actor, new_key: bytes, progress: Progress = lambda done, total: None) -> int:
    """Wrap every agency's key by a new master key, and use that from now on. Returns how many agency keys there are.

    The new key is kept in ``keys/vault.key`` unless the environment provides the keys: then put it there before the
    next start. Interrupted at any point it can be run again with the same key.
    """
    _check_system(by)
    with audited(by=by, action="vault.master_key_rotated") as event:
        sealing.hold(sealing.MASTER_LOCK, alone=True)
        if new_key == envelope.master_keys()[0]:
            raise Refusal(_("This is the master key in use. Make a new one."))
        if not envelope.is_from_environment():
            envelope.keep_coming_key(new_key)
        masters = [*envelope.master_keys(), new_key]
        rows = list(AgencyKey.objects.filter(retired_at=None))
        for done, row in enumerate(rows, start=1):
            row.wrapped = envelope.wrap_agency_key(envelope.unwrap_agency_key(bytes(row.wrapped), masters), new_key)
            progress(done, len(rows))
        sealing.leave_no_trace()
        AgencyKey.objects.bulk_update(rows, ["wrapped"], batch_size=100)
        event.detail["count"] = len(rows)
    if not envelope.is_from_environment():
        envelope.use_coming_key()
    return len(rows)


def _rewrap(stale: QuerySet[Any], old: dict[int, bytes], new: sealing.OpenKey) -> Iterator[int]:
    """Wrap the data keys of these rows again, batch by batch; yields how many were in each."""
    table = stale.model._meta
    statement = f"UPDATE {table.db_table} SET wrapped = %s, agency_key_version = %s WHERE id = %s"  # noqa: S608
    while rows := list(stale[:BATCH]):
        values = [
            (
                envelope.wrap(sealing.unwrapped(row, old), new.key),
                new.version,
                table.pk.get_db_prep_value(row.pk, connection),
            )
            for row in rows
        ]
        with connection.cursor() as cursor:  # ten times as fast as bulk_update, and nobody can write meanwhile
            cursor.executemany(statement, values)
        yield len(rows)


def _check_system(by: Actor) -> None:
    if not by.is_system:
        raise Forbidden(_("Keys are rotated on the machine itself, with the enlace command."))
