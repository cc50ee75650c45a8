"""The demonstration's country with the casework of its last closed year, before anybody has answered for it.

Each state has an account that can answer; two people of the commission check, accept, prepare and approve.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from enlace.accounts.actions import create_user, load_agencies, set_factor
from enlace.accounts.queries import agencies
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.demo import cascade, caseload, closing, houses, people, rules
from enlace.directory.actions import publish_offers
from enlace.returns.queries import template_for
from enlace.returns.rules import cell_name, period_of
from tests.accounts.entering import enter
from tests.browser.places import send, write
from tests.browser.walk import app_code
from tests.world import SYSTEM

YEAR, TEMPLATE = "2020", "state_justice"
STATISTICIAN, DIRECTOR = closing.PREPARES, closing.APPROVES
RETURNS = "/periodic-returns/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = dict[str, str]


@dataclass(frozen=True)
class Nation:
    """The running installation: its address, the password of all accounts and the secret of each one's app."""

    url: str
    password: str
    secrets: dict[str, str]

    def session(self, name: str) -> str:
        """A session of an account, where the story is not about signing in."""
        with seeing_as(SYSTEM):
            client = enter(Client(), get_user_model().objects.get(username=name))
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def furnish() -> tuple[str, dict[str, str]]:
    """The casework of the year, the demonstration's accounts, and one for each state; password and secrets of the apps."""
    cache.clear()
    load_agencies(by=SYSTEM, seeds=current().agencies)
    publish_offers(by=SYSTEM, rows=caseload.offers())
    password, accounts = people.create(SYSTEM)
    secrets = {account.username: account.secret for account in accounts}
    for agency in agencies(kind="state_coordination"):
        name = account_of(agency.state_code)
        user = create_user(
            by=SYSTEM, username=name, display_name=f"Persona inventada de {agency.state_code}", agency_code=agency.pk,
            role_codes=["R16"], password=password,
        )  # fmt: skip
        secrets[name] = generate_totp_secret()
        set_factor(by=SYSTEM, user_id=user.pk, secret=secrets[name])
    _write_year()
    return password, secrets


def _write_year() -> None:
    pack = current()
    blocks = [block for block in rules.calibrated(pack) if str(block.start.year) == YEAR]
    invented = rules.invent(pack, blocks, caseload.reporting_states())
    places = houses.write()
    caseload.write(invented, lambda _text: None)
    cascade.write(invented, places)
    caseload.close(invented)


def account_of(state: str) -> str:
    return f"enlace-{state.lower()}"


def answers() -> dict[str, Row]:
    """State -> what each cell of its return says, as the demonstration's file has it."""
    template = template_for(TEMPLATE, period_of(YEAR))
    return {
        state: {cell_name(one.cell): one.text for one in closing.typed(template, said)}
        for name, period, state, said in closing.answered(closing.FILES / f"{current().code}.csv")
        if (name, period) == (TEMPLATE, YEAR)
    }


def sign_in(page: Page, nation: Nation, name: str) -> None:
    """Password, then the code that the app shows now."""
    page.goto("/")
    write(page, login=name, password=nation.password)
    send(page)
    write(page, code=app_code(nation.secrets[name]))
    send(page)


def open_return(page: Page) -> str:
    """From the list of returns to the empty one of the year; its address."""
    page.goto(RETURNS)
    page.locator("#for-template").select_option(TEMPLATE)
    page.locator("#for-period").fill(YEAR)
    with page.expect_navigation():
        page.locator("form:has(#for-period) button").click()
    return page.url


def filled_file(page: Page, kind: str, said: Row) -> dict[str, Any]:
    """The file of the return that is open on the page, downloaded by its link, with its answers filled in."""
    with page.expect_download() as waiting:
        page.locator(f'a[href$="/file/{kind}/"]').click()
    content = Path(waiting.value.path()).read_bytes()
    return {"csv": _filled_csv, "xlsx": _filled_workbook}[kind](content, said)


def take_in(page: Page, file: dict[str, Any]) -> None:
    """Upload it; its answers stand in the form afterwards."""
    page.locator("[type=file]").set_input_files(files=[file])
    with page.expect_navigation():
        page.locator('form[action$="/upload/"] button').click()


def submit(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[name=submit]").click()
    expect(page.locator("button[name=submit]")).to_have_count(0)


def fill_by_hand(page: Page, said: Row) -> None:
    """Type every number, and say of each measure that whatever is left empty means that there are no data."""
    for name, text in said.items():
        if text != "ND":
            page.locator(f'[name="{name}"]').fill(text)
    for chooser in page.locator("select[name^='fill-']").all():
        chooser.select_option("no_data")


def judge(page: Page, address: str, verb: str) -> None:
    """Press the button of a return that checks or accepts it."""
    page.goto(address)
    with page.expect_navigation():
        page.locator(f'form[action$="/{verb}/"] button').click()


def give_back(page: Page, address: str, because: str) -> None:
    page.goto(address)
    page.locator("details:has(form[action$='/give-back/']) summary").click()
    write(page, because=because)
    with page.expect_navigation():
        page.locator('form[action$="/give-back/"] button').click()


def begin_correction(page: Page, address: str, because: str) -> str:
    """The address of the next revision."""
    page.goto(address)
    write(page, because=because)
    with page.expect_navigation():
        page.locator('form[action$="/revise/"] button').click()
    return page.url


def waiting(page: Page, status: str) -> list[str]:
    """The addresses of all returns of the year in a state, over the pages of the list."""
    page.goto(f"{RETURNS}?template={TEMPLATE}&status={status}")
    found: list[str] = []
    while True:
        found += [str(link.get_attribute("href")) for link in page.locator("table[data-list] th a").all()]
        following = page.locator("main a[rel=next]")
        if not following.count():
            return found
        with page.expect_navigation():
            following.first.click()


def _filled_csv(content: bytes, said: Row) -> dict[str, Any]:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(row | {"answer": said[_name(row["measure"], row["breakdown"])]} for row in rows)
    return {"name": "return.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode("utf-8-sig")}


def _filled_workbook(content: bytes, said: Row) -> dict[str, Any]:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    place = {str(cell.value): n for n, cell in enumerate(sheet[1])}
    for line in sheet.iter_rows(min_row=2):
        name = _name(line[place["measure"]].value, line[place["breakdown"]].value or "")
        text = said[name]
        line[place["answer"]].value = int(text) if text.isdigit() else text
    out = io.BytesIO()
    book.save(out)
    return {"name": "return.xlsx", "mimeType": XLSX, "buffer": out.getvalue()}


def _name(measure: Any, breakdown: Any) -> str:
    return f"{measure}|{breakdown}"
