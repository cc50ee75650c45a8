"""Facts of the modules, gathered into the one columnar snapshot that reckon reads. Pseudonyms only."""

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from enlace.accounts.queries import agency_kinds
from enlace.assistance.facts import services_given
from enlace.cases.facts import CaseFact, identifications
from enlace.country.queries import current
from enlace.referrals.facts import referrals_sent
from reckon.tables import EventFact, to_arrow

IDENTIFIED, REFERRED, ASSISTED = "identified", "referred", "assisted"


def snapshot(start: date, end: date) -> pa.Table:
    """Every identification, referral and service from ``start`` to ``end``, both included."""
    return to_arrow(_facts(start, end))


def _facts(start: date, end: date) -> Iterator[EventFact]:
    kinds = agency_kinds()
    for identification in identifications(start, end):
        kind = identification.agency_kind_code
        yield _event(IDENTIFIED, identification.about, identification.on, identification.agency_code, kind)
    for referral in referrals_sent(start, end):
        kind = kinds.get(referral.sender_code, "")
        yield _event(REFERRED, referral.about, referral.on, referral.sender_code, kind)
    for service in services_given(start, end):
        yield _event(ASSISTED, service.about, service.on, service.agency_code, kinds.get(service.agency_code, ""))


def _event(measure: str, about: CaseFact, on: date, agency: str, kind: str) -> EventFact:
    return EventFact(
        person=str(about.person_id),
        measure=measure,
        on=on,
        agency=agency,
        agency_kind=kind,
        state=about.state_code if about.state_code in current().states_by_code else "",
        sex=about.sex_code,
        age_group=about.age_group_code,
        form=about.form_code,
        case=str(about.case_id),
    )
