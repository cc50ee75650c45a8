"""A referral's states, its clock, and the slice its recipient may read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.referrals.rules import ONGOING, REFERRAL, SLICE, WAITING, check_ground, due, slice_of

AT = datetime(2025, 3, 1, 9, tzinfo=UTC)
LIMITS = {"referral_answer": timedelta(hours=48), "referral_answer_shelter": timedelta(hours=8)}


def test_only_what_waits_can_be_answered_and_only_what_runs_can_end() -> None:
    assert REFERRAL.verbs(*WAITING) == ("accept", "decline", "expire", "withdraw")
    assert {state: REFERRAL.verbs(state) for state in ONGOING} == {
        "accepted": ("start", "interrupt"),
        "started": ("complete", "interrupt"),
    }
    ends = {state for state in REFERRAL.states if not REFERRAL.verbs(state)}
    assert ends == {"declined", "expired", "withdrawn", "completed", "interrupted"}


@pytest.mark.parametrize(
    ("services", "hours"), [([], 48), (["MENTAL"], 48), (["SHELTER"], 8), (["MENTAL", "SHELTER"], 8)]
)
def test_a_shelter_has_the_shorter_clock(services: list[str], hours: int) -> None:
    assert due(AT, services, LIMITS) == AT + timedelta(hours=hours)


def test_consent_or_a_ground_is_needed() -> None:
    check_ground(True, "")
    check_ground(False, "emergency")
    with pytest.raises(Refusal, match="consent"):
        check_ground(False, "")


@given(st.dictionaries(st.sampled_from([*SLICE, "name", "address", "phone", "code"]), st.text()), st.booleans())
def test_nothing_outside_the_list_ever_gets_through(facts: dict[str, object], consented: bool) -> None:
    found = slice_of(facts, consented)
    allowed = set(SLICE) if consented else {"age_group_code", "sex_code", "needs_interpreter"}
    assert found == {name: value for name, value in facts.items() if name in allowed}
