"""With Mexico's pack: after help has ended a person is asked at one, three, six and twelve months, each in its time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from enlace.accounts.actions import create_user, load_agencies
from enlace.accounts.queries import actor_for
from enlace.assistance.actions import Ending, Heard, plan_follow_ups, record_follow_up
from enlace.assistance.facts import follow_ups
from enlace.assistance.models import FollowUp
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.cases.actions import Coded, Opening, open_cases
from enlace.country.queries import current
from enlace.people.actions import Registration, register_people
from tests.conftest import FAST_HASH
from tests.world import SYSTEM

MONTH = timedelta(days=30)
A_YEAR_AND_MORE = timedelta(days=400)


@pytest.fixture
def coordinator(db: None, settings: Any) -> Actor:
    settings.ENLACE_COUNTRY, settings.PASSWORD_HASHERS = "mx", FAST_HASH
    load_agencies(by=SYSTEM, seeds=current().agencies)
    agency = next(seed.code for seed in current().agencies if seed.kind_code == "prosecutor")
    user = create_user(by=SYSTEM, username="ines", display_name="Inés", agency_code=agency, role_codes=["R06"])
    return actor_for(user)


@pytest.fixture
def planned(coordinator: Actor) -> list[FollowUp]:
    """Of somebody invented whose help ended more than a year ago."""
    ended_on = timezone.localdate() - A_YEAR_AND_MORE
    return plan_follow_ups(by=coordinator, rows=[Ending(case_id=an_old_case(coordinator), ended_on=ended_on)])


def an_old_case(by: Actor) -> UUID:
    person = Registration(sex_code="female", birth_year=1999)
    register_people(by=by, rows=[person])
    form = Coded(list_name="exploitation_form", code=next(iter(current().forms)).code)
    opened_at = timezone.now() - 2 * A_YEAR_AND_MORE
    case = Opening(
        person_id=person.id,
        origin_code="police",
        state_code=current().states[0].code,
        codes=(form,),
        opened_at=opened_at,
    )
    open_cases(by=by, rows=[case])
    return case.id


def test_she_is_asked_after_one_three_six_and_twelve_months(coordinator: Actor, planned: list[FollowUp]) -> None:
    assert [round((row.due_on - row.base_on) / MONTH) for row in planned] == [1, 3, 6, 12]
    for row in planned:
        record_follow_up(by=coordinator, row=Heard(follow_up_id=row.pk, outcome_code="well", done_on=row.due_on))
    facts = sorted(follow_ups(planned[0].due_on, planned[-1].due_on), key=lambda fact: fact.number)
    assert [(fact.number, fact.is_reached) for fact in facts] == [(number, True) for number in (1, 2, 3, 4)]


def test_how_she_is_after_a_month_is_not_how_she_is_after_six(coordinator: Actor, planned: list[FollowUp]) -> None:
    a_month_after = planned[0].due_on
    early = Heard(follow_up_id=planned[2].pk, outcome_code="well", done_on=a_month_after)
    with pytest.raises(Refusal, match="earlier follow-up"):
        record_follow_up(by=coordinator, row=early)
    assert FollowUp.objects.get(pk=planned[2].pk).status == "planned"
