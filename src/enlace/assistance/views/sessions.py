"""Pages of sessions and of group activities."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.assistance import actions, queries
from enlace.assistance.forms.sessions import (
    ActivityForm,
    PeopleOfActivityForm,
    SessionForm,
    SettleActivityForm,
    SettleForm,
)
from enlace.assistance.labels import SESSION
from enlace.assistance.rules import SESSION as MACHINE
from enlace.assistance.views.working import known_case, refuse_closed, refuse_step, work_page
from enlace.cases.queries import CaseFilter, case_page
from enlace.country.labels import label

MOST_CASES = 200  # offered for an activity: the cases that the agency took up last


@allowed("SERVICE_RECORD")
def record_session(request: Request, service_id: UUID) -> HttpResponse:
    """Plan a session of a service, or record one that took place."""
    found = queries.own_service(viewer=request.actor, service_id=service_id)
    case = known_case(request.actor, found.case_id)
    refuse_closed(request, case)

    def act(form: Any) -> str:
        actions.record_sessions(by=request.actor, rows=[form.meeting(service_id)])
        return reverse("assistance:service", args=[service_id])

    return work_page(
        request,
        name="session.record",
        subject=service_id,
        form=SessionForm,
        act=act,
        title=_("Plan or record a session"),
        lede=label("service", found.service_code),
        submit=_("Record"),
        done=_("The session is recorded."),
        initial={"day": timezone.localdate(), "language": found.language_code, "interpreter": found.interpreter_code},
        case=case,
        cancel_url=reverse("assistance:service", args=[service_id]),
    )


@allowed("SERVICE_RECORD")
def settle_session(request: Request, session_id: UUID) -> HttpResponse:
    """Say what became of a planned session."""
    found = queries.own_session(viewer=request.actor, session_id=session_id)
    refuse_step(request, "hold", MACHINE.verbs(found.status))
    back = reverse("assistance:service", args=[found.service_id])

    def act(form: Any) -> str:
        actions.settle_session(by=request.actor, session_id=session_id, said=form.settled())
        return back

    return work_page(
        request,
        name="session.settle",
        subject=session_id,
        form=SettleForm,
        act=act,
        title=_("What became of the session"),
        lede=label("service", found.service_code),
        submit=_("Record"),
        done=_("The session is recorded."),
        initial={"language": found.language_code, "interpreter": found.interpreter_code},
        case=known_case(request.actor, found.case_id),
        cancel_url=back,
    )


@allowed("SERVICE_READ")
@require_safe
def activities(request: Request) -> HttpResponse:
    """The own agency's group activities, the newest first."""
    page = queries.activity_page(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "status_names": SESSION}
    return render(request, "assistance/activities.html", context)


@allowed("SERVICE_READ")
@require_safe
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """One activity with who is on its list, by the codes of their cases."""
    found, sessions = queries.read_activity(viewer=request.actor, activity_id=activity_id)
    context = {
        "activity": found,
        "status_name": SESSION[found.status],
        "sessions": [(session, SESSION[session.status]) for session in sessions],
        "is_planned": bool(MACHINE.verbs(found.status)),
    }
    return render(request, "assistance/activity.html", context)


@allowed("SERVICE_RECORD")
def open_activity(request: Request) -> HttpResponse:
    """Plan an activity for several people."""
    cases = _cases(request)

    def act(form: Any) -> str:
        opened = actions.open_activity(by=request.actor, row=form.activity())
        return reverse("assistance:activity", args=[opened.pk])

    return work_page(
        request,
        name="activity.open",
        subject="",
        form=lambda **kwargs: ActivityForm(cases=cases, **kwargs),
        act=act,
        title=_("Plan an activity for several people"),
        lede=_("Each person's attendance counts once, in her or his own case. Nobody else's case is shown there."),
        submit=_("Plan the activity"),
        done=_("The activity is planned. Afterwards, say who came."),
        initial={"day": timezone.localdate()},
        cancel_url=reverse("assistance:activities"),
    )


@allowed("SERVICE_RECORD")
def invite_people(request: Request, activity_id: UUID) -> HttpResponse:
    """Add people to an activity."""
    found, _sessions = queries.read_activity(viewer=request.actor, activity_id=activity_id)
    refuse_step(request, "hold", MACHINE.verbs(found.status))
    cases, back = _cases(request), reverse("assistance:activity", args=[activity_id])

    def act(form: Any) -> str:
        actions.invite_people(by=request.actor, activity_id=activity_id, case_ids=form.case_ids())
        return back

    return work_page(
        request,
        name="activity.invite",
        subject=activity_id,
        form=lambda **kwargs: PeopleOfActivityForm(cases=cases, **kwargs),
        act=act,
        title=_("Add people to the activity"),
        lede=found.title,
        submit=_("Add"),
        cancel_url=back,
        keeps_drafts=False,
    )


@allowed("SERVICE_RECORD")
def settle_activity(request: Request, activity_id: UUID) -> HttpResponse:
    """Say whether an activity was held, and who came."""
    found, sessions = queries.read_activity(viewer=request.actor, activity_id=activity_id)
    refuse_step(request, "hold", MACHINE.verbs(found.status))
    people = [(str(session.pk), session.case.code) for session in sessions]
    back = reverse("assistance:activity", args=[activity_id])

    def act(form: Any) -> str:
        said = form.cleaned_data
        came = [UUID(pk) for pk in said["came"]]
        actions.settle_activity(
            by=request.actor, activity_id=activity_id, verb=said["verb"], came=came, minutes=said["minutes"]
        )
        return back

    return work_page(
        request,
        name="activity.settle",
        subject=activity_id,
        form=lambda **kwargs: SettleActivityForm(people=people, **kwargs),
        act=act,
        title=_("What became of the activity"),
        lede=found.title,
        submit=_("Record"),
        done=_("The activity is recorded."),
        cancel_url=back,
        keeps_drafts=False,
    )


def _cases(request: Request) -> list[tuple[str, str]]:
    page = case_page(viewer=request.actor, wanted=CaseFilter(status="open"), size=MOST_CASES)
    return [(str(row.case_id), row.case.code) for row in page.rows]
