"""Pure rules of a case: its states, the states of identification, and the deadline of the decision (domain reference, 7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

OPEN, CLOSED = "open", "closed"
PRESUMED, IDENTIFIED, NOT_CONFIRMED = "presumed", "identified", "not_confirmed"
SEVERAL = "several"
RECRUITMENT, EXPLOITATION = "recruitment", "exploitation"
ABROAD = "abroad"
SAME_STATE, OTHER_STATE, OTHER_COUNTRY = "same_state", "other_state", "other_country"
CROSSED, NOT_CROSSED = "crossed", "not_crossed"
LEAD, PARTNER = "lead", "partner"
NOT_COUNTED = ("not_trafficking", "duplicate")  # closed for these reasons, a case counts nobody

CASE = Machine("case", OPEN, (Move("close", OPEN, CLOSED), Move("reopen", CLOSED, OPEN)))

IDENTIFICATION = Machine(
    "identification",
    PRESUMED,
    (
        Move("identify", PRESUMED, IDENTIFIED),
        Move("not_confirm", PRESUMED, NOT_CONFIRMED),
        # New facts may always bring a person back under protection; help never waited for the decision.
        Move("presume_again", NOT_CONFIRMED, PRESUMED),
        Move("re_exploited", IDENTIFIED, PRESUMED),
    ),
)

DECISIONS = ("identify", "not_confirm")


def decision_due(presumed_at: datetime, limit: timedelta) -> datetime:
    """When the decision about identification should have been made."""
    return presumed_at + limit


def principal_form(forms: Sequence[str]) -> str:
    """The form under which a person is counted: the only one recorded, ``several``, or "" when none is known."""
    distinct = list(dict.fromkeys(forms))
    if len(distinct) > 1:
        return SEVERAL
    return distinct[0] if distinct else ""


class Place(NamedTuple):
    """Where something took place; the state is "" when it is not known, or abroad."""

    country: str
    state: str


def destination_of(exploited: Sequence[Place], country: str) -> str:
    """The state of exploitation, ``abroad``, ``several`` places, or "" when none is known."""
    named = [place.state if place.country == country else ABROAD for place in exploited]
    return principal_form([name for name in named if name])


def route_of(recruited: Sequence[Place], exploited: Sequence[Place]) -> str:
    """How far a person was taken from recruitment to exploitation; "" when that cannot be said."""
    if not recruited or not exploited:
        return ""
    places = {*recruited, *exploited}
    if len({place.country for place in places}) > 1:
        return OTHER_COUNTRY
    states = {place.state for place in places}
    if "" in states:
        return ""
    return SAME_STATE if len(states) == 1 else OTHER_STATE


def border_of(places: Mapping[str, Sequence[Place]]) -> str:
    """Whether the person crossed a border of the country; not crossed only when both ends of the way are known."""
    if len({place.country for found in places.values() for place in found}) > 1:
        return CROSSED
    return NOT_CROSSED if places.get(RECRUITMENT) and places.get(EXPLOITATION) else ""


def check_open(status: str) -> None:
    """Work on a closed case is refused until it is reopened."""
    if status != OPEN:
        raise Refusal("This case is closed. Reopen it to go on working.")


def check_may_close(pending_referrals: int) -> None:
    """A case is not closed over the head of an agency that has still to answer."""
    if pending_referrals:
        raise Refusal("A referral is waiting for an answer. Withdraw it or wait for the answer before closing.")
