"""The wall below the filters: with raw SQL an agency meets no screening but its own, and writes none for another."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from enlace.base.actor import Actor
from enlace.base.ids import new_id
from enlace.base.rows import show_rows_of
from enlace.screening.actions import Confirmed, GroupStart, record_confirmations, start_group
from tests.own import savepoint, undone
from tests.screening.talks import PRESUMED, VISIT, decided, finished
from tests.world import World

pytestmark = pytest.mark.postgresql

TABLES = ("screening", "answer", "finding", "ruling", "detentionalert", "confirmation", "groupscreening")


@contextmanager
def as_agency(actor: Actor) -> Iterator[Any]:
    with undone(), connection.cursor() as cursor:
        show_rows_of(actor)
        yield cursor


@pytest.fixture
def screened(world: World) -> World:
    """One row in every table, all of them of Alma's agency."""
    finding = finished(world.alma, PRESUMED | {"detained": "yes"})
    decided(world.alma, finding.screening_id, "presumed")
    person_id = finding.screening.person_id
    row = Confirmed(person_id=person_id, outcome="identified", at=timezone.now())
    record_confirmations(by=world.bruno, rows=[row])
    start_group(by=world.alma, row=GroupStart(protocol_code=VISIT))
    return world


def count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM screening_{table}")
    return int(cursor.fetchone()[0])


@pytest.mark.parametrize("table", TABLES)
def test_an_agency_sees_its_own_and_the_others_see_nothing(screened: World, table: str) -> None:
    with as_agency(screened.alma) as cursor:
        assert count(cursor, table) >= 1
    for stranger in (screened.bruno, screened.omar):
        with as_agency(stranger) as cursor:
            assert count(cursor, table) == 0


@pytest.mark.parametrize("table", [name for name in TABLES if name not in ("screening", "groupscreening")])
def test_nobody_adds_to_a_screening_of_another_agency(screened: World, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(t) FROM screening_{table} t LIMIT 1")
        row = dict(cursor.fetchone()[0]) | {"id": str(new_id())}
    columns = ", ".join(f'"{name}"' for name in row)
    copied = f"INSERT INTO screening_{table} SELECT {columns} FROM json_populate_record(NULL::screening_{table}, %s)"
    with as_agency(screened.bruno) as cursor, pytest.raises(DatabaseError, match="row-level security"), savepoint():
        cursor.execute(copied, [json.dumps(row)])


def test_no_agency_writes_for_itself_what_a_case_confirmed(screened: World) -> None:
    with as_agency(screened.alma) as cursor, pytest.raises(DatabaseError, match="row-level security"), savepoint():
        cursor.execute(
            "INSERT INTO screening_confirmation (id, screening_id, outcome, at, agency_code) "
            "SELECT %s, id, 'identified', now(), 'police-north' FROM screening_screening",
            [new_id()],
        )


@pytest.mark.parametrize("table", ["screening", "groupscreening", "detentionalert"])
def test_nothing_is_removed(screened: World, table: str) -> None:
    with as_agency(screened.alma) as cursor:
        cursor.execute(f"DELETE FROM screening_{table}")
        assert cursor.rowcount == 0
