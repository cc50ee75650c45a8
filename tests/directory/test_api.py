"""The directory as JSON: whom a place takes, its beds, and "still true"."""

from typing import Any

from enlace.directory.models import Bed, BedUnit
from tests.cases.pages import faulty, signed_in
from tests.directory.houses import ADULTS, WOMEN, a_house, a_unit, some_supply
from tests.world import World

ROOT = "/api/v1/directory"


def post(name: str, path: str, body: dict[str, Any]) -> Any:
    return faulty(name).post(ROOT + path, body, content_type="application/json")


def test_the_list_is_narrowed_and_paged_as_the_page_is(world: World) -> None:
    places = some_supply(world)
    browser = signed_in("bruno")
    for query, expected in (
        ("", {"refuge", "centre", "child", "lockup"}),
        ("?service_code=LEGAL", {"centre"}),
        ("?sex_code=female&age=30&service_code=SHELTER&state_code=XX-I", {"refuge"}),
    ):
        rows = browser.get(f"{ROOT}/sites{query}").json()["rows"]
        assert {row["id"] for row in rows} == {str(places[name]) for name in expected}, query


def test_a_place_tells_whom_it_takes_and_how_fresh_its_beds_are(world: World) -> None:
    site_id = a_house(world.dora, rows=(WOMEN, ADULTS), is_secret=False, max_stay_days=90)
    unit_id = a_unit(world.dora, site_id, beds=3)
    BedUnit.objects.update(confirmed_at=None, confirmed_by="")
    found = signed_in("bruno").get(f"{ROOT}/sites/{site_id}").json()
    assert found["max_stay_days"] == 90
    assert [(row["fact"], row["values"], row["least"]) for row in found["conditions"]] == [
        ("age", [], 16),
        ("sex", ["female"], None),
    ]
    (unit,) = found["units"]
    assert (unit["id"], unit["in_service"], unit["is_stale"]) == (str(unit_id), 3, True)
    assert post("dora", f"/units/{unit_id}/confirm", {}).status_code == 200
    assert signed_in("bruno").get(f"{ROOT}/sites/{site_id}").json()["units"][0]["is_stale"] is False


def test_of_a_secret_place_others_read_no_units_and_nobody_an_address(world: World) -> None:
    site_id = a_house(world.dora, is_secret=True, hours="08:00-20:00")
    a_unit(world.dora, site_id)
    found = signed_in("bruno").get(f"{ROOT}/sites/{site_id}").json()
    assert found["units"] == []
    assert not {"hours", "address", "contacts", "place", "funding_code"} & set(found)
    assert len(signed_in("dora").get(f"{ROOT}/sites/{site_id}").json()["units"]) == 1


def test_beds_go_out_of_service_and_back_by_who_keeps_them(world: World) -> None:
    unit_id = a_unit(world.dora, a_house(world.dora), beds=2)
    bed_id = Bed.objects.values_list("pk", flat=True)[0]
    out = {"verb": "take_out", "reason_code": "repair"}
    assert post("dora", f"/beds/{bed_id}/steps", {"verb": "take_out"}).status_code == 409
    assert post("dora", f"/beds/{bed_id}/steps", out).json()["out_of_service_reason_code"] == "repair"
    assert [bed["number"] for bed in signed_in("dora").get(f"{ROOT}/units/{unit_id}/beds").json()] == [1, 2]
    assert post("dora", f"/beds/{bed_id}/steps", {"verb": "return"}).json()["out_of_service_since"] is None
    assert post("carla", f"/beds/{bed_id}/steps", out).status_code == 403
    assert faulty("bruno").get(f"{ROOT}/units/{unit_id}/beds").status_code == 403
