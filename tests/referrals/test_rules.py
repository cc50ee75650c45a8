"""A referral's states, its clock, and the slice its recipient may read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.referrals.rules import (
    CAME_BACK,
    HELPED,
    IDENTITY,
    ONGOING,
    PACKAGE,
    REFERRAL,
    SENT,
    SLICE,
    WAITING,
    WITHOUT_CONSENT,
    check_anonymous,
    check_chosen,
    check_ground,
    due,
    is_disclosed,
    is_left_over,
    slice_of,
    told_fields,
)

AT = datetime(2025, 3, 1, 9, tzinfo=UTC)
LIMITS = {"referral_answer": timedelta(hours=48), "referral_answer_shelter": timedelta(hours=8)}


def test_only_what_waits_can_be_answered_and_only_what_runs_can_end() -> None:
    assert REFERRAL.verbs(*WAITING) == ("accept", "decline", "expire", "withdraw", "supersede")
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


def test_consent_or_a_ground_is_needed_or_else_nothing_is_told() -> None:
    check_ground(True, "")
    check_ground(False, "emergency")
    check_ground(False, "", is_anonymous=True)
    with pytest.raises(Refusal, match="consent"):
        check_ground(False, "")


def test_with_an_anonymous_referral_goes_no_word_and_no_identity() -> None:
    check_anonymous("  ", shares_identity=False)
    for message, shares in (("a word", False), ("", True)):
        with pytest.raises(Refusal, match="nothing is told"):
            check_anonymous(message, shares)


FACTS = st.dictionaries(st.sampled_from([*SLICE, "name", "address", "phone", "code"]), st.text())
GROUNDS = st.sampled_from(["", "emergency"])
CHOSEN = st.none() | st.sets(st.sampled_from([*SLICE, "name", "address"]))


@given(FACTS, st.booleans(), GROUNDS, CHOSEN)
def test_nothing_outside_the_list_ever_gets_through(
    facts: dict[str, object], consented: bool, ground: str, chosen: set[str] | None
) -> None:
    allowed = set(SLICE) if consented else set(WITHOUT_CONSENT) if ground else set()
    wanted = allowed if chosen is None else allowed & chosen
    found = slice_of(facts, consented, ground, chosen)
    assert found == {name: value for name, value in facts.items() if name in wanted}


@given(st.sets(st.sampled_from([*SLICE, *IDENTITY, "address", "message"])), st.booleans(), GROUNDS)
def test_a_package_holds_what_its_ground_allows_and_never_a_place(
    chosen: set[str], consented: bool, ground: str
) -> None:
    allowed = {*SLICE, *IDENTITY} if consented else set(WITHOUT_CONSENT) if ground else set()
    if chosen <= allowed:
        check_chosen(chosen, consented, ground)
    else:
        with pytest.raises(Refusal):
            check_chosen(chosen, consented, ground)


def test_the_record_of_what_was_told_names_fields_and_the_message() -> None:
    assert told_fields({"sex_code": "female", "forms": []}, "words") == ("forms", "sex_code", "message")
    assert told_fields({}, "") == ()


@pytest.mark.parametrize("status", REFERRAL.states)
@pytest.mark.parametrize("consented", [True, False])
@pytest.mark.parametrize("stands", [True, False])
def test_the_recipient_reads_while_it_waits_and_once_it_accepted(status: str, consented: bool, stands: bool) -> None:
    expected = status in HELPED or (status == SENT and (stands or not consented))
    assert is_disclosed(status, consented, stands) is expected


@given(st.sampled_from(REFERRAL.states), st.lists(st.sampled_from(REFERRAL.states)))
def test_somebody_is_left_over_only_when_nobody_helps_or_may_yet(status: str, others: list[str]) -> None:
    hopeful = {"sent", "accepted", "started", "completed"} & set(others)
    assert is_left_over(status, others) is (status in CAME_BACK and not hopeful)


def test_a_package_opens_once_and_whatever_else_ends_it_is_final() -> None:
    assert PACKAGE.verbs("sealed") == ("open", "withdraw", "expire", "lock")
    assert PACKAGE.verbs("opened") == ("lock",)
    assert {state for state in PACKAGE.states if not PACKAGE.verbs(state)} == {"withdrawn", "expired", "locked"}
