"""Rows for statistics: that a person was assisted, with what is counted about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from enlace.assistance.models import ServiceGiven
from enlace.cases.facts import CaseFact, case_facts


@dataclass(frozen=True, slots=True)
class ServiceFact:
    about: CaseFact
    on: date
    agency_code: str
    service_code: str


def services_given(start: date, end: date) -> Iterator[ServiceFact]:
    """Services begun from ``start`` to ``end``, both included."""
    given = ServiceGiven.objects.filter(started_on__range=(start, end))
    about = case_facts(given.values("case_id"), end)
    for case_id, on, agency, service in given.values_list(
        "case_id", "started_on", "agency_code", "service_code"
    ).iterator(5000):
        yield ServiceFact(about[case_id], on, agency, service)
