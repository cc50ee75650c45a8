"""Writes of care plans: drawn up with the person, agreed, reviewed, ended."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency_names
from enlace.assistance.actions.followups import Ending, cancel_follow_ups, plan_follow_ups
from enlace.assistance.models import CarePlan, Goal, GoalStep
from enlace.assistance.permissions import locked, visible_plans
from enlace.assistance.rules import GOAL, PLAN, followups, plans
from enlace.assistance.turns import turn_of
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.cases.permissions import locked as locked_case
from enlace.cases.rules import check_open
from enlace.country.queries import current

LONGEST_TEXT = 4000


@dataclass(frozen=True, kw_only=True)
class NewGoal:
    """What the person wants to reach; ``area_code`` is a code of the list "support_plan_type"."""

    area_code: str
    objective: str
    planned_end_on: date | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """One step: ``agency_code`` says who does it, "" the person."""

    what: str
    agency_code: str = ""
    due_on: date | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class PlanStep:
    """One step of a plan's life. ``words`` are the person's own; ``on`` is the day, today when none is given."""

    plan_id: UUID
    verb: str
    words: str = ""
    agreement_code: str = ""
    given_by_code: str = "person"
    is_shared: bool = False
    note: str = ""
    on: date | None = None


def draw_plan(*, by: Actor, case_id: UUID, words: str = "", plan_id: UUID | None = None) -> CarePlan:
    """Begin a plan as a draft; the agency has one running plan of a case."""
    check(by, "PLAN_EDIT")
    _check_text(words)
    with audited(by=by, action="plan.drawn_up", subject=("case", case_id), data_class="D"):
        case = locked_case(by, case_id)
        check_open(case.status)
        if CarePlan.objects.filter(case=case, agency_code=by.agency_code, status__in=plans.RUNNING).exists():
            raise Refusal(_("Your agency already has a plan for this case."))
        plan = CarePlan.objects.create(
            id=plan_id or new_id(),
            case=case,
            agency_code=by.agency_code,
            words=words.strip(),
            drawn_up_by=by.id,
            drawn_up_at=timezone.now(),
        )
        turn_of(plan, "draw", timezone.localdate(), by).save()
    return plan


def add_goal(*, by: Actor, plan_id: UUID, row: NewGoal) -> Goal:
    """Add one thing the person wants to reach."""
    check(by, "PLAN_EDIT")
    if current().codes("support_plan_type").get(row.area_code) is None:
        raise Refusal(_("Choose the area of support from the list."))
    _check_needed(row.objective)
    plans.check_due(row.planned_end_on, timezone.localdate())
    with audited(by=by, action="plan.goal_added", data_class="D") as event:
        plan = _own_running(by, plan_id)
        event.about("case", plan.case_id)
        return Goal.objects.create(
            id=row.id,
            plan=plan,
            area_code=row.area_code,
            objective=row.objective.strip(),
            planned_end_on=row.planned_end_on,
            added_at=timezone.now(),
        )


def end_goal(*, by: Actor, goal_id: UUID, verb: str) -> Goal:
    """The goal is reached, or it is dropped because the person wants something else."""
    check(by, "PLAN_EDIT")
    with audited(by=by, action="plan.goal_ended", data_class="D", detail={"verb": verb}) as event:
        goal = locked(Goal.objects.filter(plan__in=_own(by)), goal_id)
        plan = _own_running(by, goal.plan_id)
        event.about("case", plan.case_id)
        goal.status, goal.ended_on = _after_goal(goal.status, verb), timezone.localdate()
        goal.save(update_fields=["status", "ended_on"])
    return goal


def add_step(*, by: Actor, goal_id: UUID, row: NewStep) -> GoalStep:
    """Add one step towards a goal: what, who, by when."""
    check(by, "PLAN_EDIT")
    _check_needed(row.what)
    plans.check_due(row.due_on, timezone.localdate())
    if row.agency_code and row.agency_code not in agency_names():
        raise Refusal(_("Choose who takes the step."))
    with audited(by=by, action="plan.step_added", data_class="D") as event:
        goal = locked(Goal.objects.filter(plan__in=_own(by)), goal_id)
        plan = _own_running(by, goal.plan_id)
        event.about("case", plan.case_id)
        if goal.status != plans.OPEN:
            raise Refusal(_("This goal is reached or dropped already."))
        return GoalStep.objects.create(
            id=row.id,
            goal=goal,
            agency_code=row.agency_code,
            what=row.what.strip(),
            due_on=row.due_on,
            added_at=timezone.now(),
        )


def end_step(*, by: Actor, step_id: UUID, verb: str) -> GoalStep:
    """A step is done or dropped: by the agency that keeps the plan, or by the one that was to take it."""
    check(by, "PLAN_EDIT")
    with audited(by=by, action="plan.step_ended", data_class="D", detail={"verb": verb}) as event:
        step = locked(GoalStep.objects.filter(goal__plan__in=visible_plans(by)), step_id)
        plan = CarePlan.objects.get(goals=step.goal_id)
        event.about("case", plan.case_id)
        if by.agency_code not in (plan.agency_code, step.agency_code):
            raise Refusal(_("This step is another agency's: they say when it is done."))
        _check_running(plan)
        step.status, step.ended_on, step.ended_by = _after_goal(step.status, verb), timezone.localdate(), by.id
        step.save(update_fields=["status", "ended_on", "ended_by"])
    return step


def move_plan(*, by: Actor, row: PlanStep) -> CarePlan:
    """One step of a plan: agree, review, move_on (the help ends, follow-up begins), resume or finish."""
    check(by, "PLAN_EDIT")
    _check_text(row.words)
    _check_text(row.note)
    on = row.on or timezone.localdate()
    followups.check_end(on, timezone.localdate())
    with audited(by=by, action="plan.moved", data_class="D", detail={"verb": row.verb}) as event:
        plan = locked(_own(by), row.plan_id)
        event.about("case", plan.case_id)
        case = locked_case(by, plan.case_id)
        check_open(case.status)
        if row.verb not in PLAN.verbs(plan.status):
            raise Refusal(_("Something has changed since the page was opened."))
        plan.status = PLAN.after(plan.status, row.verb)
        _carry_out(plan, row, on)
        if case.lead_agency_code == plan.agency_code:  # another agency's help may go on when one ends
            _end_or_resume(by, plan, row.verb, on)
        plan.save()
        turn_of(plan, row.verb, on, by, code=row.agreement_code, note=row.note).save()
    return plan


def _carry_out(plan: CarePlan, row: PlanStep, on: date) -> None:
    """What each step of a plan changes besides its state."""
    plan.words = row.words.strip() or plan.words
    if row.verb == "agree":
        _agree(plan, row, on)
    if row.verb in ("agree", "review", "resume"):
        plan.review_due_on = plans.review_due(on, current().limits)
    if row.verb == "finish":
        plan.ended_on = on


def _end_or_resume(by: Actor, plan: CarePlan, verb: str, on: date) -> None:
    if verb == "move_on":
        plan_follow_ups(by=by, rows=[Ending(case_id=plan.case_id, ended_on=on)])
    if verb == "resume":
        cancel_follow_ups(by=by, case_id=plan.case_id)


def _agree(plan: CarePlan, row: PlanStep, on: date) -> None:
    plans.check_written(plan.goals.filter(status=plans.OPEN).count())
    plans.check_agreement(row.agreement_code)
    if current().codes("consent_giver").get(row.given_by_code) is None:
        raise Refusal(_("Say who gave the answer: the person, or who may answer for them."))
    plan.agreement_code, plan.agreed_on = row.agreement_code, on
    plan.agreed_by_code, plan.is_shared = row.given_by_code, row.is_shared


def _own(by: Actor) -> QuerySet[CarePlan]:
    return visible_plans(by).filter(agency_code=by.agency_code)


def _own_running(by: Actor, plan_id: UUID) -> CarePlan:
    plan = locked(_own(by), plan_id)
    _check_running(plan)
    return plan


def _check_running(plan: CarePlan) -> None:
    if plan.status not in plans.RUNNING:
        raise Refusal(_("This plan is finished."))
    check_open(plan.case.status)


def _after_goal(status: str, verb: str) -> str:
    if verb not in GOAL.verbs(status):
        raise Refusal(_("Something has changed since the page was opened."))
    return GOAL.after(status, verb)


def _check_needed(text: str) -> None:
    if not text.strip():
        raise Refusal(_("Write what is to be reached or done."))
    _check_text(text)


def _check_text(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": LONGEST_TEXT})
