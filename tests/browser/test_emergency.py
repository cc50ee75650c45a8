"""An emergency in a real browser: from the code on a slip of paper to the review, on every width, with script and without."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.people.models import Emergency, Person
from tests.browser.conftest import Open
from tests.browser.places import follow, send, tick, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.vault.breaking import INVENTED, a_stranger, an_emergency, now_over
from tests.world import SYSTEM

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
PLACE, WORDS = "Calle Imaginaria 7", "Inventado: urgencias pide datos."


def code_of(person_id: object) -> str:
    with seeing_as(SYSTEM):
        return Person.objects.get(pk=person_id).code


def newest() -> Emergency:
    with seeing_as(SYSTEM):
        return Emergency.objects.latest("opened_at")


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).click()


def begin(page: Page, code: str) -> None:
    """From the search page to the record."""
    page.goto("/people/")
    follow(page, "/people/emergency/")
    write(page, code=code)
    send(page)
    tick(page, "reason", "medical")
    write(page, words=WORDS)
    send(page)
    expect(page.locator(".notice.danger .clock")).to_be_visible()


def test_from_a_code_on_paper_to_where_she_is_with_a_second_person(house: House, open_page: Open) -> None:
    code = code_of(a_stranger(house.world))
    page = open_page("alma")
    begin(page, code)
    page.locator("#identity button").click()
    expect(page.locator("#identity")).to_contain_text(INVENTED.family_names)
    expect(page.locator("main")).not_to_contain_text(PLACE)
    address = page.url
    press(page, "form[action$='/ask/'] button")
    second = open_page("bruno")
    second.goto("/")
    with second.expect_navigation():
        second.locator("section[aria-labelledby=queue-emergency_seconds] a").first.click()
    expect(second.locator("main")).to_contain_text(WORDS)
    tick(second, "answer", "yes")
    send(second)
    page.goto(address)
    page.locator("#identity button").click()
    expect(page.locator("#identity")).to_contain_text(PLACE)
    press(page, "form[action$='/end/'] button")
    assert newest().ended_at is not None


def test_all_of_it_works_without_script_and_the_officer_reviews_it(house: House, open_page: Open) -> None:
    page = open_page("hilda", java_script_enabled=False)
    begin(page, code_of(a_stranger(house.world)))
    press(page, "#identity button")
    expect(page.locator("#identity")).to_contain_text(INVENTED.family_names)
    officer = open_page("gema", java_script_enabled=False)
    officer.goto("/emergencies/")
    follow(officer, "/review/")
    expect(officer.locator("main")).to_contain_text(WORDS)
    tick(officer, "verdict", "raised")
    write(officer, words="Inventado: se investiga.")
    send(officer)
    assert newest().verdict == "raised"
    expect(officer.locator("main")).to_contain_text("Hilda")


def test_every_page_of_it_passes_at_every_width(house: House, open_page: Open) -> None:
    world = house.world
    running = an_emergency(world.alma, a_stranger(world), asks_second=True)
    over = an_emergency(world.hilda, a_stranger(world))
    now_over(over)
    opener, second, officer = open_page("alma"), open_page("bruno"), open_page("gema")
    faults: list[str] = []
    begin(opener, code_of(a_stranger(world)))
    for window, address, name in (
        (opener, "/people/emergency/", "emergency-find"),
        (opener, f"/emergencies/{running}/", "emergency-record"),
        (opener, "/", "emergency-queue"),
        (second, f"/emergencies/{running}/answer/", "emergency-answer"),
        (second, f"/people/{newest().person_id}/", "emergency-in-charge"),
        (officer, "/emergencies/", "emergency-list"),
        (officer, f"/emergencies/{over}/review/", "emergency-review"),
    ):
        window.goto(address)
        faults += look(window, name, SHOTS)
    opener.goto(f"/emergencies/{running}/")
    opener.locator("#identity button").click()
    expect(opener.locator("#identity")).to_contain_text(INVENTED.family_names)
    faults += look(opener, "emergency-opened", SHOTS)
    assert faults == []


def test_the_form_of_the_reason_passes_and_leads_to_its_mistakes(house: House, open_page: Open) -> None:
    page = open_page("alma", expected="422")
    page.goto("/people/emergency/")
    write(page, code=code_of(a_stranger(house.world)))
    send(page)
    assert look(page, "emergency-open", SHOTS) == []
    send(page)
    expect(page.locator("[role=alert]")).to_be_focused()
    assert look(page, "emergency-open-mistakes", SHOTS) == []
