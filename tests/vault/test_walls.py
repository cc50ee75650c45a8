"""PostgreSQL: raw SQL as the application's role finds, changes and adds nothing that is not its agency's."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import Error, connection, transaction

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as, show_rows_of
from enlace.vault.actions import grant_key, release_key, save_draft, seal_identities, seal_record, share_record
from enlace.vault.rules import items_of
from enlace.vault.tokens import field_keys, person_tokens
from tests.vault.material import ROSA, SYSTEM, new_id

TABLES = [
    "agencykey",
    "personkey",
    "sealeditem",
    "blindtoken",
    "nationaltoken",
    "sealeddraft",
    "recordkey",
    "recordpart",
]
OWN = {
    "agencykey": 2,
    "personkey": 1,
    "sealeditem": len(items_of(ROSA)),
    "blindtoken": len(person_tokens(ROSA, field_keys(b"any"))),
    "nationaltoken": 0,
    "sealeddraft": 1,
    "recordkey": 1,
    "recordpart": 1,
}


pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def nobody_looks_afterwards(db: None) -> Iterator[None]:
    yield
    if not connection.needs_rollback:
        show_rows_of(None)


@pytest.fixture
def rosa(bruno: Actor, alma: Actor) -> UUID:
    """Two agencies with one person, one draft, one record each."""
    person_id = new_id()
    for by, pk in ((bruno, person_id), (alma, new_id())):
        seal_identities(by=by, identities={pk: ROSA})
        save_draft(by=by, form="register", values={})
        seal_record(by=by, record_id=pk, content={"told": "invented"})
    return person_id


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM vault_{table}")
        return int(cursor.fetchone()[0])


def run(statement: str, *values: object) -> int:
    with transaction.atomic(), connection.cursor() as cursor:  # noqa: TID251
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def test_the_role_has_no_way_around_the_walls() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE %s AND relkind = 'r' "
            "AND NOT (relrowsecurity AND relforcerowsecurity)",
            ["vault\\_%"],
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", TABLES)
def test_an_agency_sees_its_own_rows_and_nobody_sees_none(rosa: UUID, bruno: Actor, alma: Actor, table: str) -> None:
    for viewer in (bruno, alma):
        with seeing_as(viewer):
            assert count(table) == OWN[table]
    show_rows_of(None)
    assert count(table) == 0
    with seeing_as(Actor(id="x", agency_code="health-south")):
        assert count(table) == 0
    with seeing_as(SYSTEM):
        assert count(table) >= 2 * OWN[table] > -1


@pytest.mark.parametrize("table", TABLES)
def test_nobody_changes_or_removes_rows_of_another_agency(rosa: UUID, bruno: Actor, table: str) -> None:
    removable = OWN[table] if table == "sealeddraft" else 0
    with seeing_as(SYSTEM):
        before = count(table)
    with seeing_as(bruno):
        assert run(f"DELETE FROM vault_{table}") == removable
    with seeing_as(Actor(id="x", agency_code="health-south")):
        assert run(f"UPDATE vault_{table} SET id = id") == 0
        assert run(f"DELETE FROM vault_{table}") == 0
    with seeing_as(SYSTEM):
        assert before - count(table) == removable


@pytest.mark.parametrize("table", ["agencykey", "personkey", "recordkey"])
def test_nobody_writes_even_the_own_keys(rosa: UUID, bruno: Actor, table: str) -> None:
    with seeing_as(bruno), pytest.raises(Error, match="row-level security"):
        run(f"UPDATE vault_{table} SET wrapped = wrapped")


INSERTS = {
    "agencykey": "(id, agency_code, use, version, wrapped, created_at, retired_at) "
    "VALUES (%s, 'police-north', 'data', 9, '', now(), now())",
    "personkey": "(id, person_id, agency_code, agency_key_version, wrapped, granted_by, granted_at, is_protected) "
    "VALUES (%s, gen_random_uuid(), 'police-north', 1, '', 'police-north', now(), false)",
    "sealeditem": "(id, person_id, kind, name, position, ciphertext, key_version, written_by_agency, written_at) "
    "VALUES (%s, gen_random_uuid(), 'phone', '', 0, '', 1, 'prosecutor-north', now())",
    "blindtoken": "(id, agency_code, field, token, person_id) VALUES (999999, 'police-north', 'name', 1, %s)",
    "nationaltoken": "(id, token, kind, person_id, agency_code) "
    "VALUES (%s, '0', 'x', gen_random_uuid(), 'police-north')",
    "sealeddraft": "(id, owner_id, agency_code, form, subject, agency_key_version, wrapped, ciphertext, saved_at) "
    "VALUES (%s, 'alma', 'police-north', 'f', '', 1, '', '', now())",
    "recordkey": "(id, record_id, agency_code, agency_key_version, wrapped, granted_at) "
    "VALUES (%s, gen_random_uuid(), 'police-north', 1, '', now())",
    "recordpart": "(id, record_id, ciphertext, data, size, written_by_agency, written_at) "
    "VALUES (%s, gen_random_uuid(), '', '', 0, 'police-north', now())",
}


@pytest.mark.parametrize("table", TABLES)
def test_nobody_adds_rows_for_another_agency(rosa: UUID, bruno: Actor, alma: Actor, table: str) -> None:
    statement = f"INSERT INTO vault_{table} {INSERTS[table]}"
    with seeing_as(bruno), pytest.raises(Error, match="row-level security"):
        run(statement, new_id())
    if table in ("blindtoken", "nationaltoken", "sealeddraft"):
        with seeing_as(alma):
            assert run(statement, new_id()) == 1


def test_nobody_writes_an_item_in_the_name_of_another_agency(rosa: UUID, bruno: Actor) -> None:
    values = INSERTS["sealeditem"].replace("gen_random_uuid()", "%s")
    with seeing_as(bruno):
        assert run(f"INSERT INTO vault_sealeditem {values}", new_id(), rosa) == 1
        with pytest.raises(Error, match="row-level security"):
            run(f"INSERT INTO vault_sealeditem {values.replace('prosecutor-north', 'police-north')}", new_id(), rosa)


def test_items_show_through_a_released_key_only(rosa: UUID, bruno: Actor, carla: Actor) -> None:
    grant_key(by=bruno, person_id=rosa, to_agency=carla.agency_code)
    with seeing_as(carla):
        assert (count("personkey"), count("sealeditem")) == (1, 0)
    release_key(by=carla, person_id=rosa)
    with seeing_as(carla):
        assert count("sealeditem") == OWN["sealeditem"]
    with seeing_as(bruno):
        assert count("personkey") == 1


def test_parts_of_a_record_show_through_a_key_only_and_nobody_gives_it_to_themselves(
    rosa: UUID, bruno: Actor, carla: Actor
) -> None:
    values = INSERTS["recordkey"].replace("gen_random_uuid()", "%s").replace("police-north", carla.agency_code)
    with seeing_as(carla):
        with pytest.raises(Error, match="row-level security"):
            run(f"INSERT INTO vault_recordkey {values}", new_id(), rosa)
        assert count("recordpart") == 0
    share_record(by=bruno, record_id=rosa, to_agency=carla.agency_code)
    with seeing_as(carla):
        assert count("recordpart") == 1


def test_whoever_holds_a_record_too_cannot_remove_it_from_the_others(rosa: UUID, bruno: Actor, carla: Actor) -> None:
    share_record(by=bruno, record_id=rosa, to_agency=carla.agency_code)
    with seeing_as(carla):
        assert [run(f"DELETE FROM vault_{table}") for table in ("recordkey", "recordpart")] == [0, 0]
    with seeing_as(bruno):
        assert (count("recordkey"), count("recordpart")) == (1, 1)
