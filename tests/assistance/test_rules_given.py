"""Single sessions, interpreters, and answers that nobody can tell apart."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as example_of
from hypothesis import strategies as st

from enlace.assistance.labels import CANCELLED_BY, INTERPRETER, SCORE, SESSION, SETTLE
from enlace.assistance.rules import given
from enlace.base.errors import Refusal

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
MONTHS = [f"2024-{month:02}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("interpreter", "language", "fits"),
    [
        ("", "", True),
        ("", "spa", True),
        ("not_needed", "", True),
        ("given", "spa", True),
        ("lacking", "north_tongue", True),
        ("given", "", False),
        ("lacking", "", False),
        ("perhaps", "spa", False),
    ],
)
def test_an_interpreter_needed_has_a_language(interpreter: str, language: str, fits: bool) -> None:
    if fits:
        given.check_interpreter(interpreter, language)
        return
    with pytest.raises(Refusal):
        given.check_interpreter(interpreter, language)


@pytest.mark.parametrize(
    ("verb", "cancelled_by", "minutes", "fits"),
    [
        ("hold", "", None, True),
        ("hold", "", 1440, True),
        ("hold", "", 0, False),
        ("hold", "", 1441, False),
        ("hold", "person", 30, False),
        ("miss", "", None, True),
        ("miss", "", 30, False),
        ("cancel", "provider", None, True),
        ("cancel", "", None, False),
        ("cancel", "nobody", None, False),
        ("cancel", "person", 30, False),
    ],
)
def test_only_what_was_held_lasted_and_only_the_cancelled_was_cancelled(
    verb: str, cancelled_by: str, minutes: int | None, fits: bool
) -> None:
    if fits:
        given.check_settled(verb, cancelled_by, minutes)
        return
    with pytest.raises(Refusal):
        given.check_settled(verb, cancelled_by, minutes)


def test_a_session_still_to_come_was_not_held() -> None:
    given.check_held(NOW, NOW)
    with pytest.raises(Refusal):
        given.check_held(NOW + timedelta(seconds=1), NOW)


@pytest.mark.parametrize(("score", "fits"), [(0, False), (1, True), (4, True), (5, False)])
def test_the_scale_has_four_answers(score: int, fits: bool) -> None:
    if fits:
        given.check_score(score)
        return
    with pytest.raises(Refusal):
        given.check_score(score)


@pytest.mark.parametrize(
    ("months", "shown"),
    [
        ([], 0),
        (["2025-01"] * 4, 0),
        (["2025-01"] * 5, 5),
        (["2025-01"] * 3 + ["2025-02"] * 2, 5),
        (["2025-01"] * 5 + ["2025-02"] * 4, 5),
        (["2025-01"] * 5 + ["2025-02"] * 4 + ["2025-03"] * 9, 5),
        (["2025-03"] * 9, 0),
    ],
)
def test_answers_appear_in_groups_of_past_months(months: list[str], shown: int) -> None:
    assert given.answers_shown(months, 5, "2025-03") == shown


@example_of(st.lists(st.sampled_from(MONTHS), max_size=60), st.integers(2, 10))
def test_nobody_who_looks_each_month_sees_fewer_than_the_threshold_arrive(months: list[str], threshold: int) -> None:
    """As seen by a provider who notes the count at the end of each month, answers coming in as they were given."""
    seen = [0]
    for number, this_month in enumerate([*MONTHS[1:], "2025-01"]):
        arrived = [month for month in months if month <= MONTHS[number]]
        seen.append(given.answers_shown(arrived, threshold, this_month))
    steps = [after - before for before, after in pairwise(seen)]
    assert all(step == 0 or step >= threshold for step in steps)
    assert seen[-1] > len(months) - threshold


def test_every_answer_of_the_scale_is_told_how_often() -> None:
    assert given.share_of([4, 1, 4]) == ((1, 1), (2, 0), (3, 0), (4, 2))


def test_every_state_and_answer_has_a_name() -> None:
    assert set(SESSION) == set(given.SESSION.states)
    assert set(SETTLE) == set(given.SESSION.verbs(given.PLANNED))
    assert (set(CANCELLED_BY), set(INTERPRETER)) == (set(given.CANCELLED_BY), set(given.INTERPRETER))
    assert set(SCORE) == set(range(given.LOWEST, given.HIGHEST + 1))
