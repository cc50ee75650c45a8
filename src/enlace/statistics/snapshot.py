"""Facts of the modules, gathered into the two columnar snapshots that reckon reads. Pseudonyms only."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pyarrow as pa

from enlace.accounts.queries import agency_kinds
from enlace.assistance.facts import costs, follow_ups, permit_steps, return_steps, services_given
from enlace.cases.facts import CaseFact, Circumstances, OfCases, circumstances, identifications
from enlace.country.queries import current
from enlace.intake.facts import hotline_contacts, hotline_investigations, hotline_victims
from enlace.placements.facts import needs_recorded, stays_begun
from enlace.referrals.facts import ReferralFact, referrals_sent
from enlace.referrals.rules import DECLINED, EXPIRED, WITHDRAWN
from enlace.returns.facts import ReturnFact, accepted
from enlace.screening.facts import screenings
from reckon.tables import (
    NOT_RECORDED,
    REPORTED_SCHEMA,
    EventFact,
    ReportedFact,
    digest,
    reported_to_arrow,
    to_arrow,
)

IDENTIFIED, REFERRED, ASSISTED = "identified", "referred", "assisted"
CASEWORK = (IDENTIFIED, REFERRED, ASSISTED)
"""The events by which an agency, or a state, has reported."""
HUNDREDTH = Decimal("0.01")
Kinds = Mapping[str, str]
Facts = Iterator[EventFact]
AT_ONCE = 5000
"""Ids in one question to the database."""


@dataclass(frozen=True)
class Part:
    """Some of the events: those of some cases, contacts and screenings, and those of some whole measures."""

    cases: Collection[UUID] = ()
    contacts: Collection[UUID] = ()
    screenings: Collection[UUID] = ()
    measures: Collection[str] = ()

    @property
    def size(self) -> int:
        return len(self.cases) + len(self.contacts) + len(self.screenings)


def snapshot(start: date, end: date, part: Part | None = None) -> pa.Table:
    """Every event from ``start`` to ``end``, both included; or those of a part alone."""
    kinds = agency_kinds()
    found = list(_every(start, end, kinds) if part is None else _of(part, start, end, kinds))
    known = circumstances({UUID(fact.case) for fact in found if fact.case})
    lists = _lists()
    return to_arrow(_described(fact, known.get(UUID(fact.case)), lists) if fact.case else fact for fact in found)


def digest_of(facts: str, reported: pa.Table) -> str:
    """The name of both snapshots together: SHA-256 (hexadecimal) of their digests. ``facts`` is that of the events."""
    return hashlib.sha256(f"{facts}\n{digest(reported, REPORTED_SCHEMA)}".encode()).hexdigest()


def _every(start: date, end: date, kinds: Kinds) -> Facts:
    for of_cases in BY_CASE:
        yield from of_cases(start, end, kinds, None)
    yield from _calls(start, end, kinds, None)
    yield from _screened(start, end, kinds, None)
    for whole in WHOLE.values():
        yield from whole(start, end, kinds)


def _of(part: Part, start: date, end: date, kinds: Kinds) -> Facts:
    for case_ids in _handfuls(part.cases):
        for of_cases in BY_CASE:
            yield from of_cases(start, end, kinds, case_ids)
    for contact_ids in _handfuls(part.contacts):
        yield from _calls(start, end, kinds, contact_ids)
    for screening_ids in _handfuls(part.screenings):
        yield from _screened(start, end, kinds, screening_ids)
    for measure in sorted(part.measures):
        yield from WHOLE[measure](start, end, kinds)


def _handfuls(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """The ids in order, ``AT_ONCE`` at a time."""
    ordered = sorted(ids)
    return (ordered[first : first + AT_ONCE] for first in range(0, len(ordered), AT_ONCE))


def _people(start: date, end: date, kinds: Kinds, case_ids: OfCases) -> Facts:
    for identified in identifications(start, end, case_ids):
        days = Decimal((identified.on - identified.presumed_on).days)
        agency, kind = identified.agency_code, identified.agency_kind_code
        yield replace(_event(IDENTIFIED, identified.about, identified.on, agency, kind), value=days)
    for referral in referrals_sent(start, end, case_ids):
        agency = referral.sender_code
        fact = _event(REFERRED, referral.about, referral.on, agency, kinds.get(agency, ""), referral.referral_id)
        yield replace(fact, kind=referral.recipient_kind, outcome=_answer(referral))
    for service in services_given(start, end, case_ids):
        agency = service.agency_code
        fact = _event(ASSISTED, service.about, service.on, agency, kinds.get(agency, ""), service.service_id)
        yield replace(fact, service=service.service_code)


def _answer(referral: ReferralFact) -> str:
    if referral.was_accepted:
        return "accepted"
    return referral.status if referral.status in (DECLINED, EXPIRED, WITHDRAWN) else "waiting"


def _stays(start: date, end: date, kinds: Kinds, case_ids: OfCases) -> Facts:
    for stay in stays_begun(start, end, case_ids):
        if stay.began_by_transfer:
            continue
        days = None if stay.hours_to_bed is None else Decimal(stay.hours_to_bed / 24).quantize(HUNDREDTH)
        fact = _event("sheltered", stay.about, stay.on, stay.agency_code, kinds.get(stay.agency_code, ""), stay.stay_id)
        yield replace(fact, kind=stay.site_kind_code, outcome="ended" if stay.ended else "going_on", value=days)


def _help(start: date, end: date, kinds: Kinds, case_ids: OfCases) -> Facts:
    for need in needs_recorded(start, end, case_ids):
        fact = _event("needed", need.about, need.on, "", "", need.need_id)
        yield replace(fact, service=need.service_code, outcome="met" if need.resolved else "open")
    for permit in permit_steps(start, end, case_ids):
        agency = permit.agency_code
        fact = _event(f"permit_{permit.verb}", permit.about, permit.on, agency, kinds.get(agency, ""), permit.permit_id)
        yield replace(fact, kind=permit.kind_code)
    for step in return_steps(start, end, case_ids):
        agency = step.agency_code
        fact = _event(f"return_{step.verb}", step.about, step.on, agency, kinds.get(agency, ""), step.return_id)
        yield replace(fact, kind=step.kind_code)
    for met in follow_ups(start, end, case_ids):
        fact = _event("follow_up", met.about, met.due_on, met.agency_code, kinds.get(met.agency_code, ""))
        outcome = "reexploited" if met.is_reexploited else "reached" if met.is_reached else "not_reached"
        record = f"{met.about.case_id}:{met.number}"
        yield replace(fact, record=record, outcome=outcome if met.done_on else "not_done")


def _calls(start: date, end: date, kinds: Kinds, contact_ids: Collection[UUID] | None) -> Facts:
    for call in hotline_contacts(start, end, contact_ids=contact_ids):
        agency, states = call.agency_code, current().states_by_code
        fact = _nobody("hotline_contact", call.on, agency, kinds.get(agency, ""), str(call.contact_id))
        state = call.state_code if call.state_code in states else NOT_RECORDED
        topic = "trafficking" if call.is_about_trafficking else "other"
        yield replace(fact, state=state, kind=call.channel_code, outcome=topic)


def _victims(start: date, end: date, kinds: Kinds) -> Facts:
    for victim in hotline_victims(start, end):
        agency = victim.agency_code
        fact = _nobody("hotline_victim", victim.on, agency, kinds.get(agency, ""), "")
        nationality = NOT_RECORDED if victim.nationality == "unspecified" else victim.nationality
        yield replace(fact, person=str(victim.person_id), sex=victim.sex_code, nationality=nationality)


def _investigations(start: date, end: date, kinds: Kinds) -> Facts:
    for opened in hotline_investigations(start, end):
        agency = opened.agency_code
        yield _nobody("hotline_investigation", opened.on, agency, kinds.get(agency, ""), str(opened.contact_id))


def _screened(start: date, end: date, kinds: Kinds, screening_ids: Collection[UUID] | None) -> Facts:
    for screening in screenings(start, end, screening_ids=screening_ids):
        agency = screening.agency_code
        fact = _nobody("screened", screening.on, agency, kinds.get(agency, ""), str(screening.screening_id))
        yield replace(fact, person=str(screening.person_id), outcome=screening.decided_code or "undecided")


def _spending(start: date, end: date, kinds: Kinds) -> Facts:
    """A sum for each agency, service and source, on the last day: the modules give no single payment away."""
    for cost in costs(start, end):
        record = f"{cost.agency_code}:{cost.service_code}:{cost.funding_code}"
        fact = _nobody("spent", end, cost.agency_code, kinds.get(cost.agency_code, ""), record)
        yield replace(fact, service=cost.service_code, kind=cost.funding_code, value=cost.amount)


BY_CASE: tuple[Callable[[date, date, Kinds, OfCases], Facts], ...] = (_people, _stays, _help)
WHOLE: Mapping[str, Callable[[date, date, Kinds], Facts]] = {
    "hotline_victim": _victims,
    "hotline_investigation": _investigations,
    "spent": _spending,
}
"""What is about no single case, contact or screening, by measure: of several of them, the first; or a sum."""


def _event(measure: str, about: CaseFact, on: date, agency: str, kind: str, record: UUID | None = None) -> EventFact:
    return EventFact(
        person=str(about.person_id),
        measure=measure,
        on=on,
        agency=agency,
        agency_kind=kind,
        state=about.state_code if about.state_code in current().states_by_code else NOT_RECORDED,
        sex=about.sex_code,
        age_group=about.age_group_code,
        form=about.form_code,
        case=str(about.case_id),
        record="" if record is None else str(record),
    )


def _nobody(measure: str, on: date, agency: str, kind: str, record: str) -> EventFact:
    """An event outside a case."""
    return EventFact("", measure, on, agency, kind, NOT_RECORDED, NOT_RECORDED, NOT_RECORDED, NOT_RECORDED, "", record)


def _lists() -> dict[str, frozenset[str]]:
    """The codes that a circumstance may have today: what another version of a list said counts as not recorded."""
    pack = current()
    names = {"marital_status": "marital_status", "migration_status": "migration_status", "origin": "case_origin"}
    several = {"recruitment": "recruitment_method", "means": "means"}
    return {
        **{column: frozenset(pack.codes(name).by_code) for column, name in names.items()},
        **{column: frozenset({*pack.codes(name).by_code, "several"}) for column, name in several.items()},
        "destination": frozenset({*pack.states_by_code, "abroad", "several"}),
    }


def _described(fact: EventFact, about: Circumstances | None, lists: Mapping[str, frozenset[str]]) -> EventFact:
    """The fact with what the law orders to be published of the person of its case."""
    if about is None:
        return fact
    said = {
        "marital_status": about.marital_status_code,
        "migration_status": about.migration_status_code,
        "recruitment": about.recruitment_code,
        "means": about.means_code,
        "destination": about.destination,
        "origin": about.origin_code,
    }
    known = {name: code if code in lists[name] else NOT_RECORDED for name, code in said.items()}
    return replace(
        fact,
        nationality=about.nationality,
        marital_status=known["marital_status"],
        migration_status=known["migration_status"],
        recruitment=known["recruitment"],
        means=known["means"],
        destination=known["destination"],
        route=about.route,
        border=about.border,
        origin=known["origin"],
    )


def returned(start: date, end: date) -> pa.Table:
    """What the accepted returns say of periods inside the span, each number under its total and under each dimension."""
    by_return: dict[tuple[str, str], list[ReturnFact]] = {}
    for fact in accepted(start, end):
        by_return.setdefault((fact.return_id, fact.measure), []).append(fact)
    dimensions: dict[str, set[str]] = {}
    for template in current().return_templates:
        for measure in template.measures:
            dimensions.setdefault(measure.id, set()).update(name for names in measure.by for name in names)
    return reported_to_arrow(
        row for (_, measure), facts in by_return.items() for row in reported(facts, sorted(dimensions.get(measure, ())))
    )


def reported(facts: Sequence[ReturnFact], dimensions: Sequence[str]) -> Iterator[ReportedFact]:
    """One measure of one return as rows: the total, and for each dimension its categories, which add up to the total.

    What the return leaves open, or breaks down to more than its total, is under "" (not recorded).
    """
    total = next((fact for fact in facts if not fact.key), None)
    if total is None:
        return
    yield _row(total, "", "", total.value)
    if total.value is None:
        return
    for name in dimensions:
        parts = _parts(facts, name)
        if sum(parts.values()) > total.value:
            parts = {}
        for category, value in parts.items():
            yield _row(total, name, category, value)
        yield _row(total, name, NOT_RECORDED, total.value - sum(parts.values()))


def _parts(facts: Sequence[ReturnFact], dimension: str) -> dict[str, Decimal]:
    """The known numbers of each category of a dimension, from the smallest breakdown of the return that has it."""
    broken = {tuple(name for name, _ in fact.key) for fact in facts if fact.key}
    wanted = min((names for names in broken if dimension in names), key=lambda names: (len(names), names), default=())
    parts: dict[str, Decimal] = {}
    for fact in facts:
        if wanted and tuple(name for name, _ in fact.key) == wanted and fact.value is not None:
            category = dict(fact.key)[dimension]
            parts[category] = parts.get(category, Decimal(0)) + fact.value
    return parts


def _row(fact: ReturnFact, dimension: str, category: str, value: Decimal | None) -> ReportedFact:
    return ReportedFact(
        measure=fact.measure,
        begins=fact.start,
        ends=fact.end,
        state=fact.state,
        jurisdiction=fact.jurisdiction,
        agency_kind=fact.agency_kind,
        dimension=dimension,
        category=category,
        value=value,
        template=fact.template,
        record=fact.return_id,
    )
