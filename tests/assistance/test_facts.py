"""Rows for statistics: each thing once, with what is counted about the person, and not a word of free text."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

import pytest

from enlace.assistance import facts
from enlace.assistance.actions import Spending, record_costs
from enlace.cases.actions import close_case
from tests.assistance.caring import (
    TODAY,
    a_permit,
    a_return,
    a_service,
    a_session,
    a_source,
    agreed_to_return,
    days_ago,
    followed,
    heard,
    moved,
)
from tests.world import World, a_case

SPAN = (days_ago(60), TODAY())


def test_sessions_are_told_with_their_state_and_interpreter(world: World) -> None:
    case_id = a_case(world.bruno)
    service_id = a_service(world.bruno, case_id)
    a_session(world.bruno, service_id, verb="hold", language_code="north_tongue", interpreter_code="lacking")
    a_session(world.bruno, service_id, verb="cancel", cancelled_by="person")
    told = [(f.status, f.service_code, f.interpreter_code, f.is_group) for f in facts.sessions(*SPAN)]
    assert sorted(told) == [("cancelled", "MENTAL", "", False), ("held", "MENTAL", "lacking", False)]
    assert {fact.about.case_id for fact in facts.sessions(*SPAN)} == {case_id}
    assert list(facts.sessions(TODAY() + timedelta(days=1), TODAY() + timedelta(days=2))) == []


def test_permits_are_told_step_by_step_and_unlawful_refusals_apart(world: World) -> None:
    permit_id = a_permit(world.bruno, a_case(world.bruno), "inform", "apply")
    moved(world.bruno, permit_id, "refuse", days_ago(5), code="no_testimony")
    moved(world.bruno, permit_id, "apply", days_ago(4))
    moved(world.bruno, permit_id, "refuse", days_ago(3), code="incomplete")
    told = [(f.verb, f.code, f.is_contrary_to_law) for f in facts.permit_steps(*SPAN)]
    assert [row for row in told if row[0] == "refuse"] == [
        ("refuse", "no_testimony", True),
        ("refuse", "incomplete", False),
    ]
    assert sorted(verb for verb, _code, _contrary in told) == ["apply", "apply", "inform", "open", "refuse", "refuse"]


def test_returns_are_told_step_by_step(world: World) -> None:
    case_id = a_case(world.bruno)
    agreed_to_return(world.bruno, case_id)
    a_return(world.bruno, case_id, "check_risks", "confirm", "depart", "arrive")
    told = {fact.verb: (fact.kind_code, fact.country_code, fact.on) for fact in facts.return_steps(*SPAN)}
    assert told["arrive"] == ("going_home", "MX", days_ago(16))
    assert len(told) == 5


def test_follow_up_is_told_by_the_day_it_was_due_with_renewed_exploitation(world: World) -> None:
    rows = followed(world.bruno, a_case(world.bruno), ended=130)
    heard(world.bruno, rows[0])
    heard(world.bruno, rows[1], "exploited_again")
    told = [(f.number, f.is_reached, f.is_reexploited) for f in facts.follow_ups(days_ago(130), TODAY())]
    assert sorted(told) == [(1, True, False), (2, True, True)]
    assert list(facts.follow_ups(TODAY(), date(2199, 1, 1))) == [], "what was cancelled is not told"


def test_costs_are_sums_and_nobody_s(world: World) -> None:
    rows = [
        Spending(service_code="EDU", funding_code=a_source(), amount=Decimal(amount), spent_on=TODAY())
        for amount in ("10", "2.50")
    ]
    record_costs(by=world.bruno, rows=rows)
    (fact,) = facts.costs(*SPAN)
    assert (fact.agency_code, fact.service_code, fact.amount) == ("prosecutor-north", "EDU", Decimal("12.50"))


@pytest.mark.parametrize(
    "fact",
    [facts.SessionFact, facts.PermitFact, facts.ReturnFact, facts.FollowUpFact, facts.CostFact, facts.HalfFact],
)
def test_no_fact_holds_free_text(fact: type) -> None:
    names = {field.name for field in fields(fact)}
    assert not names & {"remark", "words", "note", "measures", "text", "objective", "title"}


def test_a_closed_case_still_counts(world: World) -> None:
    case_id = a_case(world.bruno)
    a_session(world.bruno, a_service(world.bruno, case_id), verb="hold")
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    assert len(list(facts.sessions(*SPAN))) == 1
