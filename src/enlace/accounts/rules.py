"""Who may hold which roles, how long codes and sessions live, what a form may carry over a sign-in. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from enlace.base.actor import NATIONAL, NONE, OWN, STATE

INVITATION_LIFE = timedelta(hours=72)
RECOVERY_LIFE = timedelta(hours=24)
# Shared rooms and shared machines: short when idle, one shift at most, no forgotten session elsewhere.
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
SESSIONS_AT_ONCE = 3
CARRIED_LIMIT = 200_000  # bytes

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
AGENCY_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
REACH = {NONE: 0, OWN: 1, STATE: 2, NATIONAL: 3}

T = TypeVar("T")


def read_username(text: str) -> str | None:
    """The username as stored (lower case), or ``None`` when it has other characters or another length."""
    name = text.strip().lower()
    return name if USERNAME.fullmatch(name) else None


def reaches(scope: str, own: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether a permission of this scope, held in agency ``own``, covers ``other``; both are (agency, state)."""
    if scope == NATIONAL:
        return True
    if scope == STATE:
        return own[0] == other[0] or (own[1] != "" and own[1] == other[1])
    return scope == OWN and own[0] == other[0]


def clashes(held: Collection[str], wanted: str, incompatible: Mapping[str, Collection[str]]) -> list[str]:
    """The roles already held that nobody may hold beside ``wanted``."""
    return sorted(role for role in held if role in incompatible.get(wanted, ()) or wanted in incompatible.get(role, ()))


def why_not_grant(
    *, by_scope: str, role_scope: str, role_kinds: Collection[str], agency_kind: str, is_held: bool
) -> str:
    """The reason (a key of ``labels.REASONS``) why a role may not be granted, or "" when it may.

    Nobody grants a role that reaches further than their own. Incompatible roles are ``clashes``.
    """
    if REACH[role_scope] > REACH[by_scope]:
        return "beyond_reach"
    if role_kinds and agency_kind not in role_kinds:
        return "agency_kind"
    return "already_held" if is_held else ""


def invitation_state(*, expires_at: datetime, used_at: datetime | None, now: datetime) -> str:
    """open | used | expired"""
    if used_at:
        return "used"
    return "open" if now < expires_at else "expired"


def recovery_state(
    *, approved_at: datetime | None, expires_at: datetime, used_at: datetime | None, now: datetime
) -> str:
    """waiting (for the second person) | approved | used | expired"""
    state = invitation_state(expires_at=expires_at, used_at=used_at, now=now)
    if state != "open":
        return state
    return "approved" if approved_at else "waiting"


def why_not_approve(*, state: str, approver: str, asker: str, person: str) -> str:
    """The reason why ``approver`` may not approve a recovery, or "" when they may."""
    if state != "waiting":
        return f"recovery_{state}"
    if approver == asker:
        return "same_person"
    return "own_recovery" if approver == person else ""


def session_is_over(*, started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has been idle for too long, or has lasted too long."""
    return now - seen_at >= IDLE_LIMIT or now - started_at >= ABSOLUTE_LIMIT


def too_many(newest_first: Sequence[T]) -> Sequence[T]:
    """The sessions to end so that one person has no more than the limit."""
    return newest_first[SESSIONS_AT_ONCE:]


def carried(fields: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    """The fields of a form worth keeping over a sign-in: no secrets, and nothing at all above the limit."""
    kept = {name: list(values) for name, values in fields if _may_be_carried(name)}
    size = sum(len(name.encode()) + sum(len(v.encode()) for v in values) for name, values in kept.items())
    return kept if size <= CARRIED_LIMIT else {}


def _may_be_carried(name: str) -> bool:
    return name not in {"csrfmiddlewaretoken", "form_owner"} and "password" not in name.lower()
