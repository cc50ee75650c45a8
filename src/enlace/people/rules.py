"""Pure rules about a person: the age group at a date, and whether consent stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

UNKNOWN = "unknown"


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
    """Whether consent for a purpose and a recipient is in force: the newest record that speaks of both decides.

    ``grants`` come in the order in which they were recorded.
    """
    speaking = [
        g
        for g in grants
        if g.purpose_code == purpose_code and g.recipient_code in ("", recipient_code) and g.given_on <= on
    ]
    if not speaking:
        return False
    latest = sorted(speaking, key=lambda g: g.given_on)[-1]  # of one day the last recorded: people change their mind
    expired = latest.expires_on is not None and latest.expires_on < on
    revoked = latest.revoked_on is not None and latest.revoked_on <= on
    return not (latest.refused or expired or revoked)
