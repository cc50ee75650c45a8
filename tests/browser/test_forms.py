"""Nothing that was typed is lost, and what was sent twice happened once."""

from collections.abc import Callable

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.people.models import Person
from tests.browser.places import GIVEN, MAIN_BUTTON, NAME, PHONE, follow, register, send, tick, write
from tests.browser.served import House
from tests.browser.walk import sign_in
from tests.world import SYSTEM

Open = Callable[..., Page]
REGISTER = "/people/register/"
MAIN_FORM = "main form.form"
# Some browsers hold back a second sending themselves; noted is what the page does about it.
NOTE_SENDING = """() => {
  sessionStorage.noted = '';
  addEventListener('submit', (event) => { sessionStorage.noted += event.defaultPrevented ? 'held, ' : 'sent, '; });
}"""
# What an impatient connection does: the same form leaves twice before either answer is there.
SEND_TWICE = """async (selector) => {
  const body = new FormData(document.querySelector(selector));
  const send = () => fetch(location.href, { method: 'POST', body });
  return (await Promise.all([send(), send()])).map((answer) => answer.status);
}"""


def people() -> int:
    with seeing_as(SYSTEM):
        return Person.objects.count()


def is_filled(page: Page) -> None:
    expect(page.locator("[name=given_names]")).to_have_value(GIVEN)
    expect(page.locator("[name=family_names]")).to_have_value(NAME)
    expect(page.locator("[name=phone]")).to_have_value(PHONE)
    expect(page.locator("[name=birth_date]")).to_have_value("3/5/1998")
    expect(page.locator("select[name=sex]")).to_have_value("female")
    expect(page.locator("[name=consent][value=yes]")).to_be_checked()


def test_a_form_with_a_mistake_keeps_every_field_and_leads_to_the_mistake(open_page: Open) -> None:
    page = open_page("alma", expected="422")
    page.goto(REGISTER)
    register(page)
    page.locator("select[name=consent_giver]").select_option("")
    send(page)
    is_filled(page)
    summary = page.locator("[role=alert]")
    expect(summary).to_be_focused()
    summary.locator("a").first.click()
    expect(page.locator("[name=consent_giver]")).to_be_focused()
    expect(page.locator("[name=consent_giver]")).to_have_attribute("aria-invalid", "true")


def test_what_was_typed_is_back_after_the_session_ran_out(open_page: Open, house: House) -> None:
    page = open_page("alma")
    page.goto(REGISTER)
    register(page)
    Session.objects.all().delete()
    before = people()
    send(page)
    sign_in(page, house, "alma")
    assert page.url == house.url + REGISTER
    is_filled(page)
    assert people() == before
    send(page)
    assert people() == before + 1


def test_a_double_click_sends_one_form(open_page: Open) -> None:
    page = open_page("alma")
    page.goto(REGISTER)
    register(page)
    before = people()
    page.evaluate(NOTE_SENDING)
    page.locator(MAIN_BUTTON).dblclick()
    page.wait_for_url("**/people/*-*/")
    assert page.evaluate("sessionStorage.noted") == "sent, held, "
    assert people() == before + 1


def test_the_same_form_sent_twice_at_once_registers_one_person(open_page: Open) -> None:
    page = open_page("alma")
    page.goto(REGISTER)
    register(page)
    before = people()
    assert page.evaluate(SEND_TWICE, MAIN_FORM) == [200, 200]
    assert people() == before + 1


def test_a_draft_saves_itself_waits_in_the_work_queue_and_fills_the_form_again(open_page: Open) -> None:
    page = open_page("alma")
    page.goto(REGISTER)
    register(page)
    expect(page.locator("[data-draft-status]")).to_have_attribute("data-state", "saved")
    page.goto("/")
    follow(page, REGISTER)
    is_filled(page)
    send(page)
    page.goto("/")
    expect(page.locator(f"main a[href$='{REGISTER}']")).to_have_count(0)


def test_a_draft_that_cannot_be_saved_says_so_and_is_saved_later(open_page: Open) -> None:
    page = open_page("alma", expected="ERR_INTERNET_DISCONNECTED")
    page.goto(REGISTER)
    with Offline(page):
        write(page, given_names=GIVEN)
        expect(page.locator("[data-draft-status]")).to_have_attribute("data-state", "failed")
    expect(page.locator("[data-draft-status]")).to_have_attribute("data-state", "saved")


def test_all_of_a_registration_works_without_script(open_page: Open) -> None:
    page = open_page("alma", java_script_enabled=False)
    page.goto("/people/")
    write(page, name=NAME)
    send(page)
    follow(page, REGISTER)
    register(page)
    send(page)
    choose_purpose(page)
    expect(page.locator("#identity")).to_contain_text(NAME)
    follow(page, "/case/")
    page.select_option("[name=origin]", "police")
    tick(page, "exploitation_form", "bonded_work")
    send(page)
    assert "/cases/" in page.url


def choose_purpose(page: Page) -> None:
    page.select_option("[name=purpose]", "plan_care")
    with page.expect_navigation():
        page.click("#identity button")


class Offline:
    """Inside the block the window has no connection."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __enter__(self) -> None:
        self.page.context.set_offline(True)

    def __exit__(self, *_: object) -> None:
        self.page.context.set_offline(False)
