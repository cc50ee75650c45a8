"""Reads of services, sessions, activities, things given and costs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.assistance.models import Feedback, GroupActivity, InKind, ServiceGiven, Session
from enlace.assistance.permissions import (
    own_activities,
    own_costs,
    visible,
    visible_in_kind,
    visible_sessions,
)
from enlace.assistance.rules import given
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.base.rows import seeing_as
from enlace.country.queries import current

ORDER = ("-started_on", "-id")
ACTIVITIES = ("-planned_at", "-id")
SUMMING = Actor.system("assistance.feedback")  # answers are in no agency's sight, only in their sum


@dataclass(frozen=True)
class Quality:
    """What people think of one kind of service: ``scores`` is None while fewer answered than may be shown."""

    service_code: str
    scores: tuple[tuple[int, int], ...] | None
    words: tuple[str, ...] = ()


def services_of_case(*, viewer: Actor, case_id: UUID) -> QuerySet[ServiceGiven]:
    return visible(viewer).filter(case_id=case_id).order_by("-started_on", "-id")


def in_kind_of_case(*, viewer: Actor, case_id: UUID) -> QuerySet[InKind]:
    return visible_in_kind(viewer).filter(case_id=case_id).order_by("-given_on", "-id")


def sessions_in_case(*, viewer: Actor, case_id: UUID) -> dict[UUID, dict[str, int]]:
    """How many sessions of each service of a case: service id -> state -> count."""
    rows = visible_sessions(viewer).filter(case_id=case_id, service__isnull=False)
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for service_id, status, count in rows.values_list("service_id", "status").annotate(n=Count("pk")).order_by():
        if service_id:
            found[service_id][status] = count
    return dict(found)


def service_page(*, viewer: Actor, service_code: str = "", cursor: str = "", size: int = 25) -> Page:
    """What the own agency gave, newest first; rows with the referral they answer. Class D: the reading is on record."""
    rows = visible(viewer).filter(agency_code=viewer.agency_code).select_related("referral")
    record_read(by=viewer, action="services.read", subject=("agency", viewer.agency_code), data_class="D")
    if service_code:
        rows = rows.filter(service_code=service_code)
    return page(rows, order=ORDER, cursor=cursor, size=size)


def own_service(*, viewer: Actor, service_id: UUID) -> ServiceGiven:
    """One service that the own agency gave. Raises ``Missing`` for all others."""
    found = visible(viewer).filter(agency_code=viewer.agency_code, pk=service_id).first()
    if found is None:
        raise Missing(_("Your agency gave no such service."))
    return found


def read_service(*, viewer: Actor, service_id: UUID) -> tuple[ServiceGiven, list[Session]]:
    """One service with its sessions, the newest first. Class D: the reading leaves a record."""
    found = visible(viewer).filter(pk=service_id).select_related("referral").first()
    if found is None:
        raise Missing(_("Your agency gave no such service."))
    record_read(by=viewer, action="service.read", subject=("case", found.case_id), data_class="D")
    return found, list(visible_sessions(viewer).filter(service=found).order_by("-planned_at", "-id"))


def own_session(*, viewer: Actor, session_id: UUID) -> Session:
    """One session of a service that the own agency gave."""
    rows = visible_sessions(viewer).filter(agency_code=viewer.agency_code, activity=None)
    found = rows.filter(pk=session_id).first()
    if found is None:
        raise Missing(_("Your agency gave no such service."))
    return found


def sessions_to_settle(*, viewer: Actor, now: datetime, limit: int) -> list[Session]:
    """Own sessions that should have taken place and of which nobody has said what became, the oldest first.

    Rows with the referral that asked for the service: of whoever came unnamed the agency knows nothing else.
    """
    rows = visible_sessions(viewer).filter(
        agency_code=viewer.agency_code, activity=None, status=given.PLANNED, planned_at__lte=now
    )
    return list(rows.select_related("service__referral").order_by("planned_at", "pk")[:limit])


def activity_page(*, viewer: Actor, cursor: str = "") -> Page:
    """The own agency's group activities, the newest first. Class D: the reading leaves a record."""
    record_read(by=viewer, action="activities.read", subject=("agency", viewer.agency_code), data_class="D")
    rows = own_activities(viewer).annotate(
        invited=Count("sessions"), came=Count("sessions", filter=Q(sessions__status=given.HELD))
    )
    return page(rows, order=ACTIVITIES, cursor=cursor)


def read_activity(*, viewer: Actor, activity_id: UUID) -> tuple[GroupActivity, list[Session]]:
    """One activity of the own agency with who is on its list, by the code of the case."""
    found = own_activities(viewer).filter(pk=activity_id).first()
    if found is None:
        raise Missing(_("Your agency knows of no such thing."))
    record_read(by=viewer, action="activity.read", subject=("activity", activity_id), data_class="D")
    return found, list(found.sessions.select_related("case").order_by("case__code"))


def quality(*, viewer: Actor) -> list[Quality]:
    """What people think of the own agency's services, by kind of service, never so that one answer can be told."""
    wanted = visible(viewer).filter(agency_code=viewer.agency_code)
    kinds = sorted(set(wanted.order_by().values_list("service_code", flat=True).distinct()))
    with seeing_as(SUMMING):
        rows = list(Feedback.objects.filter(agency_code=viewer.agency_code).order_by("month", "pk"))
    return [_quality(kind, [row for row in rows if row.service_code == kind]) for kind in kinds]


def costs_by_source(*, viewer: Actor, year: int) -> list[tuple[str, str, Decimal]]:
    """What the own agency spent in a year: (funding source, service, sum in the pack's currency)."""
    rows = own_costs(viewer).filter(spent_on__range=(date(year, 1, 1), date(year, 12, 31)))
    summed = rows.values_list("funding_code", "service_code").annotate(total=Sum("amount")).order_by("funding_code")
    return sorted((funding, service, total) for funding, service, total in summed)


def _quality(kind: str, rows: Sequence[Feedback]) -> Quality:
    this_month = timezone.localdate().strftime("%Y-%m")
    shown = rows[: given.answers_shown([row.month for row in rows], current().disclosure.threshold, this_month)]
    if not shown:
        return Quality(kind, None)
    words = sorted(row.words for row in shown if row.words)  # by the alphabet: no order that tells who came when
    return Quality(kind, given.share_of([row.score for row in shown]), tuple(words))
