"""From a presumed victim to the follow-up after half a year, in a real browser, as the people of four agencies walk it.

The first place declines, the second stays silent and the clock sends the person on to the third, which takes her in. Referral and
bed are recorded on the day of the test. Where a form asks for a day it gets the day on which the thing happened, months ago, as
from an agency that writes down late: so that the times at which she is asked again have passed.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from enlace.assistance.models import FollowUp, Permit
from enlace.base.clocks import run_clocks
from enlace.base.rows import seeing_as
from enlace.cases.models import Case
from enlace.country.queries import current
from enlace.directory.actions import seal_place
from enlace.directory.rules import Criterion
from enlace.placements.models import Stay, UnmetNeed
from enlace.referrals.models import Referral
from enlace.vault.rules import Identity
from tests.browser.conftest import Open
from tests.browser.places import choose, follow, send, tick, write
from tests.browser.served import House
from tests.browser.test_portal import enter_number
from tests.browser.watched import look
from tests.directory.houses import WOMEN
from tests.placements.test_find import house as a_site
from tests.portal.test_location import telling
from tests.world import SYSTEM, a_case, a_person

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
pytestmark = pytest.mark.slow
Picture = Callable[[Page, str], None]

HALF_A_YEAR, A_YEAR = timedelta(days=180), timedelta(days=365)
# Longer than any agency may take to answer, shorter than what the person's own page lasts.
SILENCE = timedelta(hours=9)
ADDRESS = "Calle Inventada 7"
BEST, SECOND, THIRD = "Casa Alborada", "Casa Brisa", "Casa Caracola"
MEN, CELLS = "Casa Delta", "Separos"
HERSELF = Identity(given_names="Persona", family_names="Inventada Once", phones=("5550007777",))


class Story:
    """One person's case, the windows of those who work on it, and what was wrong with the pages they saw."""

    def __init__(self, house: House, open_page: Open, picture: Picture) -> None:
        self.house, self.open_page, self.picture = house, open_page, picture
        self.faults: list[str] = []
        with seeing_as(SYSTEM):
            self.houses = some_houses(house)
            self.person_id = a_person(house.world.bruno, identity=HERSELF)
            self.case_id = a_case(house.world.bruno, self.person_id, opened_at=timezone.now() - A_YEAR)
        self.desk = open_page("bruno")

    def sees(self, page: Page, name: str) -> None:
        """Look at the page at every width."""
        self.faults += look(page, name, SHOTS)

    def case_page(self, page: Page | None = None) -> Page:
        page = page or self.desk
        page.goto(f"/cases/{self.case_id}/")
        return page

    def sent(self) -> Referral:
        """The one referral that waits for an answer."""
        with seeing_as(SYSTEM):
            return Referral.objects.select_related("site").get(case_id=self.case_id, status="sent")


@pytest.fixture
def story(house: House, open_page: Open, picture: Picture) -> Iterator[Story]:
    told = Story(house, open_page, picture)
    yield told
    assert told.faults == []


def some_houses(house: House) -> dict[str, UUID]:
    """Three for women, each with less that speaks for it than the one before; one for old men; and one that the law bars."""
    sites = {
        BEST: a_site(agency="ngo-harbour", name=BEST, state_code="XX-N", rows=(WOMEN,)),
        SECOND: a_site(agency="health-south", name=SECOND, state_code="XX-S", rows=(WOMEN,)),
        THIRD: a_site(name=THIRD, kind_code="common_shelter", max_stay_days=90, rows=(WOMEN,)),
        MEN: a_site(name=MEN, rows=(Criterion(True, "sex", frozenset({"male"})), Criterion(True, "age", least=60))),
        CELLS: a_site(agency="health-south", name=CELLS, kind_code="lockup", state_code="XX-N"),
    }
    seal_place(by=house.world.dora, site_id=sites[THIRD], content={"address": ADDRESS})
    return sites


def day(when: date) -> str:
    """As it is typed."""
    return f"{when.day}/{when.month}/{when.year}"


def section(page: Page, name: str) -> Locator:
    return page.locator(f"section[aria-labelledby={name}]")


def test_from_a_presumed_victim_to_the_follow_up_after_half_a_year(story: Story) -> None:
    with seeing_as(SYSTEM):
        assert Case.objects.get(pk=story.case_id).identification == "presumed"
    found_and_asked(story)
    declined(story)
    silent(story)
    accepted_and_told(story)
    shelter = story.open_page("dora")
    taken_in(story, shelter)
    ended_on = timezone.localdate() - max(current().followups)
    planned_with_her(story, ended_on - timedelta(days=90))
    permit_applied_for(story, ended_on - timedelta(days=60))
    moves_out(story, shelter)
    asked_again(story, ended_on)
    her_own_page(story)


def found_and_asked(story: Story) -> None:
    """The best place stands first, each with its reasons; the one for men does not fit, and the cells are barred."""
    desk = story.case_page()
    follow(desk, "/place/")
    tick(desk, "services", "SHELTER")
    story.sees(desk, "lugar-preguntas")
    send(desk)
    fits = desk.locator("ol > li.panel")
    expect(fits.locator("h3")).to_have_text([BEST, SECOND, THIRD])
    expect(fits.first).to_contain_text("En la misma entidad.")
    expect(fits.nth(1)).to_contain_text("En otra entidad.")
    expect(fits.last).to_contain_text("No especializado en trata.")
    expect(desk.locator("details.more h3")).to_have_text([MEN, CELLS])
    story.sees(desk, "lugares")
    story.picture(desk, "lugares")
    desk.locator("main form[action$='/send/'] button.button").click()
    desk.wait_for_url("**/referrals/**")
    story.sees(desk, "lugar-consultado")
    assert story.sent().site_id == story.houses[BEST]


def declined(story: Story) -> None:
    """The first says no, and why; the clock asks the next best in the sender's name."""
    first, keeper = story.sent(), story.open_page("carla")
    keeper.goto("/")
    follow(keeper, f"/referrals/{first.pk}/")
    story.sees(keeper, "canalizacion-por-responder")
    follow(keeper, "/decline/")
    choose(keeper, "reason", "no_capacity")
    story.sees(keeper, "rechazar")
    send(keeper)
    run_clocks(timezone.now())
    second = story.sent()
    assert (second.site_id, second.previous_id) == (story.houses[SECOND], first.pk)
    told_of(story, first, "Salud", "cola-rechazada")


def silent(story: Story) -> None:
    """Nobody answers in the second place until its time is over; at the same turn of the clock the third is asked."""
    second = story.sent()
    assert second.due_at < timezone.now() + SILENCE
    assert run_clocks(timezone.now())["referrals.expire"] == 0
    assert run_clocks(timezone.now() + SILENCE)["referrals.expire"] == 1
    third = story.sent()
    assert (third.site_id, third.previous_id, third.attempt) == (story.houses[THIRD], second.pk, 3)
    told_of(story, second, "Casa de las Islas", "cola-vencida")


def told_of(story: Story, before: Referral, name: str, shot: str) -> None:
    """The sender's work queue says what came back and who was asked instead, and so does the referral that came back."""
    story.desk.goto("/")
    queue = section(story.desk, "queue-came_back")
    expect(queue.locator("li")).to_have_count(1)
    expect(queue).to_contain_text(name)
    story.sees(story.desk, shot)
    story.desk.goto(f"/referrals/{before.pk}/")
    expect(section(story.desk, "after-title")).to_contain_text(name)
    story.sees(story.desk, f"{shot}-canalizacion")


def accepted_and_told(story: Story) -> None:
    third, shelter = story.sent(), story.open_page("dora")
    shelter.goto("/")
    follow(shelter, f"/referrals/{third.pk}/")
    follow(shelter, "/accept/")
    story.sees(shelter, "aceptar")
    send(shelter)
    story.desk.goto("/")
    expect(section(story.desk, "queue-came_back")).to_have_count(0)
    story.desk.goto(f"/referrals/{third.pk}/")
    expect(story.desk.locator("main .tag").first).to_have_text("Aceptada")


def taken_in(story: Story, shelter: Page) -> None:
    """A bed is held and she comes, told what the place is like and agreeing to stay."""
    story.case_page(shelter)
    story.sees(shelter, "caso-refugio")
    follow(shelter, "/bed/")
    story.sees(shelter, "apartar-cama")
    send(shelter)
    story.sees(shelter, "cama-apartada")
    follow(shelter, "/admit/")
    story.sees(shelter, "ingreso")
    tick(shelter, "is_voluntary")
    send(shelter)
    with seeing_as(SYSTEM):
        stay = Stay.objects.select_related("referral").get(case_id=story.case_id)
    assert (stay.status, stay.site_id) == ("admitted", story.houses[THIRD])
    assert stay.referral is not None
    assert stay.referral.status == "started"
    story.sees(shelter, "estancia")
    story.picture(shelter, "estancia")
    shelter.goto("/stays/")
    story.sees(shelter, "estancias")


def planned_with_her(story: Story, on: date) -> None:
    """The care plan, in her words, agreed on that day."""
    desk = story.case_page()
    follow(desk, "/plan/")
    write(desk, words="Quiero terminar la secundaria.")
    send(desk)
    follow(desk, "/goal/")
    choose(desk, "area", "education")
    write(desk, objective="Inscribirme en la secundaria")
    send(desk)
    follow(desk, "/step/agree/")
    write(desk, on=day(on))
    tick(desk, "agreement", "agreed")
    story.sees(desk, "acordar-plan")
    send(desk)
    story.sees(desk, "plan")


def permit_applied_for(story: Story, on: date) -> None:
    """She is told of the permit in her language, and it is applied for; its clock runs from that day."""
    desk = story.case_page()
    follow(desk, "/permit/")
    tick(desk, "kind", "stay_permit")
    write(desk, on=day(on))
    send(desk)
    follow(desk, "/step/inform/")
    write(desk, on=day(on))
    choose(desk, "code", "person")
    choose(desk, "language", next(iter(current().codes("language"))).code)
    story.sees(desk, "informar-permiso")
    send(desk)
    follow(desk, "/step/apply/")
    write(desk, on=day(on + timedelta(days=1)))
    send(desk)
    story.sees(desk, "permiso")
    with seeing_as(SYSTEM):
        permit = Permit.objects.get(case_id=story.case_id)
    assert (permit.status, permit.applied_on) == ("applied", on + timedelta(days=1))
    desk.goto("/")
    expect(section(desk, "queue-permits_to_act_on").locator("li")).to_have_count(1)


def moves_out(story: Story, shelter: Page) -> None:
    """With a plan of where she goes, she leaves; the bed is free and the sender learns how it ended."""
    with seeing_as(SYSTEM):
        stay = Stay.objects.get(case_id=story.case_id)
    shelter.goto(f"/stays/{stay.pk}/")
    follow(shelter, "/plan/")
    choose(shelter, "destination", "own_home")
    write(shelter, plan="Renta compartida con una prima; la acompaña trabajo social.")
    story.sees(shelter, "plan-egreso")
    send(shelter)
    follow(shelter, "/exit/")
    choose(shelter, "reason", "plan_completed")
    choose(shelter, "destination", "own_home")
    story.sees(shelter, "egreso")
    send(shelter)
    story.sees(shelter, "estancia-terminada")
    with seeing_as(SYSTEM):
        stay.refresh_from_db()
        assert (stay.status, stay.exit_plan_code) == ("exited", "own_home")
        assert Referral.objects.get(pk=stay.referral_id).status == "completed"


def asked_again(story: Story, ended_on: date) -> None:
    """The help ended on that day: the times of the country follow, and each time she says how she is."""
    desk = story.case_page()
    with desk.expect_navigation():
        section(desk, "plan-title").locator("ul a").click()
    follow(desk, "/step/move_on/")
    write(desk, on=day(ended_on))
    story.sees(desk, "transicion")
    send(desk)
    with seeing_as(SYSTEM):
        planned = list(FollowUp.objects.filter(case_id=story.case_id).order_by("number"))
    assert [row.due_on for row in planned] == [ended_on + span for span in current().followups]
    assert planned[-1].due_on - ended_on >= HALF_A_YEAR
    desk.goto("/")
    expect(section(desk, "queue-follow_ups_due").locator("li")).to_have_count(len(planned))
    desk.goto("/follow-ups/")
    story.sees(desk, "seguimientos")
    for number, row in enumerate(planned, start=1):
        desk.goto(f"/follow-ups/{row.pk}/")
        follow(desk, "/record/")
        write(desk, done_on=day(row.due_on), remark="Estudia por las tardes.")
        tick(desk, "outcome", "fine")
        story.sees(desk, f"seguimiento-{number}")
        send(desk)
    story.sees(desk, "caso-seguido")
    with seeing_as(SYSTEM):
        met = FollowUp.objects.filter(case_id=story.case_id, status="met").values_list("done_on", flat=True)
        assert set(met) == {row.due_on for row in planned}


def her_own_page(story: Story) -> None:
    """With the number from the desk she reads on a phone what was done, and nothing there says where she lived."""
    desk = story.desk
    desk.goto(f"/people/{story.person_id}/own-page/")
    tick(desk, "kept_as", "paper")
    tick(desk, "keeper", "person")
    send(desk)
    number = (desk.locator("[data-number]").text_content() or "").strip()
    phone = story.open_page()
    phone.set_viewport_size({"width": 320, "height": 900})
    enter_number(phone, number, "es")
    expect(phone.locator("main h1")).to_have_text("Lo que usted puede ver")
    for told in ("own-referrals-title", "own-stays-title", "own-permits-title"):
        expect(section(phone, told)).to_be_visible()
    with seeing_as(SYSTEM):
        lived = list(Stay.objects.filter(case_id=story.case_id).select_related("site"))
    page = phone.content().casefold()
    assert [word for word in {*telling(lived), *story.houses, ADDRESS} if word.casefold() in page] == []
    story.sees(phone, "pagina-propia")
    assert phone.context.cookies() == []


def test_for_whom_no_place_fits_the_gap_is_recorded_and_counted(story: Story) -> None:
    """A man of thirty: the page says the least that would have to change, and the need waits until somebody helps."""
    with seeing_as(SYSTEM):
        case_id = a_case(story.house.world.bruno, a_person(story.house.world.bruno, sex_code="male", birth_year=1996))
    desk = story.desk
    desk.goto(f"/cases/{case_id}/place/")
    tick(desk, "services", "SHELTER")
    send(desk)
    expect(desk.locator("ol > li.panel")).to_have_count(0)
    expect(desk.locator("main")).to_contain_text("Lo mínimo que tendría que cambiar")
    story.sees(desk, "ningun-lugar")
    with desk.expect_navigation():
        desk.locator("main form[action$='/gap/'] button.button").click()
    expect(section(desk, "places-title").locator("li")).to_have_count(1)
    story.sees(desk, "caso-sin-lugar")
    with seeing_as(SYSTEM):
        need = UnmetNeed.objects.get()
    assert (need.case_id, need.service_code, need.sex_code, need.resolved_at) == (case_id, "SHELTER", "male", None)
    assert need.changes
    desk.goto("/")
    expect(section(desk, "queue-unmet").locator("li")).to_have_count(1)
    state = story.open_page("elena")
    state.goto("/needs/")
    story.sees(state, "necesidades")
    state.goto("/needs/plan/")
    story.sees(state, "planear-lugares")
