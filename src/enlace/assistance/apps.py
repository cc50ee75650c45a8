from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import clocks, slots
from enlace.base.actor import Actor
from enlace.base.remember import once

CLOCK = Actor.system("clock")
AHEAD = timedelta(days=7)  # how long before its day something already stands in the work queue


class AssistanceConfig(AppConfig):
    name = "enlace.assistance"
    label = "assistance"

    def ready(self) -> None:
        slots.register(slots.NavItem(40, _("Assistance"), "assistance:list", "SERVICE_READ"))
        slots.register(slots.NavItem(42, _("Follow-up"), "assistance:follow_ups", "PLAN_READ"))
        slots.register(slots.NavItem(44, _("Permits"), "assistance:permits", "PERMIT_READ"))
        slots.register(slots.NavItem(46, _("Returns"), "assistance:returns", "RETURN_READ"))
        for name, order, permission, context in (
            ("of_case", 20, "SERVICE_READ", of_case),
            ("plan", 18, "PLAN_READ", plan_of_case),
            ("permits", 24, "PERMIT_READ", permits_of_case),
            ("returns", 26, "RETURN_READ", returns_of_case),
            ("follow_ups", 28, "PLAN_READ", follow_ups_of_case),
        ):
            slots.register(slots.Panel("case", name, order, permission, f"assistance/_{name}.html", context))
        slots.register(
            slots.Panel("own", "permits", 30, "PORTAL_OWN", "assistance/_own_permits.html", permits_of_own_page)
        )
        slots.register(slots.TimelineSource("assistance", "CASE_READ", timeline))
        for name, order, label, permission, items in (
            ("follow_ups_due", 21, _("People to ask how they are"), "FOLLOWUP_RECORD", follow_ups_due),
            ("permits_to_act_on", 22, _("Permits that need a step"), "PERMIT_RECORD", permits_to_act_on),
            ("returns_to_act_on", 23, _("Returns in preparation"), "RETURN_RECORD", returns_to_act_on),
            ("plans_to_draw", 24, _("Care plans to draw up"), "PLAN_EDIT", plans_to_draw),
            ("plans_to_review", 25, _("Care plans to review"), "PLAN_EDIT", plans_to_review),
            ("steps_due", 26, _("Steps of care plans"), "PLAN_EDIT", steps_due),
            ("sessions_to_settle", 27, _("Sessions: what became of them"), "SERVICE_RECORD", sessions_to_settle),
        ):
            slots.register(slots.QueueSource(name, order, label, permission, items))
        clocks.register(clocks.Clock("follow_ups", 40, follow_closed_cases))


def follow_closed_cases(at: datetime) -> int:
    from enlace.assistance.actions import follow_closed_cases

    return follow_closed_cases(by=CLOCK, at=at)


def of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from enlace.accounts.queries import agency_names
    from enlace.assistance import queries
    from enlace.assistance.labels import UNITS

    names = agency_names()
    rows = _services(viewer, case.pk)
    counts = queries.sessions_in_case(viewer=viewer, case_id=case.pk)
    return {
        "case": case,
        "rows": [
            (
                row,
                UNITS.get(row.unit_code, ""),
                names.get(row.agency_code, row.agency_code),
                counts.get(row.pk, {}).get("held", 0),
                counts.get(row.pk, {}).get("missed", 0),
            )
            for row in rows
        ],
        "things": list(queries.in_kind_of_case(viewer=viewer, case_id=case.pk)),
    }


def plan_of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from enlace.accounts.queries import agency_names
    from enlace.assistance import queries
    from enlace.assistance.labels import PLAN
    from enlace.assistance.rules.plans import RUNNING

    names = agency_names()
    rows = queries.plans_of_case(viewer=viewer, case_id=case.pk)
    has_own = any(row.agency_code == viewer.agency_code and row.status in RUNNING for row in rows)
    return {
        "case": case,
        "rows": [(row, PLAN[row.status], names.get(row.agency_code, row.agency_code)) for row in rows],
        "may_draw": viewer.may("PLAN_EDIT") and case.status == "open" and not has_own,
    }


def permits_of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from django.utils import timezone

    from enlace.assistance import queries
    from enlace.assistance.labels import PERMIT
    from enlace.assistance.rules.permits import has_lapsed

    today = timezone.localdate()
    rows = queries.permits_of_case(viewer=viewer, case_id=case.pk)
    may_open = viewer.may("PERMIT_RECORD") and queries.kinds_open_to(
        citizenship_codes=case.person.citizenship_codes, identification=case.identification, there=rows
    )
    return {
        "case": case,
        "rows": [(row, PERMIT[row.status], has_lapsed(row.status, row.valid_to, today)) for row in rows],
        "may_open": bool(may_open),
    }


def returns_of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from enlace.assistance import queries
    from enlace.assistance.labels import RETURN

    rows = queries.returns_of_case(viewer=viewer, case_id=case.pk)
    running = any(row.status in ("preparing", "travelling") for row in rows)
    return {
        "case": case,
        "rows": [(row, RETURN[row.status]) for row in rows],
        "may_open": viewer.may("RETURN_RECORD") and case.status == "open" and not running,
    }


def follow_ups_of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from enlace.assistance.labels import FOLLOW_UP

    rows = _follow_ups(viewer, case.pk)
    planned = any(row.status == "planned" for row in rows)
    return {
        "case": case,
        "rows": [(row, FOLLOW_UP[row.status]) for row in rows],
        "may_plan": viewer.may("FOLLOWUP_RECORD") and not planned,
    }


def permits_of_own_page(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.assistance import queries
    from enlace.assistance.labels import PERMIT, RETURN

    found = queries.own_page(viewer=viewer)
    return {
        "permits": [(row, PERMIT[row.status]) for row in found.permits],
        "returns": [RETURN[status] for status in found.returns],
        "asked": found.asked_on,
    }


def timeline(viewer: Actor, case: Any) -> list[slots.TimelineEntry]:
    """Services, steps of plans, permits and returns, and what came of follow-up: what the role may read of."""
    from enlace.accounts.queries import agency_names
    from enlace.assistance import queries

    names = agency_names()
    entries = [_turn(turn, names) for turn in queries.turns_of_case(viewer=viewer, case_id=case.pk)]
    if viewer.may("SERVICE_READ"):
        entries += [_service(row, names) for row in _services(viewer, case.pk)]
    if viewer.may("PLAN_READ"):
        entries += [_follow_up(row, names) for row in _follow_ups(viewer, case.pk) if row.done_on]
    return entries


@once
def _services(viewer: Actor, case_id: UUID) -> list[Any]:
    """For the panel and the timeline of one page, as the follow-ups below."""
    from enlace.assistance import queries

    return list(queries.services_of_case(viewer=viewer, case_id=case_id))


@once
def _follow_ups(viewer: Actor, case_id: UUID) -> list[Any]:
    from enlace.assistance import queries

    return queries.follow_ups_of_case(viewer=viewer, case_id=case_id)


def _turn(turn: Any, names: dict[str, str]) -> slots.TimelineEntry:
    from django.urls import reverse

    from enlace.assistance.labels import PERMIT_STEPS, PLAN_STEPS, RETURN_STEPS
    from enlace.country.labels import label

    if turn.permit:
        url = reverse("assistance:permit", args=[turn.permit_id])
        title = f"{label('permit_kind', turn.permit.kind_code)}: {PERMIT_STEPS[turn.verb]}"
    elif turn.plan_id:
        url, title = reverse("assistance:plan", args=[turn.plan_id]), str(PLAN_STEPS[turn.verb])
    else:
        url, title = reverse("assistance:return", args=[turn.assisted_return_id]), str(RETURN_STEPS[turn.verb])
    return _entry(turn.on, title, turn.note, names.get(turn.agency_code, ""), url)


def _service(row: Any, names: dict[str, str]) -> slots.TimelineEntry:
    from django.urls import reverse

    from enlace.country.labels import label

    url = reverse("assistance:service", args=[row.pk])
    return _entry(row.started_on, label("service", row.service_code), row.remark, names.get(row.agency_code, ""), url)


def _follow_up(row: Any, names: dict[str, str]) -> slots.TimelineEntry:
    from django.urls import reverse

    from enlace.country.labels import label

    url, title = reverse("assistance:follow_up", args=[row.pk]), label("followup_outcome", row.outcome_code)
    return _entry(row.done_on, title, row.remark, names.get(row.agency_code, ""), url)


def follow_ups_due(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.assistance import queries

    rows = queries.follow_ups_due(viewer=viewer, on=_soon(), limit=limit)
    return [
        _item("assistance:follow_up", row.pk, row.case.code, _("Ask how the person is"), "", row.planned_at, row.due_on)
        for row in rows
    ]


def permits_to_act_on(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.utils import timezone

    from enlace.assistance import queries
    from enlace.assistance.labels import ACT
    from enlace.country.labels import label

    return [
        _item(
            "assistance:permit",
            found.permit.pk,
            found.permit.case.code,
            ACT[found.reason],
            label("permit_kind", found.permit.kind_code),
            _noon(found.permit.moved_on),
            found.due_on,
        )
        for found in queries.permits_to_act_on(viewer=viewer, on=timezone.localdate(), limit=limit)
    ]


def returns_to_act_on(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.assistance import queries
    from enlace.assistance.labels import RETURN
    from enlace.country.labels import label

    return [
        _item(
            "assistance:return",
            row.pk,
            row.case.code,
            label("return_kind", row.kind_code),
            RETURN[row.status],
            _noon(row.opened_on),
            None,
        )
        for row in queries.returns_to_act_on(viewer=viewer, limit=limit)
    ]


def plans_to_draw(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.assistance import queries

    return [
        _item("assistance:draw_plan", case_id, code, _("Draw up a care plan"), "", since, due)
        for case_id, code, since, due in queries.plans_to_draw(viewer=viewer, limit=limit)
    ]


def plans_to_review(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.assistance import queries

    rows = queries.plans_to_review(viewer=viewer, on=_soon(), limit=limit)
    return [
        _item("assistance:plan", row.pk, row.case.code, _("Review the plan"), "", row.drawn_up_at, row.review_due_on)
        for row in rows
    ]


def steps_due(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.assistance import queries

    rows = queries.steps_due(viewer=viewer, on=_soon(), limit=limit)
    return [
        _item(
            "assistance:plan",
            row.goal.plan_id,
            row.goal.plan.case.code,
            _("Take a step of the plan"),
            "",
            row.added_at,
            row.due_on,
        )
        for row in rows
    ]


def sessions_to_settle(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.utils import timezone

    from enlace.assistance import queries
    from enlace.cases.queries import cases_by_id
    from enlace.country.labels import label

    rows = queries.sessions_to_settle(viewer=viewer, now=timezone.now(), limit=limit)
    cases = cases_by_id(viewer=viewer, ids={row.case_id for row in rows}) if rows else {}
    return [
        _item(
            "assistance:settle_session",
            row.pk,
            cases[row.case_id].code if row.case_id in cases else _referral_code(row.service),
            _("Say what became of the session"),
            label("service", row.service_code),
            row.planned_at,
            None,
        )
        for row in rows
    ]


def _referral_code(service: Any) -> str:
    """What stands for somebody who came unnamed."""
    return service.referral.code if service.referral else "–"


def _soon() -> Any:
    from django.utils import timezone

    return timezone.localdate() + AHEAD


def _noon(day: Any) -> datetime:
    from django.utils import timezone

    return timezone.make_aware(datetime.combine(day, time(12)))


def _entry(day: Any, title: str, body: str, who: str, url: str) -> slots.TimelineEntry:
    return slots.TimelineEntry(at=_noon(day), kind="service", title=title, body=body, who=who, url=url)


def _item(
    page: str, subject: Any, code: str, task: object, detail: object, since: datetime, due: Any
) -> slots.QueueItem:
    """One line of the work queue; a day runs out at its noon, so that what is due today is seen in the morning."""
    from django.urls import reverse

    moment = due if due is None or isinstance(due, datetime) else _noon(due)
    return slots.QueueItem(
        url=reverse(page, args=[subject]), code=code, task=str(task), detail=str(detail), since=since, due=moment
    )
