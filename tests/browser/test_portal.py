"""A person's own page in a real browser: from the paper to the answer, without a script and with one."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.portal.actions import answer_request, ask
from enlace.portal.models import OwnPage, PersonRequest
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.browser.places import send, tick, write
from tests.browser.served import House
from tests.browser.test_public_report import answer_plainly, press
from tests.browser.watched import look
from tests.portal.holding import QUESTION, a_page, herself
from tests.world import SYSTEM, a_case, a_person, a_referral

Open = Callable[..., Page]
ANSWER = "El martes por la mañana, si usted puede."
SHOTS = Path(os.environ["ENLACE_LOOK"]) if os.environ.get("ENLACE_LOOK") else None


def a_number(house: House) -> tuple[UUID, str]:
    """Somebody invented with a case, a referral, readings and an answered request, and her number."""
    by = house.world.bruno
    with seeing_as(by):
        person_id = a_person(by, identity=Identity(given_names="Persona", family_names="Inventada Décima"))
        a_referral(by, a_case(by, person_id))
        number = a_page(by, person_id)
        open_identity(viewer=by, person_id=person_id, purpose="contact_person")
        row = ask(by=herself(by, person_id), kind_code="correct", text=QUESTION)
        answer_request(by=by, request_id=row.pk, verb="grant", text=ANSWER)
    return person_id, number


def enter_number(page: Page, number: str, lang: str = "en") -> None:
    page.goto(f"/mi-pagina/?lang={lang}")
    write(page, number=number)
    if page.locator("[data-plain]").is_visible():
        answer_plainly(page)
    send(page)


def push(page: Page, do: str, which: int = 0) -> None:
    """Press one of the buttons of her page that do this; the next page is there when this returns."""
    with page.expect_navigation():
        page.locator(f"main button[value={do}]").nth(which).click()


def test_without_a_script_she_reads_withdraws_asks_and_closes(open_page: Open, house: House) -> None:
    """At 320 px; no cookie is left, and the wrong number afterwards says no more than any other."""
    _person_id, number = a_number(house)
    page = open_page(java_script_enabled=False, expected="422")
    page.set_viewport_size({"width": 320, "height": 900})
    enter_number(page, number)
    expect(page.locator("main")).to_contain_text("What is yours to see")
    push(page, "revoke")
    expect(page.locator("main")).to_contain_text("nothing more is shared")
    press(page, "Ask or request something")
    tick(page, "kind", "question")
    write(page, text="¿Puedo cambiar de abogada?")
    press(page, "Send")
    expect(page.locator("main")).to_contain_text("It was sent")
    push(page, "read", -1)
    expect(page.locator("main")).to_contain_text(ANSWER)
    press(page, "Go back")
    press(page, "Close my page for good")
    press(page, "Yes, close it")
    assert page.context.cookies() == []
    enter_number(page, number)
    expect(page.locator("[role=alert]")).to_contain_text("opens nothing now")
    with seeing_as(SYSTEM):
        assert OwnPage.objects.get().status == "closed"
        assert PersonRequest.objects.count() == 2


def test_with_a_script_no_page_has_a_fault_in_either_language(open_page: Open, house: House) -> None:
    _person_id, number = a_number(house)
    page = open_page()
    faults: list[str] = []
    for lang in ("en", "es"):
        page.goto(f"/mi-pagina/?lang={lang}")
        faults += look(page, f"number-{lang}", SHOTS)
        enter_number(page, number, lang)
        faults += look(page, f"own-{lang}", SHOTS)
        push(page, "write")
        faults += look(page, f"write-{lang}", SHOTS)
        push(page, "show")
        push(page, "read")
        faults += look(page, f"asked-{lang}", SHOTS)
        push(page, "show")
        push(page, "ask_end")
        faults += look(page, f"end-{lang}", SHOTS)
        push(page, "show")
        push(page, "leave")
        faults += look(page, f"left-{lang}", SHOTS)
    assert faults == []
    assert page.context.cookies() == []


def test_escape_pressed_three_times_leaves_her_page(open_page: Open, house: House) -> None:
    _person_id, number = a_number(house)
    page = open_page()
    enter_number(page, number)
    expect(page.locator("#exit-hint")).to_be_visible()
    page.evaluate("document.querySelector('[data-quick-exit]').href = '/account/login/'")
    with page.expect_navigation():
        for _time in range(3):
            page.keyboard.press("Escape")
    assert page.url.endswith("/account/login/")


def test_at_the_desk_the_number_is_offered_given_and_closed(open_page: Open, house: House) -> None:
    person_id, _number = a_number(house)
    page = open_page("bruno")
    faults: list[str] = []
    page.goto(f"/people/{person_id}/")
    faults += look(page, "person", SHOTS)
    page.goto(f"/people/{person_id}/own-page/")
    faults += look(page, "offer", SHOTS)
    tick(page, "kept_as", "paper")
    tick(page, "keeper", "person")
    send(page)
    shown = (page.locator("[data-number]").text_content() or "").strip()
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", shown)
    faults += look(page, "given", SHOTS)
    page.goto(f"/people/{person_id}/own-page/close/")
    faults += look(page, "close", SHOTS)
    assert faults == []


def test_the_desk_s_pages_of_requests_have_no_fault(open_page: Open, house: House) -> None:
    a_number(house)
    with seeing_as(SYSTEM):
        row = PersonRequest.objects.get()
        PersonRequest.objects.update(due_at=timezone.now() + timedelta(hours=3))
    page = open_page("bruno")
    faults: list[str] = []
    page.goto("/requests/")
    faults += look(page, "requests", SHOTS)
    page.goto(f"/requests/{row.pk}/")
    faults += look(page, "sealed", SHOTS)
    page.select_option("[name=purpose]", "person_request")
    with page.expect_navigation():
        page.click("main .panel button")
    expect(page.locator("main")).to_contain_text(QUESTION)
    faults += look(page, "request", SHOTS)
    page.goto(f"/requests/{row.pk}/answer/")
    faults += look(page, "answer", SHOTS)
    assert faults == []
