"""Every door leads to a presumed victim: from the contact that somebody records to the decision about the screening."""

import pytest
from playwright.sync_api import expect

from enlace.accounts.actions import create_user
from enlace.base.rows import seeing_as
from enlace.intake.models import Outcome
from tests.browser.conftest import Open
from tests.browser.places import GIVEN, NAME, choose, send, write
from tests.browser.served import House
from tests.browser.test_screening import begin, decide, newest, talk
from tests.world import SYSTEM

pytestmark = pytest.mark.slow
# Channel -> the agency at whose door it is, and the role of who stands there.
DOORS = {
    "hotline_call": ("helpline", "R01"),
    "consulate": ("consular-network", "R02"),
    "migration_station": ("migration-service", "R02"),
    "labour_inspection": ("labour-inspectorate", "R02"),
    "health": ("health-south", "R02"),
    "school": ("school-south", "R02"),
    "police": ("police-north", "R02"),
    "street_outreach": ("ngo-harbour", "R02"),
}


@pytest.mark.parametrize("channel", DOORS)
def test_whoever_comes_through_this_door_can_be_found(house: House, open_page: Open, channel: str) -> None:
    agency_code, role_code = DOORS[channel]
    name = f"door-{channel}".replace("_", "-")
    create_user(by=SYSTEM, username=name, display_name=name, agency_code=agency_code, role_codes=[role_code])
    page = open_page(name)
    page.goto(f"/contacts/new/{channel}/")
    write(page, told="Una historia inventada.")
    choose(page, "disposition", "possible_trafficking")
    page.select_option("[name=p1_role]", "at_risk")
    send(page)
    page.locator("section[aria-labelledby=people-title] a[href*='/people/']").first.click()
    write(page, given_names=GIVEN, family_names=NAME)
    for step in ("search", "register"):
        with page.expect_navigation():
            page.locator(f"button[name=do][value={step}]").click()
    begin(page, page.locator("main a[href*='/screenings/start/']").first.get_attribute("href") or "")
    talk(page)
    send(page)
    decide(page)
    row = newest()
    assert (row.decided_code, row.channel_code, row.agency_code) == ("presumed", channel, agency_code)
    with seeing_as(SYSTEM):
        assert Outcome.objects.get(contact_id=row.contact_id).kind == "screened_presumed"
    page.goto(f"/contacts/{row.contact_id}/")
    expect(page.locator("section[aria-labelledby=outcomes-title] li")).to_have_count(1)
