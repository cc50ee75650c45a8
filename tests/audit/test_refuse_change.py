"""The record and the anchors are append-only below the application: triggers refuse, on both databases."""

import pytest
from django.db import DatabaseError, connection

from enlace.audit.actions import anchor
from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from tests.audit.tamper import write
from tests.own import savepoint

pytestmark = pytest.mark.django_db

TABLES = {"audit_auditevent": "action", "audit_anchor": "digest"}


@pytest.fixture
def rows() -> None:
    write(2)
    anchor(by=Actor.system("tests"))


def run(statement: str) -> None:
    with savepoint(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_cannot_be_changed(rows: None, table: str) -> None:
    with pytest.raises(DatabaseError, match=f"{table} is append-only"):
        run(f"UPDATE {table} SET {TABLES[table]} = 'x'")


@pytest.mark.parametrize("table", TABLES)
def test_a_row_cannot_be_removed(rows: None, table: str) -> None:
    with pytest.raises(DatabaseError, match=f"{table} is append-only"):
        run(f"DELETE FROM {table}")


def test_not_through_the_models_either(rows: None) -> None:
    event = AuditEvent.objects.first()
    assert event is not None
    event.action = "x"
    with pytest.raises(DatabaseError, match="append-only"), savepoint():
        event.save()
    with pytest.raises(DatabaseError, match="append-only"), savepoint():
        event.delete()


def test_a_place_in_a_chain_is_taken_once(rows: None) -> None:
    with pytest.raises(DatabaseError), savepoint(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (chain, seq, at, actor_id, role_code, action, subject_kind, subject_id, "
            "data_class, purpose, detail, previous, digest) SELECT chain, seq, at, 'x', role_code, action, subject_kind, "
            "subject_id, data_class, purpose, detail, previous, digest FROM audit_auditevent"
        )


def test_the_triggers_are_still_there_after_all_migrations(db: None) -> None:
    """SQLite loses the triggers of a table that a later migration makes anew."""
    names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    if connection.vendor == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(names)
        found = " ".join(name for (name,) in cursor.fetchall())
    for table in (*TABLES, "cases_decision", "cases_turn", "referrals_referralstep"):
        assert table in found
