"""A place to stay in a real browser: found, declined, sent on, held, lived in and left; and every page at every width."""

import os
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from enlace.base.rows import seeing_as
from enlace.placements.actions import record_gap, watch_stays
from enlace.placements.models import Stay
from enlace.placements.queries import Asked
from enlace.referrals.models import Referral
from tests.browser.conftest import Open
from tests.browser.places import choose, follow, send, tick
from tests.browser.served import House
from tests.browser.watched import look
from tests.placements.living import a_shelter, a_stay
from tests.world import SYSTEM, World, a_case

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None


def test_a_place_is_found_declined_sent_on_and_lived_in_until_she_leaves(house: House, open_page: Open) -> None:
    with seeing_as(SYSTEM):
        a_shelter(house.world, name="Casa de la Marea")
        case_id = a_case(house.world.bruno)
    desk, shelter = open_page("bruno"), open_page("dora")
    desk.goto(f"/cases/{case_id}/")
    follow(desk, "/place/")
    tick(desk, "services", "SHELTER")
    send(desk)
    expect(desk.locator("main li.panel")).to_have_count(1)
    assert look(desk, "places", SHOTS) == []
    desk.locator("main form[action$='/send/'] button.button").click()
    desk.wait_for_url("**/referrals/**")
    with seeing_as(SYSTEM):
        referral_id = Referral.objects.get().pk
    shelter.goto("/")
    follow(shelter, f"{referral_id}/")
    follow(shelter, "/accept/")
    send(shelter)
    shelter.goto(f"/cases/{case_id}/")
    follow(shelter, "/bed/")
    send(shelter)
    follow(shelter, "/admit/")
    tick(shelter, "is_voluntary")
    send(shelter)
    follow(shelter, "/exit/")
    choose(shelter, "reason", "person_decision")
    choose(shelter, "destination", "family")
    send(shelter)
    with seeing_as(SYSTEM):
        assert Stay.objects.get().status == "exited"
    desk.goto(f"/cases/{case_id}/")
    expect(desk.locator("section[aria-labelledby=places-title] li")).to_have_count(1)


def addresses(world: World) -> dict[str, tuple[str, str]]:
    """Every page of placements, in the state in which it shows most: name -> who looks, address."""
    with seeing_as(SYSTEM):
        stay_id = a_stay(
            world, a_shelter(world, beds=4, max_stay_days=20, may_go_out_alone=False, only_while_trial=True)
        )
        watch_stays(by=SYSTEM, at=timezone.now() + timedelta(days=30))
        case_id = Stay.objects.get().case_id
        for _ in range(7):
            record_gap(by=world.bruno, case_id=a_case(world.bruno), asked=Asked(service_codes=("EDU",)))
    pages = {"stays": "/stays/", "stay": f"/stays/{stay_id}/", "home": "/", "case": f"/cases/{case_id}/"}
    pages |= {f"stay-{verb}": f"/stays/{stay_id}/{verb}/" for verb in ("transfer", "exit", "plan", "confirm", "extend")}
    pages |= {"hold": f"/cases/{case_id}/bed/", "line": f"/cases/{case_id}/bed/line/"}
    found = {name: ("dora", address) for name, address in pages.items()}
    found |= {"find": ("bruno", f"/cases/{case_id}/place/"), "many": ("bruno", "/places/many/")}
    return found | {"needs": ("elena", "/needs/"), "plan": ("elena", "/needs/plan/")}


def test_every_page_is_sound_at_every_width(house: House, open_page: Open) -> None:
    places = addresses(house.world)
    pages = {name: open_page(name) for name in ("bruno", "dora", "elena")}
    faults: list[str] = []
    for name, (who, address) in places.items():
        pages[who].goto(address)
        faults += look(pages[who], name, SHOTS)
    desk = pages["bruno"]
    desk.goto("/places/many/")
    desk.locator("main [name=cases]").first.check()
    tick(desk, "services", "SHELTER")
    send(desk)
    faults += look(desk, "assigned", SHOTS)
    desk.goto(places["find"][1])
    tick(desk, "services", "EDU")
    send(desk)
    faults += look(desk, "no-place", SHOTS)
    assert faults == []
