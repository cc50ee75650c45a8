from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.accounts import rules
from enlace.accounts.labels import REASONS
from enlace.base.actor import NATIONAL, NONE, OWN, STATE

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOON, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Ana.Ruiz ", "ana.ruiz"),
        ("a-b_9", "a-b_9"),
        ("ab", None),
        ("a" * 41, None),
        ("niña", None),
        ("ana ruiz", None),
        (".ana", None),
    ],
)
def test_usernames_are_lower_case_and_plain(typed: str, stored: str | None) -> None:
    assert rules.read_username(typed) == stored


@pytest.mark.parametrize(
    ("scope", "own", "other", "within"),
    [
        (NATIONAL, ("a", ""), ("b", "S"), True),
        (STATE, ("a", "S"), ("b", "S"), True),
        (STATE, ("a", "S"), ("a", "T"), True),
        (STATE, ("a", "S"), ("b", "T"), False),
        (STATE, ("a", ""), ("b", ""), False),
        (OWN, ("a", "S"), ("a", "S"), True),
        (OWN, ("a", "S"), ("b", "S"), False),
        (NONE, ("a", "S"), ("a", "S"), False),
    ],
)
def test_a_scope_reaches_so_far(scope: str, own: tuple[str, str], other: tuple[str, str], within: bool) -> None:
    assert rules.reaches(scope, own, other) is within


def test_clashes_are_found_from_either_side() -> None:
    table = {"A": {"B"}, "B": set(), "C": set()}
    assert rules.clashes({"B", "C"}, "A", table) == ["B"]
    assert rules.clashes({"A", "C"}, "B", table) == ["A"]
    assert rules.clashes({"C"}, "A", table) == []


@pytest.mark.parametrize(
    ("by_scope", "role_scope", "kinds", "held", "reason"),
    [
        (OWN, NATIONAL, (), False, "beyond_reach"),
        (OWN, STATE, (), False, "beyond_reach"),
        (NONE, OWN, (), False, "beyond_reach"),
        (OWN, OWN, ("police",), False, "agency_kind"),
        (OWN, OWN, ("ngo", "police"), True, "already_held"),
        (NATIONAL, NATIONAL, (), False, ""),
        (OWN, NONE, ("ngo",), False, ""),
    ],
)
def test_why_a_role_is_not_granted(by_scope: str, role_scope: str, kinds: tuple, held: bool, reason: str) -> None:
    found = rules.why_not_grant(
        by_scope=by_scope, role_scope=role_scope, role_kinds=kinds, agency_kind="ngo", is_held=held
    )
    assert found == reason
    assert not found or found in REASONS


@pytest.mark.parametrize(
    ("expires_at", "used_at", "state"), [(SOON, None, "open"), (NOW, None, "expired"), (SOON, BEFORE, "used")]
)
def test_states_of_an_invitation(expires_at: datetime, used_at: datetime | None, state: str) -> None:
    assert rules.invitation_state(expires_at=expires_at, used_at=used_at, now=NOW) == state
    assert state == "open" or f"invitation_{state}" in REASONS


@pytest.mark.parametrize(
    ("approved_at", "expires_at", "used_at", "state"),
    [
        (None, SOON, None, "waiting"),
        (BEFORE, SOON, None, "approved"),
        (BEFORE, BEFORE, None, "expired"),
        (None, BEFORE, None, "expired"),
        (BEFORE, SOON, BEFORE, "used"),
    ],
)
def test_states_of_a_recovery(
    approved_at: datetime | None, expires_at: datetime, used_at: datetime | None, state: str
) -> None:
    found = rules.recovery_state(approved_at=approved_at, expires_at=expires_at, used_at=used_at, now=NOW)
    assert found == state
    assert f"recovery_{state}" in REASONS


@pytest.mark.parametrize(
    ("state", "approver", "reason"),
    [
        ("waiting", "second", ""),
        ("waiting", "asker", "same_person"),
        ("waiting", "person", "own_recovery"),
        ("approved", "second", "recovery_approved"),
        ("used", "second", "recovery_used"),
        ("expired", "second", "recovery_expired"),
    ],
)
def test_who_may_approve_a_recovery(state: str, approver: str, reason: str) -> None:
    found = rules.why_not_approve(state=state, approver=approver, asker="asker", person="person")
    assert found == reason
    assert not found or found in REASONS


@pytest.mark.parametrize(
    ("age", "idle", "over"),
    [
        (timedelta(hours=11), timedelta(minutes=29), False),
        (timedelta(hours=11), timedelta(minutes=30), True),
        (timedelta(hours=12), timedelta(0), True),
    ],
)
def test_a_session_ends_when_idle_or_old(age: timedelta, idle: timedelta, over: bool) -> None:
    assert rules.session_is_over(started_at=NOW - age, seen_at=NOW - idle, now=NOW) is over


@given(st.lists(st.integers(), max_size=10))
def test_no_more_than_three_sessions_stay(sessions: list[int]) -> None:
    ended = list(rules.too_many(sessions))
    assert sessions[: len(sessions) - len(ended)] + ended == sessions
    assert len(sessions) - len(ended) == min(len(sessions), 3)


def test_secrets_are_not_carried_over_a_sign_in() -> None:
    fields = [("note", ["a", "b"]), ("csrfmiddlewaretoken", ["x"]), ("form_owner", ["x"]), ("old_Password", ["x"])]
    assert rules.carried(fields) == {"note": ["a", "b"]}


def test_what_is_too_large_is_not_carried_at_all() -> None:
    assert rules.carried([("note", ["x" * 199_996])]) != {}
    assert rules.carried([("note", ["x" * 199_997])]) == {}
    assert rules.carried([("a", ["ñ" * 100_000])]) == {}, "bytes are counted, not letters"
