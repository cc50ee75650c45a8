"""The pages of places and beds in a real browser: sound at three widths, usable by keyboard and without script."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from enlace.directory.actions import seal_place
from enlace.directory.models import BedUnit, Site
from tests.browser.conftest import Open
from tests.browser.places import choose, follow, send, tick, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.directory.examples import examples
from tests.directory.houses import some_supply
from tests.directory.test_beds import aged

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
pytestmark = pytest.mark.slow


def test_every_page_of_the_directory_is_sound(house: House, open_page: Open) -> None:
    some_supply(house.world)
    made = examples(house.world)
    site, unit = f"/directory/places/{made['site_id']}/", f"/directory/units/{made['unit_id']}/"
    seal_place(by=house.world.dora, site_id=made["site_id"], content={"address": "inventada 1"})
    aged(BedUnit.objects.get(name="East", site__name="House of the Tide").pk, 90)
    pages = {
        "bruno": ("/directory/", "/directory/?state=XX-I&sex=female", "/directory/?sex=male&age=30&service=JOB", site),
        "dora": (
            "/directory/ours/", "/directory/places/new/", site, f"{site}edit/", f"{site}services/", f"{site}people/",
            f"{site}place/write/", f"{site}beds/new/", unit, f"{unit}edit/", f"{unit}people/", f"{unit}beds/",
            f"/directory/beds/{made['bed_id']}/out/", "/",
        ),
        "carla": (f"/directory/places/{Site.objects.get(name='Harbour Door').pk}/contacts/", "/directory/agreements/"),
        "fidel": (
            "/directory/agreements/", "/directory/agreements/new/",
            f"/directory/agreements/{made['agreement_id']}/end/",
        ),
    }  # fmt: skip
    faults: list[str] = []
    for name, addresses in pages.items():
        page = open_page(name)
        for number, address in enumerate(addresses):
            page.goto(address)
            faults += look(page, f"{name}-{number}", SHOTS)
    assert faults == []


@pytest.mark.parametrize("script", [True, False])
def test_a_house_puts_itself_into_the_directory_and_others_find_it(house: House, open_page: Open, script: bool) -> None:
    page = open_page("dora", java_script_enabled=script)
    page.goto("/directory/ours/")
    follow(page, "/directory/places/new/")
    write(page, name="Casa de la Marea", max_stay_days="90")
    for name, code in (("kind", "safe_house"), ("state", "XX-I"), ("security", "watched")):
        choose(page, name, code)
    send(page)
    tick(page, "services", "SHELTER")
    send(page)
    follow(page, "/people/")
    tick(page, "sex", "female")
    write(page, age_least="16")
    send(page)
    follow(page, "/beds/new/")
    write(page, name="Ala norte", beds="4")
    send(page)
    expect(page.locator("tbody tr")).to_have_count(4)
    other = open_page("bruno", java_script_enabled=script)
    other.goto("/directory/?service=SHELTER&sex=female&age=20")
    other.get_by_role("link", name="Casa de la Marea").click()
    expect(other.locator("h1")).to_have_text("Casa de la Marea")
    expect(other.locator("main")).not_to_contain_text("Ala norte")


def test_old_vacancies_are_confirmed_from_the_work_queue_by_keyboard(house: House, open_page: Open) -> None:
    some_supply(house.world)
    aged(BedUnit.objects.get(name="East", site__name="House of the Tide").pk, 90)
    page = open_page("dora")
    page.goto("/")
    page.locator("main a[href^='/directory/units/']").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("main form button").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[role=status] .notice.success")).to_be_visible()
    page.goto("/")
    expect(page.locator("main a[href^='/directory/units/']")).to_have_count(0)


def test_the_address_opens_in_place_and_closes_when_one_leaves(house: House, open_page: Open) -> None:
    made = examples(house.world)
    seal_place(by=house.world.dora, site_id=made["site_id"], content={"address": "calle inventada 1"})
    page = open_page("dora")
    page.goto(f"/directory/places/{made['site_id']}/")
    where = page.locator("section[aria-labelledby=where-title]")
    expect(where).not_to_contain_text("calle inventada 1")
    choose(page, "purpose", "safety")
    with page.expect_navigation():
        where.locator("button").click()
    expect(where).to_contain_text("calle inventada 1")
    page.goto(f"/directory/places/{made['site_id']}/")
    expect(where).not_to_contain_text("calle inventada 1")
