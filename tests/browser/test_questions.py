"""An analyst asks the facts and reads the answer; and reads what others published beside ours."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from enlace.base.worker import work
from enlace.statistics.actions import compute_national
from tests.browser.places import follow, send, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.statistics.nation import YEAR, make_nation

Open = Callable[..., Page]


@pytest.mark.slow
def test_an_analyst_asks_reads_and_deletes_with_no_row_in_sight(open_page: Open, house: House) -> None:
    make_nation(5, 150)
    compute_national(by=house.world.elena, year=YEAR)
    page, faults = open_page("elena"), []
    page.goto("/statistics/questions/")
    faults += look(page, "empty")
    follow(page, "/statistics/questions/new/")
    faults += look(page, "choose")
    page.goto(f"/statistics/questions/new/?indicator=identified&year={YEAR}")
    page.select_option("[name=by_1]", "sex")
    page.select_option("[name=by_2]", "age_group")
    write(page, name="Por sexo y edad")
    faults += look(page, "ask")
    send(page)
    expect(page.locator("#progress")).to_be_visible()
    faults += look(page, "waiting")
    work(batch=True)
    expect(page.get_by_role("table").first).to_be_visible(timeout=20_000)
    faults += look(page, "answer")
    page.goto(f"{page.url}delete/")
    faults += look(page, "delete")
    send(page)
    expect(page.locator("main a[href$='/new/']").first).to_be_visible()
    expect(page.get_by_role("link", name="Por sexo y edad")).to_have_count(0)
    assert faults == []


def test_published_figures_stand_beside_ours(open_page: Open, house: House) -> None:
    make_nation(5)
    compute_national(by=house.world.elena, year=YEAR)
    page = open_page("elena")
    page.goto(f"/statistics/published/?year={YEAR}")
    faults = look(page, "published")
    page.select_option("[name=verdict]", "not_computable")
    page.get_by_role("button", name="Mostrar").click()
    expect(page.locator("[name=verdict]")).to_have_value("not_computable")
    faults += look(page, "filtered")
    assert faults == []
