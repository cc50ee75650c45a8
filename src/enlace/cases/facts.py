"""Rows for statistics: frozen, pseudonymous, no free text."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils import timezone

from enlace.cases.models import Case, CaseAgency, CaseCode, Decision, Episode
from enlace.cases.rules import (
    EXPLOITATION,
    IDENTIFIED,
    NOT_CONFIRMED,
    NOT_COUNTED,
    PARTNER,
    RECRUITMENT,
    Place,
    border_of,
    destination_of,
    principal_form,
    route_of,
)  # fmt: skip
from enlace.country.queries import current
from enlace.intake.rules import nationality_of
from enlace.people.queries import age_group_of

AT_ONCE = 5000
OfCases = Collection[UUID] | None
"""The cases that are asked about; ``None`` is all of them."""
Row = TypeVar("Row", bound=Model)


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
    """One decision that a person is a victim of trafficking; ``presumed_on`` is when it was first presumed."""

    about: CaseFact
    on: date
    agency_code: str
    agency_kind_code: str
    presumed_on: date


def identifications(start: date, end: date, case_ids: OfCases = None) -> Iterator[IdentificationFact]:
    """Decisions from ``start`` to ``end``, both included (days of the country's time zone)."""
    decided = Decision.objects.filter(
        outcome=IDENTIFIED, decided_at__gte=midnight(start), decided_at__lt=midnight(next_day(end))
    )
    rows = only_of(decided, case_ids).values_list(
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
        "case__presumed_at",
    )
    for case_id, form, state, at, agency, kind, person_id, sex, birth_year, stated, presumed in rows.iterator(5000):
        on = timezone.localdate(at)
        about = CaseFact(person_id, case_id, sex, age_group_of(birth_year, on, stated), form, state)
        yield IdentificationFact(about, on, agency, kind, timezone.localdate(presumed))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the law orders to be published of the person of a case (General Law arts. 88 VIII, 89 IV); "" is not recorded.

    ``nationality`` is national or foreign; ``recruitment_code`` and ``means_code`` are ``several`` when there are more than
    one; ``destination`` is the state of exploitation, ``abroad`` or ``several``; ``route`` same_state, other_state or
    other_country, from recruitment to exploitation; ``border`` crossed or not_crossed; ``origin_code`` how it was detected.
    """

    marital_status_code: str = ""
    nationality: str = ""
    migration_status_code: str = ""
    recruitment_code: str = ""
    means_code: str = ""
    destination: str = ""
    route: str = ""
    border: str = ""
    origin_code: str = ""


def circumstances(case_ids: Iterable[UUID]) -> dict[UUID, Circumstances]:
    """What is recorded today about cases."""
    wanted = sorted(set(case_ids))
    found: dict[UUID, Circumstances] = {}
    for first in range(0, len(wanted), AT_ONCE):
        found |= _circumstances(wanted[first : first + AT_ONCE])
    return found


def _circumstances(case_ids: Collection[UUID]) -> dict[UUID, Circumstances]:
    country = current().country_iso2
    codes: dict[tuple[UUID, str], list[str]] = {}
    lists = CaseCode.objects.filter(case_id__in=case_ids, list_name__in=("recruitment_method", "means"))
    for case_id, name, code in lists.values_list("case_id", "list_name", "code"):
        if code:
            codes.setdefault((case_id, name), []).append(code)
    places = _places(case_ids, country)
    rows = Case.objects.filter(pk__in=case_ids).values_list(
        "pk", "origin_code", "person__marital_status_code", "person__migration_status_code", "person__citizenship_codes"
    )
    found = {}
    for pk, origin, marital, migration, citizenships in rows:
        nationality = nationality_of(citizenships, country)
        been = places.get(pk, {})
        found[pk] = Circumstances(
            marital_status_code=marital,
            nationality="" if nationality == "unspecified" else nationality,
            migration_status_code=migration,
            recruitment_code=principal_form(codes.get((pk, "recruitment_method"), [])),
            means_code=principal_form(codes.get((pk, "means"), [])),
            destination=destination_of(been.get(EXPLOITATION, []), country),
            route=route_of(been.get(RECRUITMENT, []), been.get(EXPLOITATION, [])),
            border=border_of(been),
            origin_code=origin,
        )
    return found


def _places(case_ids: Collection[UUID], country: str) -> dict[UUID, Mapping[str, list[Place]]]:
    """Where each case's recruitment, transit and exploitation took place; a state without a country is the country's."""
    kinds = {code.code: code.maps.get("htcds", "").lower() for code in current().codes("event_kind")}
    places: dict[UUID, dict[str, list[Place]]] = {}
    rows = Episode.objects.filter(case_id__in=case_ids).values_list(
        "case_id", "kind_code", "country_code", "state_code"
    )
    for case_id, kind, land, state in rows:
        place = Place(land or (country if state else ""), state)
        if place.country:
            places.setdefault(case_id, {}).setdefault(kinds.get(kind, ""), []).append(place)
    return dict(places)


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


def only_of(rows: QuerySet[Row], case_ids: OfCases, column: str = "case_id") -> QuerySet[Row]:
    """The rows of some cases, or of all."""
    return rows if case_ids is None else rows.filter(**{f"{column}__in": case_ids})


def cases_of(person_ids: Collection[UUID]) -> set[UUID]:
    """The cases of people."""
    return set(Case.objects.filter(person_id__in=person_ids).values_list("pk", flat=True))


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
