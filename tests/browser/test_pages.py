"""Pages beside the journey: lists, accounts, refusals, and what the keyboard reaches."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import MAIN_BUTTON, send, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.world import PASSWORD

Open = Callable[..., Page]
LISTS = {
    "bruno": [
        "/cases/",
        "/cases/?status=closed",
        "/referrals/?box=out",
        "/services/",
        "/directory/",
        "/people/",
        "/me/",
    ],
    "fidel": ["/", "/users/", "/users/invite/", "/account/2fa/"],
}
NARROW_AND_WIDE = (320, 1280)
MANY_STOPS = 60
# Whether the element in focus is seen to be: a line of at least 2 px around it, of a colour that is there.
SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && !style.outlineColor.endsWith(', 0)');
}"""
HERE = "(e) => e === document.activeElement"


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_accounts_are_open_to_everybody_who_may_open_them(open_page: Open, name: str) -> None:
    page = open_page(name)
    faults: list[str] = []
    for address in LISTS[name]:
        page.goto(address)
        faults += look(page, address, widths=NARROW_AND_WIDE)
    assert faults == []


@pytest.mark.parametrize(("address", "status"), [("/statistics/compute/", "403"), ("/nowhere/", "404")])
def test_a_refusal_is_a_page_like_the_others(open_page: Open, address: str, status: str) -> None:
    page = open_page("alma", expected=status)
    page.goto(address)
    assert look(page, address, widths=NARROW_AND_WIDE) == []


def test_a_form_full_of_mistakes_is_one_too(open_page: Open) -> None:
    page = open_page("alma", expected="422")
    page.goto("/people/register/")
    send(page)
    expect(page.locator(".field.invalid").first).to_be_visible()
    assert look(page, "mistakes", widths=NARROW_AND_WIDE) == []


def reach(page: Page, selector: str) -> None:
    """Go to an element by the keyboard alone; every stop on the way can be seen."""
    wanted = page.locator(selector).first
    for _ in range(MANY_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML")
        if wanted.evaluate(HERE):
            return
    pytest.fail(f"{selector} was not reached")


def test_signing_in_needs_only_the_keyboard(open_page: Open, house: House) -> None:
    page = open_page()
    page.goto("/")
    reach(page, "[name=login]")
    page.keyboard.type("alma")
    reach(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    reach(page, MAIN_BUTTON)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[name=code]")).to_be_visible()


def test_the_first_stop_skips_to_the_content(open_page: Open) -> None:
    page = open_page("alma")
    page.goto("/people/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    reach(page, "main [name=name]")


def test_registering_needs_only_the_keyboard(open_page: Open) -> None:
    page = open_page("alma")
    page.goto("/people/register/")
    reach(page, "[name=given_names]")
    page.keyboard.type("Persona")
    reach(page, "[name=sex]")
    page.keyboard.press("ArrowDown")
    reach(page, MAIN_BUTTON)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.count("/") == 5


def test_the_work_queue_opens_by_its_shortcuts(open_page: Open) -> None:
    page = open_page("alma")
    page.goto("/people/register/")
    write(page, given_names="Persona")
    expect(page.locator("[data-draft-status]")).to_have_attribute("data-state", "saved")
    page.goto("/")
    page.keyboard.press("j")
    assert page.evaluate(SEEN)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[name=given_names]")).to_have_value("Persona")
