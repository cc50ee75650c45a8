"""The pages of stays: the list of the house, one stay, each step, and what the case and the queue show of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.placements.actions import lapse_holds, watch_stays
from enlace.placements.models import Stay
from tests.cases.pages import queries_of, send, signed_in
from tests.directory.houses import a_unit
from tests.placements.living import a_shelter, a_stay, admitted, held, referred
from tests.world import SYSTEM, World


def test_a_bed_is_held_and_the_arrival_recorded(world: World) -> None:
    unit_id, (case_id, referral_id) = a_shelter(world), referred(world)
    browser = signed_in("dora")
    page = browser.get(f"/cases/{case_id}/bed/").text
    assert "House of the Tide, East: 2 free beds of 2" in page
    said = {"unit": str(unit_id), "referral": str(referral_id), "companions": "1"}
    there = send(browser, f"/cases/{case_id}/bed/", said).headers["Location"]
    main = Stay.objects.get(companion_of=None)
    assert there == f"/stays/{main.pk}/"
    refused = send(browser, f"{there}admit/", {"agreed_by": "person"})
    assert refused.status_code == 422
    assert "against their will" in refused.text
    assert send(browser, f"{there}admit/", {"is_voluntary": "on", "agreed_by": "person"}).status_code == 302
    page = browser.get(there).text
    for said_there in ("Staying", "Come along", "Record that the person left", "Leaving is always possible"):
        assert said_there in page


@pytest.mark.parametrize(
    ("verb", "said", "status"),
    [
        ("plan", {"destination": "family", "plan": "Con su tía"}, "admitted"),
        ("confirm", {"wants_to_stay": "no"}, "admitted"),
        ("exit", {"reason": "person_decision", "destination": "own_home"}, "exited"),
    ],
)
def test_each_step_has_its_page(world: World, verb: str, said: dict[str, str], status: str) -> None:
    stay_id, browser = a_stay(world), signed_in("dora")
    address = f"/stays/{stay_id}/{verb}/"
    assert browser.get(address).status_code == 200
    assert send(browser, address, {}).status_code == 422
    assert send(browser, address, said).headers["Location"] == f"/stays/{stay_id}/"
    assert Stay.objects.get(pk=stay_id).status == status
    if status == "exited":
        assert browser.get(address).status_code == 409


def test_a_person_moves_by_the_page_and_a_waiting_one_gets_the_bed(world: World) -> None:
    stay_id, browser = a_stay(world, a_shelter(world, beds=1)), signed_in("dora")
    site_id = Stay.objects.get().site_id
    case_id, _ = referred(world)
    line = send(browser, f"/cases/{case_id}/bed/line/", {"site": str(site_id)}).headers["Location"]
    second = a_unit(world.dora, site_id, name="West")
    said = {"unit": str(second), "is_voluntary": "on", "agreed_by": "person"}
    there = send(browser, f"/stays/{stay_id}/transfer/", said).headers["Location"]
    assert there != f"/stays/{stay_id}/"
    first = Stay.objects.get(pk=stay_id).bed.unit_id
    assert send(browser, f"{line}hold/", {"unit": str(first)}).headers["Location"] == line
    assert send(browser, f"{line}release/", {}).status_code == 302
    assert sorted(Stay.objects.values_list("status", flat=True)) == ["admitted", "released", "transferred"]


def test_the_lead_reads_the_stay_and_its_alerts_but_changes_nothing(world: World) -> None:
    stay_id = a_stay(world, a_shelter(world, may_go_out_alone=False, only_while_trial=True))
    watch_stays(by=world.dora, at=timezone.now() + timedelta(days=11), ids=[stay_id])
    browser = signed_in("bruno")
    page = browser.get(f"/stays/{stay_id}/").text
    assert "Nobody may go out alone, and for too long nobody asked" in page
    assert "The end of a trial ends no stay" in page
    assert "Record that the person left" not in page
    assert browser.get(f"/stays/{stay_id}/exit/").status_code == 403
    assert "Looks like being held" in browser.get("/").text
    case = browser.get(f"/cases/{Stay.objects.get().case_id}/").text
    assert "Stay began, by agreement" in case
    assert "House of the Tide" not in case, "where somebody is stands on the stay's own page, which leaves a record"


def test_the_list_of_the_house_leaves_a_record_and_takes_as_many_queries_for_many(world: World) -> None:
    unit_id, browser = a_shelter(world, beds=12), signed_in("dora")
    a_stay(world, unit_id)
    few = {address: queries_of(browser, address) for address in ("/stays/", "/")}
    for _ in range(8):
        admitted(world.dora, held(world.dora, referred(world)[0], unit_id))
    assert {address: queries_of(browser, address) for address in few} == few
    assert few["/stays/"] <= 25
    assert AuditEvent.objects.filter(action="stays.read", data_class="B").count() == 4
    assert browser.get("/stays/?status=exited").text.count("<tbody>") == 0


def test_a_bed_that_waits_is_in_the_queue_of_the_house(world: World) -> None:
    held(world.dora, referred(world)[0], a_shelter(world))
    assert "Bed held" in signed_in("dora").get("/").text


def test_who_did_not_come_is_asked_after_until_there_is_another_bed(world: World) -> None:
    unit_id, (case_id, _) = a_shelter(world), referred(world)
    held(world.dora, case_id, unit_id)
    lapse_holds(by=SYSTEM, at=timezone.now() + timedelta(hours=37))
    Stay.objects.update(ended_at=timezone.now())
    assert "Find out whether the person is safe" in signed_in("bruno").get("/").text
    held(world.dora, case_id, unit_id)
    assert "Find out whether the person is safe" not in signed_in("bruno").get("/").text


def test_the_page_of_a_place_counts_its_beds_and_tells_others_only_how_many_are_free(world: World) -> None:
    unit_id = a_shelter(world, beds=4, is_secret=False)
    a_stay(world, unit_id)
    held(world.dora, referred(world)[0], unit_id)
    site_id = Stay.objects.first().site_id
    panel = {
        name: beds_panel(signed_in(name).get(reverse("directory:site", args=[site_id]))) for name in ("dora", "bruno")
    }
    ((unit, vacancy, kept, slept_in),) = panel["dora"]["rows"]
    assert (unit.pk, vacancy.free, kept, slept_in) == (unit_id, 2, 1, 1)
    page = signed_in("dora").get(reverse("directory:site", args=[site_id])).text
    assert "Slept in" in page
    assert panel["bruno"]["rows"][0][1].free == 2
    assert "Slept in" not in signed_in("bruno").get(reverse("directory:site", args=[site_id])).text


def test_of_a_secret_place_others_are_told_no_beds(world: World) -> None:
    a_stay(world, a_shelter(world, is_secret=True))
    site_id = Stay.objects.get().site_id
    assert beds_panel(signed_in("bruno").get(reverse("directory:site", args=[site_id])))["rows"] == []


def beds_panel(page: Any) -> dict[str, Any]:
    return next(told for template, told in page.context["panels"] if template == "placements/_of_site.html")
