"""Many at once, on real connections: one takes a notice, one finds the person, and fifty operators lose nothing."""

import pytest

from enlace.audit import queries as audit
from enlace.intake.actions import Answer, Entry, link_person, record_contacts, return_notice, take_notices
from enlace.intake.models import Contact, ContactPerson, Notice
from enlace.vault.queries import open_record
from tests.intake.contacts import a_contact, a_notice, at_risk
from tests.own import succeeded, together
from tests.world import SYSTEM, World, a_person

pytestmark = pytest.mark.usefixtures("sees_all")

OPERATORS = 50


def test_of_many_who_take_one_notice_one_wins(own_world: World) -> None:
    pk = a_notice(own_world.hilda)
    takers = (own_world.bruno, own_world.lucas)
    answers = together(lambda number: take_notices(by=takers[number % 2], ids=[pk]), 8)
    assert len(succeeded(answers)) == 1
    assert Notice.objects.get().status == "taken"
    assert audit.verify() == []


@pytest.mark.parametrize("attempt", range(3))
def test_of_taking_and_returning_what_ends_it_ends_it_once(own_world: World, attempt: int) -> None:
    pk = a_notice(own_world.hilda)
    answer = Answer(notice_id=pk, code="duplicate")
    acts = [
        lambda: take_notices(by=own_world.bruno, ids=[pk]),
        lambda: return_notice(by=own_world.lucas, row=answer),
    ]
    succeeded(together(lambda number: acts[(number + attempt) % 2](), 6))
    assert Notice.objects.get().status == "returned"


def test_one_person_is_linked_once(own_world: World) -> None:
    person_id, rows = a_person(own_world.hilda), (at_risk(), at_risk())
    pk = a_contact(own_world.hilda, people=rows)

    def link(number: int) -> object:
        row_id = rows[number % 2].id
        return link_person(by=own_world.hilda, contact_id=pk, row_id=row_id, person_id=person_id)

    assert len(succeeded(together(link, 6))) == 1
    assert ContactPerson.objects.filter(person_id=person_id).count() == 1


def test_a_call_that_arrives_twice_at_once_is_recorded_once(own_world: World) -> None:
    row = {"channel_code": "hotline_call", "disposition_code": "spam", "source_ref": "call 7"}
    answers = together(lambda _: record_contacts(by=own_world.hilda, rows=[Entry(**row)]), 8)
    assert len(succeeded(answers)) == 1
    assert Contact.objects.count() == 1


@pytest.mark.slow
def test_fifty_operators_at_once_lose_nothing(own_world: World) -> None:
    def work(number: int) -> object:
        return a_contact(own_world.hilda, told={"told": f"story {number}"}, people=(at_risk(),))

    contacts = succeeded(together(work, OPERATORS))
    assert len(set(contacts)) == Contact.objects.count() == OPERATORS
    told = {open_record(viewer=SYSTEM, record_id=pk)[0].content["told"] for pk in contacts}
    assert told == {f"story {number}" for number in range(OPERATORS)}
    assert audit.verify() == []
