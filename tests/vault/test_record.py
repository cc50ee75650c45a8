"""Sealed records: what was told and the files with it, under a key of their own."""

from uuid import UUID

import pytest
from django.db import connection

from enlace.audit.queries import events
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.keyring import KeyUnavailable
from enlace.base.rows import seeing_as
from enlace.vault.actions import (
    add_to_record,
    erase_record,
    rotate_agency_key,
    seal_record,
    share_record,
)
from enlace.vault.actions.records import MAX_FILE
from enlace.vault.models import RecordKey, RecordPart
from enlace.vault.queries import open_part_data, open_record
from tests.vault.material import PLANTED, PURPOSE, SYSTEM, change, everything_stored, new_id, rows_of, traces

TOLD = {"told": "Rosa Ximena, 55 0001 1122"}
FILE = b"\x89PNG 55 0001 1122"


@pytest.fixture
def record_id(bruno: Actor) -> UUID:
    made = new_id()
    seal_record(by=bruno, record_id=made, content=TOLD)
    return made


def told(viewer: Actor, record_id: UUID) -> list[dict[str, object]]:
    return [part.content for part in open_record(viewer=viewer, record_id=record_id, purpose=PURPOSE)]


def test_a_record_is_read_in_the_order_it_grew_and_nothing_of_it_lies_open(bruno: Actor, record_id: UUID) -> None:
    part_id = add_to_record(by=bruno, record_id=record_id, content={"name": "photo"}, data=FILE)
    assert told(bruno, record_id) == [TOLD, {"name": "photo"}]
    assert open_part_data(viewer=bruno, record_id=record_id, part_id=part_id, purpose=PURPOSE) == FILE
    assert traces(everything_stored(), PLANTED) == []


def test_every_reading_is_on_record_with_its_purpose(bruno: Actor, record_id: UUID, gema: Actor) -> None:
    with pytest.raises(Refusal):
        open_record(viewer=bruno, record_id=record_id, purpose="")
    told(bruno, record_id)
    seen = [(e.action, e.data_class, e.purpose) for e in events(viewer=gema) if e.subject_id == str(record_id)]
    assert ("record.read", "A", PURPOSE) in seen


def test_another_agency_opens_it_only_when_it_was_shared(bruno: Actor, alma: Actor, record_id: UUID) -> None:
    for _attempt in (lambda: told(alma, record_id), lambda: add_to_record(by=alma, record_id=record_id, content={})):
        with pytest.raises(Missing):
            _attempt()
    share_record(by=bruno, record_id=record_id, to_agency=alma.agency_code)
    share_record(by=bruno, record_id=record_id, to_agency=alma.agency_code)
    assert told(alma, record_id) == [TOLD]
    add_to_record(by=alma, record_id=record_id, content={"answer": "taken up"})
    assert told(bruno, record_id)[-1] == {"answer": "taken up"}


def test_an_erased_record_opens_for_nobody_not_even_from_an_old_copy(bruno: Actor, record_id: UUID) -> None:
    old = rows_of(RecordPart)
    erase_record(by=bruno, record_id=record_id)
    assert (rows_of(RecordKey), rows_of(RecordPart)) == ([], [])
    with seeing_as(SYSTEM):
        RecordPart.objects.bulk_create(old)
    for viewer in (bruno, SYSTEM):
        with pytest.raises(Missing):
            open_record(viewer=viewer, record_id=record_id, purpose=PURPOSE)


def test_what_another_agency_holds_is_erased_by_the_system_only(bruno: Actor, alma: Actor, record_id: UUID) -> None:
    share_record(by=bruno, record_id=record_id, to_agency=alma.agency_code)
    with pytest.raises(Refusal):
        erase_record(by=bruno, record_id=record_id)
    erase_record(by=SYSTEM, record_id=record_id)
    assert rows_of(RecordKey) == []


def test_the_system_seals_for_the_agency_it_names_and_an_agency_for_itself(bruno: Actor) -> None:
    made = new_id()
    seal_record(by=SYSTEM, record_id=made, content=TOLD, agency_code=bruno.agency_code)
    assert told(bruno, made) == [TOLD]
    with pytest.raises(Forbidden):
        seal_record(by=bruno, record_id=new_id(), content=TOLD, agency_code="police-north")
    with pytest.raises(Refusal):
        seal_record(by=SYSTEM, record_id=new_id(), content=TOLD)


def test_a_part_moved_to_another_record_does_not_open(bruno: Actor, record_id: UUID) -> None:
    other = new_id()
    seal_record(by=bruno, record_id=other, content={})
    change(rows_of(RecordPart)[0], record_id=other)
    with pytest.raises(KeyUnavailable):
        told(bruno, other)


def test_records_open_after_a_new_agency_key(bruno: Actor, record_id: UUID) -> None:
    assert rotate_agency_key(by=SYSTEM, agency_code=bruno.agency_code) == 1
    assert told(bruno, record_id) == [TOLD]


def test_a_file_that_is_too_large_is_refused(bruno: Actor, record_id: UUID) -> None:
    with pytest.raises(Refusal):
        add_to_record(by=bruno, record_id=record_id, content={}, data=bytes(MAX_FILE + 1))
    assert told(bruno, record_id) == [TOLD]


@pytest.mark.postgresql
def test_raw_sql_of_another_agency_finds_no_record(bruno: Actor, alma: Actor, record_id: UUID) -> None:
    for viewer, expected in ((alma, 0), (bruno, 1)):
        with seeing_as(viewer), connection.cursor() as cursor:
            for table in ("recordkey", "recordpart"):
                cursor.execute(f"SELECT count(*) FROM vault_{table}")
                assert cursor.fetchone() == (expected,)
