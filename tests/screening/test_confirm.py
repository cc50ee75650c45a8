"""What a case decides reaches the screenings of the person, whichever agency made them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Refusal
from enlace.people.actions import make_known
from enlace.screening.actions import Confirmed, record_confirmations
from enlace.screening.models import Confirmation
from tests.screening.talks import LITTLE, a_screening, finished
from tests.world import SYSTEM, World, a_person


def confirmed(world: World, person_id: object, outcome: str = "identified", **facts: object) -> int:
    row = Confirmed(person_id=person_id, outcome=outcome, **({"at": timezone.now()} | facts))
    return record_confirmations(by=world.bruno, rows=[row])


def test_every_finished_screening_of_the_person_is_told(world: World) -> None:
    person_id = a_person(world.alma)
    mine = finished(world.alma, LITTLE, person_id).screening_id
    make_known(by=SYSTEM, person_ids=[person_id], agency_code="helpline")
    theirs = finished(world.hilda, LITTLE, person_id).screening_id
    a_screening(world.alma, person_id)
    assert confirmed(world, person_id) == 2
    rows = Confirmation.objects.values_list("screening_id", "outcome", "agency_code")
    assert set(rows) == {(pk, "identified", "prosecutor-north") for pk in (mine, theirs)}


def test_screenings_after_the_decision_and_other_people_are_passed_over(world: World) -> None:
    person_id = a_person(world.alma)
    finished(world.alma, LITTLE, person_id)
    finished(world.alma, LITTLE)
    assert confirmed(world, person_id, at=timezone.now() - timedelta(days=1)) == 0
    assert not Confirmation.objects.exists()


def test_only_decisions_about_identification_are_told(world: World) -> None:
    with pytest.raises(Refusal):
        confirmed(world, a_person(world.alma), "presumed_again")
