"""Tables of assistance: help given, care plans, permits, assisted return, follow-up."""

from enlace.assistance.models.followups import FollowUp
from enlace.assistance.models.given import Cost, Feedback, GroupActivity, InKind, ServiceGiven, Session
from enlace.assistance.models.permits import Permit
from enlace.assistance.models.plans import CarePlan, Goal, GoalStep
from enlace.assistance.models.returns import AssistedReturn, HalfReport
from enlace.assistance.models.turns import CareTurn

__all__ = [
    "AssistedReturn",
    "CarePlan",
    "CareTurn",
    "Cost",
    "Feedback",
    "FollowUp",
    "Goal",
    "GoalStep",
    "GroupActivity",
    "HalfReport",
    "InKind",
    "Permit",
    "ServiceGiven",
    "Session",
]
