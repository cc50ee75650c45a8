"""Pure rules about a person: age group, consent and legal ground, and what an emergency opens. No Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

UNKNOWN = "unknown"
PERSON = "person"  # of the list consent_giver: who answers for herself or himself
CHILD_VIEWS = ("agrees", "disagrees", "too_young", "unable")  # what a child says where somebody else answers
DISCLOSED = ("slice", "identity", "extract", "package")  # what may leave
BY_LAW = "by_law"  # beside the pack's grounds: the law itself demands this notice
ACCEPTED, RAISED = "accepted", "raised"
VERDICTS = (ACCEPTED, RAISED)


@dataclass(frozen=True, slots=True)
class AgeBand:
    """One age group of the pack; both ends inclusive, in completed years; ``None`` means open."""

    code: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a consent record says, for deciding whether something may be disclosed."""

    purpose_code: str
    recipient_code: str  # "" = any recipient
    refused: bool
    given_on: date
    expires_on: date | None
    revoked_on: date | None
    id: UUID | None = None


def age_group(bands: Sequence[AgeBand], birth_year: int | None, on: date, stated: str = "") -> str:
    """The age group on a day: the one stated by whoever saw the papers or met the person, else from the year of birth.

    The year alone leaves two possible ages: the younger is used, so that in doubt a person is presumed a minor (General
    Law, article 3 X).
    """
    if stated or birth_year is None:
        return stated or UNKNOWN
    age = max(0, on.year - birth_year - 1)
    for band in bands:
        if (band.low is not None or band.high is not None) and (band.low or 0) <= age <= (band.high or 200):
            return band.code
    return UNKNOWN


def stands(grants: Iterable[Grant], purpose_code: str, recipient_code: str, on: date) -> bool:
    """Whether consent for a purpose and a recipient is in force."""
    return standing(grants, purpose_code, recipient_code, on) is not None


def standing(grants: Iterable[Grant], purpose_code: str, recipient_code: str, on: date) -> Grant | None:
    """The consent in force for a purpose and a recipient: the newest record that speaks of both decides.

    ``grants`` come in the order in which they were recorded.
    """
    speaking = [
        g
        for g in grants
        if g.purpose_code == purpose_code and g.recipient_code in ("", recipient_code) and g.given_on <= on
    ]
    if not speaking:
        return None
    latest = sorted(speaking, key=lambda g: g.given_on)[-1]  # of one day the last recorded: people change their mind
    expired = latest.expires_on is not None and latest.expires_on < on
    revoked = latest.revoked_on is not None and latest.revoked_on <= on
    return None if latest.refused or expired or revoked else latest


@dataclass(frozen=True, slots=True)
class Ground:
    """What a recorded legal ground says, for deciding whether something may be disclosed without consent."""

    purpose_code: str
    recipient_code: str  # "" = any recipient
    decided_on: date
    expires_on: date | None
    ended_on: date | None
    ground_code: str = ""
    id: UUID | None = None


def ground_stands(ground: Ground, purpose_code: str, recipient_code: str, on: date) -> bool:
    """Whether a recorded ground covers this purpose and recipient on a day."""
    speaks = ground.purpose_code == purpose_code and ground.recipient_code in ("", recipient_code)
    expired = ground.expires_on is not None and ground.expires_on < on
    ended = ground.ended_on is not None and ground.ended_on <= on
    return speaks and ground.decided_on <= on and not expired and not ended


@dataclass(frozen=True, slots=True)
class Access:
    """An emergency access: what its clocks and the second person say. ``approved`` None means not answered."""

    opened_by: str
    ends_at: datetime
    ended_at: datetime | None
    asked_at: datetime | None
    approved: bool | None


def in_force(access: Access, at: datetime) -> bool:
    """By the hour alone: nobody has to end it."""
    return access.ended_at is None and at < access.ends_at


def opens_whereabouts(access: Access, at: datetime) -> bool:
    """Where the person is opens only after a second person agreed."""
    return in_force(access, at) and access.approved is True


def waits_for_second(access: Access, at: datetime, within: timedelta) -> bool:
    """Whether a second person can still answer: asked, not answered, and not longer ago than ``within``."""
    asked = access.asked_at is not None and at < access.asked_at + within
    return asked and access.approved is None and in_force(access, at)
