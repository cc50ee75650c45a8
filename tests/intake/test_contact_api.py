"""Contacts for a telephone system: the same permissions, the same refusals, nothing sealed in an answer."""

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from enlace.intake.models import Contact
from enlace.intake.queries import open_told
from tests.cases.pages import faulty, signed_in
from tests.intake.contacts import a_contact
from tests.world import World

CALL = {"channel_code": "hotline_call", "disposition_code": "possible_trafficking", "seconds": 95}


def post(client: Client, **said: Any) -> Any:
    return client.post("/api/v1/contacts", json.dumps(CALL | said), content_type="application/json")


def test_a_telephone_system_records_a_call_once(world: World) -> None:
    browser = signed_in("hilda")
    begun = timezone.localtime().replace(microsecond=0).isoformat()
    people = [{"role_code": "at_risk", "sex_code": "female", "citizenship_codes": ["MX"]}]
    answer = post(browser, source_ref="call 7", opened_at=begun, told={"told": "an invented story"}, people=people)
    assert answer.status_code == 201
    assert "invented" not in answer.text
    found = Contact.objects.get()
    assert (answer.json()["id"], answer.json()["seconds"]) == (str(found.pk), 95)
    (part,) = open_told(viewer=world.hilda, contact_id=found.pk, purpose="safety")
    assert part.content == {"told": "an invented story"}
    assert post(browser, source_ref="call 7").status_code == 409
    assert Contact.objects.count() == 1


def test_what_does_not_fit_is_refused_without_repeating_it(world: World) -> None:
    browser = faulty("hilda")
    for said in (
        {"channel_code": "x" * 41},
        {"seconds": -1},
        {"opened_at": "2025-03-01T10:00:00"},
        {"told": {"told": "secret\x00word"}},
        {"people": [{"role_code": "at_risk"}] * 501},
    ):
        answer = post(browser, **said)
        assert answer.status_code == 422
        assert "secret" not in answer.text
    assert post(browser, disposition_code="no_such").status_code == 409
    assert not Contact.objects.exists()


def test_the_list_and_one_contact_are_the_agency_s_own(world: World) -> None:
    pk = a_contact(world.hilda)
    rows = signed_in("hilda").get("/api/v1/contacts?channel_code=hotline_call").json()["rows"]
    assert [row["id"] for row in rows] == [str(pk)]
    one = signed_in("hilda").get(f"/api/v1/contacts/{pk}").json()
    assert (one["people"], one["outcomes"]) == (0, [])
    assert faulty("bruno").get(f"/api/v1/contacts/{pk}").status_code == 404
    assert faulty("carla").get("/api/v1/contacts").status_code == 403
    assert Client().get("/api/v1/contacts").status_code == 401
