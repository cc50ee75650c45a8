"""Every write of assistance. The single form is the bulk of one."""

from enlace.assistance.actions.followups import (
    Ending,
    Heard,
    cancel_follow_ups,
    follow_closed_cases,
    plan_follow_ups,
    record_follow_up,
)
from enlace.assistance.actions.given import (
    Spending,
    Things,
    give_feedback,
    record_costs,
    record_in_kind,
)
from enlace.assistance.actions.permits import PermitStep, move_permit, open_permit, seal_paper
from enlace.assistance.actions.plans import (
    NewGoal,
    NewStep,
    PlanStep,
    add_goal,
    add_step,
    draw_plan,
    end_goal,
    end_step,
    move_plan,
)
from enlace.assistance.actions.returns import ReturnStep, move_return, open_return, report_half
from enlace.assistance.actions.service import Given, end_service, record_services
from enlace.assistance.actions.sessions import (
    Activity,
    Meeting,
    Settled,
    invite_people,
    open_activity,
    record_sessions,
    settle_activity,
    settle_session,
)

__all__ = [
    "Activity",
    "Ending",
    "Given",
    "Heard",
    "Meeting",
    "NewGoal",
    "NewStep",
    "PermitStep",
    "PlanStep",
    "ReturnStep",
    "Settled",
    "Spending",
    "Things",
    "add_goal",
    "add_step",
    "cancel_follow_ups",
    "draw_plan",
    "end_goal",
    "end_service",
    "end_step",
    "follow_closed_cases",
    "give_feedback",
    "invite_people",
    "move_permit",
    "move_plan",
    "move_return",
    "open_activity",
    "open_permit",
    "open_return",
    "plan_follow_ups",
    "record_costs",
    "record_follow_up",
    "record_in_kind",
    "record_services",
    "record_sessions",
    "report_half",
    "seal_paper",
    "settle_activity",
    "settle_session",
]
