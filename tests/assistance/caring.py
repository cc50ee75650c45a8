"""Invented care: services, plans, permits, returns and follow-up, as far as a test needs them; and one of each."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from enlace.accounts.queries import actor_for
from enlace.assistance.actions import (
    Activity,
    Ending,
    Given,
    Heard,
    Meeting,
    NewGoal,
    NewStep,
    PermitStep,
    PlanStep,
    ReturnStep,
    Spending,
    Things,
    add_goal,
    add_step,
    draw_plan,
    give_feedback,
    move_permit,
    move_plan,
    move_return,
    open_activity,
    open_permit,
    open_return,
    plan_follow_ups,
    record_costs,
    record_follow_up,
    record_in_kind,
    record_services,
    record_sessions,
)
from enlace.assistance.models import FollowUp
from enlace.base.actor import Actor
from enlace.cases.queries import case as case_of
from enlace.country.queries import current
from enlace.people.actions import Consent, record_consents
from tests.world import World, a_case, a_referral, accepted

TODAY = timezone.localdate
SAFE = {"trafficker_there": "no", "housing": "no", "persecution": "no"}
PERMIT, NAME_PERMIT = "stay_permit", "new_name"


def days_ago(count: int) -> date:
    return TODAY() - timedelta(days=count)


def a_service(by: Actor, case_id: UUID, service: str = "MENTAL", **facts: object) -> UUID:
    row = Given(case_id=case_id, service_code=service, started_on=days_ago(9), **facts)
    return record_services(by=by, rows=[row])[0].pk


def a_session(by: Actor, service_id: UUID, **facts: object) -> UUID:
    row = Meeting(service_id=service_id, planned_at=timezone.now() - timedelta(hours=2), **facts)
    return record_sessions(by=by, rows=[row])[0].pk


def helped_by_another(world: World) -> tuple[UUID, UUID]:
    """A case that Bruno's agency leads and a service that Carla's gave in it."""
    case_id = a_case(world.bruno)
    accepted(world.carla, a_referral(world.bruno, case_id))
    return case_id, a_service(world.carla, case_id)


def a_plan(by: Actor, case_id: UUID, *, agreed: bool = True, is_shared: bool = False, on: date | None = None) -> UUID:
    """A plan with one goal, agreed with the person unless not wanted."""
    plan = draw_plan(by=by, case_id=case_id, words="Quiero estudiar.")
    add_goal(by=by, plan_id=plan.pk, row=NewGoal(area_code="education", objective="Terminar la secundaria"))
    if agreed:
        row = PlanStep(plan_id=plan.pk, verb="agree", agreement_code="agreed", is_shared=is_shared, on=on)
        move_plan(by=by, row=row)
    return plan.pk


def a_permit(by: Actor, case_id: UUID, *verbs: str, kind: str = PERMIT, began: int = 30) -> UUID:
    """A permit on which these steps were taken, one a day, beginning some days ago."""
    permit = open_permit(by=by, case_id=case_id, kind_code=kind, on=days_ago(began))
    for number, verb in enumerate(verbs, start=1):
        moved(by, permit.pk, verb, days_ago(began - number))
    return permit.pk


CODES = {"inform": "person", "refuse": "incomplete", "convert": NAME_PERMIT, "end": "done"}


def moved(by: Actor, permit_id: UUID, verb: str, on: date, **said: object) -> None:
    told = {"code": CODES.get(verb, ""), "language_code": "spa" if verb == "inform" else "", **said}
    move_permit(by=by, row=PermitStep(permit_id=permit_id, verb=verb, on=on, **told))


def agreed_to_return(by: Actor, case_id: UUID, *, on: date | None = None, **facts: object) -> UUID:
    """The person's dated yes to going back."""
    row = Consent(
        person_id=case_of(viewer=by, case_id=case_id).person_id,
        purpose_code="repatriation",
        given_by_code="person",
        given_on=on or days_ago(20),
        **facts,
    )
    return record_consents(by=by, rows=[row])[0].pk


def a_return(by: Actor, case_id: UUID, *verbs: str, began: int = 20, kind: str = "going_home") -> UUID:
    """A return on which these steps were taken, one a day, beginning some days ago."""
    found = open_return(by=by, case_id=case_id, kind_code=kind, country_code="MX", on=days_ago(began))
    for number, verb in enumerate(verbs, start=1):
        went(by, found.pk, verb, days_ago(began - number))
    return found.pk


def went(by: Actor, return_id: UUID, verb: str, on: date, **said: object) -> None:
    usual: dict[str, dict[str, object]] = {
        "check_risks": {"code": "safe", "risks": SAFE},
        "confirm": {"code": "ngo"},
        "arrive": {"code": "ngo"},
    }
    move_return(by=by, row=ReturnStep(return_id=return_id, verb=verb, on=on, **{**usual.get(verb, {}), **said}))


def followed(by: Actor, case_id: UUID, ended: int = 100) -> list[FollowUp]:
    """The follow-up planned after help that ended some days ago, the soonest first."""
    return plan_follow_ups(by=by, rows=[Ending(case_id=case_id, ended_on=days_ago(ended))])


def heard(by: Actor, follow_up: FollowUp, outcome: str = "fine", **said: object) -> FollowUp:
    row = Heard(follow_up_id=follow_up.pk, outcome_code=outcome, done_on=TODAY(), **said)
    return record_follow_up(by=by, row=row)


def consul() -> Actor:
    """Somebody of the agency abroad."""
    from tests.architecture.routes import somebody

    return actor_for(somebody(current().role("R02"), "consular-network"))


def cared_for(by: Actor, case_id: UUID) -> dict[str, UUID]:
    """One of each thing of assistance in a case: name of its key -> id."""
    service_id = a_service(by, case_id)
    session_id = a_session(by, service_id)
    activity = open_activity(
        by=by,
        row=Activity(service_code="EDU", title="Taller inventado", planned_at=timezone.now(), case_ids=(case_id,)),
    )
    things = Things(case_id=case_id, item_code="food", quantity=2, given_on=TODAY())
    record_in_kind(by=by, rows=[things])
    cost = Spending(service_code="EDU", funding_code=a_source(), amount=100, spent_on=TODAY(), case_id=case_id)
    record_costs(by=by, rows=[cost])
    plan_id = a_plan(by, case_id, is_shared=True)
    goal = add_goal(by=by, plan_id=plan_id, row=NewGoal(area_code="health", objective="Sentirme bien"))
    step = add_step(by=by, goal_id=goal.pk, row=NewStep(what="Pedir una cita", agency_code=by.agency_code))
    return {
        "session_id": session_id,
        "activity_id": activity.pk,
        "plan_id": plan_id,
        "goal_id": goal.pk,
        "step_id": step.pk,
        "permit_id": a_permit(by, case_id),
        "return_id": a_return(by, case_id),
        "follow_up_id": followed(by, case_id)[0].pk,
    }


def a_source() -> str:
    return next(iter(current().codes("funding_source"))).code


def thought_of(by: Actor, service_id: UUID, score: int = 3, words: str = "") -> None:
    give_feedback(by=by, service_id=service_id, score=score, words=words)
