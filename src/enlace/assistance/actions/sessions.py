"""Writes of single sessions and of group activities."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.assistance.models import GroupActivity, ServiceGiven, Session
from enlace.assistance.permissions import locked, own_activities, visible, visible_sessions
from enlace.assistance.rules import SESSION, given
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.rules import check_open
from enlace.country.queries import current
from enlace.referrals.permissions import locked_cases


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One session of a service. ``verb`` settles it at once: hold, miss or cancel; "" leaves it planned."""

    service_id: UUID
    planned_at: datetime
    verb: str = ""
    cancelled_by: str = ""
    minutes: int | None = None
    language_code: str = ""
    interpreter_code: str = ""
    remark: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of a session that was planned."""

    verb: str
    cancelled_by: str = ""
    minutes: int | None = None
    language_code: str = ""
    interpreter_code: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One activity for several people of cases that the agency works on."""

    service_code: str
    title: str
    planned_at: datetime
    case_ids: tuple[UUID, ...] = ()
    id: UUID = field(default_factory=new_id)


def record_sessions(*, by: Actor, rows: Sequence[Meeting]) -> list[Session]:
    """Plan sessions of the agency's own services, or record those that took place."""
    check(by, "SERVICE_RECORD")
    now = timezone.now()
    for row in rows:
        _check_meeting(row, now)
    with audited(by=by, action="session.recorded", detail={"count": len(rows)}, data_class="D") as event:
        services = _own_services(by, {row.service_id for row in rows})
        if len({service.case_id for service in services.values()}) == 1:
            event.about("case", next(iter(services.values())).case_id)
        sessions = [_session(row, services[row.service_id], by, now) for row in rows]
        return Session.objects.bulk_create(sessions, batch_size=500)


def settle_session(*, by: Actor, session_id: UUID, said: Settled) -> Session:
    """Say what became of a planned session: held, missed or cancelled, and by whom."""
    check(by, "SERVICE_RECORD")
    _check_settled(said)
    with audited(by=by, action="session.settled", data_class="D") as event:
        session = locked(visible_sessions(by).filter(agency_code=by.agency_code, activity=None), session_id)
        event.about("case", session.case_id)
        _settle(session, said, timezone.now())
        session.remark = said.remark.strip() or session.remark
        session.save(update_fields=[*SETTLED, "remark"])
    return session


def open_activity(*, by: Actor, row: Activity) -> GroupActivity:
    """Plan an activity for several people; who of them came is said when it is settled."""
    check(by, "SERVICE_RECORD")
    if current().codes("service").get(row.service_code) is None:
        raise Refusal(_("Choose a service from the list."))
    if not row.title.strip():
        raise Refusal(_("Give the activity a name that tells nothing about anybody."))
    with audited(by=by, action="activity.opened", subject=("activity", row.id), data_class="D"):
        activity = GroupActivity.objects.create(
            id=row.id,
            agency_code=by.agency_code,
            service_code=row.service_code,
            title=row.title.strip(),
            planned_at=row.planned_at,
            recorded_by=by.id,
            recorded_at=timezone.now(),
        )
        _invite(by, activity, row.case_ids)
    return activity


def invite_people(*, by: Actor, activity_id: UUID, case_ids: Collection[UUID]) -> GroupActivity:
    """Add people to an activity that has not taken place; whoever is on the list already stays on it once."""
    check(by, "SERVICE_RECORD")
    with audited(by=by, action="activity.invited", subject=("activity", activity_id), data_class="D") as event:
        activity = locked(own_activities(by), activity_id)
        _check_planned(activity)
        event.detail["count"] = _invite(by, activity, case_ids)
    return activity


def settle_activity(
    *, by: Actor, activity_id: UUID, verb: str, came: Collection[UUID] = (), minutes: int | None = None
) -> GroupActivity:
    """Say that an activity was held, and who came (ids of its sessions), or that it was cancelled."""
    check(by, "SERVICE_RECORD")
    given.check_settled(verb, "provider" if verb == "cancel" else "", minutes)
    now = timezone.now()
    with audited(by=by, action="activity.settled", subject=("activity", activity_id), data_class="D") as event:
        activity = locked(own_activities(by), activity_id)
        _check_planned(activity)
        if verb == "hold":
            given.check_held(activity.planned_at, now)
        sessions = list(activity.sessions.select_for_update().order_by("pk"))
        for session in sessions:
            _settle(session, _attendance(verb, session.pk in came, minutes), now)
        Session.objects.bulk_update(sessions, SETTLED, batch_size=500)
        activity.status, activity.minutes = SESSION.after(activity.status, verb), minutes
        activity.save(update_fields=["status", "minutes"])
        event.detail["count"] = len(sessions)
    return activity


SETTLED = ["status", "settled_at", "cancelled_by", "minutes", "language_code", "interpreter_code"]


def _own_services(by: Actor, ids: Collection[UUID]) -> dict[UUID, ServiceGiven]:
    rows = visible(by).filter(agency_code=by.agency_code, pk__in=ids).order_by("pk")
    found = {service.pk: service for service in rows}
    if len(found) != len(ids):
        raise Missing(_("Your agency gave no such service."))
    for case in locked_cases(by, {service.case_id for service in found.values()}):
        check_open(case.status)
    for service in found.values():
        if service.ended_on:
            raise Refusal(_("This service has ended. Record a new one for what comes now."))
    return found


def _session(row: Meeting, service: ServiceGiven, by: Actor, now: datetime) -> Session:
    session = Session(
        id=row.id,
        case_id=service.case_id,
        service=service,
        agency_code=by.agency_code,
        service_code=service.service_code,
        planned_at=row.planned_at,
        language_code=row.language_code,
        interpreter_code=row.interpreter_code,
        remark=row.remark.strip(),
        recorded_by=by.id,
        recorded_at=now,
    )
    if row.verb:
        said = {name: getattr(row, name) for name in Settled.__dataclass_fields__}
        _settle(session, Settled(**said), now)
    return session


def _settle(session: Session, said: Settled, now: datetime) -> None:
    if said.verb not in SESSION.verbs(session.status):
        raise Refusal(_("Something has changed since the page was opened."))
    if said.verb != "cancel":
        given.check_held(session.planned_at, now)
    session.status, session.settled_at = SESSION.after(session.status, said.verb), now
    session.cancelled_by, session.minutes = said.cancelled_by, said.minutes
    session.language_code = said.language_code or session.language_code
    session.interpreter_code = said.interpreter_code or session.interpreter_code


def _attendance(verb: str, came: bool, minutes: int | None) -> Settled:
    if verb == "cancel":
        return Settled(verb="cancel", cancelled_by="provider")
    return Settled(verb="hold", minutes=minutes) if came else Settled(verb="miss")


def _invite(by: Actor, activity: GroupActivity, case_ids: Collection[UUID]) -> int:
    """How many people were added; each agency invites people of cases it works on."""
    wanted = set(case_ids)
    cases = list(visible_cases(by).filter(pk__in=wanted).order_by("pk"))
    if len(cases) != len(wanted):
        raise Missing(_("Your agency does not work on such a case."))
    for case in cases:
        check_open(case.status)
    there = set(activity.sessions.filter(case__in=cases).values_list("case_id", flat=True))
    rows = [
        Session(
            case=case,
            activity=activity,
            agency_code=by.agency_code,
            service_code=activity.service_code,
            planned_at=activity.planned_at,
            recorded_by=by.id,
            recorded_at=timezone.now(),
        )
        for case in cases
        if case.pk not in there
    ]
    return len(Session.objects.bulk_create(rows, batch_size=500))


def _check_planned(activity: GroupActivity) -> None:
    if activity.status != given.PLANNED:
        raise Refusal(_("What became of this activity was already recorded."))


def _check_meeting(row: Meeting, now: datetime) -> None:
    given.check_interpreter(row.interpreter_code, row.language_code)
    _check_language(row.language_code)
    if row.verb:
        _check_settled(Settled(**{name: getattr(row, name) for name in Settled.__dataclass_fields__}))
    elif row.cancelled_by or row.minutes is not None:
        raise Refusal(_("Say first what became of the session."))


def _check_settled(said: Settled) -> None:
    if said.verb not in SESSION.verbs(given.PLANNED):
        raise Refusal(_("Say what became of the session."))
    given.check_settled(said.verb, said.cancelled_by, said.minutes)
    given.check_interpreter(said.interpreter_code, said.language_code)
    _check_language(said.language_code)


def _check_language(code: str) -> None:
    if code and current().codes("language").get(code) is None:
        raise Refusal(_("Choose a language from the list."))
