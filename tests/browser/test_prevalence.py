"""From the cases of three agencies to a stored estimate with its panel, as an analyst walks it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from enlace.base.worker import work
from enlace.cases.actions import Opening, join_cases, open_cases
from enlace.people.actions import Registration, make_known, register_people
from tests.browser.places import follow, send, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.world import World

Open = Callable[..., Page]
MET = datetime(2020, 5, 4, 12, tzinfo=UTC)
# Invented: how many people each combination of agencies met, the first being whoever met them first.
MET_BY = [
    (("police-north",), 70),
    (("prosecutor-north",), 60),
    (("police-north", "prosecutor-north"), 14),
    (("police-north", "ngo-harbour"), 12),
    (("prosecutor-north", "ngo-harbour"), 16),
    (("police-north", "prosecutor-north", "ngo-harbour"), 5),
]


def meet(world: World) -> None:
    """The cases of 2020."""
    first = {world.alma.agency_code: world.alma, world.bruno.agency_code: world.bruno}
    for agencies, count in MET_BY:
        by = first[agencies[0]]
        people = [Registration(sex_code="female", birth_year=1990, registered_at=MET) for _ in range(count)]
        register_people(by=by, rows=people)
        rows = [Opening(person_id=person.id, origin_code="other", opened_at=MET) for person in people]
        open_cases(by=by, rows=rows)
        for other in agencies[1:]:
            make_known(by=by, person_ids=[person.id for person in people], agency_code=other)
            join_cases(by=by, joins=dict.fromkeys([row.id for row in rows], MET), agency_code=other)


@pytest.mark.slow
def test_an_analyst_estimates_from_three_agencies_and_is_never_shown_a_bare_number(
    open_page: Open, house: House, picture: Callable[[Page, str], None]
) -> None:
    meet(house.world)
    page, faults = open_page("elena"), []
    page.goto("/prevalence/")
    faults += look(page, "empty")
    follow(page, "/prevalence/new/")
    faults += look(page, "choose")
    follow(page, "/prevalence/new/cases/")
    write(page, title="Personas inventadas", period="2020", start="1/1/2020", end="31/12/2020")
    page.select_option("[name=boot]", "200")
    faults += look(page, "ask")
    send(page)
    expect(page.locator("#progress")).to_be_visible()
    faults += look(page, "waiting")
    work(batch=True)
    expect(page.locator(".headline-value")).to_be_visible()  # the page asked again by itself
    faults += look(page, "result")
    picture(page, "prevalencia-resultado")
    for words in ("Intervalo de 95 %", "Otros métodos y modelos dicen entre", "Lo que debe citarse"):
        expect(page.get_by_text(words).first).to_be_visible()
    assert page.locator("section.panel").count() == 11
    page.locator("[name=spread]").fill("0.8")
    page.locator("#what-if button").click()
    expect(page.locator("#what-if [role=status]")).to_contain_text("donde la estimación dice")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert faults == []
