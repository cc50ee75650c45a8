"""The rules of a stay: leaving is always possible, what looks like detention is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.placements.rules import (
    STAY,
    stays,
)

# Stays

BEGAN = datetime(2025, 3, 1, 12, tzinfo=UTC)
STAY_LIMITS = {"placement_hold": timedelta(hours=36), "stay_alert": timedelta(days=10)}


def living(**changes: Any) -> stays.Lived:
    said: dict[str, Any] = {"admitted_at": BEGAN, "agreed_at": BEGAN, "may_go_out": True}
    return stays.Lived(**(said | changes))


def test_leaving_is_possible_from_every_day_of_a_stay_and_no_clock_ends_one() -> None:
    assert "exit" in STAY.verbs(stays.ADMITTED)
    assert {state for state in STAY.states if "lapse" in STAY.verbs(state)} == {stays.HELD}
    assert {state for state in STAY.states if not STAY.verbs(state)} == set(stays.ENDED)


@pytest.mark.parametrize(
    ("changes", "day", "reasons"),
    [
        ({}, 400, ()),
        ({"may_go_out": False}, 10, ()),
        ({"may_go_out": False}, 11, ("closed_door",)),
        ({"may_go_out": False, "agreed_at": BEGAN + timedelta(days=5)}, 11, ()),
        ({"limit_at": BEGAN + timedelta(days=20)}, 20, ()),
        ({"limit_at": BEGAN + timedelta(days=20)}, 21, ("past_limit",)),
        ({"limit_at": BEGAN + timedelta(days=20), "agreed_at": BEGAN + timedelta(days=21)}, 25, ()),
        ({"wants_out_at": BEGAN}, 0, ("wants_to_leave",)),
        (
            {"wants_out_at": BEGAN, "may_go_out": False, "limit_at": BEGAN + timedelta(days=20)},
            21,
            ("wants_to_leave", "closed_door", "past_limit"),
        ),
    ],
)
def test_what_looks_like_detention_and_why(changes: dict[str, Any], day: int, reasons: tuple[str, ...]) -> None:
    assert stays.looks_like_detention(living(**changes), BEGAN + timedelta(days=day), STAY_LIMITS) == reasons


def test_the_exit_plan_is_due_before_the_limit_until_it_is_written() -> None:
    stay = living(limit_at=BEGAN + timedelta(days=30))
    assert stays.alerts_of(stay, BEGAN + timedelta(days=19), STAY_LIMITS) == {}
    assert stays.alerts_of(stay, BEGAN + timedelta(days=20), STAY_LIMITS) == {"exit_plan": ()}
    past = stays.alerts_of(replace(stay, has_exit_plan=True), BEGAN + timedelta(days=31), STAY_LIMITS)
    assert past == {"detention": ("past_limit",), "limit": ()}
    assert stays.exit_plan_due(None, STAY_LIMITS) is None


@given(
    agreed=st.integers(0, 60),
    limit=st.none() | st.integers(1, 60),
    day=st.integers(0, 120),
    goes_out=st.booleans(),
)
def test_asking_again_today_silences_all_but_a_wish_to_leave(
    agreed: int, limit: int | None, day: int, goes_out: bool
) -> None:
    limit_at = None if limit is None else BEGAN + timedelta(days=limit)
    at = BEGAN + timedelta(days=max(agreed, day))
    asked = living(agreed_at=at, may_go_out=goes_out, limit_at=limit_at)
    assert stays.looks_like_detention(asked, at, STAY_LIMITS) == ()
    wants_out = replace(asked, wants_out_at=at)
    assert "wants_to_leave" in stays.looks_like_detention(wants_out, at, STAY_LIMITS)


def test_the_checks_of_a_stay() -> None:
    assert stays.held_until(BEGAN, STAY_LIMITS) == BEGAN + timedelta(hours=36)
    assert stays.limit_of(BEGAN, None) is None
    stays.check_agreement(True)
    stays.check_times(BEGAN, BEGAN)
    stays.check_extension(True, BEGAN, 5, False)
    for refused in (
        lambda: stays.check_agreement(False),
        lambda: stays.check_times(BEGAN, BEGAN - timedelta(seconds=1)),
        lambda: stays.check_extension(True, None, 5, False),
        lambda: stays.check_extension(True, BEGAN, None, False),
        lambda: stays.check_extension(True, BEGAN, 5, True),
        lambda: stays.check_extension(False, BEGAN, 5, False),
    ):
        with pytest.raises(Refusal):
            refused()
