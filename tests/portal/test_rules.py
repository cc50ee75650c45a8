"""When an answer is due, and what may be done with a request."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.portal import rules

days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def counted_one_by_one(start: date, count: int) -> date:
    """The slow judge: step day by day and count those that are worked."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


@given(days, st.integers(0, 60))
def test_working_days_are_those_counted_one_by_one(start: date, count: int) -> None:
    assert rules.working_day(start, count) == counted_one_by_one(start, count)


def test_twenty_working_days_are_four_weeks() -> None:
    friday = datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert rules.due(friday, timedelta(days=20), working=True) == datetime(2026, 1, 30, 23, 59, tzinfo=UTC)
    assert rules.due(friday, timedelta(days=20), working=False) == friday + timedelta(days=20)


@pytest.mark.parametrize("status", rules.PERSON_REQUEST.states)
def test_a_question_is_answered_and_a_claim_is_granted_or_not(status: str) -> None:
    question = rules.desk_verbs(status, carried_out=False)
    claim = rules.desk_verbs(status, carried_out=True)
    assert set(question) <= {"answer", "extend"}
    assert set(claim) <= {"grant", "decline", "extend", "finish"}
    assert "withdraw" not in {*question, *claim}
    assert bool(claim) == (status in rules.OWED)


def test_more_time_is_asked_once() -> None:
    assert rules.PERSON_REQUEST.after(rules.RECEIVED, "extend") == rules.EXTENDED
    assert "extend" not in rules.PERSON_REQUEST.verbs(rules.EXTENDED)


def test_a_number_that_ended_never_opens_again() -> None:
    assert {rules.OWN_PAGE.verbs(state) for state in (rules.CLOSED, rules.REPLACED, rules.EXPIRED, rules.REFUSED)} == {
        ()
    }


def test_a_child_never_answers_alone() -> None:
    with pytest.raises(Refusal):
        rules.check_keeper("person", is_minor=True)
    rules.check_keeper("guardian", is_minor=True)
    rules.check_keeper("person", is_minor=False)
