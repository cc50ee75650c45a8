"""The public site as a reader meets it: on any width, light and dark, without script, cookie or account."""

import os
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.releases.actions import close_year
from enlace.statistics.actions import compute_mechanism, compute_national
from tests.browser.served import House
from tests.browser.watched import look
from tests.releases.closing import second
from tests.world import SYSTEM, World

Open = Callable[..., Page]
YEAR = timezone.localdate().year
PAGES = (
    "/cifras/",
    "/cifras/1/identified/",
    "/cifras/1/mechanism_cascade/",
    "/cifras/1/metodo/",
    "/cifras/1/datos/",
    "/cifras/cambios/",
    "/cifras/1/archivos/annual-report-es.html",
    "/cifras/1/archivos/annual-report-en.html",
)
MOST = 60_000  # bytes of the first page: an old telephone on a slow line


def close(world: World) -> None:
    with seeing_as(SYSTEM):
        zoe = second(world)
        compute_national(by=world.elena, year=YEAR)
        compute_mechanism(by=world.elena, year=YEAR)
        close_year(by=world.elena, second=zoe, year=YEAR)


def shots() -> Path | None:
    folder = os.environ.get("ENLACE_LOOK")
    return Path(folder) if folder else None


def test_every_page_is_open_to_everybody_at_every_width(
    open_page: Open, house: House, picture: Callable[[Page, str], None]
) -> None:
    close(house.world)
    page, faults = open_page(), []
    for address in PAGES:
        page.goto(address)
        faults += look(page, address.strip("/").replace("/", "-"), shots())
    page.goto("/cifras/")
    picture(page, "sitio-publico")
    assert faults == []
    assert page.context.cookies() == []


def test_without_anything_published_the_site_says_so(open_page: Open, house: House) -> None:
    page = open_page()
    page.goto("/cifras/")
    assert look(page, "nothing", widths=(320, 1280)) == []


def test_without_script_a_reader_goes_from_a_number_to_its_table_file_and_language(
    open_page: Open, house: House
) -> None:
    close(house.world)
    page = open_page(java_script_enabled=False)
    page.goto("/cifras/?lang=es")
    page.locator(".headline a").first.click()
    expect(page.locator("table.cards").first).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Data", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="tables.csv").click()
    assert download.value.path().read_bytes().startswith(b"release,period,indicator")
    assert page.context.cookies() == []


def test_the_first_page_is_small(open_page: Open, house: House) -> None:
    close(house.world)
    page = open_page()
    answer = page.goto("/cifras/")
    assert answer is not None
    assert len(answer.body()) < MOST
