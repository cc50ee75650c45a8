"""Places and stays as JSON: the same answers as the pages, to the same people."""

from typing import Any

import pytest

from enlace.audit.models import AuditEvent
from enlace.placements.models import Stay
from tests.cases.pages import faulty, signed_in
from tests.directory.houses import WOMEN, a_house, a_unit, some_supply
from tests.placements.living import a_shelter, a_stay, referred
from tests.world import World, a_case, a_person

ROOT = "/api/v1"


def post(name: str, path: str, body: dict[str, Any]) -> Any:
    return faulty(name).post(ROOT + path, body, content_type="application/json")


def test_every_place_is_answered_with_its_reasons(world: World) -> None:
    places, case_id = some_supply(world), a_case(world.bruno)
    asked = {"case_id": str(case_id), "service_codes": ["SHELTER"], "children": [{"sex_code": "male", "age": 14}]}
    answer = post("bruno", "/places", asked)
    assert answer.status_code == 200
    found = answer.json()
    assert [offer["site_id"] for offer in found["fits"]] == [str(places["refuge"])]
    against = {offer["name"]: [reason["code"] for reason in offer["reasons_against"]] for offer in found["others"]}
    assert "boys_age" in against["Little Home"]
    assert [offer["reasons_against"][0]["code"] for offer in found["barred_by_law"]] == ["barred_kind"]
    assert all(reason["said"] for offer in found["others"] for reason in offer["reasons_against"])


def test_without_a_place_the_least_changes_are_said(world: World) -> None:
    a_unit(world.dora, a_house(world.dora, rows=(WOMEN,)), beds=1)
    man = a_case(world.bruno, a_person(world.bruno, sex_code="male"))
    found = post("bruno", "/places", {"case_id": str(man), "service_codes": ["SHELTER"]}).json()
    assert found["fits"] == []
    assert len(found["nearest_changes"]) == 1


def test_a_bed_is_held_and_the_stay_begins_and_ends(world: World) -> None:
    unit_id, (case_id, referral_id) = a_shelter(world), referred(world)
    wanted = {"case_id": str(case_id), "unit_id": str(unit_id), "referral_id": str(referral_id), "companions": 1}
    held = post("dora", "/stays", wanted)
    assert (held.status_code, held.json()["status"]) == (201, "held")
    steps = f"/stays/{held.json()['id']}/steps"
    refused = post("dora", steps, {"verb": "admit"})
    assert refused.status_code == 409
    assert "against their will" in refused.json()["detail"]
    assert post("dora", steps, {"verb": "admit", "is_voluntary": True}).json()["status"] == "admitted"
    left = {"verb": "exit", "reason_code": "plan_completed", "destination_code": "family"}
    assert post("dora", steps, left).json()["status"] == "exited"
    assert {row.status for row in Stay.objects.all()} == {"exited"}


def test_the_last_bed_is_refused_to_the_second_who_asks(world: World) -> None:
    unit_id = a_shelter(world, beds=1)
    answers = [
        post("dora", "/stays", {"case_id": str(referred(world)[0]), "unit_id": str(unit_id)}).status_code
        for _ in range(2)
    ]
    assert answers == [201, 409]


def test_the_list_and_the_stay_leave_a_record(world: World) -> None:
    stay_id = a_stay(world)
    (row,) = signed_in("dora").get(f"{ROOT}/stays?status=admitted").json()["rows"]
    assert row["id"] == str(stay_id)
    assert signed_in("bruno").get(f"{ROOT}/stays/{stay_id}").json()["code"] == row["code"]
    assert AuditEvent.objects.filter(action="stays.read", data_class="B").count() == 1
    assert AuditEvent.objects.filter(action="stay.read", data_class="B").count() == 1


@pytest.mark.parametrize(("name", "status"), [("omar", 403), ("lucas", 200), ("nadia", 404)])
def test_only_the_house_and_the_lead_read_where_somebody_is(world: World, name: str, status: int) -> None:
    stay_id = a_stay(world)
    assert faulty(name).get(f"{ROOT}/stays/{stay_id}").status_code == status
    assert faulty(name).get(f"{ROOT}/stays").status_code == 403
