"""A year is closed by two people in their browsers, corrected with a reason, and read by everybody."""

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from tests.browser.places import send
from tests.browser.served import House
from tests.browser.walk import count
from tests.browser.watched import look
from tests.releases.closing import REASON, second
from tests.world import SYSTEM, a_case, identified

Open = Callable[..., Page]
YEAR = timezone.localdate().year


def prepare(page: Page) -> None:
    """From the list of releases to what would be frozen."""
    page.goto("/releases/")
    page.select_option("#year", str(YEAR))
    with page.expect_navigation():
        page.click("form[action$='/prepare/'] button")


def approve(page: Page, number: int) -> None:
    page.goto(f"/releases/{number}/")
    with page.expect_navigation():
        page.click("form[action$='/approve/'] button")


def test_a_year_is_closed_by_two_people_and_corrected_with_a_reason(
    open_page: Open, house: House, picture: Callable[[Page, str], None]
) -> None:
    with seeing_as(SYSTEM):
        second(house.world)
    elena, zoe, faults = open_page("elena", expected="422"), open_page("zoe"), []
    elena.goto("/releases/")
    faults += look(elena, "no releases")
    count(elena, YEAR)
    prepare(elena)
    faults += look(elena, "what would be frozen")
    send(elena)
    expect(elena.locator("form[action$='/approve/']")).to_have_count(0)  # not by whoever prepared it
    faults += look(elena, "prepared")
    zoe.goto("/releases/1/")
    faults += look(zoe, "to decide")
    picture(zoe, "publicacion-decidir")
    approve(zoe, 1)
    expect(zoe.locator(".tag.success")).to_be_visible()
    with seeing_as(SYSTEM):
        for _ in range(14):
            identified(house.world.bruno, a_case(house.world.bruno))
    count(elena, YEAR)
    prepare(elena)
    send(elena)  # without the reasons that are owed
    assert elena.locator(".error-summary, .field.invalid").count() > 0
    for area in elena.locator("textarea").all():
        area.fill(REASON)
    faults += look(elena, "reasons")
    send(elena)
    approve(zoe, 2)
    reader = open_page()
    reader.goto("/cifras/cambios/")
    expect(reader.get_by_text(REASON).first).to_be_visible()
    reader.goto("/cifras/1/")
    expect(reader.locator(".notice.warning")).to_be_visible()
    assert faults == []


def test_a_refused_release_tells_why_to_the_house_alone(open_page: Open, house: House) -> None:
    with seeing_as(SYSTEM):
        second(house.world)
    elena, zoe = open_page("elena"), open_page("zoe", expected="404")
    count(elena, YEAR)
    prepare(elena)
    send(elena)
    zoe.goto("/releases/1/")
    zoe.fill("[name=reason]", "Un estado envió dos veces lo mismo.")
    with zoe.expect_navigation():
        zoe.click("form[action$='/refuse/'] button")
    expect(zoe.get_by_text("Un estado envió dos veces lo mismo.")).to_be_visible()
    assert look(zoe, "refused", widths=(320, 1280)) == []
    zoe.goto("/cifras/1/")
    expect(zoe.get_by_text("Un estado envió")).to_have_count(0)
