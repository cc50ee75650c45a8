"""Five people walk one invented person from registration to a row in the national table, in a real browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.places import NAME
from tests.browser.served import ALREADY_IDENTIFIED, House
from tests.browser.watched import look

Open = Callable[..., Page]
Picture = Callable[[Page, str], None]
# The figure of people identified stands first.
IDENTIFIED = ".headline .headline-value >> nth=0"


class Story:
    """The house, who is in it, and what was seen on the pages passed."""

    def __init__(self, house: House, open_page: Open, picture: Picture) -> None:
        self.house, self.open_page, self.picture = house, open_page, picture
        self.faults: list[str] = []
        self._shots = Path(os.environ["ENLACE_LOOK"]) if os.environ.get("ENLACE_LOOK") else None

    def arrives(self, name: str) -> Page:
        """Somebody of the cast signs in, in a window of their own, and sees the first page."""
        page = self.open_page()
        page.goto("/")
        walk.sign_in(page, self.house, name)
        assert page.url == f"{self.house.url}/"
        return page

    def sees(self, page: Page, name: str) -> None:
        """Look at the page at every width, light and dark."""
        self.faults += look(page, name, self._shots)


@pytest.fixture
def story(house: House, open_page: Open, picture: Picture) -> Iterator[Story]:
    told = Story(house, open_page, picture)
    yield told
    assert told.faults == []


def test_one_person_from_registration_to_the_national_table(story: Story) -> None:
    year = timezone.localdate().year
    elena = story.arrives("elena")
    before = counted(story, elena, year)
    assert before == ALREADY_IDENTIFIED
    referral_url = first_responder(story)
    bruno, case_url, referral_url = coordinator(story, referral_url)
    provider(story, referral_url, case_url)
    bruno.goto(referral_url)
    expect(bruno.locator("main .tag.success")).to_be_visible()
    story.sees(bruno, "canalizacion-cumplida")
    assert counted(story, elena, year) == before + 1
    seen(story, elena, "tabla-nacional")
    auditor(story)


def first_responder(story: Story) -> str:
    """Alma meets somebody nobody knows, opens the case and refers it."""
    page = story.open_page()
    page.goto("/")
    story.sees(page, "entrada")
    walk.sign_in(page, story.house, "alma")
    story.sees(page, "cola-vacia")
    walk.search(page)
    story.sees(page, "busqueda")
    walk.register_person(page, lambda: seen(story, page, "registro"))
    story.sees(page, "persona")
    walk.open_case(page)
    story.sees(page, "caso-nuevo")
    return walk.refer(page, "prosecutor-north", "LEGAL", lambda: story.sees(page, "canalizar"))


def coordinator(story: Story, referral_url: str) -> tuple[Page, str, str]:
    """Bruno accepts, sees who it is, identifies, and refers to those who will help."""
    page = story.arrives("bruno")
    seen(story, page, "cola")
    walk.accept_from_queue(page, referral_url)
    seen(story, page, "canalizacion")
    walk.follow_to(page, "cases")
    case_url = page.url
    walk.follow_to(page, "people")
    walk.open_identity(page)
    story.sees(page, "identidad")
    walk.decide(page, case_url, lambda: story.sees(page, "decidir"))
    seen(story, page, "caso")
    return page, case_url, walk.refer(page, "ngo-harbour", "MENTAL")


def provider(story: Story, referral_url: str, case_url: str) -> None:
    """Carla accepts and gives the help that was asked for."""
    page = story.arrives("carla")
    walk.accept_from_queue(page, referral_url)
    walk.record_service(page, case_url, "MENTAL", lambda: seen(story, page, "asistencia"))
    story.sees(page, "caso-atendido")


def seen(story: Story, page: Page, name: str) -> None:
    """Looked at, and a picture taken of it for the documents."""
    story.sees(page, name)
    story.picture(page, name)


def counted(story: Story, page: Page, year: int) -> int:
    """How many were identified this year, by the table that Elena counts now."""
    walk.count(page, year)
    return int(page.locator(IDENTIFIED).inner_text())


def auditor(story: Story) -> None:
    """Gema sees that the identity was read, by whom and why, and not whose it is."""
    page = story.arrives("gema")
    page.goto("/log/?action=identity.read")
    row = page.locator("main tbody tr").first
    expect(row).to_contain_text("Bruno")
    expect(row).to_contain_text("verify_identity")
    expect(page.locator("body")).not_to_contain_text(NAME)
    story.sees(page, "bitacora")
