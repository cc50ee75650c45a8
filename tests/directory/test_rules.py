"""Conditions that say nothing are refused; a vacancy grows old."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.directory.rules import CODED, FACTS, FLAGGED, RANGED, Criterion, check_criterion, is_stale

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
MAYBE = st.none() | st.integers(-3, 120)


def test_every_fact_is_of_one_sort() -> None:
    assert sorted([*CODED, *RANGED, *FLAGGED]) == sorted(set(FACTS))


@given(
    fact=st.sampled_from([*FACTS, "shoe_size"]),
    values=st.frozensets(st.sampled_from(["female", "male", "child"])),
    least=MAYBE,
    most=MAYBE,
    must=st.booleans(),
)
def test_a_condition_passes_exactly_when_it_says_something(
    fact: str, values: frozenset[str], least: int | None, most: int | None, must: bool
) -> None:
    """The other way round of the rule: what somebody could answer with yes or no about a person."""
    numbers = [number for number in (least, most) if number is not None]
    says_codes = fact in CODED and bool(values) and not numbers
    says_span = fact in RANGED and bool(numbers) and not values and numbers == sorted(numbers) and numbers[0] >= 0
    says_flag = fact in FLAGGED and not values and not numbers
    row = Criterion(must, fact, values, least, most)
    if says_codes or says_span or says_flag:
        check_criterion(row)
    else:
        with pytest.raises(Refusal):
            check_criterion(row)


WORDS = [
    (Criterion(True, "shoe_size"), "what the condition is about"),
    (Criterion(True, "sex"), "at least one value"),
    (Criterion(True, "age", frozenset({"x"}), most=3), "no list"),
    (Criterion(True, "pregnancy", most=3), "no numbers"),
    (Criterion(True, "age"), "the least or the most"),
    (Criterion(True, "age", least=-1), "zero or more"),
    (Criterion(True, "age", least=9, most=3), "not above the most"),
]


@pytest.mark.parametrize(("row", "said"), WORDS, ids=[said for _row, said in WORDS])
def test_what_is_wrong_with_a_condition_is_said(row: Criterion, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        check_criterion(row)


SAYS = [
    Criterion(True, "sex", frozenset({"female"})),
    Criterion(False, "age", least=12),
    Criterion(True, "age", most=17),
    Criterion(True, "age", least=12, most=17),
    Criterion(False, "pregnancy"),
]


@pytest.mark.parametrize("row", SAYS, ids=["codes", "least", "most", "span", "flag"])
def test_a_condition_of_each_sort_passes(row: Criterion) -> None:
    """Whatever the random conditions above happen to draw."""
    check_criterion(row)


@given(st.integers(-10_000, 10_000_000), st.integers(1, 10_000_000))
def test_a_vacancy_is_stale_once_more_than_the_limit_has_passed(seconds: int, limit: int) -> None:
    at = NOON + timedelta(seconds=seconds)
    assert is_stale(NOON, at, timedelta(seconds=limit)) is (seconds > limit)


def test_what_nobody_ever_confirmed_is_stale() -> None:
    assert is_stale(None, NOON, timedelta(days=1))
