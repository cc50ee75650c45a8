"""The age group at a date, and whether consent stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.people.rules import (
    UNKNOWN,
    Access,
    AgeBand,
    Grant,
    Ground,
    age_group,
    ground_stands,
    in_force,
    opens_whereabouts,
    standing,
    stands,
    waits_for_second,
)

BANDS = (AgeBand("0_15", 0, 15), AgeBand("16_24", 16, 24), AgeBand("25_plus", 25, None), AgeBand("unknown", None, None))
ON = date(2025, 6, 30)


def grant(day: int = 1, **changes: object) -> Grant:
    said = {
        "purpose_code": "referral",
        "recipient_code": "",
        "refused": False,
        "given_on": date(2025, 6, day),
        "expires_on": None,
        "revoked_on": None,
    }
    return Grant(**(said | changes))


@pytest.mark.parametrize(
    ("birth_year", "stated", "expected"),
    [
        (None, "", UNKNOWN),
        (None, "16_24", "16_24"),
        (1990, "0_15", "0_15"),
        (2009, "", "0_15"),
        (2008, "", "16_24"),
        (2000, "", "16_24"),
        (1999, "", "25_plus"),
        (2025, "", "0_15"),
        (2026, "", "0_15"),
        (1900, "", "25_plus"),
    ],
)
def test_the_year_alone_makes_the_person_the_younger_of_two_ages(
    birth_year: int | None, stated: str, expected: str
) -> None:
    assert age_group(BANDS, birth_year, ON, stated) == expected


def test_an_age_that_no_group_holds_is_not_known() -> None:
    assert age_group(BANDS[:1], 1950, ON) == UNKNOWN


def test_a_group_open_below_starts_at_birth() -> None:
    assert age_group((AgeBand("young", None, 17),), 2025, ON) == "young"


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ([], False),
        ([grant()], True),
        ([grant(purpose_code="research")], False),
        ([grant(recipient_code="ngo")], True),
        ([grant(recipient_code="other")], False),
        ([grant(given_on=ON + timedelta(days=1))], False),
        ([grant(refused=True)], False),
        ([grant(1), grant(2, refused=True)], False),
        ([grant(1, refused=True), grant(2)], True),
        ([grant(1, refused=True), grant(2, recipient_code="ngo")], True),
        ([grant(1, recipient_code="ngo"), grant(2, refused=True)], False),
        ([grant(expires_on=ON)], True),
        ([grant(expires_on=ON - timedelta(days=1))], False),
        ([grant(revoked_on=ON)], False),
        ([grant(revoked_on=ON + timedelta(days=1))], True),
        ([grant(1), grant(2, revoked_on=date(2025, 6, 3))], False),
    ],
)
def test_the_newest_answer_that_speaks_of_both_decides(grants: list[Grant], expected: bool) -> None:
    assert stands(grants, "referral", "ngo", ON) is expected


def test_of_two_answers_on_one_day_the_last_recorded_counts() -> None:
    """Somebody agrees in the morning and refuses in the afternoon: nothing is disclosed."""
    assert not stands([grant(5), grant(5, refused=True)], "referral", "ngo", ON)
    assert stands([grant(5, refused=True), grant(5)], "referral", "ngo", ON)


answers = st.builds(
    grant,
    day=st.integers(1, 30),
    purpose_code=st.sampled_from(["referral", "services"]),
    recipient_code=st.sampled_from(["", "ngo", "other"]),
    refused=st.booleans(),
    expires_on=st.none() | st.dates(date(2025, 6, 1), date(2025, 7, 30)),
    revoked_on=st.none() | st.dates(date(2025, 6, 1), date(2025, 7, 30)),
)


@given(st.lists(answers, max_size=6))
def test_it_is_what_reading_the_answers_one_after_the_other_gives(grants: list[Grant]) -> None:
    last = None
    for answer in sorted(grants, key=lambda g: g.given_on):
        if answer.purpose_code == "referral" and answer.recipient_code in ("", "ngo") and answer.given_on <= ON:
            last = answer
    over = last is None or last.refused
    over = over or (last.expires_on is not None and last.expires_on < ON)
    over = over or (last.revoked_on is not None and last.revoked_on <= ON)
    assert stands(grants, "referral", "ngo", ON) is not over


def test_the_consent_that_stands_is_the_one_named() -> None:
    first, second = grant(1, recipient_code="ngo"), grant(2)
    assert standing([first, second], "referral", "ngo", ON) is second
    assert standing([first, second], "referral", "ngo", date(2025, 6, 1)) is first
    assert standing([first, grant(2, refused=True)], "referral", "ngo", ON) is None


DAYS = st.integers(-3, 3).map(lambda days: ON + timedelta(days=days))


@given(
    decided=DAYS,
    expires=st.none() | DAYS,
    ended=st.none() | DAYS,
    purpose=st.booleans(),
    to=st.sampled_from(["", "a", "b"]),
)
def test_a_ground_stands_on_each_day_from_its_decision_until_it_ends(
    decided: date, expires: date | None, ended: date | None, purpose: bool, to: str
) -> None:
    """Judged day by day: the last day of validity counts, the day of its end does not."""
    ground = Ground("justice" if purpose else "research", to, decided, expires, ended)
    valid_days = {ON + timedelta(days=n) for n in range(-3, 4)}
    valid_days = {day for day in valid_days if day >= decided}
    valid_days = {day for day in valid_days if expires is None or day <= expires}
    valid_days = {day for day in valid_days if ended is None or day < ended}
    expected = purpose and to in ("", "a") and ON in valid_days
    assert ground_stands(ground, "justice", "a", ON) is expected


NOON = datetime(2025, 6, 30, 12, tzinfo=UTC)
HOURS = st.integers(-4, 4).map(lambda hours: NOON + timedelta(hours=hours))
WITHIN = timedelta(hours=1)


@given(ends=HOURS, ended=st.none() | HOURS, asked=st.none() | HOURS, approved=st.none() | st.booleans())
def test_what_an_access_opens_follows_from_the_hour_and_the_second_person_alone(
    ends: datetime, ended: datetime | None, asked: datetime | None, approved: bool | None
) -> None:
    access = Access("a", ends, ended, asked, approved)
    runs = ended is None and (ends - NOON).total_seconds() > 0
    assert in_force(access, NOON) is runs
    assert opens_whereabouts(access, NOON) is (runs and bool(approved))
    recently = asked is not None and (NOON - asked).total_seconds() < 3600
    assert waits_for_second(access, NOON, WITHIN) is (runs and recently and approved is None)
