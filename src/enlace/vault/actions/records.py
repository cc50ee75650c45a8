"""Sealed records: what was told in a call, a report from the public and its files. Each has a key of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.base.ids import new_id
from enlace.base.rows import seeing_as
from enlace.vault import envelope, sealing
from enlace.vault.models import RecordKey, RecordPart
from enlace.vault.queries import open_part_data, open_record
from enlace.vault.sealing import SYSTEM

MAX_FILE = 10 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, repr=False)
class Sealing:
    """The first part of a new record. It prints as nothing, so that no log or traceback can show it."""

    record_id: UUID
    content: Mapping[str, Any]
    agency_code: str = ""


def seal_records(*, by: Actor, rows: Sequence[Sealing]) -> None:
    """Make records, each under a new key wrapped for its agency: the own one, or for the system the one it names.

    ``content`` must be JSON. Raises ``Forbidden`` when an agency would seal for another.
    """
    owners = {row.record_id: _owner(by, row.agency_code) for row in rows}
    now = timezone.now()
    with audited(by=by, action="record.sealed", detail={"count": len(rows)}) as event:
        if len(rows) == 1:
            event.about("record", rows[0].record_id)
        under = {agency: sealing.key_to_write(agency) for agency in sorted(set(owners.values()))}
        keys, parts = [], []
        for row in rows:
            agency, key = owners[row.record_id], envelope.new_key()
            wrapped = envelope.wrap(key, under[agency].key)
            version = under[agency].version
            keys.append(_key_row(row.record_id, agency, version, wrapped, now))
            parts.append(_part(row.record_id, key, row.content, b"", by.agency_code, now))
        with seeing_as(SYSTEM):  # no agency gives itself a key
            RecordKey.objects.bulk_create(keys, batch_size=500)
        RecordPart.objects.bulk_create(parts, batch_size=500)


def seal_record(*, by: Actor, record_id: UUID, content: Mapping[str, Any], agency_code: str = "") -> None:
    seal_records(by=by, rows=[Sealing(record_id=record_id, content=content, agency_code=agency_code)])


def add_to_record(*, by: Actor, record_id: UUID, content: Mapping[str, Any], data: bytes = b"") -> UUID:
    """One more part, with a file of up to ``MAX_FILE`` bytes if ``data`` is given. Returns the part's id.

    Raises ``Missing`` when the record is not the agency's, or was erased.
    """
    if len(data) > MAX_FILE:
        raise Refusal(_("This file is too large: 10 MB is the most."))
    with audited(by=by, action="record.added", subject=("record", record_id)) as event:
        key = sealing.record_key(by, record_id)
        part = _part(record_id, key, content, data, by.agency_code, timezone.now())
        part.save(force_insert=True)
        event.detail["size"] = len(data)
    return part.pk


def share_record(*, by: Actor, record_id: UUID, to_agency: str) -> None:
    """Let one more agency open the record, all of it; sharing twice does nothing."""
    with audited(by=by, action="record.shared", subject=("record", record_id), detail={"to": to_agency}):
        key = sealing.record_key(by, record_id)
        with seeing_as(SYSTEM):
            under = sealing.key_to_write(to_agency)
            wrapped = envelope.wrap(key, under.key)
            row = _key_row(record_id, to_agency, under.version, wrapped, timezone.now())
            RecordKey.objects.bulk_create([row], ignore_conflicts=True)


def move_files(*, by: Actor, record_id: UUID, to_agency: str) -> UUID:
    """Seal the files of a record that was only begun anew, for another agency, and erase it; returns the new record's id.

    For the system only: whoever reports chose another recipient after the files.
    """
    with audited(by=by, action="record.moved"):  # not to whom: it would tell that somebody complained
        moved = new_id()
        seal_record(by=by, record_id=moved, content={"kind": "begun"}, agency_code=to_agency)
        for part in open_record(viewer=by, record_id=record_id):
            if part.size:
                data = open_part_data(viewer=by, record_id=record_id, part_id=part.id)
                add_to_record(by=by, record_id=moved, content=part.content, data=data)
        erase_record(by=by, record_id=record_id)
    return moved


def erase_record(*, by: Actor, record_id: UUID) -> None:
    """Destroy the record's keys and parts, so that even an old copy of the parts stays closed: nobody opens it again.

    Raises ``Refusal`` for an agency while another one holds it too; the system may (the reporter withdraws).
    """
    with audited(by=by, action="record.erased", subject=("record", record_id)) as event:
        sealing.record_key(by, record_id)
        with seeing_as(SYSTEM):
            if not by.is_system and RecordKey.objects.filter(record_id=record_id).count() > 1:
                raise Refusal(_("Another agency holds this too: it can no longer be erased from here."))
            sealing.leave_no_trace()
            keys, _by_table = RecordKey.objects.filter(record_id=record_id).delete()
            parts, _by_table = RecordPart.objects.filter(record_id=record_id).delete()
        event.detail.update(keys=keys, parts=parts)


def _owner(by: Actor, agency_code: str) -> str:
    if by.is_system and agency_code:
        return agency_code
    own = sealing.agency_of(by)
    if agency_code not in ("", own):
        raise Forbidden(_("A record is sealed for the own agency, and then shared."))
    return own


def _key_row(record_id: UUID, agency_code: str, version: int, wrapped: bytes, at: Any) -> RecordKey:
    return RecordKey(
        record_id=record_id, agency_code=agency_code, agency_key_version=version, wrapped=wrapped, granted_at=at
    )


def _part(
    record_id: UUID, key: bytes, content: Mapping[str, Any], data: bytes, agency_code: str, at: Any
) -> RecordPart:
    part_id = new_id()
    text = json.dumps(dict(content), ensure_ascii=False)
    sealed = envelope.encrypt(key, text, place=envelope.part_place(record_id, part_id, "content"))
    file = envelope.encrypt_bytes(key, data, place=envelope.part_place(record_id, part_id, "data")) if data else b""
    return RecordPart(
        id=part_id,
        record_id=record_id,
        ciphertext=sealed,
        data=file,
        size=len(data),
        written_by_agency=agency_code,
        written_at=at,
    )
