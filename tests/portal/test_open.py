"""Opening the page: one number, one person; everything else is one same answer, and nobody is tracked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing
from enlace.intake import receipts
from enlace.intake.models import WrongTries
from enlace.intake.public import sealed
from enlace.intake.queries import wrong_tries_lately
from enlace.portal import actions, queries
from enlace.portal.models import OwnPage
from enlace.portal.permissions import PAGE, own_id, person_actor
from tests.intake.telling import everything_stored, hidden
from tests.portal.holding import ENGLISH, SEEN, URL, a_page, herself, open_own, press
from tests.world import World, a_person

WRONG = "0000 0000 0000 0001"


def plainly(page: Any) -> str:
    """The page without what differs from one opening to the next, and without what was typed."""
    text = re.sub(r'(data-challenge|value|data-bits)="[^"]*"', "", page.text)
    return re.sub(r"<div data-plain>.*?</div>\s*</div>", "", text, flags=re.DOTALL)


def ended(world: World, how: str) -> str:
    """A number that was good and is not any more."""
    person_id = a_person(world.bruno)
    number = a_page(world.bruno, person_id)
    if how == "closed":
        actions.close_page(by=world.bruno, person_id=person_id)
    elif how == "replaced":
        a_page(world.bruno, person_id)
    else:
        past = timezone.now() - timedelta(days=9)
        OwnPage.objects.update(issued_at=past - timedelta(days=60), expires_at=past)
        if how == "marked":
            actions.expire_pages(by=PAGE, at=timezone.now())
    return number


@pytest.mark.parametrize("how", ["closed", "replaced", "run out", "marked"])
def test_a_number_that_ended_says_the_same_as_a_wrong_one_and_is_counted_alike(world: World, how: str) -> None:
    number = ended(world, how)
    wrong, past = open_own(WRONG), open_own(number)
    assert wrong.status_code == past.status_code == 422
    assert plainly(past) == plainly(wrong)
    assert wrong_tries_lately() == 2
    assert SEEN not in past.text


def test_opening_leaves_no_cookie_no_address_and_nothing_to_keep(world: World) -> None:
    number = a_page(world.bruno, a_person(world.bruno))
    client = Client(REMOTE_ADDR="203.0.113.79")
    page = open_own(number, client)
    open_own(WRONG, client)
    assert SEEN in page.text
    assert dict(client.cookies) == {}
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "203.0.113.79" not in everything_stored()
    assert re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)[1].strip() == "Information"


def test_the_record_does_not_tell_when_she_reads(world: World) -> None:
    person_id = a_person(world.bruno)
    number = a_page(world.bruno, person_id)
    before = AuditEvent.objects.filter(subject_id=str(person_id)).count()
    open_own(number)
    assert AuditEvent.objects.filter(subject_id=str(person_id)).count() == before
    assert AuditEvent.objects.filter(action="page.opened", subject_id="").count() == 1


def test_she_sees_when_the_page_was_opened_before(world: World) -> None:
    number = a_page(world.bruno, a_person(world.bruno))
    assert "first time that this number is used" in open_own(number).text
    again = open_own(number)
    assert "This page was opened before on" in again.text
    assert "This page was opened before on" in press(again, "show").text


def test_who_knows_three_groups_is_stopped_and_the_right_number_waits(world: World) -> None:
    number = a_page(world.bruno, a_person(world.bruno))
    near = [f"{number[:12]}{guess:04}" for guess in range(100) if f"{guess:04}" != number[12:]]
    for guess in near[: receipts.GROUP_LIMIT]:
        with pytest.raises(Missing):
            actions.open_page(by=PAGE, number=guess)
    with pytest.raises(Missing):
        actions.open_page(by=PAGE, number=number)
    WrongTries.objects.all().delete()  # another day
    assert actions.open_page(by=PAGE, number=number)
    with pytest.raises(Forbidden):
        actions.open_page(by=world.bruno, number=number)


def test_the_number_of_a_report_opens_no_page_and_the_other_way_round(world: World) -> None:
    number = a_page(world.bruno, a_person(world.bruno))
    assert queries.page_by_number(number) is not None
    assert receipts.digest("report", number) != queries.digest_of(number)


@pytest.mark.parametrize("how", ["closed", "run out"])
def test_what_is_open_closes_with_its_number(world: World, how: str) -> None:
    person_id = a_person(world.bruno)
    page = open_own(a_page(world.bruno, person_id))
    if how == "closed":
        actions.close_page(by=world.bruno, person_id=person_id)
    else:
        past = timezone.now() - timedelta(minutes=1)
        OwnPage.objects.update(issued_at=past - timedelta(days=60), expires_at=past)
    after = press(page, "show")
    assert after.status_code == 422
    assert SEEN not in after.text


@pytest.mark.parametrize("spoil", ["old", "kind", "changed"])
def test_a_pass_that_is_old_forged_or_of_another_kind_opens_nothing(world: World, spoil: str) -> None:
    a_page(world.bruno, a_person(world.bruno))
    seen = timezone.now().timestamp()
    values = {"kind": queries.KIND, "id": str(OwnPage.objects.get().pk), "before": "", "seen": seen}
    good = sealed(values)
    bad = {
        "old": sealed(values | {"seen": seen - 60 * 21}),
        "kind": sealed(values | {"kind": "report"}),
        "changed": good[:-2] + ("00" if good[-2:] != "00" else "11"),
    }[spoil]
    assert SEEN in Client().post(reverse(URL), {"pass": good, "do": "show"}, headers=ENGLISH).text
    page = Client().post(reverse(URL), {"pass": bad, "do": "show"}, headers=ENGLISH)
    assert page.status_code == 422
    assert SEEN not in page.text


def test_leaving_asks_the_browser_to_forget(world: World) -> None:
    page = press(open_own(a_page(world.bruno, a_person(world.bruno))), "leave")
    assert page["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "pass" not in hidden(page)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 3), other=st.integers(0, 3))
def test_a_number_opens_exactly_one_persons_page(world: World, place: int, other: int) -> None:
    people = [a_person(world.bruno, sex_code="male" if n % 2 else "female") for n in range(4)]
    numbers = [a_page(world.bruno, person_id) for person_id in people]
    page_id, _before = actions.open_page(by=PAGE, number=numbers[place])
    viewer = queries.person_of_page(page_id)
    assert viewer is not None
    assert own_id(viewer) == people[place]
    assert (viewer == herself(world.bruno, people[other])) == (place == other)
    assert viewer.can == {"PORTAL_OWN"}
    assert (viewer.agency_code, viewer.is_system, viewer.role_code) == ("", False, "R21")


def test_nobody_else_is_the_person(world: World) -> None:
    for actor in (world.bruno, world.gema, PAGE):
        with pytest.raises(Forbidden):
            own_id(actor)
    assert own_id(person_actor(OwnPage().pk, "P")) is not None
