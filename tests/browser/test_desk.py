"""The hotline desk and the inbox of notices in a real browser: by keyboard, without script, at three widths."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.places import choose, send, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.intake.contacts import a_contact, a_notice, at_risk
from tests.world import a_person

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
pytestmark = pytest.mark.slow


def test_every_page_of_the_desk_is_sound(house: House, open_page: Open) -> None:
    hilda, bruno = house.world.hilda, house.world.bruno
    person_id, someone = a_person(hilda), at_risk()
    contact_id = a_contact(
        hilda, people=(at_risk(person_id), someone), told={"told": "an invented story"}, risk_code="immediate"
    )
    notice_id = a_notice(hilda, contact_id=contact_id)
    page = open_page("hilda")
    faults: list[str] = []
    for name, address in (
        ("list", "/contacts/"),
        ("record", "/contacts/new/hotline_call/"),
        ("contact", f"/contacts/{contact_id}/"),
        ("edit", f"/contacts/{contact_id}/edit/"),
        ("people", f"/contacts/{contact_id}/people/"),
        ("link", f"/contacts/{contact_id}/people/{someone.id}/"),
        ("schedule", f"/contacts/{contact_id}/schedule/"),
        ("notify", f"/contacts/{contact_id}/notify/tip/"),
        ("finance", f"/contacts/{contact_id}/notify/finance/"),
        ("hotline", "/hotline/"),
        ("notices-sent", "/notices/?box=out"),
        ("home", "/"),
    ):
        page.goto(address)
        faults += look(page, name, SHOTS)
    page = open_page("bruno")
    for name, address in (
        ("notices", "/notices/"),
        ("notice", f"/notices/{notice_id}/"),
        ("take", f"/notices/{notice_id}/take/"),
    ):
        page.goto(address)
        faults += look(page, name, SHOTS)
    assert faults == []
    assert bruno.agency_code == "prosecutor-north"


def test_a_call_by_keyboard_alone_with_its_timer_and_its_draft(house: House, open_page: Open) -> None:
    page = open_page("hilda")
    page.goto("/contacts/")
    page.keyboard.press("n")
    expect(page).to_have_url(f"{house.url}/contacts/new/hotline_call/")
    expect(page.locator("[data-timer]")).to_have_text("0:01")
    page.focus("[name=told]")
    page.keyboard.type("una historia inventada")
    expect(page.locator("[data-draft-status]")).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.locator("[name=told]")).to_have_value("una historia inventada")
    fill_in(page)
    page.focus("[name=p1_nation]")
    page.keyboard.type("México")
    page.focus("main form.form .actions > button.button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Posible situación de trata")
    expect(page.locator("section[aria-labelledby=people-title]")).to_contain_text("Persona en riesgo")
    expect(page.locator("section[aria-labelledby=told-title]")).not_to_contain_text("una historia inventada")


def test_the_desk_works_without_script_on_a_phone(house: House, open_page: Open) -> None:
    page = open_page("hilda", java_script_enabled=False)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/contacts/new/hotline_call/")
    write(page, told="una historia inventada")
    fill_in(page)
    send(page)
    page.locator("main a[href$='/people/']").first.click()
    page.select_option("[name=p0_role]", "at_risk")
    send(page)
    expect(page.locator("section[aria-labelledby=people-title] tbody tr")).to_have_count(2)


def test_a_notice_is_taken_up_and_closed_and_the_desk_is_told(house: House, open_page: Open) -> None:
    contact_id = a_contact(house.world.hilda)
    notice_id = a_notice(house.world.hilda, contact_id=contact_id)
    page = open_page("bruno")
    page.goto("/")
    page.locator(f"a[href='/notices/{notice_id}/']").first.click()
    page.locator("a[href$='/take/']").click()
    send(page)
    page.locator("a[href$='/close/']").click()
    choose(page, "outcome", "investigation_opened")
    send(page)
    desk = open_page("hilda")
    desk.goto(f"/contacts/{contact_id}/")
    expect(desk.locator("section[aria-labelledby=outcomes-title]")).to_contain_text("Fiscalía")


def fill_in(page: Page) -> None:
    """What a call needs at least, and one person at risk."""
    choose(page, "disposition", "possible_trafficking")
    page.select_option("[name=risk]", "high")
    page.select_option("[name=p1_role]", "at_risk")
