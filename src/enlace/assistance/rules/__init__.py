"""The rules of assistance: help given, care plans, permits, assisted return, follow-up. No Django."""

from enlace.assistance.rules.followups import FOLLOW_UP
from enlace.assistance.rules.given import SESSION, UNITS, check_amount, check_dates
from enlace.assistance.rules.permits import PERMIT
from enlace.assistance.rules.plans import GOAL, PLAN
from enlace.assistance.rules.returns import RETURN

__all__ = [
    "FOLLOW_UP",
    "GOAL",
    "PERMIT",
    "PLAN",
    "RETURN",
    "SESSION",
    "UNITS",
    "check_amount",
    "check_dates",
]
