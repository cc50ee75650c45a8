"""The step of a plan, a permit or a return, for its story: written once, never changed."""

from datetime import date

from django.utils import timezone

from enlace.assistance.models import AssistedReturn, CarePlan, CareTurn, Permit
from enlace.base.actor import Actor

COLUMN = {CarePlan: "plan", Permit: "permit", AssistedReturn: "assisted_return"}


def turn_of(
    of: CarePlan | Permit | AssistedReturn, verb: str, on: date, by: Actor, *, code: str = "", note: str = ""
) -> CareTurn:
    """The row, which the action that takes the step saves inside its block."""
    return CareTurn(
        **{COLUMN[type(of)]: of},
        verb=verb,
        on=on,
        at=timezone.now(),
        by=by.id,
        agency_code=by.agency_code,
        code=code,
        note=note.strip(),
    )
