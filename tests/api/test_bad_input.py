"""Calls that make no sense, and calls out of turn: JSON with a reason, nothing written."""

import json
from typing import Any
from uuid import uuid4

import pytest

from enlace.cases.models import Note
from enlace.referrals.models import Referral
from tests.cases.pages import faulty, signed_in
from tests.world import World, a_case, a_referral, accepted

ROOT = "/api/v1"


def post(browser: Any, path: str, body: object) -> Any:
    sent = body if isinstance(body, bytes) else json.dumps(body)
    return browser.post(ROOT + path, sent, content_type="application/json")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"null", 422),
        (b"[]", 422),
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": None}, 422),
        ({"text": ["x"]}, 422),
        ({"text": "a" * 10_001}, 422),
        ({"text": "a\u0000b"}, 422),
        (b'{"text": "\\ud800"}', 422),
        ({"text": "  \n "}, 409),
        ({"text": "x", "is_shared": "perhaps"}, 422),
    ],
)
def test_a_note_that_is_none_is_refused_with_a_reason(world: World, body: object, status: int) -> None:
    answer = post(faulty("bruno"), f"/cases/{a_case(world.bruno)}/notes", body)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert not Note.objects.exists()


def test_a_good_note_is_written_and_one_too_many_bytes_are_not(world: World) -> None:
    browser, path = faulty("bruno"), f"/cases/{a_case(world.bruno)}/notes"
    written = post(browser, path, {"text": "ñ" * 10_000})
    assert written.status_code == 201
    assert str(Note.objects.get().pk) == written.json()["id"]
    assert post(browser, path, {"text": "a" * (6 * 1024 * 1024)}).status_code in (400, 413, 422)


@pytest.mark.parametrize(
    "changes",
    [
        {"case_id": "x"},
        {"recipient_code": ""},
        {"recipient_code": "prosecutor-north"},
        {"recipient_code": "n" * 41},
        {"service_codes": []},
        {"service_codes": ["NO_SUCH"]},
        {"service_codes": ["MENTAL"] * 31},
        {"service_codes": "MENTAL"},
        {"reason_code": "no_such"},
        {"ground_code": "\u0000"},
        {"message": "a" * 4001},
        {"case_id": str(uuid4())},
    ],
)
def test_a_referral_that_makes_no_sense_is_not_sent(world: World, changes: dict[str, object]) -> None:
    said = {"case_id": str(a_case(world.bruno)), "recipient_code": "ngo-harbour", "service_codes": ["MENTAL"]}
    answer = post(faulty("bruno"), "/referrals", said | changes)
    assert answer.status_code in (404, 409, 422)
    assert answer.json()["detail"]
    assert not Referral.objects.exists()


def test_steps_out_of_turn_and_by_others_are_refused(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    path = f"/referrals/{referral_id}/steps"
    for name, body, status in (
        ("carla", {"verb": "complete"}, 409),
        ("carla", {"verb": "decline"}, 409),
        ("carla", {"verb": "expire"}, 422),
        ("carla", {"verb": "withdraw"}, 404),
        ("bruno", {"verb": "accept"}, 404),
        ("dora", {"verb": "accept"}, 404),
        ("alma", {"verb": "accept"}, 403),
        ("elena", {"verb": "accept"}, 403),
    ):
        assert post(faulty(name), path, body).status_code == status, (name, body)
    assert Referral.objects.get().status == "sent"
    taken = post(signed_in("carla"), path, {"verb": "accept"})
    assert taken.json()["status"] == "accepted"
    assert post(faulty("carla"), path, {"verb": "accept"}).status_code == 409


@pytest.mark.parametrize("query", ["status=%00", "state_code=%00", "cursor=x", "cursor=%00", "status=" + "a" * 41])
def test_a_list_with_a_filter_that_cannot_be_is_refused(world: World, query: str) -> None:
    for path in ("/cases", "/referrals"):
        assert faulty("bruno").get(f"{ROOT}{path}?{query}").status_code in (200, 409, 422)
    assert faulty("bruno").get(f"{ROOT}/referrals?box=both").status_code == 422


@pytest.mark.parametrize("year", ["x", "-1", "0", "99999", "9" * 5000, "2020.5", "%00"])
def test_a_year_that_is_none_has_no_table(world: World, year: str) -> None:
    browser = faulty("elena")
    assert browser.get(f"{ROOT}/statistics/national/{year}").status_code in (404, 422)
    assert browser.post(f"{ROOT}/statistics/national/{year}").status_code in (404, 409, 422)


def test_other_methods_and_other_addresses_are_not_there(world: World) -> None:
    case_id, browser = a_case(world.bruno), faulty("bruno")
    assert browser.put(f"{ROOT}/cases/{case_id}").status_code == 405
    assert browser.delete(f"{ROOT}/referrals").status_code == 405
    assert browser.get(f"{ROOT}/cases/not-a-uuid").status_code == 422
    assert browser.get(f"{ROOT}/people").status_code == 404


def test_what_the_api_tells_of_a_case_is_what_the_agency_may_see(world: World) -> None:
    case_id = a_case(world.bruno)
    told = signed_in("bruno").get(f"{ROOT}/cases/{case_id}").json()
    assert set(told) == {
        *("id", "code", "person_code", "status", "identification", "state_code", "opened_at", "codes", "agencies")
    }
    assert faulty("carla").get(f"{ROOT}/cases/{case_id}").status_code == 404
    accepted(world.carla, a_referral(world.bruno, case_id))
    assert signed_in("carla").get(f"{ROOT}/cases/{case_id}").json()["agencies"] == ["prosecutor-north", "ngo-harbour"]


def test_the_pages_of_the_list_lead_to_every_case(world: World) -> None:
    cases = {str(a_case(world.bruno)) for _ in range(27)}
    browser, found, cursor = signed_in("bruno"), set(), ""
    for _ in range(2):
        page = browser.get(f"{ROOT}/cases", {"cursor": cursor}).json()
        found |= {row["id"] for row in page["rows"]}
        cursor = page["older"]
    assert (found, cursor) == (cases, "")
