"""A case's states, its identification, and the deadline of the decision."""

from datetime import UTC, datetime, timedelta

import pytest

from enlace.base.errors import Refusal
from enlace.cases.rules import (
    CASE,
    DECISIONS,
    IDENTIFICATION,
    SEVERAL,
    check_may_close,
    check_open,
    decision_due,
    principal_form,
)


def test_every_decision_has_its_state_and_no_state_is_an_end() -> None:
    assert {state: IDENTIFICATION.verbs(state) for state in IDENTIFICATION.states} == {
        "presumed": DECISIONS,
        "identified": ("re_exploited",),
        "not_confirmed": ("presume_again",),
    }
    assert {state: CASE.verbs(state) for state in CASE.states} == {"open": ("close",), "closed": ("reopen",)}


def test_everything_but_identifying_leads_back_under_protection() -> None:
    assert IDENTIFICATION.after("identified", "re_exploited") == IDENTIFICATION.after("not_confirmed", "presume_again")
    with pytest.raises(Refusal):
        IDENTIFICATION.after("identified", "not_confirm")


@pytest.mark.parametrize(
    ("forms", "expected"),
    [([], ""), (["a"], "a"), (["a", "a"], "a"), (["a", "b"], SEVERAL), (["b", "a", "b"], SEVERAL)],
)
def test_a_person_is_counted_under_one_form(forms: list[str], expected: str) -> None:
    assert principal_form(forms) == expected


def test_the_decision_is_due_after_the_pack_s_time() -> None:
    at = datetime(2025, 2, 27, tzinfo=UTC)
    assert decision_due(at, timedelta(days=21)) == datetime(2025, 3, 20, tzinfo=UTC)


def test_closed_cases_and_waiting_referrals_refuse() -> None:
    check_open("open")
    check_may_close(0)
    with pytest.raises(Refusal, match="closed"):
        check_open("closed")
    with pytest.raises(Refusal, match="waiting"):
        check_may_close(1)
