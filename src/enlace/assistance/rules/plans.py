"""A care plan: its states, those of its goals and steps, and its clocks (domain reference, 7)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

DRAFT, ACTIVE, TRANSITION, FINISHED = "draft", "active", "transition", "finished"
RUNNING = (DRAFT, ACTIVE, TRANSITION)

# Help never waits for the plan, and whoever does not agree to it loses none.
PLAN = Machine(
    "care_plan",
    DRAFT,
    (
        Move("agree", DRAFT, ACTIVE),
        Move("review", ACTIVE, ACTIVE),
        Move("review", TRANSITION, TRANSITION),
        Move("move_on", ACTIVE, TRANSITION),
        Move("resume", TRANSITION, ACTIVE),
        *(Move("finish", state, FINISHED) for state in RUNNING),
    ),
)

OPEN, DONE, DROPPED = "open", "done", "dropped"
GOAL = Machine("plan_goal", OPEN, (Move("reach", OPEN, DONE), Move("drop", OPEN, DROPPED)))

AGREED, PARTLY, DISAGREED = "agreed", "partly", "disagreed"


def check_agreement(agreement_code: str) -> None:
    """A plan begins with the person's yes, to all of it or to part of it."""
    if agreement_code == DISAGREED:
        raise Refusal("Without the person's agreement the plan stays a draft. Change it together, or finish it.")
    if agreement_code not in (AGREED, PARTLY):
        raise Refusal("Write down what the person says about the plan.")


def check_written(goals: int) -> None:
    if not goals:
        raise Refusal("The plan has no goal yet. Add what the person wants to reach first.")


def check_due(due_on: date | None, started_on: date) -> None:
    if due_on is not None and due_on < started_on:
        raise Refusal("The end is before the start.")


def plan_due(identified_at: datetime, limits: Mapping[str, timedelta]) -> datetime:
    """When a person who was identified should have a plan."""
    return identified_at + limits["plan"]


def review_due(looked_on: date, limits: Mapping[str, timedelta]) -> date:
    """When a plan should be looked at again together."""
    return looked_on + limits["plan_review"]
