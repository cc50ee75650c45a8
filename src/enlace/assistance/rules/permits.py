"""Permits of stay and the like: their states and clocks. None depends on testimony (domain reference, 3 and 7)."""

from collections.abc import Collection
from datetime import date, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

ELIGIBLE, INFORMED, APPLIED, GRANTED, REFUSED = "eligible", "informed", "applied", "granted", "refused"
RENEWED, CONVERTED, ENDED = "renewed", "converted", "ended"
IN_FORCE = (GRANTED, RENEWED)

PERMIT = Machine(
    "permit",
    ELIGIBLE,
    (
        Move("inform", ELIGIBLE, INFORMED),
        Move("apply", INFORMED, APPLIED),
        Move("grant", APPLIED, GRANTED),
        Move("refuse", APPLIED, REFUSED),
        Move("withdraw", APPLIED, INFORMED),
        Move("apply", REFUSED, APPLIED),  # once more, or on a challenge
        Move("renew", GRANTED, RENEWED),
        Move("renew", RENEWED, RENEWED),
        *(Move("convert", state, CONVERTED) for state in IN_FORCE),
        *(Move("end", state, ENDED) for state in (ELIGIBLE, INFORMED, REFUSED, *IN_FORCE, CONVERTED)),
    ),
)
PROTECTED = ("presumed", "identified")  # states of identification that open the way; help never waited for the decision


def is_entitled(citizenship_codes: Collection[str], country: str, identification: str, is_for_foreigners: bool) -> bool:
    """Whether a person may ask for a permit of a kind: by nationality and identification, and by nothing else."""
    if identification not in PROTECTED:
        return False
    return not is_for_foreigners or country not in citizenship_codes


def decision_due(applied_on: date, limit: timedelta | None) -> date | None:
    """When the authority should have decided; None where the law sets no term."""
    return applied_on + limit if limit else None


def valid_until(valid_from: date, stated: date | None, span: timedelta | None) -> date | None:
    """The last day of a permit: as written on it, else by the usual span; None for one without an end."""
    if stated is not None and stated < valid_from:
        raise Refusal("The end is before the start.")
    return stated or (valid_from + span if span else None)


def check_order(day: date, last: date, today: date) -> None:
    """Steps follow one another, and none is recorded before it was taken."""
    if day > today:
        raise Refusal("This day is in the future. Record it once it has happened.")
    if day < last:
        raise Refusal("This day is before the step before it.")


def has_lapsed(status: str, valid_to: date | None, today: date) -> bool:
    return status in IN_FORCE and valid_to is not None and valid_to < today
