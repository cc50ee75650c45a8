"""One person's path, step by step, as five people walk it. Each step leaves the page that it led to."""

import time
from collections.abc import Callable

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.places import GIVEN, NAME, PHONE, choose, follow, register, send, tick, write
from tests.browser.served import House
from tests.world import PASSWORD

TYPING = 5  # seconds that typing and sending a code may take


def nothing() -> None:
    """What most steps do before the form is sent."""


def sign_in(page: Page, house: House, name: str) -> None:
    """Password, then the code that the app shows now."""
    write(page, login=name, password=PASSWORD)
    send(page)
    write(page, code=app_code(house.secrets[name]))
    send(page)


def app_code(secret: str) -> str:
    """What the app shows now; one about to change is not worth typing."""
    period = app_settings.TOTP_PERIOD
    left = period - time.time() % period
    if left < TYPING:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // period)))


def search(page: Page) -> None:
    """Nobody like this is known yet."""
    page.goto("/people/")
    write(page, name=f"{GIVEN} {NAME}", phone=PHONE)
    send(page)


def register_person(page: Page, before_sending: Callable[[], None] = nothing) -> None:
    """From the empty answer of the search to the page of the person."""
    follow(page, "/people/register/")
    register(page)
    before_sending()
    send(page)


def open_case(page: Page) -> None:
    """From the page of the person to the case."""
    follow(page, "/case/")
    choose(page, "origin", "police")
    choose(page, "state", "XX-N")
    tick(page, "exploitation_form", "bonded_work")
    send(page)


def refer(page: Page, to: str, service: str, before_sending: Callable[[], None] = nothing) -> str:
    """From the case to the referral that was sent; its address."""
    follow(page, "/refer/")
    tick(page, "services", service)
    choose(page, "recipient", to)
    write(page, message="Prefiere hablar por la tarde.")
    tick(page, "shares_identity")
    before_sending()
    send(page)
    return page.url


def accept_from_queue(page: Page, referral_url: str) -> None:
    """From the work queue to the accepted referral."""
    page.goto("/")
    follow(page, referral_url.partition("/referrals/")[2])
    follow(page, "/accept/")
    send(page)


def follow_to(page: Page, kind: str) -> None:
    """From the referral to its case, or from the case to its person."""
    with page.expect_navigation():
        page.locator(f"xpath=//main//a[starts-with(@href, '/{kind}/')][string-length(@href) < 50]").first.click()


def open_identity(page: Page) -> None:
    """Open what is sealed, in place, for a purpose."""
    expect(page.locator("main")).not_to_contain_text(NAME)
    choose(page, "purpose", "verify_identity")
    page.click("#identity button")
    expect(page.locator("#identity")).to_contain_text(NAME)


def decide(page: Page, case_url: str, before_sending: Callable[[], None] = nothing) -> None:
    page.goto(case_url)
    follow(page, "/decide/")
    tick(page, "verb", "identify")
    choose(page, "ground", "prosecutor")
    write(page, reason="Consta el acto, el medio y el fin.")
    before_sending()
    send(page)


def record_service(page: Page, case_url: str, service: str, before_sending: Callable[[], None] = nothing) -> None:
    """The help given, which completes what the referral asked for."""
    page.goto(case_url)
    follow(page, "/service/")
    choose(page, "service", service)
    tick(page, "completes")
    before_sending()
    send(page)


def count(page: Page, year: int) -> None:
    """Count the year again."""
    page.goto("/statistics/")
    page.locator("form[action$='/compute/'] select[name=year]").select_option(str(year))
    with page.expect_navigation():
        page.click("form[action$='/compute/'] button")
