"""Recording what a person answered about sharing."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.people.actions import Consent, record_consents
from enlace.people.queries import consent_stands, consents, consents_by_person
from tests.cases.pages import send, signed_in
from tests.world import World, a_person


def answer(person_id: object, **changes: object) -> Consent:
    said = {"purpose_code": "referral", "given_by_code": "person", "given_on": timezone.localdate()}
    return Consent(person_id=person_id, **(said | changes))  # type: ignore[arg-type]


def stands_now(world: World, person_id: object) -> bool:
    return consent_stands(
        viewer=world.bruno,
        person_id=person_id,  # type: ignore[arg-type]
        purpose_code="referral",
        recipient_code="ngo-harbour",
        on=timezone.localdate(),
    )


def test_who_changes_their_mind_on_the_same_day_is_heard(world: World) -> None:
    person_id = a_person(world.bruno, consents=None)
    assert not stands_now(world, person_id)
    record_consents(by=world.bruno, rows=[answer(person_id)])
    assert stands_now(world, person_id)
    record_consents(by=world.bruno, rows=[answer(person_id, is_refusal=True)])
    assert not stands_now(world, person_id)
    by_person = consents_by_person(viewer=world.bruno, person_ids=[person_id], purpose_code="referral")
    assert by_person == {person_id: False}


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose_code": "no_such"},
        {"given_by_code": "no_such"},
        {"given_on": timezone.localdate() + timedelta(days=2)},
        {"given_on": date(2025, 5, 2), "expires_on": date(2025, 5, 1)},
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(world: World, changes: dict[str, object]) -> None:
    person_id = a_person(world.bruno, consents=None)
    with pytest.raises(Refusal):
        record_consents(by=world.bruno, rows=[answer(person_id, **changes)])
    assert not consents(viewer=world.bruno, person_id=person_id).exists()


def test_only_people_the_agency_knows_and_roles_that_may(world: World) -> None:
    with pytest.raises(Missing):
        record_consents(by=world.bruno, rows=[answer(uuid4())])
    with pytest.raises(Missing):
        record_consents(by=world.omar, rows=[answer(a_person(world.bruno))])
    with pytest.raises(Forbidden):
        record_consents(by=world.elena, rows=[answer(a_person(world.bruno))])


def test_a_page_with_an_end_before_its_start_keeps_what_was_typed(world: World) -> None:
    person_id = a_person(world.bruno, consents=None)
    said = {
        "purpose": "referral",
        "answer": "yes",
        "given_by": "person",
        "given_on": "2/5/2025",
        "expires_on": "1/5/2025",
    }
    page = send(signed_in("bruno"), f"/people/{person_id}/consent/", said)
    assert page.status_code == 422
    assert "The end is before the start." in page.text
    assert 'value="2/5/2025"' in page.text
