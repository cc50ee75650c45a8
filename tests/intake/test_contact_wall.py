"""Below the filters: what an agency's own connection finds of contacts and notices with raw SQL."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.intake.actions import Result, record_outcomes
from tests.intake.contacts import a_contact, a_notice, at_risk
from tests.world import SYSTEM, World, a_person

pytestmark = pytest.mark.postgresql

TABLES = ("intake_contact", "intake_contactperson", "intake_contactstep", "intake_outcome", "intake_notice")


@pytest.fixture
def told(world: World) -> UUID:
    """A contact of the helpline with everything that hangs on it; what came of it is told by the prosecutor."""
    person_id = a_person(world.hilda)
    promised = timezone.now() + timedelta(hours=1)
    contact_id = a_contact(world.hilda, people=(at_risk(person_id),), follow_up_due=promised)
    a_notice(world.hilda, contact_id=contact_id)
    record_outcomes(by=world.bruno, rows=[Result(kind="investigation_opened", contact_id=contact_id)])
    return contact_id


def seen(viewer: Actor) -> dict[str, int]:
    counts = {}
    with seeing_as(viewer), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    return counts


def run(viewer: Actor, sql: str, values: list[Any]) -> int:
    with audited(by=viewer, action="test.tried"), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def test_each_agency_finds_its_own_part_and_no_more(world: World, told: UUID) -> None:
    assert seen(SYSTEM) == dict.fromkeys(TABLES, 1)
    assert seen(world.hilda) == dict.fromkeys(TABLES, 1)
    assert seen(world.bruno) == dict.fromkeys(TABLES, 0) | {"intake_notice": 1}
    assert seen(world.omar) == dict.fromkeys(TABLES, 0)


def test_no_agency_tells_itself_what_came_of_a_contact(world: World, told: UUID) -> None:
    sql = (
        "INSERT INTO intake_outcome (id, contact_id, kind, at, by, agency_code, service_codes, ref) "
        "VALUES (gen_random_uuid(), %s, 'victim_identified', now(), 'x', 'helpline', '[]', '')"
    )
    with pytest.raises(DatabaseError, match="row-level security"):
        run(world.hilda, sql, [told])


def test_nobody_writes_for_another_agency_or_removes_anything(world: World, told: UUID) -> None:
    with pytest.raises(DatabaseError, match="row-level security"):
        run(world.hilda, "UPDATE intake_contact SET agency_code = 'police-north'", [])
    assert run(world.omar, "UPDATE intake_contact SET status = 'closed'", []) == 0
    for table in ("intake_notice", "intake_contactperson", "intake_contact"):
        assert run(world.hilda, f"DELETE FROM {table}", []) == 0, table
    step = "INSERT INTO intake_contactstep (id, contact_id, verb, at, by) VALUES (gen_random_uuid(), %s, 'close', now(), 'x')"
    with pytest.raises(DatabaseError, match="row-level security"):
        run(world.omar, step, [told])
    with pytest.raises(DatabaseError, match="row-level security"):
        run(world.bruno, "UPDATE intake_notice SET to_agency = 'health-south', from_agency = 'helpline'", [])
