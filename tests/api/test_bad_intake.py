"""Contacts and screenings that make no sense, sent as JSON: refused with a reason, nothing written, nothing repeated."""

import json
from typing import Any

import pytest

from enlace.intake.models import Contact
from enlace.screening.models import Answer, Screening
from tests.cases.pages import faulty, signed_in
from tests.intake.contacts import a_contact
from tests.screening.talks import PRESUMED, TALK, a_screening, finished
from tests.world import World, a_person

NOBODY = "00000000-0000-4000-8000-000000000000"
ROOT = "/api/v1"
SECRET = "Rosa Inventada"
EDGES_OF_TIME = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1066-10-14T09:00:00Z"]
NO_TIMES = ["2025-02-30T10:00:00Z", "2025-03-01T10:00:00", "yesterday", "1e400", {}, "\x00"]
CALL = {"channel_code": "visit", "disposition_code": "information"}
BODIES = [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"channel_code": NaN}', b"1" * 5000]


def post(browser: Any, path: str, body: object) -> Any:
    sent = body if isinstance(body, bytes) else json.dumps(body)
    return browser.post(ROOT + path, sent, content_type="application/json")


def refused(answer: Any) -> bool:
    """Whether the call was refused with a reason that repeats nothing of what was sent."""
    return answer.status_code in (400, 404, 409, 422) and bool(answer.json()["detail"]) and SECRET not in answer.text


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:12]))
def test_a_body_that_is_none_is_refused(world: World, body: bytes) -> None:
    pk = a_screening(world.bruno)
    for path in ("/contacts", "/screenings", f"/screenings/{pk}/answers"):
        assert refused(post(faulty("bruno"), path, body)), path
    assert not Contact.objects.exists()
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"channel_code": ""},
        {"channel_code": "hotline_call"},
        {"channel_code": SECRET},
        {"disposition_code": "no_such"},
        {"disposition_code": None},
        {"seconds": 1_000_001},
        {"seconds": 10**400},
        {"seconds": "9" * 5000},
        {"seconds": 1.5},
        {"language_code": "no_such"},
        {"state_code": "XX-NOWHERE"},
        {"precision_code": "to_the_metre"},
        {"risk_code": "\x00"},
        {"municipality": SECRET * 10},
        {"told": {"told": SECRET + "\x00"}},
        {"told": {"told": SECRET * 1000}},
        {"told": SECRET},
        {"told": [SECRET]},
        {"told": {"no_such": SECRET}},
        {"people": [{"role_code": "no_such"}]},
        {"people": [{}]},
        {"people": [{"role_code": "at_risk", "citizenship_codes": ["XX1"]}]},
        {"people": [{"role_code": "at_risk", "citizenship_codes": ["MX"] * 6}]},
        {"people": [{"role_code": "at_risk", "age_group_code": "\ud800"}]},
        {"source_ref": "r" * 81},
        *({"opened_at": at} for at in [*EDGES_OF_TIME[:2], *NO_TIMES]),
        {"opened_at": "2999-01-01T00:00:00Z"},
    ],
    ids=lambda changes: f"{next(iter(changes))} {str(changes)[:40]!a}",
)
def test_a_contact_that_makes_no_sense_is_not_recorded(world: World, changes: dict[str, object]) -> None:
    assert refused(post(faulty("bruno"), "/contacts", CALL | changes))
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=%00", "status=%00", "risk_code=" + "a" * 41, "cursor=" + "A" * 499]
)
def test_a_filter_of_contacts_that_cannot_be_is_refused_or_finds_all(world: World, query: str) -> None:
    a_contact(world.bruno, channel_code="visit")
    assert faulty("bruno").get(f"{ROOT}/contacts?{query}").status_code in (200, 409, 422)


@pytest.mark.parametrize(
    "changes",
    [
        {"person_id": "x"},
        {"person_id": NOBODY},
        {"contact_id": NOBODY},
        {"second_of": NOBODY},
        {"protocol_code": SECRET},
        {"protocol_version": 0},
        {"protocol_version": 10**30},
        {"channel_code": SECRET},
        {"state_code": "XX-NONE"},
        {"risk_codes": ["no_such"]},
        {"risk_codes": ["x"] * 61},
        {"safety_codes": ["no_such"]},
        {"source_ref": "\x00"},
        {"answers": [{"question": "works", "value": "yes"}] * 501},
        {"answers": [{"question": "age", "value": 10**400}]},
        {"answers": [{"question": "age", "value": -1}]},
        {"answers": [{"question": "age", "value": True}]},
        {"answers": [{"question": "age", "value": SECRET}]},
        {"answers": [{"question": "works", "value": ["yes", "no"]}]},
        {"answers": [{"question": "act", "value": ["none", "recruited"]}]},
        {"answers": [{"question": "works", "value": {"is": "yes"}}]},
        {"answers": [{"question": "works", "value": "yes", "no_answer": "perhaps"}]},
        {"answers": [{"question": SECRET, "value": "yes"}]},
        {"finished": True},
        *({"started_at": at} for at in [*EDGES_OF_TIME[:2], *NO_TIMES]),
        {"finished": True, "answers": [{"question": "works", "value": "yes"}], "finished_at": EDGES_OF_TIME[0]},
    ],
    ids=lambda changes: f"{next(iter(changes))} {str(changes)[:40]!a}",
)
def test_a_screening_that_makes_no_sense_is_not_recorded(world: World, changes: dict[str, object]) -> None:
    row = {"person_id": str(a_person(world.bruno)), "protocol_code": TALK, "protocol_version": 1}
    assert refused(post(faulty("bruno"), "/screenings", row | {"safety_codes": ["alone"]} | changes))
    assert not Screening.objects.exists()
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"protocol_version": 2},
        {"answers": []},
        {"answers": [{"question": "no_such", "value": "yes"}]},
        {"answers": [{"question": "works", "value": "\x00"}]},
        {"seen": {"works": 7}},
        {"seen": {"works": -1}},
        {"seen": {"\x00": 1}},
        {"seen": ["works"]},
    ],
    ids=lambda changes: f"{next(iter(changes))} {str(changes)[:40]!a}",
)
def test_answers_that_make_no_sense_are_not_added(world: World, changes: dict[str, object]) -> None:
    page = {"protocol_version": 1, "answers": [{"question": "works", "value": "yes"}]}
    pk = a_screening(world.bruno)
    assert refused(post(faulty("bruno"), f"/screenings/{pk}/answers", page | changes))
    assert not Answer.objects.exists()
    assert post(signed_in("bruno"), f"/screenings/{pk}/answers", page).status_code == 200
    assert Answer.objects.filter(screening=pk).count() == 1


def test_a_finished_screening_and_one_of_another_agency_take_no_answers(world: World) -> None:
    pk = finished(world.bruno, PRESUMED).screening_id
    page = {"protocol_version": 1, "answers": [{"question": "works", "value": "no"}]}
    assert post(faulty("bruno"), f"/screenings/{pk}/answers", page).status_code == 409
    for name, status in (("nadia", 404), ("alma", 404), ("elena", 403), ("fidel", 403)):
        assert post(faulty(name), f"/screenings/{pk}/answers", page).status_code == status, name
        assert faulty(name).get(f"{ROOT}/screenings/{pk}").status_code == status, name
    assert Answer.objects.get(screening=pk, question_code="works").value == "yes"


def test_a_person_or_a_contact_of_another_agency_is_not_there(world: World) -> None:
    theirs = {"person_id": str(a_person(world.alma)), "contact_id": str(a_contact(world.hilda))}
    own = {"person_id": str(a_person(world.bruno)), "protocol_code": TALK, "protocol_version": 1}
    for name, value in theirs.items():
        answer = post(faulty("bruno"), "/screenings", own | {"safety_codes": ["alone"], name: value})
        assert answer.status_code == 404, name
    assert not Screening.objects.exists()


def test_other_methods_and_other_addresses_are_not_there(world: World) -> None:
    contact_id, browser = a_contact(world.bruno, channel_code="visit"), faulty("bruno")
    assert browser.put(f"{ROOT}/contacts/{contact_id}").status_code == 405
    assert browser.delete(f"{ROOT}/contacts/{contact_id}").status_code == 405
    assert browser.get(f"{ROOT}/contacts/not-a-uuid").status_code == 422
    assert browser.get(f"{ROOT}/screenings").status_code == 405
    assert browser.get(f"{ROOT}/screenings/{NOBODY}").status_code == 404
    assert browser.get(f"{ROOT}/complaints").status_code == 404
    assert browser.get(f"{ROOT}/reports").status_code == 404
