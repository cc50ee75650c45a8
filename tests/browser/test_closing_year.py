"""The demonstration's 2020 is closed in browsers: 32 states answer, two people check, count and sign, everybody reads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.cli import main
from tests.browser import closing
from tests.browser.closing import DIRECTOR, RETURNS, STATISTICIAN, TEMPLATE, YEAR, Nation, Row, account_of
from tests.browser.conftest import Open
from tests.browser.places import send
from tests.browser.served import invented, server
from tests.browser.walk import count
from tests.browser.watched import look
from tests.conftest import FAST_HASH
from tests.demo.closing_reading import Outsider
from tests.demo.closing_site import Artefact, crawl, fetching
from tests.world import SYSTEM

pytestmark = pytest.mark.slow
SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
BY_HAND, MISTAKEN, GIVEN_BACK = "MX-CAM", "MX-JAL", "MX-CMX"
CASES = "prosecuted_cases|"
BECAUSE = "En el oficio son 11 causas. Revise el total."
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
Addresses = dict[str, str]


@pytest.fixture
def house(own_database: None, settings: Any) -> Iterator[Nation]:
    """In the place of the invented country's: what ``open_page`` opens is this one."""
    settings.ENLACE_COUNTRY, settings.PASSWORD_HASHERS = "mx", FAST_HASH
    with invented():
        password, secrets = closing.furnish()
        with server() as url:
            yield Nation(url, password, secrets)


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What axe finds anywhere on the way; nothing, in the end."""
    found: list[str] = []
    yield found
    assert found == []


@contextmanager
def signed_in(open_page: Open, house: Nation, name: str) -> Iterator[Page]:
    """A window in which somebody enters with password and code, and which is closed behind them."""
    page = open_page()
    closing.sign_in(page, house, name)
    yield page
    page.context.close()


def test_the_year_is_closed_from_the_states_to_the_reader(
    open_page: Open, house: Nation, faults: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = closing.answers()
    reporting = [state for state, row in said.items() if row[CASES] not in ("ND", "NP")]
    assert (len(said), len(reporting)) == (32, 14)
    addresses = {BY_HAND: by_hand(open_page, house, said[BY_HAND], faults)}
    addresses[MISTAKEN] = with_a_mistake(open_page, house, said[MISTAKEN], faults)
    for number, state in enumerate(sorted(said.keys() - addresses.keys())):
        sent = said[state] | ({CASES: "110"} if state == GIVEN_BACK else {})
        addresses[state] = by_file(open_page, state, "xlsx" if number % 2 else "csv", sent)
    with signed_in(open_page, house, STATISTICIAN) as first, signed_in(open_page, house, DIRECTOR) as second:
        closing.give_back(first, addresses[GIVEN_BACK], BECAUSE)
        addresses[GIVEN_BACK] = corrected(open_page, house, said[GIVEN_BACK], addresses[GIVEN_BACK], faults)
        accept_all(first, second, addresses, faults)
        assert "14 de 32 entidades" in complete(first)
        faults += look(first, "who has answered", SHOTS)
        prepare(first, faults)
        approve(second, first, faults)
    reader = open_page()
    read_pages(reader, faults)
    found = list(crawl(fetching(Client()), LANGUAGES))
    take_all(reader, found, faults)
    assert reader.context.cookies() == []
    with seeing_as(SYSTEM):
        judged(found, capsys)


def by_hand(open_page: Open, house: Nation, said: Row, faults: list[str]) -> str:
    """A state types its numbers into the form; the address of its return."""
    with signed_in(open_page, house, account_of(BY_HAND)) as page:
        page.goto(RETURNS)
        faults += look(page, "returns of a state", SHOTS)
        address = closing.open_return(page)
        faults += look(page, "an empty return", SHOTS)
        closing.fill_by_hand(page, said)
        closing.submit(page)
        faults += look(page, "a return that was submitted", SHOTS)
        return address


def with_a_mistake(open_page: Open, house: Nation, said: Row, faults: list[str]) -> str:
    """A state sends a file in which a number is a word: it is shown at its cell, put right, and sent again."""
    with signed_in(open_page, house, account_of(MISTAKEN)) as page:
        address = closing.open_return(page)
        closing.take_in(page, closing.filled_file(page, "xlsx", said | {CASES: "tres"}))
        cell = page.locator(f'[name="{CASES}"]')
        expect(cell).to_have_value("tres")
        expect(cell).to_have_attribute("aria-invalid", "true")
        faults += look(page, "a mistake at its cell", SHOTS)
        page.locator(f'.summary-box a[href="#{cell.get_attribute("id")}"]').first.click()
        expect(cell).to_be_focused()
        closing.take_in(page, closing.filled_file(page, "xlsx", said))
        expect(page.locator(".summary-box")).to_have_count(0)
        closing.submit(page)
        return address


def by_file(open_page: Open, state: str, kind: str, said: Row) -> str:
    """A state downloads the file of its return, fills it in, uploads it and submits it."""
    page = open_page(account_of(state))
    address = closing.open_return(page)
    closing.take_in(page, closing.filled_file(page, kind, said))
    closing.submit(page)
    page.context.close()
    return address


def corrected(open_page: Open, house: Nation, said: Row, address: str, faults: list[str]) -> str:
    """The state reads why its return came back, and submits it once more; the address of the new revision."""
    with signed_in(open_page, house, account_of(GIVEN_BACK)) as page:
        page.goto(address)
        expect(page.locator("main")).to_contain_text(BECAUSE)
        faults += look(page, "a return that was given back", SHOTS)
        address = closing.begin_correction(page, address, "Error de captura: eran 11.")
        expect(page.locator(f'[name="{CASES}"]')).to_have_value("110")
        page.locator(f'[name="{CASES}"]').fill(said[CASES])
        closing.submit(page)
        return address


def accept_all(first: Page, second: Page, addresses: Addresses, faults: list[str]) -> None:
    """One person of the commission checks every return, the other accepts it; nothing counts before."""
    listed = {urlsplit(address).path for address in addresses.values()}
    assert set(closing.waiting(first, "submitted")) == listed
    assert "0 de 32 entidades" in complete(first)
    first.goto(addresses[GIVEN_BACK])
    faults += look(first, "a return to check", SHOTS)
    for address in addresses.values():
        closing.judge(first, address, "check")
    assert set(closing.waiting(second, "checked")) == listed
    for address in addresses.values():
        closing.judge(second, address, "accept")


def complete(page: Page) -> str:
    """What the map says of the cases brought before a court."""
    page.goto(f"{RETURNS}completeness/?year={YEAR}&of={TEMPLATE}.prosecuted_cases")
    return page.locator("main").inner_text()


def prepare(page: Page, faults: list[str]) -> None:
    """The statistician counts the year and the mechanism, looks at what would be frozen, and freezes it."""
    count(page, int(YEAR))
    page.goto(f"/statistics/assistance/?year={YEAR}")
    page.locator("form[action$='/assistance/compute/'] select[name=year]").select_option(YEAR)
    with page.expect_navigation():
        page.click("form[action$='/assistance/compute/'] button")
    page.goto("/releases/")
    page.select_option("#year", YEAR)
    with page.expect_navigation():
        page.click("form[action$='/prepare/'] button")
    expect(page.locator("textarea")).to_have_count(0)  # the first release of a year owes no reasons
    faults += look(page, "what would be frozen", SHOTS)
    send(page)
    expect(page).to_have_url(f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/releases/1/")


def approve(second: Page, first: Page, faults: list[str]) -> None:
    """Whoever prepared it has no button, and is refused without it; the other person signs it."""
    expect(first.locator("form[action$='/approve/']")).to_have_count(0)
    token = first.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    refused = first.request.post("/releases/1/approve/", form={"csrfmiddlewaretoken": token})
    assert refused.status == 409
    assert first.request.get("/cifras/1/").status == 404
    second.goto("/releases/1/")
    faults += look(second, "a release to decide", SHOTS)
    with second.expect_navigation():
        second.click("form[action$='/approve/'] button")
    expect(second.locator(".tag.success")).to_be_visible()


def read_pages(page: Page, faults: list[str]) -> None:
    """Somebody without an account reads the picture, one figure with its table, and every other kind of page."""
    page.goto("/cifras/")
    expect(page.locator("svg").first).to_be_visible()
    faults += look(page, "the public site", SHOTS)
    page.locator("main a[href*='/prosecuted_cases/']").first.click()
    expect(page.locator(".headline-value")).to_have_text("51")
    expect(page.locator("main")).to_contain_text("14 de 32")
    expect(page.locator("table[data-dimension=state]")).to_be_visible()
    faults += look(page, "one figure", SHOTS)
    page.goto("/cifras/1/identified/")
    expect(page.locator("svg").first).to_be_visible()
    faults += look(page, "one figure with a map", SHOTS)
    others = page.locator("nav a, main .actions a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for address in dict.fromkeys(href for href in others if "/archivos/" not in href):
        page.goto(address)
        faults += look(page, f"the page {urlsplit(address).path}", SHOTS)


def take_all(page: Page, found: list[Artefact], faults: list[str]) -> None:
    """Click on every file of the site once, and open every report: they are what the outsider fetched by their address."""
    files = {one.address: one.content for one in found if one.is_download}
    pages = [one.address for one in found if one.kind == "text/html" and not one.is_packed]
    left = set(files)
    for address in sorted(pages, key=lambda address: "/datos/" not in address):
        page.goto(address)
        offered = page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        for href in sorted(left & set(offered)):
            with page.expect_download() as waiting:
                page.locator(f'a[href="{href}"]').first.click()
            assert Path(waiting.value.path()).read_bytes() == files[href]
            left.remove(href)
        if address.endswith(".html"):
            faults += look(page, f"the page {address}", SHOTS)
    for one in found:
        if one.kind == "application/pdf" and not one.is_packed:  # shown in the browser, so there is nothing to save
            assert page.request.get(one.address).body() == one.content
    assert left == set()
    assert len(files) > 9


def judged(found: list[Artefact], capsys: pytest.CaptureFixture[str]) -> None:
    """Every artefact is read and says what the release says; both commands find what they found in the demonstration."""
    report = Outsider(found).read()
    assert (report.unread, report.contradictions, report.recovered) == ([], [], [])
    assert report.withheld > 100
    with translation.override("en"):
        assert main(["release", "verify", "1"]) == 0
        assert "every number are as published" in capsys.readouterr().out
        assert main(["release", "attack", "1"]) == 0
        assert "0 can be worked out" in capsys.readouterr().out
