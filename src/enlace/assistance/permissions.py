"""Who may see what of assistance.

Services, sessions and things given: the agency that gave them, and the one that leads the case. Plans: the agency that keeps
one, and with the person's agreement all who work on the case. Permits, returns and follow-up: all who work on the case.
"""

from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from enlace.assistance.models import (
    AssistedReturn,
    CarePlan,
    Cost,
    FollowUp,
    GroupActivity,
    InKind,
    Permit,
    ServiceGiven,
    Session,
)
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.cases.permissions import own_work

T = TypeVar("T", bound=Model)


def visible(viewer: Actor) -> QuerySet[ServiceGiven]:
    check(viewer, "SERVICE_READ")
    return _given(viewer, ServiceGiven.objects.all())


def visible_sessions(viewer: Actor) -> QuerySet[Session]:
    check(viewer, "SERVICE_READ")
    return _given(viewer, Session.objects.all())


def visible_in_kind(viewer: Actor) -> QuerySet[InKind]:
    check(viewer, "SERVICE_READ")
    return _given(viewer, InKind.objects.all())


def own_activities(viewer: Actor) -> QuerySet[GroupActivity]:
    check(viewer, "SERVICE_READ")
    return GroupActivity.objects.filter(agency_code=viewer.agency_code)


def own_costs(viewer: Actor) -> QuerySet[Cost]:
    check(viewer, "SERVICE_READ")
    return Cost.objects.filter(agency_code=viewer.agency_code)


def visible_plans(viewer: Actor) -> QuerySet[CarePlan]:
    check(viewer, "PLAN_READ")
    rows = CarePlan.objects.all()
    if viewer.is_system:
        return rows
    return rows.filter(Q(agency_code=viewer.agency_code) | Q(_is_worked_on(viewer), is_shared=True))


def visible_permits(viewer: Actor) -> QuerySet[Permit]:
    check(viewer, "PERMIT_READ")
    return _of_cases(viewer, Permit.objects.all())


def visible_returns(viewer: Actor) -> QuerySet[AssistedReturn]:
    check(viewer, "RETURN_READ")
    return _of_cases(viewer, AssistedReturn.objects.all())


def visible_follow_ups(viewer: Actor) -> QuerySet[FollowUp]:
    check(viewer, "PLAN_READ")
    return _of_cases(viewer, FollowUp.objects.all())


def locked(rows: QuerySet[T], pk: UUID) -> T:
    """One of these rows, for writing, or ``Missing``: not there and not yours are told in the same words."""
    found = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Missing(_("Your agency knows of no such thing."))
    return found


def _given(viewer: Actor, rows: QuerySet[T]) -> QuerySet[T]:
    if viewer.is_system:
        return rows
    return rows.filter(Q(agency_code=viewer.agency_code) | Q(_is_led(viewer)))


def _of_cases(viewer: Actor, rows: QuerySet[T]) -> QuerySet[T]:
    return rows if viewer.is_system else rows.filter(_is_worked_on(viewer))


def _is_led(viewer: Actor) -> Exists:
    """Whether the viewer's agency leads the case of a row. A join would lose who came unnamed: the wall hides that case."""
    led = own_work(viewer).filter(case_id=OuterRef("case_id"), case__lead_agency_code=viewer.agency_code)
    return Exists(led)


def _is_worked_on(viewer: Actor) -> Exists:
    """Whether the viewer's agency works on the case of a row, asked row by row: a list reads only the rows it shows."""
    return Exists(own_work(viewer).filter(case_id=OuterRef("case_id")))
