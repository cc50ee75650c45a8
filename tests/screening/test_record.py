"""Screenings made without a connection: recorded whole through the API, once, and under the version that was asked."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from enlace.country.queries import current
from enlace.screening.models import Answer, Screening
from tests.cases.pages import signed_in
from tests.screening.talks import PRESUMED, a_screening, said
from tests.world import World, a_person

API = "/api/v1/screenings"


def answers(values: dict[str, object]) -> list[dict[str, object]]:
    return [{"question": code, "value": value} for code, value in values.items()]


def body(person_id: UUID, **changes: object) -> dict[str, object]:
    protocol = current().protocol("first_talk", 1)
    return {
        "person_id": str(person_id),
        "protocol_code": "first_talk",
        "protocol_version": 1,
        "protocol_digest": protocol.digest,
        "safety_codes": ["alone", "stop"],
        "started_at": "2026-01-10T10:00:00-06:00",
        "finished_at": "2026-01-10T10:20:00-06:00",
        "finished": True,
        "answers": answers(PRESUMED),
        "source_ref": "tablet-7/1",
        **changes,
    }


def post(client: Client, data: dict[str, object], path: str = "") -> Any:
    return client.post(API + path, data, content_type="application/json")


def test_the_protocols_come_whole_with_their_conditions_and_languages(world: World) -> None:
    found = {row["code"]: row for row in signed_in("alma").get(f"{API}/protocols").json()}
    assert {"first_talk", "second_talk", "group_visit"} <= set(found)
    talk = found["first_talk"]
    assert talk["digest"] == current().protocol("first_talk", 1).digest
    questions = {q["code"]: q for section in talk["sections"] for q in section["questions"]}
    assert questions["leave"]["show_if"] == {"question": "works", "in": ["yes"]}
    assert questions["age_doubt"]["show_if"] == {"not": {"question": "age", "over": 25}}
    assert questions["works"]["text"] == {"en": "Do you work at present?", "es": "¿Trabaja actualmente?"}


def test_a_screening_arrives_whole_and_sending_it_again_changes_nothing(world: World) -> None:
    client, person_id = signed_in("alma"), a_person(world.alma)
    first, again = (post(client, body(person_id)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["status"], first.json()["class_code"]) == ("finished", "presumed")
    row = Screening.objects.get()
    assert row.finished_at
    assert (row.finished_at - row.started_at).total_seconds() == 20 * 60


@pytest.mark.parametrize(
    "changes",
    [
        {"protocol_version": 2},
        {"protocol_digest": "0" * 64},
        {"safety_codes": []},
        {"answers": answers({"works": "perhaps"})},
        {"answers": answers({"works": "no", "age": 999})},
        {"answers": answers({"no_such": "x"})},
        {"answers": [{"question": "works"}]},
        {"answers": []},
        {"started_at": "2999-01-10T10:00:00-06:00"},
        {"finished_at": "2999-01-10T10:00:00-06:00"},
        {"finished_at": "2025-01-10T10:00:00-06:00"},
    ],
)
def test_what_does_not_fit_is_refused_whole(world: World, changes: dict[str, object]) -> None:
    answer = post(signed_in("alma"), body(a_person(world.alma), **changes))
    assert answer.status_code in (404, 409, 422)
    assert not Screening.objects.exists()
    assert not Answer.objects.exists()


@pytest.mark.parametrize("value", [True, 1.5, {"x": 1}, [["x"]]])
def test_a_value_of_another_kind_is_told_by_its_place(world: World, value: object) -> None:
    answer = post(signed_in("alma"), body(a_person(world.alma), answers=answers({"age": value})))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"][:4] == ["body", "given", "answers", 0]


def test_more_answers_follow_and_never_over_somebody_else(world: World) -> None:
    client, screening_id = signed_in("alma"), a_screening(world.alma)
    page = {"protocol_version": 1, "answers": [{"question": "works", "no_answer": "not_asked"}]}
    told = post(client, page, f"/{screening_id}/answers").json()
    assert told["revisions"] == {"works": 1}
    said(world.alma, screening_id, {"works": "no"})
    late = {"protocol_version": 1, "answers": answers({"works": "yes"}), "seen": told["revisions"]}
    refused = post(client, late, f"/{screening_id}/answers")
    assert refused.status_code == 409
    assert "Do you work at present" in refused.json()["detail"]
    assert client.get(f"{API}/{screening_id}").json()["revisions"] == {"works": 2}


def test_another_agency_and_another_role_find_and_send_nothing(world: World) -> None:
    screening_id, person_id = a_screening(world.alma), a_person(world.alma)
    assert signed_in("bruno").get(f"{API}/{screening_id}").status_code == 404
    assert post(signed_in("bruno"), body(person_id)).status_code == 404
    assert post(signed_in("elena"), body(person_id)).status_code == 403
    assert signed_in("elena").get(f"{API}/protocols").status_code == 403
