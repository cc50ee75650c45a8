"""Pages of care plans."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.assistance import actions, queries
from enlace.assistance.forms.plans import AgreeForm, ConfirmForm, DrawForm, GoalForm, MoveForm, ReviewForm, StepForm
from enlace.assistance.labels import AGREEMENT, GOAL, PLAN, PLAN_STEPS, STEP
from enlace.assistance.rules import GOAL as GOAL_MACHINE
from enlace.assistance.rules import PLAN as MACHINE
from enlace.assistance.rules import plans as rules
from enlace.assistance.views.working import refuse_closed, refuse_step, told_turns, work_page
from enlace.base.errors import Missing
from enlace.base.pdf import typeset
from enlace.cases.queries import agencies_on
from enlace.cases.queries import case as case_of
from enlace.cases.rules import OPEN
from enlace.country.labels import language

FORMS: dict[str, type[MoveForm]] = {"agree": AgreeForm, "review": ReviewForm}
TITLES = {
    "agree": gettext_lazy("Agree on the plan with the person"),
    "review": gettext_lazy("Review the plan together"),
    "move_on": gettext_lazy("The help ends: begin the transition"),
    "resume": gettext_lazy("Go on with the help"),
    "finish": gettext_lazy("Finish the plan"),
}
CONSEQUENCES = {
    "agree": gettext_lazy("Help never depends on this answer: whoever does not agree goes on receiving it."),
    "review": gettext_lazy("The clock for the next review starts again."),
    "move_on": gettext_lazy(
        "When your agency leads the case, follow-up is planned: the person is asked again how she or he is."
    ),
    "resume": gettext_lazy("The follow-up that was planned is cancelled; it is planned again when the help ends."),
    "finish": gettext_lazy("Nothing more is added to this plan. Another one can be drawn up at any time."),
}
GOAL_TITLES = {"reach": gettext_lazy("It is reached"), "drop": gettext_lazy("It is dropped")}
STEP_TITLES = {"reach": gettext_lazy("It is done"), "drop": gettext_lazy("It is dropped")}


@allowed("PLAN_READ")
@require_safe
def plan(request: Request, plan_id: UUID) -> HttpResponse:
    """One plan: the person's own words, goals and steps, and what happened to it."""
    viewer = request.actor
    detail = queries.read_plan(viewer=viewer, plan_id=plan_id)
    found, names = detail.plan, agency_names()
    may_edit = viewer.may("PLAN_EDIT") and found.status in rules.RUNNING and found.case.status == OPEN
    keeps = may_edit and found.agency_code == viewer.agency_code
    context = {
        "plan": found,
        "case": found.case,
        "status_name": PLAN[found.status],
        "who": names.get(found.agency_code, found.agency_code),
        "agreement": AGREEMENT.get(found.agreement_code, ""),
        "goals": [(goal, GOAL[goal.status], _steps(goal, names, viewer, keeps, may_edit)) for goal in detail.goals],
        "turns": told_turns(detail.turns, PLAN_STEPS, {}),
        "verbs": [(verb, TITLES[verb]) for verb in MACHINE.verbs(found.status)] if keeps else [],
        "keeps": keeps,
    }
    return render(request, "assistance/plan.html", context)


@allowed("PLAN_EDIT")
def draw_plan(request: Request, case_id: UUID) -> HttpResponse:
    """Begin a plan with the person."""
    found = case_of(viewer=request.actor, case_id=case_id)
    refuse_closed(request, found)

    def act(form: Any) -> str:
        drawn = actions.draw_plan(by=request.actor, case_id=case_id, words=form.cleaned_data["words"])
        return reverse("assistance:plan", args=[drawn.pk])

    return work_page(
        request,
        name="plan.draw",
        subject=case_id,
        form=DrawForm,
        act=act,
        title=_("Draw up a care plan"),
        lede=_("With the person, not about the person. Help never waits for the plan."),
        submit=_("Begin the plan"),
        case=found,
        cancel_url=reverse("cases:case", args=[case_id]),
    )


@allowed("PLAN_EDIT")
def add_goal(request: Request, plan_id: UUID) -> HttpResponse:
    """Add what the person wants to reach."""
    found = queries.plan(viewer=request.actor, plan_id=plan_id)
    refuse_closed(request, found.case)
    back = reverse("assistance:plan", args=[plan_id])

    def act(form: Any) -> str:
        actions.add_goal(by=request.actor, plan_id=plan_id, row=form.goal())
        return back

    return work_page(
        request,
        name="plan.goal",
        subject=plan_id,
        form=GoalForm,
        act=act,
        title=_("Add a goal"),
        submit=_("Add"),
        case=found.case,
        cancel_url=back,
    )


@allowed("PLAN_EDIT")
def end_goal(request: Request, goal_id: UUID, goal_verb: str) -> HttpResponse:
    """A goal is reached, or dropped."""
    found = queries.goal(viewer=request.actor, goal_id=goal_id)
    refuse_closed(request, found.plan.case)
    refuse_step(request, goal_verb, GOAL_MACHINE.verbs(found.status))
    back = reverse("assistance:plan", args=[found.plan_id])

    def act(form: Any) -> str:
        actions.end_goal(by=request.actor, goal_id=goal_id, verb=goal_verb)
        return back

    return work_page(
        request,
        name=f"plan.goal_{goal_verb}",
        subject=goal_id,
        form=ConfirmForm,
        act=act,
        title=str(GOAL_TITLES.get(goal_verb, "")),
        lede=found.objective,
        submit=_("Record"),
        case=found.plan.case,
        cancel_url=back,
        keeps_drafts=False,
    )


@allowed("PLAN_EDIT")
def add_step(request: Request, goal_id: UUID) -> HttpResponse:
    """Add a step: what, who, by when."""
    viewer = request.actor
    found = queries.goal(viewer=viewer, goal_id=goal_id)
    refuse_closed(request, found.plan.case)
    names, back = agency_names(), reverse("assistance:plan", args=[found.plan_id])
    agencies = [(code, names.get(code, code)) for code in agencies_on(viewer=viewer, found=found.plan.case)]

    def act(form: Any) -> str:
        actions.add_step(by=viewer, goal_id=goal_id, row=form.step())
        return back

    return work_page(
        request,
        name="plan.step",
        subject=goal_id,
        form=lambda **kwargs: StepForm(agencies=agencies, **kwargs),
        act=act,
        title=_("Add a step"),
        lede=found.objective,
        submit=_("Add"),
        case=found.plan.case,
        cancel_url=back,
    )


@allowed("PLAN_EDIT")
def end_step(request: Request, step_id: UUID, goal_verb: str) -> HttpResponse:
    """A step is done, or dropped."""
    found = queries.step(viewer=request.actor, step_id=step_id)
    refuse_closed(request, found.goal.plan.case)
    refuse_step(request, goal_verb, GOAL_MACHINE.verbs(found.status))
    back = reverse("assistance:plan", args=[found.goal.plan_id])

    def act(form: Any) -> str:
        actions.end_step(by=request.actor, step_id=step_id, verb=goal_verb)
        return back

    return work_page(
        request,
        name=f"plan.step_{goal_verb}",
        subject=step_id,
        form=ConfirmForm,
        act=act,
        title=str(STEP_TITLES.get(goal_verb, "")),
        lede=found.what,
        submit=_("Record"),
        case=found.goal.plan.case,
        cancel_url=back,
        keeps_drafts=False,
    )


@allowed("PLAN_EDIT")
def move_plan(request: Request, plan_id: UUID, plan_verb: str) -> HttpResponse:
    """One step of a plan's life, after saying what it means."""
    found = queries.plan(viewer=request.actor, plan_id=plan_id)
    if plan_verb not in TITLES:
        raise Missing(_("There is no such step."))
    refuse_closed(request, found.case)
    refuse_step(request, plan_verb, MACHINE.verbs(found.status))
    back = reverse("assistance:plan", args=[plan_id])

    def act(form: Any) -> str:
        actions.move_plan(by=request.actor, row=form.move(plan_id, plan_verb))
        return back

    return work_page(
        request,
        name=f"plan.{plan_verb}",
        subject=plan_id,
        form=FORMS.get(plan_verb, MoveForm),
        act=act,
        title=str(TITLES[plan_verb]),
        submit=_("Record"),
        initial={"on": timezone.localdate(), "words": found.words, "is_shared": found.is_shared},
        consequences=[str(CONSEQUENCES[plan_verb])],
        case=found.case,
        cancel_url=back,
    )


@allowed("PLAN_READ")
@require_safe
def print_plan(request: Request, plan_id: UUID) -> HttpResponse:
    """The plan on paper, for the person: no name, no place, no code of another agency."""
    detail = queries.read_plan(viewer=request.actor, plan_id=plan_id)
    document = typeset("assistance/care_plan.typ", _document(detail))
    return HttpResponse(document, content_type="application/pdf")


def _document(detail: queries.PlanDetail) -> dict[str, Any]:
    """What stands on paper. A sheet may be found by others: it names no agency and says nothing of what happened."""
    found = detail.plan
    return {
        "lang": language(),
        "title": _("My plan"),
        "foot": _("Yours to keep or to leave with us. You can change it, or say no to it, at any time."),
        "words": {
            "said": _("In my own words"),
            "goals": _("What I want to reach"),
            "what": _("Step"),
            "who": _("Who"),
            "when": _("By when"),
            "review": _("We look at it again on"),
            "me": _("Me"),
            "team": _("The team that helps me"),
        },
        "said": found.words,
        "review": _day(found.review_due_on),
        "goals": [
            {
                "objective": goal.objective,
                "by": _day(goal.planned_end_on),
                "steps": [
                    {"what": step.what, "is_mine": not step.agency_code, "by": _day(step.due_on)}
                    for step in goal.steps.all()
                    if step.status != rules.DROPPED
                ],
            }
            for goal in detail.goals
            if goal.status != rules.DROPPED
        ],
    }


def _day(day: Any) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""


def _steps(goal: Any, names: dict[str, str], viewer: Any, keeps: bool, may_edit: bool) -> list[dict[str, Any]]:
    """The steps of a goal, each with whether the viewer may say that it is done."""
    return [
        {
            "step": step,
            "status_name": STEP[step.status],
            "who": names.get(step.agency_code, step.agency_code) or _("The person"),
            "mine": step.status == rules.OPEN and (keeps or (may_edit and step.agency_code == viewer.agency_code)),
        }
        for step in goal.steps.all()
    ]
