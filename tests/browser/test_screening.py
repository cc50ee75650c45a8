"""Screening in a real browser: from a call to a presumed victim, on a phone, by keyboard, with script and without."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.screening.models import Answer, DetentionAlert, Screening
from tests.browser.conftest import Open
from tests.browser.places import follow, send, tick, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.intake.contacts import a_contact, at_risk
from tests.screening.talks import LITTLE, PRESUMED, a_screening, finished, said
from tests.world import SYSTEM, World, a_person

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
Picture = Callable[[Page, str], None]
PHONE = {"width": 320, "height": 700}


def newest() -> Screening:
    with seeing_as(SYSTEM):
        return Screening.objects.order_by("-started_at")[0]


def begin(page: Page, address: str, step: str = "alone") -> None:
    """Choose the first talk, and see to the step of safety."""
    page.goto(address)
    tick(page, "protocol", "first_talk")
    send(page)
    tick(page, f"step_{step}")
    send(page)


def talk(page: Page, *, has_script: bool = True) -> None:
    """The answers that make a presumption, section by section. Without script the page comes back with more questions."""
    write(page, q_age="30")
    tick(page, "q_detained", "yes")
    send(page)
    tick(page, "q_works", "yes")
    if not has_script:
        send(page)
    tick(page, "q_leave", "never")
    write(page, q_hours="16")
    send(page)
    tick(page, "q_papers", "boss")
    tick(page, "q_watched", "yes")
    send(page)
    page.check("main [name=q_act][value=recruited]")
    send(page)


def decide(page: Page, class_code: str = "presumed") -> None:
    follow(page, "/decide/")
    tick(page, "class_code", class_code)
    write(page, reason="Lo que se dijo y se vio.")
    send(page)


def test_a_call_leads_to_a_presumed_victim_and_on_to_a_case(house: House, open_page: Open, picture: Picture) -> None:
    hilda = house.world.hilda
    person_id = a_person(hilda, birth_year=None)
    contact_id = a_contact(hilda, people=(at_risk(person_id),))
    page = open_page("hilda")
    page.goto(f"/contacts/{contact_id}/")
    start = page.locator("main a[href*='/screenings/start/']").first.get_attribute("href") or ""
    begin(page, start)
    talk(page)
    send(page)
    expect(page.locator(".notice.danger .clock")).to_be_visible()
    picture(page, "deteccion-resultado")
    decide(page)
    row = newest()
    assert (row.decided_code, row.contact_id, row.person_id) == ("presumed", contact_id, person_id)
    page.goto("/")
    expect(page.locator("#queue-detained")).to_be_visible()
    page.goto(f"/screenings/{row.pk}/")
    page.locator("main a[href*='/case/']").first.click()
    expect(page.locator("select[name=origin]")).to_have_value("hotline")
    assert f"/people/{person_id}/case/" in page.url
    page.goto(f"/contacts/{contact_id}/")
    expect(page.locator("section[aria-labelledby=outcomes-title] li")).to_have_count(1)


def test_the_release_ends_the_alert(house: House, open_page: Open) -> None:
    finished(house.world.alma, PRESUMED | {"detained": "yes"})
    page = open_page("alma")
    page.goto("/")
    page.locator("section[aria-labelledby=queue-detained] a").first.click()
    page.locator("main a[href*='/alerts/']").click()
    tick(page, "end", "released")
    send(page)
    with seeing_as(SYSTEM):
        assert DetentionAlert.objects.get().status == "released"
    expect(page.locator(".notice.danger")).to_have_count(0)


def test_a_phone_without_script_is_enough(house: House, open_page: Open) -> None:
    person_id = a_person(house.world.alma, birth_year=None)
    page = open_page("alma", java_script_enabled=False)
    page.set_viewport_size(PHONE)
    begin(page, f"/screenings/start/?person={person_id}")
    talk(page, has_script=False)
    send(page)
    decide(page)
    assert newest().decided_code == "presumed"


def test_questions_appear_as_one_answers_and_what_was_typed_stays(house: House, open_page: Open) -> None:
    screening_id = a_screening(house.world.alma)
    page = open_page("alma")
    page.goto(f"/screenings/{screening_id}/2/")
    expect(page.locator("[name=q_leave]")).to_have_count(0)
    page.focus("[name=q_works]")
    page.keyboard.press("Space")
    expect(page.locator("[name=q_leave]")).to_have_count(3 + 3)
    expect(page.locator("[name=q_works][value=yes]")).to_be_focused()
    write(page, q_hours="14")
    page.check("[name=q_works][value=no]")
    expect(page.locator("[name=q_hours]")).to_have_count(0)
    send(page)
    with seeing_as(SYSTEM):
        assert list(Answer.objects.values_list("question_code", "value")) == [("works", "no")]


def test_it_is_left_in_the_middle_and_taken_up_on_another_device(house: House, open_page: Open) -> None:
    screening_id = a_screening(house.world.alma)
    desk, tablet = open_page("alma"), open_page("alma")
    desk.goto(f"/screenings/{screening_id}/2/")
    tick(desk, "q_works", "no")
    with desk.expect_navigation():
        desk.click("main button[name=after]")
    tablet.goto("/")
    tablet.locator("section[aria-labelledby=queue-asking] a").first.click()
    tablet.goto(f"/screenings/{screening_id}/2/")
    expect(tablet.locator("[name=q_works][value=no]")).to_be_checked()
    follow(tablet, "/1/")
    expect(tablet.locator("[name=q_age]")).to_be_visible()


def test_an_answer_is_corrected_and_a_second_screening_follows(house: House, open_page: Open) -> None:
    finding = finished(house.world.alma, LITTLE)
    page = open_page("alma")
    page.goto(f"/screenings/{finding.screening_id}/")
    page.locator("details.more summary").click()
    follow(page, "/correct/age/")
    write(page, q_age="31", reason="Lo dijo después.")
    send(page)
    follow(page, "/second/")
    tick(page, "protocol", "second_talk")
    send(page)
    tick(page, "step_alone")
    send(page)
    assert newest().second_of_id == finding.screening_id


def test_a_group_is_asked_once_what_is_the_same_for_all(house: House, open_page: Open) -> None:
    page = open_page("alma")
    page.goto("/screenings/groups/start/")
    tick(page, "protocol", "group_visit")
    send(page)
    follow(page, "/1/")
    tick(page, "q_locked", "yes")
    send(page)
    follow(page, "/people/")
    write(page, count="3")
    page.select_option("[name=sex]", "female")
    send(page)
    expect(page.locator("section[aria-labelledby=people-title] li")).to_have_count(3)
    page.locator("section[aria-labelledby=people-title] li a").first.click()
    follow(page, "/safety/")
    tick(page, "step_apart")
    send(page)
    expect(page.locator("[name=q_locked][value=yes]")).to_be_checked()


def addresses(world: World) -> dict[str, str]:
    """Every page of screening, in the state in which it shows most."""
    open_one = a_screening(world.alma)
    said(world.alma, open_one, {"works": "yes"})
    done = finished(world.alma, PRESUMED | {"detained": "yes", "more": "Algo más", "age_doubt": "yes", "age": 17})
    little = finished(world.alma, LITTLE).screening_id
    with seeing_as(SYSTEM):
        alert_id = DetentionAlert.objects.get().pk
    return {
        "list": "/screenings/",
        "start": f"/screenings/start/?person={a_person(world.alma)}",
        "nobody": "/screenings/start/",
        "safety": f"/screenings/{open_one}/safety/",
        "person-section": f"/screenings/{open_one}/1/",
        "work-section": f"/screenings/{open_one}/2/",
        "control-section": f"/screenings/{open_one}/3/",
        "close-section": f"/screenings/{open_one}/4/",
        "draft": f"/screenings/{open_one}/",
        "check": f"/screenings/{open_one}/finish/",
        "presumed": f"/screenings/{done.screening_id}/",
        "insufficient": f"/screenings/{little}/",
        "decide": f"/screenings/{little}/decide/",
        "correct": f"/screenings/{little}/correct/works/",
        "second": f"/screenings/{little}/second/",
        "alert": f"/screenings/alerts/{alert_id}/",
        "group-start": "/screenings/groups/start/",
        "groups": "/screenings/groups/",
        "protocols": "/screenings/protocols/",
        "report": "/screenings/report/",
        "home": "/",
    }


def test_every_page_is_sound_at_every_width(house: House, open_page: Open, picture: Picture) -> None:
    page = open_page("alma")
    faults: list[str] = []
    for name, address in addresses(house.world).items():
        page.goto(address)
        faults += look(page, name, SHOTS)
        if name == "work-section":
            picture(page, "deteccion-preguntas")
    page.goto("/screenings/groups/start/")
    tick(page, "protocol", "group_visit")
    send(page)
    group = page.url
    for name, step in (("group", ""), ("group-section", "1/"), ("group-people", "people/")):
        page.goto(group + step)
        faults += look(page, name, SHOTS)
    assert faults == []
