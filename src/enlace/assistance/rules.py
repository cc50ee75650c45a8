"""Pure rules of help given: dates, amounts, and what they mean for the referral that asked for it."""

from datetime import date
from decimal import Decimal

from enlace.base.errors import Refusal

UNITS = ("session", "night", "day", "item", "payment")


def check_dates(started_on: date, ended_on: date | None, today: date) -> None:
    """A service has begun, and ends after it began."""
    if started_on > today:
        raise Refusal("A service is recorded once it has begun: the date is in the future.")
    if ended_on is not None and ended_on < started_on:
        raise Refusal("The end is before the start.")


def check_amount(quantity: Decimal | None, unit_code: str) -> None:
    """How much and of what go together."""
    if (quantity is None) != (unit_code == ""):
        raise Refusal("Say how much and of what, or leave both empty.")
    if quantity is not None and (quantity <= 0 or unit_code not in UNITS):
        raise Refusal("The amount must be more than zero, in one of the units listed.")
