"""Correcting coarse facts: the record says which fields, never from what to what."""

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.people.actions import correct_person
from enlace.people.queries import person
from tests.world import World, a_person


def test_what_changed_is_saved_and_named(world: World) -> None:
    person_id = a_person(world.bruno)
    correct_person(by=world.bruno, person_id=person_id, changes={"sex_code": "male", "birth_year": 1996})
    assert person(viewer=world.bruno, person_id=person_id).sex_code == "male"
    event = AuditEvent.objects.get(action="person.corrected")
    assert event.detail == {"fields": ["sex_code"]}


@pytest.mark.parametrize("changes", [{"code": "P-1"}, {"registered_by": "x"}, {"sex_code": "no_such"}, {"x": 1}])
def test_only_known_facts_and_known_codes_are_taken(world: World, changes: dict[str, object]) -> None:
    person_id = a_person(world.bruno)
    before = person(viewer=world.bruno, person_id=person_id).__dict__ | {"_state": None}
    with pytest.raises(Refusal):
        correct_person(by=world.bruno, person_id=person_id, changes=changes)
    assert person(viewer=world.bruno, person_id=person_id).__dict__ | {"_state": None} == before


def test_another_agency_and_a_role_without_the_right_change_nothing(world: World) -> None:
    person_id = a_person(world.bruno)
    with pytest.raises(Forbidden):
        correct_person(by=world.alma, person_id=person_id, changes={"sex_code": "male"})
    with pytest.raises(Missing):
        correct_person(by=world.bruno, person_id=a_person(world.alma), changes={"sex_code": "male"})
