"""The page of agreements: read by whoever refers, written nationally or by a house for itself."""

from datetime import date

from django.urls import reverse

from enlace.directory.actions import Agreed, save_agreements
from enlace.directory.models import Agreement
from tests.cases.pages import faulty, queries_of, send, signed_in
from tests.directory.houses import a_house
from tests.world import SYSTEM, World

AGREED = {"from_state": "XX-N", "to_state": "XX-I", "valid_from": "10/1/2025", "basis": "Treaty of the Isles"}
ADD = "/directory/agreements/new/"


def test_an_agreement_is_added_read_by_others_and_ended(world: World) -> None:
    send(signed_in("fidel"), ADD, AGREED)
    made = Agreement.objects.get()
    page = signed_in("bruno").get("/directory/agreements/").text
    assert "Treaty of the Isles" in page
    end = reverse("directory:end_agreement", args=[made.pk])
    assert end not in page
    assert end in signed_in("fidel").get("/directory/agreements/").text
    assert faulty("dora").get(end).status_code == 404
    send(signed_in("fidel"), end, {"on": "1/3/2025"})
    made.refresh_from_db()
    assert made.valid_to == date(2025, 3, 1)
    assert "Ended" in signed_in("bruno").get("/directory/agreements/").text


def test_a_house_agrees_for_itself_and_ends_that(world: World) -> None:
    assert signed_in("dora").get("/directory/agreements/").status_code == 200
    site_id = a_house(world.dora)
    assert send(signed_in("dora"), ADD, AGREED).status_code == 422, "it has to name its own place"
    send(signed_in("dora"), ADD, AGREED | {"site": str(site_id), "service": "SHELTER"})
    made = Agreement.objects.get()
    assert (made.site_id, made.service_code) == (site_id, "SHELTER")
    end = reverse("directory:end_agreement", args=[made.pk])
    assert end in signed_in("dora").get("/directory/agreements/").text
    assert send(signed_in("dora"), end, {"on": "1/1/2025"}).status_code == 422, "before it began"
    assert send(signed_in("dora"), end, {"on": "1/3/2025"}).status_code == 302


def test_a_place_of_another_house_cannot_be_named(world: World) -> None:
    site_id = a_house(world.dora)
    a_house(world.carla, state_code="XX-S")
    assert send(signed_in("carla"), ADD, AGREED | {"site": str(site_id)}).status_code == 422
    assert not Agreement.objects.exists()


def test_the_page_takes_as_many_queries_for_many_agreements(world: World) -> None:
    row = Agreed(from_state="XX-N", to_state="XX-I", valid_from=date(2025, 1, 10), basis="Treaty")
    save_agreements(by=SYSTEM, rows=[row])
    few = queries_of(signed_in("dora"), "/directory/agreements/")
    site_id = a_house(world.dora)
    of_house = [
        Agreed(from_state="XX-N", to_state="XX-I", valid_from=date(2025, 1, 10), basis="Own", site_id=site_id)
        for _ in range(20)
    ]
    save_agreements(by=world.dora, rows=of_house)
    assert queries_of(signed_in("dora"), "/directory/agreements/") == few
