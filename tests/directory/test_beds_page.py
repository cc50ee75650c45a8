"""The pages of beds: one click says that the vacancies are true, a bed goes out and comes back, the queue reminds."""

from uuid import UUID

import pytest
from django.urls import reverse

from enlace.directory.models import Bed, BedUnit
from tests.cases.pages import faulty, send, signed_in
from tests.directory.houses import a_house, a_unit
from tests.directory.test_beds import aged
from tests.world import SYSTEM, World


def at(name: str, pk: UUID) -> str:
    return reverse(f"directory:{name}", args=[pk])


def test_a_unit_is_added_with_its_beds_and_renamed(world: World) -> None:
    site_id = a_house(world.dora)
    answer = send(signed_in("dora"), at("add_unit", site_id), {"name": "East", "beds": "3"})
    made = BedUnit.objects.get()
    assert answer.url == at("unit", made.pk)
    assert made.beds.count() == 3
    send(signed_in("dora"), at("edit_unit", made.pk), {"name": "West"})
    send(signed_in("dora"), at("add_beds", made.pk), {"beds": "2"})
    made.refresh_from_db()
    assert (made.name, made.is_open, made.beds.count()) == ("West", False, 5)


def test_a_failed_addition_leaves_no_empty_unit(world: World) -> None:
    site_id = a_house(world.dora)
    a_unit(world.dora, site_id, name="East")
    assert send(signed_in("dora"), at("add_unit", site_id), {"name": "East", "beds": "3"}).status_code == 422
    assert send(signed_in("dora"), at("add_unit", site_id), {"name": "West", "beds": "501"}).status_code == 422
    assert BedUnit.objects.count() == 1


@pytest.mark.parametrize(("back", "name"), [("own", "own"), ("", "unit"), ("//evil.example", "unit")])
def test_one_click_says_that_the_free_beds_are_true_and_leads_back(world: World, back: str, name: str) -> None:
    unit_id = a_unit(world.dora, a_house(world.dora))
    aged(unit_id, 90)
    browser = signed_in("dora")
    assert "Not checked in time" in browser.get("/directory/ours/").text
    answer = browser.post(at("confirm_unit", unit_id), {"back": back})
    assert answer.url == (reverse("directory:own") if name == "own" else at("unit", unit_id))
    assert "Not checked in time" not in browser.get("/directory/ours/").text
    assert browser.get(at("confirm_unit", unit_id)).status_code == 405


def test_the_work_queue_reminds_the_house_until_it_has_looked(world: World) -> None:
    unit_id = a_unit(world.dora, a_house(world.dora))
    assert "are they still true" not in signed_in("dora").get("/").text
    aged(unit_id, 90)
    page = signed_in("dora").get("/").text
    assert "are they still true" in page
    assert at("unit", unit_id) in page
    signed_in("dora").post(at("confirm_unit", unit_id))
    assert "are they still true" not in signed_in("dora").get("/").text
    aged(unit_id, None)
    assert "are they still true" in signed_in("dora").get("/").text


def test_a_bed_goes_out_with_a_reason_and_comes_back_with_one_click(world: World) -> None:
    unit_id = a_unit(world.dora, a_house(world.dora), beds=1)
    bed = Bed.objects.get()
    browser = signed_in("dora")
    assert send(browser, at("take_out", bed.pk), {}).status_code == 422
    send(browser, at("take_out", bed.pk), {"reason": "flood"})
    assert "Flood" in browser.get(at("unit", unit_id)).text
    assert browser.post(at("put_back", bed.pk)).url == at("unit", unit_id)
    bed.refresh_from_db()
    assert bed.out_of_service_since is None


@pytest.mark.parametrize("name", ["unit", "edit_unit", "add_beds", "take_out"])
def test_the_beds_of_another_house_are_not_there(world: World, name: str) -> None:
    site_id = a_house(SYSTEM, agency_code="ngo-harbour")
    unit_id = a_unit(SYSTEM, site_id)
    pk = Bed.objects.filter(unit=unit_id)[0].pk if name == "take_out" else unit_id
    assert faulty("dora").get(at(name, pk)).status_code == 404
    assert faulty("dora").get(at("add_unit", site_id)).status_code == 404
    assert faulty("bruno").get(at(name, pk)).status_code == 403
