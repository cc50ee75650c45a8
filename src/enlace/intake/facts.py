"""Rows for statistics: contacts of the hotline and what came of them; pseudonyms, no free text."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from enlace.country.queries import current
from enlace.intake.models import Contact, ContactPerson, Outcome
from enlace.intake.rules import INVESTIGATION_OPENED, REFERRED, VICTIM, nationality_of


@dataclass(frozen=True, slots=True)
class ContactFact:
    """One contact through a hotline. ``is_about_trafficking`` as its disposition says."""

    contact_id: UUID
    on: date
    agency_code: str
    channel_code: str
    disposition_code: str
    state_code: str
    seconds: int
    is_about_trafficking: bool


@dataclass(frozen=True, slots=True)
class HotlineVictimFact:
    """One person at risk of a hotline contact who was presumed or identified a victim afterwards, counted once.

    ``on`` is the day of the first of the contacts; ``nationality`` is national, foreign or unspecified; ``services`` all for
    which the person was referred since.
    """

    person_id: UUID
    on: date
    agency_code: str
    sex_code: str
    nationality: str
    services: tuple[str, ...]


def hotline_contacts(
    start: date, end: date, *, agency_code: str = "", contact_ids: Collection[UUID] | None = None
) -> Iterator[ContactFact]:
    """Contacts through a hotline that began from ``start`` to ``end``, both included; of one agency, or of all.

    ``contact_ids``: of these contacts only.
    """
    dispositions = current().codes("contact_disposition").by_code
    about = {code for code, item in dispositions.items() if item.extra["about_trafficking"] == "yes"}
    found = _hotline(start, end, agency_code)
    found = found if contact_ids is None else found.filter(pk__in=contact_ids)
    rows = found.values_list(
        "pk", "opened_at", "agency_code", "channel_code", "disposition_code", "state_code", "seconds"
    )
    for pk, at, agency, channel, disposition, state, seconds in rows.iterator(5000):
        yield ContactFact(
            pk, timezone.localdate(at), agency, channel, disposition, state, seconds, disposition in about
        )


def hotline_victims(start: date, end: date, *, agency_code: str = "") -> list[HotlineVictimFact]:
    """People of the contacts of a period, whenever the outcome was told; a person of two contacts is one victim."""
    at_risk = [code.code for code in current().codes("contact_role") if code.extra["at_risk"] == "yes"]
    contacts = _hotline(start, end, agency_code).values("pk")
    met = ContactPerson.objects.filter(contact__in=contacts, role_code__in=at_risk, person__isnull=False)
    told = Outcome.objects.filter(contact__in=contacts, kind__in=VICTIM, person__in=met.values("person"))
    services = _services(contacts)
    country = current().country_iso2
    people = told.order_by("-contact__opened_at", "-contact_id").values_list(
        "person_id", "contact__opened_at", "contact__agency_code", "person__sex_code", "person__citizenship_codes"
    )
    first = {person_id: rest for person_id, *rest in people.iterator(5000)}
    return [
        HotlineVictimFact(
            person_id,
            timezone.localdate(at),
            agency,
            sex,
            nationality_of(codes, country),
            tuple(sorted(services.get(person_id, ()))),
        )
        for person_id, (at, agency, sex, codes) in first.items()
        if person_id
    ]


@dataclass(frozen=True, slots=True)
class HotlineInvestigationFact:
    """One investigation that began with a contact; by the first of the contacts that led to it."""

    contact_id: UUID
    on: date
    agency_code: str


def hotline_investigations(start: date, end: date, *, agency_code: str = "") -> list[HotlineInvestigationFact]:
    """Investigations that began with a contact of the period; one to which several contacts led is counted once."""
    told = Outcome.objects.filter(contact__in=_hotline(start, end, agency_code).values("pk"), kind=INVESTIGATION_OPENED)
    rows = told.order_by("-contact__opened_at", "-contact_id").values_list(
        "ref", "contact_id", "contact__opened_at", "contact__agency_code"
    )
    first = {ref or str(contact_id): (contact_id, at, agency) for ref, contact_id, at, agency in rows}
    return [HotlineInvestigationFact(pk, timezone.localdate(at), agency) for pk, at, agency in first.values()]


def _services(contacts: QuerySet[Contact, Any]) -> dict[UUID, set[str]]:
    """For which services each person of the contacts was referred, taken together."""
    found: dict[UUID, set[str]] = {}
    rows = Outcome.objects.filter(contact__in=contacts, kind=REFERRED, person__isnull=False)
    codes: Collection[str]
    for person_id, codes in rows.values_list("person_id", "service_codes").iterator(5000):
        if person_id:
            found.setdefault(person_id, set()).update(codes)
    return found


def _hotline(start: date, end: date, agency_code: str) -> QuerySet[Contact]:
    doors = [code.code for code in current().codes("contact_channel") if code.extra["door"] == "hotline"]
    rows = Contact.objects.filter(channel_code__in=doors)
    rows = rows.filter(opened_at__gte=_midnight(start), opened_at__lt=_midnight(date.fromordinal(end.toordinal() + 1)))
    return rows.filter(agency_code=agency_code) if agency_code else rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
