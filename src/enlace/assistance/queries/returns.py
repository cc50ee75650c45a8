"""Reads of assisted return, and of which half-years agencies abroad have reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from enlace.accounts.queries import agency
from enlace.assistance.models import AssistedReturn, CareTurn, HalfReport
from enlace.assistance.permissions import visible_returns
from enlace.assistance.rules import returns
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.base.permissions import check
from enlace.cases.facts import midnight, next_day
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.queries import case as case_of
from enlace.country.queries import current
from enlace.people.permissions import visible_consents
from enlace.people.queries import consent_stands

ORDER = ("-opened_on", "-id")
PURPOSE = "repatriation"


@dataclass(frozen=True)
class Half:
    """One half-year of an agency abroad: how many cases it opened, and whether it says that this is all."""

    half: str
    cases: int
    is_reported: bool


def assisted_return(*, viewer: Actor, return_id: UUID) -> AssistedReturn:
    """One return, with its case. Raises ``Missing`` for those of cases the agency does not work on."""
    found = visible_returns(viewer).select_related("case__person", "consent").filter(pk=return_id).first()
    if found is None:
        raise Missing(_("Your agency knows of no such return."))
    return found


def read_return(*, viewer: Actor, return_id: UUID) -> tuple[AssistedReturn, Sequence[CareTurn]]:
    """A return with its steps, the newest first. The reading leaves a record."""
    found = assisted_return(viewer=viewer, return_id=return_id)
    record_read(by=viewer, action="return.read", subject=("case", found.case_id), data_class="C")
    return found, list(found.turns.order_by("-on", "-at"))


def returns_of_case(*, viewer: Actor, case_id: UUID) -> list[AssistedReturn]:
    return list(visible_returns(viewer).filter(case_id=case_id).order_by("-opened_on", "-pk"))


def return_page(*, viewer: Actor, cursor: str = "") -> Page:
    """The returns that the own agency prepares, the newest first."""
    rows = visible_returns(viewer).filter(agency_code=viewer.agency_code).select_related("case")
    return page(rows, order=ORDER, cursor=cursor)


def returns_to_act_on(*, viewer: Actor, limit: int) -> list[AssistedReturn]:
    """Own returns in preparation or on the way, the longest begun first."""
    rows = visible_returns(viewer).filter(
        agency_code=viewer.agency_code, status__in=(returns.PREPARING, returns.TRAVELLING)
    )
    return list(rows.select_related("case", "consent").order_by("opened_on", "pk")[:limit])


def consent_to_return(*, viewer: Actor, found: AssistedReturn, on: date) -> Any:
    """The newest answer of the person that allows the return on a day; None without one that stands."""
    person_id = case_of(viewer=viewer, case_id=found.case_id).person_id
    recipient = found.agency_code
    if not consent_stands(viewer=viewer, person_id=person_id, purpose_code=PURPOSE, recipient_code=recipient, on=on):
        return None
    given = visible_consents(viewer).filter(
        person_id=person_id, purpose_code=PURPOSE, recipient_code__in=("", recipient), given_on__lte=on
    )
    return given.order_by("given_on", "id").last()


def readiness(found: AssistedReturn) -> returns.Readiness:
    return returns.Readiness(
        is_consented=found.consent_id is not None,
        risk_code=found.risk_code,
        is_confirmed=found.confirmed_on is not None,
    )


def is_abroad(*, viewer: Actor) -> bool:
    """Whether the viewer's agency is one abroad: a consulate or the like."""
    if not viewer.agency_code:
        return False
    kind = current().codes("agency_kind").get(agency(viewer.agency_code).kind_code)
    return kind is not None and kind.extra["abroad"] == "yes"


def halves_of(*, viewer: Actor, on: date, count: int = 4) -> list[Half]:
    """The last half-years of the own agency abroad, the newest first; empty for an agency in the country."""
    check(viewer, "RETURN_READ")
    if not is_abroad(viewer=viewer):
        return []
    names = returns.halves_before(on, count)
    told = HalfReport.objects.filter(agency_code=viewer.agency_code, half__in=names).values_list("half", flat=True)
    reported = set(told)
    return [Half(half, _cases_opened(viewer, half), half in reported) for half in names]


def _cases_opened(viewer: Actor, half: str) -> int:
    first, last = returns.span_of(half)
    rows = visible_cases(viewer).filter(opened_by=viewer.agency_code)
    return rows.filter(opened_at__gte=midnight(first), opened_at__lt=midnight(next_day(last))).count()
