"""Asking, and being answered: sealed, on the clock of the law, by the agency that gave the number."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.slots import QueueSource, registered
from enlace.country.queries import current
from enlace.portal import actions, queries, rules
from enlace.portal.models import PersonRequest
from tests.cases.pages import queries_of, send, signed_in
from tests.intake.telling import everything_stored
from tests.portal.holding import QUESTION, a_page, herself, open_own, press
from tests.world import World, a_person

ANSWER = "El martes por la mañana."


@pytest.fixture
def person_id(world: World) -> UUID:
    found = a_person(world.bruno)
    a_page(world.bruno, found)
    return found


def asked(world: World, person_id: UUID, kind: str = "question") -> PersonRequest:
    return actions.ask(by=herself(world.bruno, person_id), kind_code=kind, text=QUESTION)


def answered(world: World, row: PersonRequest, verb: str) -> PersonRequest:
    return actions.answer_request(by=world.bruno, request_id=row.pk, verb=verb, text=ANSWER)


def in_working_days(start: Any, name: str) -> Any:
    span = current().limits_by_name[name].span
    return rules.due(timezone.localtime(start), span, working=True)


def test_she_asks_once_however_often_the_form_is_sent_and_reads_the_answer(world: World) -> None:
    number = a_page(world.bruno, a_person(world.bruno))
    form = press(open_own(number), "write")
    for _time in range(2):
        sent = press(form, "ask", kind="question", text=QUESTION)
        assert "It was sent" in sent.text
    row = PersonRequest.objects.get()
    answered(world, row, "answer")
    page = press(open_own(number), "read", chosen=str(row.pk))
    assert QUESTION in page.text
    assert ANSWER in page.text
    assert "Northmark Prosecutor" in page.text
    assert "I no longer want this" not in page.text


def test_what_is_missing_is_told_and_what_was_written_stays(world: World, person_id: UUID) -> None:
    form = press(open_own(a_page(world.bruno, person_id)), "write")
    page = press(form, "ask", text=QUESTION)
    assert page.status_code == 422
    assert QUESTION in page.text
    assert not PersonRequest.objects.exists()
    with pytest.raises(Refusal):
        actions.ask(by=herself(world.bruno, person_id), kind_code="question", text="  ")
    with pytest.raises(Refusal):
        asked(world, person_id, "no such kind")


def test_what_is_written_is_sealed_and_the_answer_is_due_in_working_days(world: World, person_id: UUID) -> None:
    row = asked(world, person_id)
    assert QUESTION not in everything_stored()
    assert row.to_agency == "prosecutor-north"
    assert row.due_at == in_working_days(row.asked_at, "person_request_answer")
    event = AuditEvent.objects.get(action="request.asked")
    assert event.actor_id == herself(world.bruno, person_id).id
    assert event.detail == {"kind": "question"}


def test_the_agency_finds_it_in_its_queue_and_opens_it_for_a_purpose(world: World, person_id: UUID) -> None:
    row = asked(world, person_id)
    source = next(s for s in registered(QueueSource, world.bruno) if s.name == "person_requests")
    assert [(item.url, item.due) for item in source.items(world.bruno, 5)] == [
        (reverse("portal:request", args=[row.pk]), row.due_at)
    ]
    client, address = signed_in("bruno"), reverse("portal:request", args=[row.pk])
    assert row.code in client.get(reverse("portal:requests")).text
    assert QUESTION not in client.get(address).text
    assert client.post(address, {"purpose": ""}).status_code == 422
    assert QUESTION in client.post(address, {"purpose": "person_request"}).text
    assert AuditEvent.objects.filter(action="record.read", purpose="person_request").count() == 1
    done = send(client, f"{address}answer/", {"verb": "answer", "text": ANSWER})
    assert done.status_code == 302
    assert client.get(f"{address}answer/").status_code == 409
    assert source.items(world.bruno, 5) == []


def test_what_she_claims_is_granted_with_a_second_clock_and_carried_out(world: World, person_id: UUID) -> None:
    row = asked(world, person_id, "correct")
    with pytest.raises(Refusal):
        answered(world, row, "answer")
    granted = answered(world, row, "grant")
    assert granted.due_at == in_working_days(granted.answered_at, "person_request_execution")
    assert granted.ended_at is None
    with pytest.raises(Refusal):
        actions.withdraw_request(by=herself(world.bruno, person_id), request_id=row.pk)
    done = answered(world, row, "finish")
    assert (done.status, done.answered_by) == ("done", world.bruno.id)
    assert "It was carried out" in open_own(a_page(world.bruno, person_id)).text


def test_more_time_is_taken_once_and_she_is_told(world: World, person_id: UUID) -> None:
    row = asked(world, person_id, "delete")
    first = row.due_at
    extended = answered(world, row, "extend")
    assert extended.due_at == in_working_days(first, "person_request_extension")
    with pytest.raises(Refusal):
        answered(world, row, "extend")
    assert "needs more time" in open_own(a_page(world.bruno, person_id)).text
    assert answered(world, row, "decline").status == "declined"


def test_she_may_want_it_no_longer(world: World) -> None:
    person_id = a_person(world.bruno)
    number = a_page(world.bruno, person_id)
    row = asked(world, person_id, "object")
    page = press(open_own(number), "read", chosen=str(row.pk))
    assert "You withdrew it" in press(page, "withdraw").text
    assert press(page, "withdraw").status_code == 409
    with pytest.raises(Refusal):
        answered(world, row, "grant")


def test_the_most_urgent_stands_first(world: World, person_id: UUID) -> None:
    rows = [asked(world, person_id, kind) for kind in ("question", "correct", "delete")]
    PersonRequest.objects.filter(pk=rows[2].pk).update(due_at=timezone.now() - timedelta(days=1))
    found = queries.requests_owed(viewer=world.bruno, limit=2)
    assert [row.pk for row in found] == [rows[2].pk, rows[0].pk]


def test_the_list_and_the_queue_take_as_many_queries_for_many_as_for_one(world: World, person_id: UUID) -> None:
    asked(world, person_id)
    client = signed_in("bruno")
    few = {address: queries_of(client, address) for address in ("/requests/", "/")}
    for _ in range(8):
        other = a_person(world.bruno)
        a_page(world.bruno, other)
        asked(world, other)
    assert {address: queries_of(client, address) for address in few} == few


def test_nobody_else_reads_or_answers_it(world: World, person_id: UUID) -> None:
    row = asked(world, person_id)
    with pytest.raises(Forbidden):
        actions.answer_request(by=world.alma, request_id=row.pk, verb="answer", text=ANSWER)
    with pytest.raises(Missing):
        actions.answer_request(by=world.carla, request_id=row.pk, verb="answer", text=ANSWER)
    with pytest.raises(Missing):
        queries.request_messages(viewer=world.carla, request_id=row.pk, purpose="person_request")
    with pytest.raises(Refusal):
        actions.answer_request(by=world.bruno, request_id=row.pk, verb="answer", text=" ")
    with pytest.raises(Missing):
        actions.withdraw_request(by=herself(world.bruno, a_person(world.bruno)), request_id=row.pk)


def test_without_a_good_number_nothing_can_be_asked(world: World) -> None:
    with pytest.raises(Missing):
        asked(world, a_person(world.bruno))
