"""Rows for statistics: what help was given and what came of it, with what is counted about the person. No free text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum
from django.utils import timezone

from enlace.accounts.queries import agencies
from enlace.assistance.models import CareTurn, Cost, FollowUp, HalfReport, ServiceGiven, Session
from enlace.cases.facts import CaseFact, OfCases, case_facts, midnight, next_day, only_of
from enlace.country.queries import current


@dataclass(frozen=True, slots=True)
class ServiceFact:
    about: CaseFact
    service_id: UUID
    on: date
    agency_code: str
    service_code: str


@dataclass(frozen=True, slots=True)
class SessionFact:
    """One session with one person: planned, held, missed or cancelled. ``interpreter_code`` is "" where nobody said."""

    about: CaseFact
    on: date
    agency_code: str
    service_code: str
    status: str
    is_group: bool
    interpreter_code: str
    language_code: str


@dataclass(frozen=True, slots=True)
class PermitFact:
    """One step of a permit. ``code`` is the reason of a refusal or of an end, or the new permit."""

    about: CaseFact
    permit_id: UUID
    on: date
    agency_code: str
    kind_code: str
    verb: str
    code: str
    is_contrary_to_law: bool


@dataclass(frozen=True, slots=True)
class ReturnFact:
    """One step of an assisted return."""

    about: CaseFact
    return_id: UUID
    on: date
    agency_code: str
    kind_code: str
    verb: str
    country_code: str


@dataclass(frozen=True, slots=True)
class FollowUpFact:
    """One follow-up, by the day it was due. ``done_on`` is None while nobody has recorded it."""

    about: CaseFact
    due_on: date
    done_on: date | None
    agency_code: str
    number: int
    status: str
    outcome_code: str
    is_reached: bool
    is_reexploited: bool


@dataclass(frozen=True, slots=True)
class CostFact:
    """What one agency spent in a span on one kind of service from one source: a sum, and nobody's."""

    agency_code: str
    service_code: str
    funding_code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class HalfFact:
    """One half-year of one agency abroad. Not reported means missing, which is not zero."""

    half: str
    agency_code: str
    is_reported: bool


def services_given(start: date, end: date, case_ids: OfCases = None) -> Iterator[ServiceFact]:
    """Services begun from ``start`` to ``end``, both included."""
    given = only_of(ServiceGiven.objects.filter(started_on__range=(start, end)), case_ids)
    about = case_facts(given.values("case_id"), end)
    for case_id, pk, on, agency, service in given.values_list(
        "case_id", "pk", "started_on", "agency_code", "service_code"
    ).iterator(5000):
        yield ServiceFact(about[case_id], pk, on, agency, service)


def sessions(start: date, end: date) -> Iterator[SessionFact]:
    """Sessions planned for a day from ``start`` to ``end``, both included."""
    rows = Session.objects.filter(planned_at__gte=midnight(start), planned_at__lt=midnight(next_day(end)))
    about = case_facts(rows.values("case_id"), end)
    columns = (
        "case_id", "planned_at", "agency_code", "service_code", "status", "activity_id", "interpreter_code",
        "language_code",
    )  # fmt: skip
    for case_id, at, agency, service, status, activity, interpreter, language in rows.values_list(*columns).iterator(
        5000
    ):
        day = timezone.localdate(at)
        yield SessionFact(about[case_id], day, agency, service, status, activity is not None, interpreter, language)


def permit_steps(start: date, end: date, case_ids: OfCases = None) -> Iterator[PermitFact]:
    """Steps of permits taken from ``start`` to ``end``, both included."""
    rows = CareTurn.objects.filter(permit__isnull=False, on__range=(start, end))
    rows = only_of(rows, case_ids, "permit__case_id")
    about = case_facts(rows.values("permit__case_id"), end)
    refusals = current().codes("permit_refusal")
    unlawful = {code.code for code in refusals if code.extra["lawful"] == "no"}
    columns = ("permit__case_id", "permit_id", "on", "agency_code", "permit__kind_code", "verb", "code")
    for case_id, pk, on, agency, kind, verb, code in rows.values_list(*columns).iterator(5000):
        is_contrary = verb == "refuse" and code in unlawful
        yield PermitFact(about[case_id], pk, on, agency, kind, verb, code, is_contrary)


def return_steps(start: date, end: date, case_ids: OfCases = None) -> Iterator[ReturnFact]:
    """Steps of assisted returns taken from ``start`` to ``end``, both included."""
    rows = CareTurn.objects.filter(assisted_return__isnull=False, on__range=(start, end))
    rows = only_of(rows, case_ids, "assisted_return__case_id")
    about = case_facts(rows.values("assisted_return__case_id"), end)
    columns = (
        "assisted_return__case_id", "assisted_return_id", "on", "agency_code", "assisted_return__kind_code", "verb",
        "assisted_return__country_code",
    )  # fmt: skip
    for case_id, pk, on, agency, kind, verb, country in rows.values_list(*columns).iterator(5000):
        yield ReturnFact(about[case_id], pk, on, agency, kind, verb, country)


def follow_ups(start: date, end: date, case_ids: OfCases = None) -> Iterator[FollowUpFact]:
    """Follow-ups due from ``start`` to ``end``, both included; those that were cancelled are left out."""
    rows = only_of(FollowUp.objects.filter(~Q(status="cancelled"), due_on__range=(start, end)), case_ids)
    about = case_facts(rows.values("case_id"), end)
    codes = current().codes("followup_outcome")
    reached = {code.code for code in codes if code.extra["contact"] == "yes"}
    again = {code.code for code in codes if code.extra["reexploited"] == "yes"}
    columns = ("case_id", "due_on", "done_on", "agency_code", "number", "status", "outcome_code")
    for case_id, due, done, agency, number, status, outcome in rows.values_list(*columns).iterator(5000):
        yield FollowUpFact(
            about[case_id], due, done, agency, number, status, outcome, outcome in reached, outcome in again
        )


def costs(start: date, end: date) -> Iterator[CostFact]:
    """What was spent from ``start`` to ``end``, both included, summed by agency, service and source."""
    rows = Cost.objects.filter(spent_on__range=(start, end)).values_list("agency_code", "service_code", "funding_code")
    for agency, service, funding, amount in rows.annotate(total=Sum("amount")).order_by():
        yield CostFact(agency, service, funding, amount)


def halves(year: int) -> Iterator[HalfFact]:
    """Both half-years of every agency abroad, whether it has reported or not."""
    abroad = {kind.code for kind in current().codes("agency_kind") if kind.extra["abroad"] == "yes"}
    asked: list[UUID | str] = [agency.pk for agency in agencies() if agency.kind_code in abroad]
    reported = set(HalfReport.objects.filter(half__startswith=f"{year}-").values_list("agency_code", "half"))
    for half in (f"{year}-H1", f"{year}-H2"):
        for code in sorted(map(str, asked)):
            yield HalfFact(half, code, (code, half) in reported)
