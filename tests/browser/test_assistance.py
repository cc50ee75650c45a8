"""Care in a real browser: every page at three widths, a plan drawn up by hand, and the way back of who is exploited again."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.assistance.caring import (
    a_permit,
    a_return,
    a_service,
    a_session,
    cared_for,
    days_ago,
    followed,
    helped_by_another,
    moved,
)
from tests.browser.conftest import Open
from tests.browser.places import choose, follow, send, tick, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.world import a_case, identified

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
pytestmark = pytest.mark.slow


def test_every_page_of_care_is_sound(house: House, open_page: Open) -> None:
    bruno = house.world.bruno
    case_id = a_case(bruno)
    service_id = a_service(bruno, case_id)
    a_session(bruno, service_id, verb="hold", minutes=50, language_code="north_tongue", interpreter_code="lacking")
    had = cared_for(bruno, a_case(bruno))
    refused = a_permit(bruno, case_id, "inform", "apply")
    moved(bruno, refused, "refuse", days_ago(1), code="no_testimony")
    returning = a_return(bruno, case_id, "check_risks")
    asked = followed(bruno, case_id)[0].pk
    page = open_page("bruno")
    faults: list[str] = []
    for name, address in (
        ("case", f"/cases/{case_id}/"),
        ("queue", "/"),
        ("service", f"/services/{service_id}/"),
        ("session", f"/services/{service_id}/session/"),
        ("settle", f"/sessions/{had['session_id']}/"),
        ("activities", "/services/activities/"),
        ("activity", f"/services/activities/{had['activity_id']}/"),
        ("activity-settle", f"/services/activities/{had['activity_id']}/settle/"),
        ("quality", "/services/quality/"),
        ("costs", "/services/costs/"),
        ("plan", f"/plans/{had['plan_id']}/"),
        ("review", f"/plans/{had['plan_id']}/step/review/"),
        ("goal", f"/plans/{had['plan_id']}/goal/"),
        ("permits", "/permits/"),
        ("permit", f"/permits/{refused}/"),
        ("inform", f"/permits/{had['permit_id']}/step/inform/"),
        ("returns", "/returns/"),
        ("return", f"/returns/{returning}/"),
        ("risks", f"/returns/{returning}/step/check_risks/"),
        ("follow-ups", "/follow-ups/"),
        ("follow-up", f"/follow-ups/{asked}/"),
        ("ask", f"/follow-ups/{asked}/record/"),
    ):
        page.goto(address)
        faults += look(page, name, SHOTS)
    assert faults == []


def test_a_plan_is_drawn_up_agreed_on_and_printed(house: House, open_page: Open) -> None:
    case_id = a_case(house.world.bruno)
    page = open_page("bruno")
    page.goto(f"/cases/{case_id}/")
    follow(page, f"/cases/{case_id}/plan/")
    write(page, words="Quiero volver a la escuela y ver a mi hermana.")
    send(page)
    follow(page, "/goal/")
    choose(page, "area", "education")
    write(page, objective="Inscribirme en la secundaria", planned_end_on="1/9/2199")
    send(page)
    page.locator("a[href^='/goals/'][href$='/step/']").click()
    write(page, what="Juntar mis papeles")
    send(page)
    follow(page, "/step/agree/")
    tick(page, "agreement", "agreed")
    send(page)
    expect(page.locator("blockquote")).to_contain_text("Quiero volver a la escuela")
    expect(page.locator("article")).to_contain_text("Juntar mis papeles")
    with page.expect_download() as saved:
        page.evaluate(
            "address => { const link = document.createElement('a'); link.href = address; link.download = 'plan.pdf';"
            " document.body.append(link); link.click(); }",
            page.locator("a[href$='/print/']").get_attribute("href"),
        )
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")


def test_who_is_exploited_again_is_back_at_the_beginning_within_one_form(house: House, open_page: Open) -> None:
    bruno = house.world.bruno
    case_id = a_case(bruno)
    identified(bruno, case_id)
    followed(bruno, case_id)
    page = open_page("bruno", java_script_enabled=False)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/")
    page.locator("main a[href^='/follow-ups/']").first.click()
    follow(page, "/record/")
    tick(page, "outcome", "exploited_again")
    send(page)
    expect(page).to_have_url(f"{house.url}/cases/{case_id}/")
    expect(page.locator(f"a[href='/cases/{case_id}/decide/']")).to_be_visible()


def test_an_answer_about_help_reaches_the_provider_as_nobody_s(house: House, open_page: Open) -> None:
    _case_id, service_id = helped_by_another(house.world)
    page = open_page("bruno")
    page.goto(f"/services/{service_id}/feedback/")
    tick(page, "score", "4")
    write(page, words="Me escucharon.")
    send(page)
    theirs = open_page("carla")
    theirs.goto("/services/quality/")
    expect(theirs.locator("main")).not_to_contain_text("Me escucharon.")
