"""The wall below the filters: an emergency shows one agency one person's rows, to read, for its hours, and no other row."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import Error
from django.utils import timezone

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.cases.actions import write_note
from enlace.cases.models import Case
from enlace.people.models import Emergency, Person
from enlace.vault.actions import answer_emergency, end_emergency
from tests.own import savepoint
from tests.vault.breaking import a_stranger, an_emergency, now_over
from tests.world import SYSTEM, World, a_referral, accepted

pytestmark = pytest.mark.postgresql

PERSON = ("people_person", "people_consentgrant", "cases_case", "cases_casecode", "cases_note", "vault_sealeditem")
EVERYTHING = (
    *PERSON,
    *("people_personagency", "people_legalground", "people_disclosure", "cases_caseagency", "cases_episode"),
    *("cases_decision", "cases_turn", "vault_personkey", "vault_blindtoken", "vault_recordkey", "referrals_referral"),
)


def seen(viewer: Actor | None, table: str) -> set[Any]:
    with seeing_as(viewer or Actor(id="nobody")), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {key for (key,) in cursor.fetchall()}


def all_seen(viewer: Actor) -> dict[str, set[Any]]:
    return {table: seen(viewer, table) for table in EVERYTHING}


def rows_of_person(person_id: UUID) -> dict[str, set[Any]]:
    """What an access without a second person shows, worked out here a second time."""
    with seeing_as(SYSTEM), connection.cursor() as cursor:
        found = {}
        of_case = "IN (SELECT id FROM cases_case WHERE person_id = %s)"
        for table, condition in (
            ("people_person", "id = %s"),
            ("people_consentgrant", "person_id = %s"),
            ("cases_case", "person_id = %s"),
            ("cases_casecode", f"case_id {of_case}"),
            ("cases_note", f"is_shared AND agency_code = 'prosecutor-north' AND case_id {of_case}"),
            ("vault_sealeditem", "person_id = %s AND kind NOT IN ('address', 'place')"),
        ):
            cursor.execute(f"SELECT id FROM {table} WHERE {condition}", [person_id])
            found[table] = {key for (key,) in cursor.fetchall()}
    return found


def gained(before: dict[str, set[Any]], after: dict[str, set[Any]]) -> dict[str, set[Any]]:
    return {table: after[table] - before[table] for table in EVERYTHING if after[table] != before[table]}


@pytest.fixture
def two_people(world: World) -> tuple[UUID, UUID]:
    people = a_stranger(world), a_stranger(world)
    with seeing_as(SYSTEM):
        cases = list(Case.objects.values_list("pk", flat=True))
    for case_id in cases:
        accepted(world.dora, a_referral(world.bruno, case_id, to="shelter-isles"))
        write_note(by=world.dora, case_id=case_id, text="invented, of where she sleeps", is_shared=True)
        write_note(by=world.bruno, case_id=case_id, text="invented, for all", is_shared=True)
        write_note(by=world.bruno, case_id=case_id, text="invented, of the house")
    return people


def test_its_agency_reads_that_person_and_every_other_agency_what_it_read_before(
    world: World, two_people: tuple[UUID, UUID]
) -> None:
    before = {name: all_seen(actor) for name, actor in vars(world).items()}
    emergency_id = an_emergency(world.alma, two_people[0])
    expected = rows_of_person(two_people[0])
    assert all(expected.values()), "nothing there proves nothing"
    for name, actor in vars(world).items():
        mine = actor.agency_code == world.alma.agency_code
        assert gained(before[name], all_seen(actor)) == (expected if mine else {}), name
    now_over(emergency_id)
    for name, actor in vars(world).items():
        assert all_seen(actor) == before[name], name


def test_given_back_nothing_of_it_is_seen_any_more(world: World, two_people: tuple[UUID, UUID]) -> None:
    before = all_seen(world.alma)
    emergency_id = an_emergency(world.alma, two_people[0])
    assert all_seen(world.alma) != before
    end_emergency(by=world.alma, emergency_id=emergency_id)
    assert all_seen(world.alma) == before


def test_where_the_person_is_shows_after_the_second_person_only(world: World, two_people: tuple[UUID, UUID]) -> None:
    emergency_id = an_emergency(world.alma, two_people[0], asks_second=True)
    without = seen(world.alma, "vault_sealeditem")
    answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=True)
    with seeing_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM vault_sealeditem WHERE person_id = %s AND kind = 'address'", [two_people[0]])
        addresses = {key for (key,) in cursor.fetchall()}
    assert addresses
    assert seen(world.alma, "vault_sealeditem") == without | addresses
    assert len(seen(world.alma, "cases_note")) == 2


@pytest.mark.parametrize("table", PERSON)
def test_what_it_shows_cannot_be_changed_or_removed(world: World, two_people: tuple[UUID, UUID], table: str) -> None:
    an_emergency(world.alma, two_people[0])
    with seeing_as(world.alma), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            cursor.execute(statement)
            assert cursor.rowcount == 0


def test_no_agency_opens_lengthens_or_approves_an_emergency_for_itself(
    world: World, two_people: tuple[UUID, UUID]
) -> None:
    emergency_id = an_emergency(world.alma, two_people[0], asks_second=True)
    row = Emergency(
        person=Person(pk=two_people[1]),
        agency_code=world.alma.agency_code,
        opened_by=world.alma.id,
        reason_code="medical",
        words="forged",
        opened_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=300),
    )
    later = "UPDATE people_emergency SET ends_at = ends_at + interval '1 year' WHERE id = %s"
    approved = "UPDATE people_emergency SET is_approved = true, answered_by = 'x', answered_at = now() WHERE id = %s"
    with seeing_as(world.alma):
        with pytest.raises(Error, match="row-level security"), savepoint():
            row.save(force_insert=True)
        for statement in (later, approved):
            with pytest.raises(Error, match="row-level security"), savepoint(), connection.cursor() as cursor:
                cursor.execute(statement, [emergency_id])


def test_the_agency_in_charge_sees_the_access_and_a_third_one_does_not(
    world: World, two_people: tuple[UUID, UUID]
) -> None:
    emergency_id = an_emergency(world.alma, two_people[0])
    assert seen(world.bruno, "people_emergency") == seen(world.alma, "people_emergency") == {emergency_id}
    assert seen(world.omar, "people_emergency") == seen(world.gema, "people_emergency") == set()
    assert seen(world.bruno, "vault_lentkey") == set()
    assert len(seen(world.alma, "vault_lentkey")) == 1
