"""Registering people: by code, with coarse facts of the pack's lists, known to the own agency alone."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.people.actions import Registration, make_known, register_people
from enlace.people.models import Person
from enlace.people.queries import age_group_of, imported, people_by_id, person, person_by_code
from tests.world import World, a_person


def test_a_batch_leaves_one_event_and_every_person(world: World) -> None:
    before = AuditEvent.objects.count()
    people = register_people(by=world.alma, rows=[Registration(sex_code="female") for _ in range(3)])
    assert AuditEvent.objects.count() == before + 1
    assert len({p.code for p in people}) == Person.objects.count() == 3
    assert set(people_by_id(viewer=world.alma, ids=[p.pk for p in people])) == {p.pk for p in people}


@pytest.mark.parametrize(
    "facts",
    [
        {"sex_code": "no_such"},
        {"sex_code": "female", "language_code": "no_such"},
        {"sex_code": "female", "citizenship_codes": ("ZZ",)},
        {"sex_code": "female", "birth_year": 2999},
    ],
)
def test_a_code_that_is_in_no_list_is_refused_and_nobody_is_registered(world: World, facts: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        register_people(by=world.alma, rows=[Registration(sex_code="male"), Registration(**facts)])
    assert not Person.objects.exists()


def test_who_may_not_register_cannot(world: World) -> None:
    with pytest.raises(Forbidden):
        register_people(by=world.elena, rows=[Registration(sex_code="female")])


def test_a_person_is_known_to_the_own_agency_and_to_whom_it_is_made_known(world: World) -> None:
    person_id = a_person(world.alma)
    with pytest.raises(Missing):
        person(viewer=world.omar, person_id=person_id)
    make_known(by=world.alma, person_ids=[person_id, person_id], agency_code="health-south")
    make_known(by=world.alma, person_ids=[person_id], agency_code="health-south")
    assert person(viewer=world.omar, person_id=person_id).pk == person_id


def test_a_code_is_found_however_it_is_typed_and_only_where_known(world: World) -> None:
    found = person(viewer=world.alma, person_id=a_person(world.alma))
    typed = f"  {found.code.lower().replace('-', ' ')} "
    assert person_by_code(viewer=world.alma, text=typed) == found
    assert person_by_code(viewer=world.omar, text=typed) is None
    assert person_by_code(viewer=world.alma, text="P-AAAA-0000-1") is None


def test_a_record_of_a_source_comes_in_once(world: World) -> None:
    rows = [Registration(sex_code="female", source_ref="row 1")]
    register_people(by=world.bruno, rows=rows)
    assert imported(agency_code="prosecutor-north", refs=["row 1", "row 2"]) == {"row 1": rows[0].id}
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: TID251 - the constraint itself is asked
        register_people(by=world.bruno, rows=[Registration(sex_code="female", source_ref="row 1")])


def test_the_age_group_is_that_of_the_pack() -> None:
    on = datetime(2025, 6, 30, tzinfo=UTC).date()
    assert age_group_of(2012, on, "") == "0_15"
    assert age_group_of(1980, on, "16_24") == "16_24"
