"""Reads of care plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from enlace.assistance.models import CarePlan, CareTurn, Goal, GoalStep
from enlace.assistance.permissions import visible_plans
from enlace.assistance.rules import plans
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.rules import IDENTIFIED, OPEN
from enlace.country.queries import current


@dataclass(frozen=True)
class PlanDetail:
    """A plan with its goals (each with ``steps``) and its history, the newest first."""

    plan: CarePlan
    goals: Sequence[Goal]
    turns: Sequence[CareTurn]


def plan(*, viewer: Actor, plan_id: UUID) -> CarePlan:
    """One plan, with its case. Raises ``Missing`` for those the viewer may not see."""
    found = visible_plans(viewer).select_related("case__person").filter(pk=plan_id).first()
    if found is None:
        raise Missing(_("Your agency knows of no such plan."))
    return found


def read_plan(*, viewer: Actor, plan_id: UUID) -> PlanDetail:
    """A plan with all its parts. Class D: the reading leaves a record."""
    found = plan(viewer=viewer, plan_id=plan_id)
    record_read(by=viewer, action="plan.read", subject=("case", found.case_id), data_class="D")
    steps = Prefetch("steps", queryset=GoalStep.objects.order_by("added_at", "pk"))
    goals = found.goals.prefetch_related(steps).order_by("added_at", "pk")
    return PlanDetail(found, list(goals), list(found.turns.order_by("-at")))


def plans_of_case(*, viewer: Actor, case_id: UUID) -> list[CarePlan]:
    """The plans of a case that the viewer may see: those that run first, then the newest."""
    rows = visible_plans(viewer).filter(case_id=case_id)
    return sorted(rows.order_by("-drawn_up_at"), key=lambda row: row.status == plans.FINISHED)


def goal(*, viewer: Actor, goal_id: UUID) -> Goal:
    """A goal of a plan that the own agency keeps."""
    own = visible_plans(viewer).filter(agency_code=viewer.agency_code)
    found = Goal.objects.select_related("plan__case").filter(pk=goal_id, plan__in=own).first()
    if found is None:
        raise Missing(_("Your agency knows of no such plan."))
    return found


def step(*, viewer: Actor, step_id: UUID) -> GoalStep:
    """A step of a plan that the viewer may see."""
    rows = GoalStep.objects.select_related("goal__plan__case").filter(goal__plan__in=visible_plans(viewer))
    found = rows.filter(pk=step_id).first()
    if found is None:
        raise Missing(_("Your agency knows of no such plan."))
    return found


def plans_to_draw(*, viewer: Actor, limit: int) -> list[tuple[UUID, str, datetime, datetime]]:
    """Identified people of the cases the agency leads who have no plan: (case, its code, since, due), oldest first."""
    check(viewer, "PLAN_EDIT")
    mine = CarePlan.objects.filter(agency_code=viewer.agency_code)
    rows = visible_cases(viewer).filter(lead_agency_code=viewer.agency_code, status=OPEN, identification=IDENTIFIED)
    without = rows.exclude(pk__in=mine.values("case_id")).order_by("presumed_at")[:limit]
    if not without:
        return []
    since = dict(
        visible_cases(viewer)
        .filter(pk__in=[case.pk for case in without])
        .annotate(decided=Max("decisions__decided_at"))
        .values_list("pk", "decided")
    )
    limits = current().limits
    found = [(case.pk, case.code, since[case.pk] or case.presumed_at) for case in without]
    return [(pk, code, at, plans.plan_due(at, limits)) for pk, code, at in found]


def plans_to_review(*, viewer: Actor, on: date, limit: int) -> list[CarePlan]:
    """Own plans whose review is due by a day, the longest overdue first."""
    rows = (
        visible_plans(viewer)
        .filter(agency_code=viewer.agency_code, status__in=(plans.ACTIVE, plans.TRANSITION), review_due_on__lte=on)
        .filter(case__status=OPEN)
    )
    return list(rows.select_related("case").order_by("review_due_on", "pk")[:limit])


def steps_due(*, viewer: Actor, on: date, limit: int) -> list[GoalStep]:
    """Open steps that the own agency is to take by a day, the longest overdue first."""
    rows = GoalStep.objects.filter(
        agency_code=viewer.agency_code,
        status=plans.OPEN,
        due_on__lte=on,
        goal__plan__in=visible_plans(viewer).filter(status__in=plans.RUNNING, case__status=OPEN),
    )
    return list(rows.select_related("goal__plan__case").order_by("due_on", "pk")[:limit])
