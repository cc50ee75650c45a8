"""Plans, permits, returns and follow-up: what may follow what, and when it is due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as example_of
from hypothesis import strategies as st

from enlace.assistance import labels
from enlace.assistance.rules import followups, permits, plans, returns
from enlace.assistance.rules.followups import CANCELLED, MET, MISSED, PLANNED, Outcome, Past
from enlace.assistance.rules.returns import Readiness
from enlace.base.errors import Refusal

DAY = date(2025, 3, 3)
LIMITS = {"plan": timedelta(days=5), "plan_review": timedelta(days=30)}


def refused(act: Callable[..., object], *values: object) -> bool:
    try:
        act(*values)
    except Refusal:
        return True
    return False


@pytest.mark.parametrize(("said", "wrong"), [("agreed", False), ("partly", False), ("disagreed", True), ("", True)])
def test_a_plan_begins_with_a_yes(said: str, wrong: bool) -> None:
    assert refused(plans.check_agreement, said) is wrong


def test_a_plan_has_a_goal_and_its_days_follow_one_another() -> None:
    assert refused(plans.check_written, 0)
    assert not refused(plans.check_written, 1)
    assert refused(plans.check_due, DAY - timedelta(days=1), DAY)
    assert not refused(plans.check_due, None, DAY)
    assert not refused(plans.check_due, DAY, DAY)


def test_the_clocks_of_a_plan_come_from_the_pack() -> None:
    at = datetime(2025, 3, 3, tzinfo=UTC)
    assert plans.plan_due(at, LIMITS) == at + timedelta(days=5)
    assert plans.review_due(DAY, LIMITS) == date(2025, 4, 2)


@pytest.mark.parametrize(
    ("citizenships", "identification", "for_foreigners", "entitled"),
    [
        (["FR"], "presumed", True, True),
        (["FR"], "identified", True, True),
        ([], "presumed", True, True),
        (["FR"], "not_confirmed", True, False),
        (["XX"], "presumed", True, False),
        (["FR", "XX"], "identified", True, False),
        (["XX"], "identified", False, True),
    ],
)
def test_a_permit_depends_on_nationality_and_identification_alone(
    citizenships: list[str], identification: str, for_foreigners: bool, entitled: bool
) -> None:
    assert permits.is_entitled(citizenships, "XX", identification, for_foreigners) is entitled


def test_the_clocks_of_a_permit() -> None:
    month = timedelta(days=30)
    assert permits.decision_due(DAY, month) == date(2025, 4, 2)
    assert permits.decision_due(DAY, None) is None
    assert permits.valid_until(DAY, None, None) is None
    assert permits.valid_until(DAY, None, month) == date(2025, 4, 2)
    assert permits.valid_until(DAY, date(2026, 1, 1), month) == date(2026, 1, 1)
    assert refused(permits.valid_until, DAY, DAY - timedelta(days=1), None)


@pytest.mark.parametrize(
    ("status", "valid_to", "lapsed"),
    [
        ("granted", date(2025, 3, 2), True),
        ("renewed", date(2025, 3, 2), True),
        ("granted", DAY, False),
        ("granted", None, False),
        ("converted", date(2025, 3, 2), False),
        ("ended", date(2025, 3, 2), False),
    ],
)
def test_a_permit_in_force_lapses_after_its_last_day(status: str, valid_to: date | None, lapsed: bool) -> None:
    assert permits.has_lapsed(status, valid_to, DAY) is lapsed


def test_steps_are_neither_in_the_future_nor_before_the_last() -> None:
    day = timedelta(days=1)
    assert refused(permits.check_order, DAY + day, DAY, DAY)
    assert refused(permits.check_order, DAY - day, DAY, DAY)
    assert not refused(permits.check_order, DAY, DAY, DAY)


READY = Readiness(is_consented=True, risk_code="safe", is_confirmed=True)


@pytest.mark.parametrize(
    ("ready", "missing"),
    [
        (READY, ()),
        (Readiness(True, "with_measures", True), ()),
        (Readiness(False, "safe", True), ("consent",)),
        (Readiness(True, "unsafe", True), ("risks",)),
        (Readiness(True, "", True), ("risks",)),
        (Readiness(True, "safe", False), ("confirmation",)),
        (Readiness(False, "", False), ("consent", "risks", "confirmation")),
    ],
)
def test_nobody_leaves_without_consent_risk_check_and_confirmation(ready: Readiness, missing: tuple[str, ...]) -> None:
    assert returns.lacking(ready) == missing
    assert refused(returns.check_may_depart, ready) is bool(missing)


@pytest.mark.parametrize(
    ("found", "decision", "measures", "wrong"),
    [
        ({"a": "no", "b": "no"}, "safe", "", False),
        ({"a": "yes", "b": "no"}, "with_measures", "another town", False),
        ({"a": "yes", "b": "unknown"}, "unsafe", "", False),
        ({"a": "no"}, "safe", "", True),
        ({"a": "no", "b": "no", "c": "no"}, "safe", "", True),
        ({"a": "no", "b": "perhaps"}, "safe", "", True),
        ({"a": "no", "b": "no"}, "", "", True),
        ({"a": "unknown", "b": "no"}, "safe", "", True),
        ({"a": "yes", "b": "no"}, "with_measures", "  ", True),
    ],
)
def test_every_risk_is_answered_and_the_decision_fits(
    found: dict[str, str], decision: str, measures: str, wrong: bool
) -> None:
    assert refused(returns.check_risks, found, ["a", "b"], decision, measures) is wrong


def test_half_years_follow_one_another() -> None:
    assert returns.halves_before(date(2020, 7, 1), 3) == ["2020-H1", "2019-H2", "2019-H1"]
    assert returns.halves_before(date(2020, 6, 30), 2) == ["2019-H2", "2019-H1"]


@example_of(st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_the_half_year_before_a_day_has_ended_less_than_half_a_year_ago(day: date) -> None:
    first, last = returns.span_of(returns.halves_before(day, 1)[0])
    assert first < last < day <= last + timedelta(days=184)


@pytest.mark.parametrize("text", ["", "2020", "2020-H3", "20-H1", "1899-H1", "20٢0-H1", "xxxx-H1", "2020-H11"])
def test_what_is_no_half_year_is_refused(text: str) -> None:
    assert refused(returns.span_of, text)


def test_follow_up_is_due_at_the_intervals_of_the_pack() -> None:
    spans = [timedelta(days=30), timedelta(days=91)]
    assert followups.due_days(DAY, spans) == (date(2025, 4, 2), date(2025, 6, 2))


@pytest.mark.parametrize(
    ("newest", "needs"),
    [
        ([], True),
        ([Past(PLANNED, False, False)], False),
        ([Past(MET, False, False), Past(MISSED, False, False)], False),
        ([Past(MET, False, False), Past(CANCELLED, False, False)], True),
        ([Past(MET, True, False), Past(MET, False, False)], True),
        ([Past(MISSED, False, True), Past(CANCELLED, False, False)], False),
    ],
)
def test_a_second_series_begins_only_when_the_first_was_cut_short(newest: list[Past], needs: bool) -> None:
    assert followups.needs_series(newest) is needs


def test_follow_up_comes_after_the_end_and_is_not_in_the_future() -> None:
    day = timedelta(days=1)
    assert refused(followups.check_end, DAY + day, DAY)
    assert not refused(followups.check_end, DAY, DAY)
    assert refused(followups.check_done, DAY + day, DAY, DAY)
    assert refused(followups.check_done, DAY - day, DAY, DAY)
    assert not refused(followups.check_done, DAY, DAY, DAY)


@pytest.mark.parametrize(("day", "belongs"), [(0, False), (14, False), (15, True), (30, True), (90, True)])
def test_a_day_belongs_to_the_follow_up_that_it_is_nearest_to(day: int, belongs: bool) -> None:
    before, due = DAY, DAY + timedelta(days=30)
    assert refused(followups.check_time, before + timedelta(days=day), before, due) is not belongs


def test_an_outcome_with_contact_is_a_meeting_and_the_way_back_depends_on_identification() -> None:
    assert (Outcome(True, False, False).verb, Outcome(False, False, True).verb) == ("meet", "miss")
    ways = {state: followups.way_back(state) for state in ("identified", "not_confirmed", "presumed")}
    assert ways == {"identified": "re_exploited", "not_confirmed": "presume_again", "presumed": ""}


def test_every_state_and_step_has_a_name() -> None:
    named = [
        (labels.PLAN, plans.PLAN, labels.PLAN_STEPS),
        (labels.PERMIT, permits.PERMIT, labels.PERMIT_STEPS),
        (labels.RETURN, returns.RETURN, labels.RETURN_STEPS),
    ]
    for states, machine, steps in named:
        assert set(states) == set(machine.states)
        assert set(steps) == {move.verb for move in machine.moves} | {"draw" if machine is plans.PLAN else "open"}
    assert set(labels.GOAL) == set(labels.STEP) == set(plans.GOAL.states)
    assert set(labels.FOLLOW_UP) == set(followups.FOLLOW_UP.states)
    assert set(labels.RISK_DECISION) == set(returns.RISK_DECISIONS)
    assert set(labels.FOUND) == set(returns.FOUND)
    assert set(labels.AGREEMENT) == {plans.AGREED, plans.PARTLY, plans.DISAGREED}
    assert set(labels.LACKING) == set(returns.lacking(Readiness(False, "", False)))
