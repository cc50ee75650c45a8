"""Telling something without an account in a real browser: without a script, with one, on a narrow screen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.complaints.models import Complaint
from enlace.intake import actions
from enlace.intake.effort import BASE_WAIT
from enlace.intake.models import Report
from tests.browser.places import tick, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.complaints.accusing import a_complaint
from tests.intake.samples import picture
from tests.intake.telling import WHAT, plain_answer
from tests.world import SYSTEM

Open = Callable[..., Page]
ADDED = "Cierran a las diez de la noche."
FIRST_PAGE = 60_000  # bytes, for an old telephone on a slow network


class Text:
    """A page of the browser as the helpers of the other tests read one."""

    def __init__(self, page: Page) -> None:
        self.text = page.content()


def press(page: Page, name: str) -> None:
    """Press a button of the page by its words."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).last.click()


def answer_plainly(page: Page) -> None:
    """What somebody without a script does: answer the question, and take the seconds that reading takes."""
    page.fill("[name=plain]", plain_answer(Text(page)))
    page.wait_for_timeout(BASE_WAIT * 1000)


def tell(page: Page, looked: Callable[[str], None] = lambda name: None, photograph: Path | None = None) -> None:
    """From the first question to the page that asks for a last look."""
    page.goto("/informe/?lang=en")
    looked("first")
    tick(page, "topic", "help")
    press(page, "Continue")
    write(page, what=WHAT)
    looked("what")
    press(page, "Continue")
    page.select_option("[name=state]", "XX-N")
    looked("where")
    press(page, "Continue")
    press(page, "Continue")
    if photograph:
        page.set_input_files("[name=attached]", photograph)
        answer_plainly(page)
    looked("files")
    press(page, "Continue")
    looked("check")


def come_back(page: Page, number: str) -> None:
    page.goto("/informe/seguimiento/?lang=en")
    write(page, number=number)
    answer_plainly(page)
    press(page, "Continue")


def number_on(page: Page) -> str:
    shown = page.locator("[data-number]").text_content() or ""
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", shown.strip())
    return shown.strip()


def answered(house: House) -> None:
    """What the desk does meanwhile."""
    with seeing_as(SYSTEM):
        report_id = Report.objects.get().pk
    actions.read_report(by=house.world.hilda, report_id=report_id)
    actions.answer_report(by=house.world.hilda, report_id=report_id, verb="ask", text="¿A qué hora cierran?")


@pytest.mark.slow
def test_without_a_script_it_is_told_answered_added_to_and_withdrawn(
    open_page: Open, house: House, tmp_path: Path
) -> None:
    """At 320 px, every page without a fault of axe; no cookie is left."""
    photograph = tmp_path / "photo.jpg"
    photograph.write_bytes(picture(size=(400, 300)))
    page = open_page(java_script_enabled=False)
    page.set_viewport_size({"width": 320, "height": 900})
    tell(page, photograph=photograph)
    expect(page.locator("main")).to_contain_text(WHAT)
    press(page, "Send")
    number = number_on(page)
    answered(house)
    come_back(page, number)
    expect(page.locator("main")).to_contain_text("¿A qué hora cierran?")
    write(page, text=ADDED)
    press(page, "Add")
    expect(page.locator("main")).to_contain_text(ADDED)
    press(page, "Withdraw what I sent")
    press(page, "Yes, withdraw it")
    expect(page.locator("main")).to_contain_text("nobody can read them any more")
    expect(page.locator("main")).not_to_contain_text(ADDED)
    assert page.context.cookies() == []
    with seeing_as(SYSTEM):
        assert Report.objects.get().is_erased


def test_with_a_script_the_puzzle_is_solved_unseen_and_no_page_has_a_fault(open_page: Open) -> None:
    page = open_page()
    faults: list[str] = []
    tell(page, looked=lambda name: faults.extend(look(page, name)))
    expect(page.locator("[data-plain]")).to_be_hidden()
    press(page, "Send")
    number = number_on(page)
    faults += look(page, "receipt")
    page.goto("/informe/seguimiento/?lang=en")
    faults += look(page, "number")
    write(page, number=number)
    press(page, "Continue")
    faults += look(page, "thread")
    press(page, "Withdraw what I sent")
    faults += look(page, "withdraw")
    press(page, "No, go back")
    press(page, "Close")
    faults += look(page, "closed")
    assert faults == []
    assert page.context.cookies() == []


def test_a_complaint_is_made_and_no_page_has_a_fault(open_page: Open, house: House) -> None:
    page = open_page()
    faults: list[str] = []
    page.goto("/informe/?lang=en")
    tick(page, "topic", "official")
    press(page, "Continue")
    assert page.url.partition("?")[0] == f"{house.url}/queja/"
    page.select_option("[name=agency]", "prosecutor-north")
    tick(page, "level", "state")
    faults += look(page, "agency")
    press(page, "Continue")
    write(page, what=WHAT)
    press(page, "Continue")
    faults += look(page, "where")
    press(page, "Continue")
    press(page, "Continue")
    faults += look(page, "check")
    press(page, "Send")
    number_on(page)
    with seeing_as(SYSTEM):
        assert Complaint.objects.get().accused_code == "prosecutor-north"
    assert faults == []


def test_a_mistake_is_told_on_top_and_at_the_field(open_page: Open) -> None:
    page = open_page(expected="422")
    page.goto("/informe/?lang=en")
    press(page, "Continue")
    expect(page.locator("[role=alert]")).to_be_focused()
    assert look(page, "mistake") == []
    page.goto("/informe/seguimiento/?lang=en")
    write(page, number="1234")
    press(page, "Continue")
    expect(page.locator("[role=alert]")).to_contain_text("opens nothing now")
    assert look(page, "wrong-number") == []


def test_escape_pressed_three_times_leaves(open_page: Open) -> None:
    page = open_page()
    page.goto("/informe/?lang=en")
    page.evaluate("document.querySelector('[data-quick-exit]').href = '/account/login/'")
    expect(page.locator("#exit-hint")).to_be_visible()
    with page.expect_navigation():
        for _ in range(3):
            page.keyboard.press("Escape")
    assert page.url.endswith("/account/login/")


def test_the_first_page_is_light_and_asks_nobody_else(open_page: Open) -> None:
    """All that an old telephone must load for it; the watch on the page sees every request to another host."""
    page = open_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto("/informe/?lang=en", wait_until="networkidle")
    assert len(sizes) >= 4
    assert sum(sizes.values()) <= FIRST_PAGE, sizes


def test_the_recipients_pages_have_no_fault(open_page: Open, house: House) -> None:
    teller = open_page()
    tell(teller)
    press(teller, "Send")
    page = open_page("hilda")
    faults = []
    page.goto("/reports/")
    faults += look(page, "reports")
    with page.expect_navigation():
        page.locator("main table a").first.click()
    faults += look(page, "sealed")
    page.select_option("[name=purpose]", "safety")
    with page.expect_navigation():
        page.click("main .panel button")
    expect(page.locator("main")).to_contain_text(WHAT)
    faults += look(page, "report")
    address = page.url
    for name in ("answer", "pass", "close", "contact"):
        page.goto(f"{address}{name}/")
        faults += look(page, name)
    assert faults == []


def test_the_pages_of_complaints_have_no_fault(open_page: Open, house: House) -> None:
    found, _number = a_complaint()
    page = open_page("irene")
    faults = []
    page.goto("/complaints/")
    faults += look(page, "complaints")
    page.goto(f"/complaints/{found.pk}/")
    page.select_option("[name=purpose]", "safety")
    with page.expect_navigation():
        page.click("main .panel button")
    faults += look(page, "complaint")
    address = page.url
    for name in ("answer", "close", "exclude"):
        page.goto(f"{address}{name}/")
        faults += look(page, name)
    assert faults == []
