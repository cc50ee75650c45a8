"""Rows for statistics: frozen, pseudonymous, no free text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from enlace.cases.models import Case, CaseAgency, CaseCode, Decision
from enlace.cases.rules import IDENTIFIED, NOT_CONFIRMED, NOT_COUNTED, PARTNER, principal_form
from enlace.people.queries import age_group_of


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What is counted about the person of a case, whatever happened to them."""

    person_id: UUID
    case_id: UUID
    sex_code: str
    age_group_code: str
    form_code: str
    state_code: str


@dataclass(frozen=True, slots=True)
class IdentificationFact:
    """One decision that a person is a victim of trafficking."""

    about: CaseFact
    on: date
    agency_code: str
    agency_kind_code: str


def identifications(start: date, end: date) -> Iterator[IdentificationFact]:
    """Decisions from ``start`` to ``end``, both included (days of the country's time zone)."""
    rows = Decision.objects.filter(
        outcome=IDENTIFIED, decided_at__gte=midnight(start), decided_at__lt=midnight(next_day(end))
    ).values_list(
        "case_id",
        "form_code",
        "state_code",
        "decided_at",
        "agency_code",
        "agency_kind_code",
        "case__person_id",
        "case__person__sex_code",
        "case__person__birth_year",
        "case__person__age_group_code",
    )
    for case_id, form, state, at, agency, kind, person_id, sex, birth_year, stated in rows.iterator(5000):
        on = timezone.localdate(at)
        about = CaseFact(person_id, case_id, sex, age_group_of(birth_year, on, stated), form, state)
        yield IdentificationFact(about, on, agency, kind)


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """That an agency works on the case of a person; ``by_referral`` when another agency had sent them there."""

    person_id: UUID
    case_id: UUID
    agency_code: str
    by_referral: bool


def recorded(start: date, end: date) -> Iterator[RecordedFact]:
    """Which agencies joined the cases of which people from ``start`` to ``end``, both included.

    Left out: people whose identification was not confirmed, cases closed as no trafficking or as duplicates.
    """
    rows = CaseAgency.objects.filter(joined_at__gte=midnight(start), joined_at__lt=midnight(next_day(end)))
    rows = rows.exclude(case__closure_reason_code__in=NOT_COUNTED).exclude(identification=NOT_CONFIRMED)
    columns = rows.values_list("case__person_id", "case_id", "agency_code", "part")
    for person_id, case_id, agency_code, part in columns.iterator(5000):
        yield RecordedFact(person_id, case_id, agency_code, part == PARTNER)


def midnight(day: date) -> datetime:
    """The first moment of a day in the country's time zone."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def case_facts(case_ids: Any, on: date) -> dict[UUID, CaseFact]:
    """What is counted about cases; ``case_ids`` is a subquery of ids, ages are those of the day ``on``."""
    forms: dict[UUID, list[str]] = {}
    codes = CaseCode.objects.filter(case_id__in=case_ids, list_name="exploitation_form").order_by("position")
    for case_id, code in codes.values_list("case_id", "code").iterator(5000):
        forms.setdefault(case_id, []).append(code)
    rows = Case.objects.filter(pk__in=case_ids).values_list(
        "pk", "person_id", "state_code", "person__sex_code", "person__birth_year", "person__age_group_code"
    )
    return {
        pk: CaseFact(person_id, pk, sex, age_group_of(year, on, stated), principal_form(forms.get(pk, [])), state)
        for pk, person_id, state, sex, year, stated in rows.iterator(5000)
    }
