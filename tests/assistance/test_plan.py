"""Care plans: drawn up in the person's words, agreed, reviewed, and what the end of help begins."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from enlace.assistance.actions import (
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
from enlace.assistance.models import CarePlan, FollowUp
from enlace.assistance.queries import (
    plans_of_case,
    plans_to_draw,
    plans_to_review,
    read_plan,
    steps_due,
    turns_of_case,
)
from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from enlace.country.queries import current
from tests.assistance.caring import TODAY, a_plan, days_ago, helped_by_another
from tests.world import World, a_case, identified


def step_of(plan_id: UUID, verb: str, **said: object) -> PlanStep:
    return PlanStep(plan_id=plan_id, verb=verb, **said)


def test_a_plan_holds_the_person_s_words_and_begins_with_a_yes(world: World) -> None:
    case_id = a_case(world.bruno)
    plan_id = a_plan(world.bruno, case_id, agreed=False)
    with pytest.raises(Refusal, match="agreement"):
        move_plan(by=world.bruno, row=step_of(plan_id, "agree", agreement_code="disagreed"))
    move_plan(by=world.bruno, row=step_of(plan_id, "agree", agreement_code="partly", words="Poco a poco."))
    detail = read_plan(viewer=world.bruno, plan_id=plan_id)
    assert (detail.plan.words, detail.plan.agreement_code, detail.plan.status) == ("Poco a poco.", "partly", "active")
    assert detail.plan.review_due_on == TODAY() + current().limits["plan_review"]
    assert [turn.verb for turn in detail.turns] == ["agree", "draw"]


def test_a_plan_without_a_goal_is_not_agreed_on(world: World) -> None:
    plan = draw_plan(by=world.bruno, case_id=a_case(world.bruno))
    with pytest.raises(Refusal, match="no goal"):
        move_plan(by=world.bruno, row=step_of(plan.pk, "agree", agreement_code="agreed"))
    assert CarePlan.objects.get().status == "draft"


def test_an_agency_has_one_plan_running_and_another_when_it_is_finished(world: World) -> None:
    case_id = a_case(world.bruno)
    plan_id = a_plan(world.bruno, case_id)
    with pytest.raises(Refusal, match="already"):
        draw_plan(by=world.bruno, case_id=case_id)
    move_plan(by=world.bruno, row=step_of(plan_id, "finish"))
    with pytest.raises(Refusal, match="finished"):
        add_goal(by=world.bruno, plan_id=plan_id, row=NewGoal(area_code="health", objective="Descansar"))
    second = draw_plan(by=world.bruno, case_id=case_id)
    assert [plan.pk for plan in plans_of_case(viewer=world.bruno, case_id=case_id)] == [second.pk, plan_id]


def test_goals_and_steps_are_reached_or_dropped_once(world: World) -> None:
    plan_id = a_plan(world.bruno, a_case(world.bruno))
    goal = read_plan(viewer=world.bruno, plan_id=plan_id).goals[0]
    step = add_step(by=world.bruno, goal_id=goal.pk, row=NewStep(what="Inscribirme", due_on=TODAY()))
    end_step(by=world.bruno, step_id=step.pk, verb="reach")
    end_goal(by=world.bruno, goal_id=goal.pk, verb="drop")
    found = read_plan(viewer=world.bruno, plan_id=plan_id).goals[0]
    assert (found.status, found.ended_on) == ("dropped", TODAY())
    assert [(s.status, s.ended_by) for s in found.steps.all()] == [("done", world.bruno.id)]
    for act in (
        lambda: end_step(by=world.bruno, step_id=step.pk, verb="drop"),
        lambda: end_goal(by=world.bruno, goal_id=goal.pk, verb="reach"),
        lambda: add_step(by=world.bruno, goal_id=goal.pk, row=NewStep(what="Otra cosa")),
    ):
        with pytest.raises(Refusal):
            act()


@pytest.mark.parametrize(
    "row",
    [
        NewGoal(area_code="NO_SUCH", objective="x"),
        NewGoal(area_code="health", objective="  "),
        NewGoal(area_code="health", objective="x" * 4001),
        NewGoal(area_code="health", objective="x", planned_end_on=days_ago(1)),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(world: World, row: NewGoal) -> None:
    plan_id = a_plan(world.bruno, a_case(world.bruno), agreed=False)
    with pytest.raises(Refusal):
        add_goal(by=world.bruno, plan_id=plan_id, row=row)
    assert len(read_plan(viewer=world.bruno, plan_id=plan_id).goals) == 1


@pytest.mark.parametrize("is_shared", [False, True])
def test_others_on_the_case_read_the_plan_only_when_the_person_agreed(world: World, is_shared: bool) -> None:
    case_id, _service_id = helped_by_another(world)
    plan_id = a_plan(world.bruno, case_id, is_shared=is_shared)
    assert [plan.pk for plan in plans_of_case(viewer=world.carla, case_id=case_id)] == [plan_id] * is_shared
    assert len(turns_of_case(viewer=world.carla, case_id=case_id)) == 2 * is_shared
    for viewer in (world.omar, world.nadia):
        with pytest.raises(Missing):
            read_plan(viewer=viewer, plan_id=plan_id)
    if is_shared:
        with pytest.raises(Missing):
            move_plan(by=world.carla, row=step_of(plan_id, "finish"))


def test_the_agency_that_takes_a_step_says_when_it_is_done(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    plan_id = a_plan(world.bruno, case_id, is_shared=True)
    goal = read_plan(viewer=world.bruno, plan_id=plan_id).goals[0]
    theirs = NewStep(what="Dar la cita", agency_code="ngo-harbour", due_on=TODAY())
    step = add_step(by=world.bruno, goal_id=goal.pk, row=theirs)
    own = add_step(by=world.bruno, goal_id=goal.pk, row=NewStep(what="Acompañar", agency_code="prosecutor-north"))
    assert [found.pk for found in steps_due(viewer=world.carla, on=TODAY(), limit=9)] == [step.pk]
    end_step(by=world.carla, step_id=step.pk, verb="reach")
    assert steps_due(viewer=world.carla, on=TODAY(), limit=9) == []
    with pytest.raises(Refusal, match="another agency"):
        end_step(by=world.carla, step_id=own.pk, verb="reach")


def test_the_end_of_help_plans_the_follow_up_and_going_on_cancels_it(world: World) -> None:
    case_id = a_case(world.bruno)
    plan_id = a_plan(world.bruno, case_id, on=days_ago(9))
    move_plan(by=world.bruno, row=step_of(plan_id, "move_on", on=days_ago(3)))
    rows = FollowUp.objects.order_by("number")
    assert [row.due_on for row in rows] == [days_ago(3) + span for span in current().followups]
    move_plan(by=world.bruno, row=step_of(plan_id, "resume"))
    assert set(rows.values_list("status", flat=True)) == {"cancelled"}
    move_plan(by=world.bruno, row=step_of(plan_id, "move_on"))
    assert rows.filter(status="planned", series=2).count() == len(current().followups)


def test_another_agency_s_plan_ends_without_ending_the_help(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    plan_id = a_plan(world.carla, case_id)
    move_plan(by=world.carla, row=step_of(plan_id, "move_on"))
    assert not FollowUp.objects.exists()


def test_what_runs_out_stands_in_the_queue(world: World) -> None:
    case_id = a_case(world.bruno)
    assert plans_to_draw(viewer=world.bruno, limit=9) == []
    identified(world.bruno, case_id)
    ((found, _code, since, due),) = plans_to_draw(viewer=world.bruno, limit=9)
    assert (found, due - since) == (case_id, current().limits["plan"])
    assert timezone.now() - since < timedelta(minutes=1)
    plan_id = a_plan(world.bruno, case_id)
    assert plans_to_draw(viewer=world.bruno, limit=9) == []
    review = TODAY() + current().limits["plan_review"]
    assert plans_to_review(viewer=world.bruno, on=review - timedelta(days=1), limit=9) == []
    assert [plan.pk for plan in plans_to_review(viewer=world.bruno, on=review, limit=9)] == [plan_id]
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    assert plans_to_review(viewer=world.bruno, on=review, limit=9) == []


def test_who_may_not_and_a_closed_case(world: World) -> None:
    case_id = a_case(world.bruno)
    plan_id = a_plan(world.bruno, case_id, agreed=False)
    with pytest.raises(Forbidden):
        draw_plan(by=world.alma, case_id=case_id)
    with pytest.raises(Missing):
        draw_plan(by=world.omar, case_id=case_id)
    with pytest.raises(Refusal, match="in the future"):
        move_plan(by=world.bruno, row=step_of(plan_id, "finish", on=TODAY() + timedelta(days=1)))
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        move_plan(by=world.bruno, row=step_of(plan_id, "finish"))
    with pytest.raises(Refusal, match="closed"):
        add_goal(by=world.bruno, plan_id=plan_id, row=NewGoal(area_code="health", objective="Descansar"))


def test_reading_a_plan_leaves_a_record(world: World) -> None:
    case_id = a_case(world.bruno)
    plan_id = a_plan(world.bruno, case_id)
    read_plan(viewer=world.lucas, plan_id=plan_id)
    event = AuditEvent.objects.get(action="plan.read")
    assert (event.actor_id, event.subject_id, event.data_class) == (world.lucas.id, str(case_id), "D")
