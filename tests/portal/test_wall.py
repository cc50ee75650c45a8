"""Below the filters: with raw SQL, a person on her own page meets her own rows and nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection
from psycopg.types.json import Jsonb

from enlace.base.actor import Actor
from enlace.base.ids import new_code, new_id
from enlace.base.rows import show_rows_of
from enlace.portal.actions import ask
from tests.own import undone
from tests.portal.holding import QUESTION, a_page, herself
from tests.world import World, a_case, a_person

pytestmark = pytest.mark.postgresql

# Table -> the condition that says which rows are about a person.
HERS = {
    "people_person": "id = %s",
    "people_personagency": "person_id = %s",
    "people_consentgrant": "person_id = %s",
    "people_disclosure": "person_id = %s",
    "people_legalground": "person_id = %s",
    "portal_ownpage": "person_id = %s",
    "portal_personrequest": "person_id = %s",
}
EMPTY = {"people_disclosure", "people_legalground"}  # nothing was disclosed in this world


@pytest.fixture
def two(world: World) -> tuple[Actor, UUID]:
    """Herself, and somebody else; both have a page and have asked something."""
    ids = [a_person(world.bruno) for _ in range(2)]
    for person_id in ids:
        a_case(world.bruno, person_id)
        a_page(world.bruno, person_id)
        ask(by=herself(world.bruno, person_id), kind_code="question", text=QUESTION)
    return herself(world.bruno, ids[0]), ids[1]


@contextmanager
def seen_by(actor: Actor) -> Iterator[Any]:
    with undone(), connection.cursor() as cursor:
        show_rows_of(actor)
        yield cursor
        show_rows_of(Actor.system("tests"))


def walled_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def test_she_reads_her_own_rows_and_of_the_other_tables_nothing(two: tuple[Actor, UUID]) -> None:
    viewer, _other = two
    for table in walled_tables():
        with seen_by(viewer) as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            seen = cursor.fetchone()[0]
        with seen_by(Actor.system("judge")) as cursor:
            condition = HERS.get(table, "false OR %s IS NULL")
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}", [viewer.person_id])
            assert seen == cursor.fetchone()[0], table
        assert (seen > 0) == (table in HERS.keys() - EMPTY), table


@pytest.mark.parametrize("table", HERS)
def test_she_changes_nothing_of_anybody_else_and_removes_nothing(two: tuple[Actor, UUID], table: str) -> None:
    viewer, other = two
    with seen_by(viewer) as cursor:
        cursor.execute(f"UPDATE {table} SET id = id WHERE {HERS[table]}", [other])
        assert cursor.rowcount == 0
    with seen_by(viewer) as cursor:
        cursor.execute(f"DELETE FROM {table}")
        assert cursor.rowcount == 0


def test_she_asks_in_nobody_elses_name_and_hands_her_rows_to_nobody(two: tuple[Actor, UUID]) -> None:
    viewer, other = two
    with seen_by(Actor.system("judge")) as cursor:
        cursor.execute("SELECT * FROM portal_personrequest WHERE person_id = %s", [other])
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True)) | {"id": new_id(), "code": new_code("W")}
    values = [Jsonb(value) if isinstance(value, list | dict) else value for value in row.values()]
    places = ", ".join(["%s"] * len(values))
    with seen_by_refused(viewer) as cursor, pytest.raises(ProgrammingError, match="row-level security"):
        cursor.execute(f"INSERT INTO portal_personrequest ({', '.join(names)}) VALUES ({places})", values)
    for table in ("portal_personrequest", "portal_ownpage", "people_consentgrant"):
        with seen_by_refused(viewer) as cursor, pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute(f"UPDATE {table} SET person_id = %s", [other])


@contextmanager
def seen_by_refused(actor: Actor) -> Iterator[Any]:
    """The same, where the statement fails and the transaction with it."""
    with undone(), connection.cursor() as cursor:
        show_rows_of(actor)
        yield cursor
    show_rows_of(Actor.system("tests"))
