"""Writes the hotline's published year through the actions of the desk, of screening and of who acts on what it passes on.

The protocols of the pack are younger than the calls. So the desk reads its old records again under the first version
there was, which is why a call of 2020 may have a screening dated years later; nobody is screened whom an authority had
identified by then. Where a protocol was in force at the time of the call, its screening follows within the hour.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from enlace.accounts.queries import agencies
from enlace.base.actor import Actor
from enlace.country.protocols import Protocol
from enlace.country.queries import current
from enlace.demo import calls, talks
from enlace.demo.calls import Call, Found
from enlace.demo.caseload import acting_for, named, person_id
from enlace.demo.interviews import Interview, first_version, hold
from enlace.demo.rules import Invented, dice
from enlace.intake.actions import Entry, Result, Someone, close_contact, record_contacts, record_outcomes
from enlace.intake.rules import CASE_OPENED, INVESTIGATION_OPENED, OPEN, REFERRED, VICTIM_IDENTIFIED
from enlace.people.actions import Registration, make_known, register_people
from enlace.screening.rules import PRESUMED

KIND = "hotline"
PROTOCOLS = ("first_responder", "commercial_sex", "first_responder", "labour_domestic", "first_responder", "delphi")
AGES = (19, 24, 31, 38, 46)
A_DAY = 20  # old records read again in one day
TOLD = "Texto de ejemplo (sintético): la persona contó cómo llegó ahí y qué necesita."


def channels() -> list[str]:
    """The hotline's own channels, in the pack's order."""
    return [code.code for code in current().codes("contact_channel") if code.extra["door"] == KIND]


def write(people: Sequence[Invented], screeners: Sequence[Actor]) -> None:
    """Every year whose figures are published; nothing where the country has no hotline or none of these figures."""
    hotline = agencies(kind=KIND).first()
    if hotline is None or not screeners:
        return
    by = acting_for(hotline.pk)
    for year in calls.years(current()):
        found = calls.invent(current(), year, people, channels())
        _register(by, found)
        recorded = record_contacts(by=by, rows=[_entry(call) for call in found])
        _tell(by, found)
        _screen(found, screeners)
        for contact in recorded:
            if contact.status == OPEN:
                close_contact(by=by, contact_id=contact.pk)


def _register(by: Actor, found: Sequence[Call]) -> None:
    rng, home = dice("nationalities"), current().country_iso2
    others = [code.code for code in current().codes("country") if code.code != home]
    nations = {calls.NATIONAL: lambda: (home,), calls.FOREIGN: lambda: (rng.choice(others),)}
    rows = [
        Registration(
            id=_person_id(one),
            code_value=named(f"hotline person code {one.number}").int,
            sex_code=one.sex,
            citizenship_codes=nations[one.nationality]() if one.nationality in nations else (),
            registered_at=_at(call),
        )
        for call in found
        for one in call.people
        if not one.known
    ]
    register_people(by=by, rows=rows)
    known = [person_id(one.known) for call in found for one in call.people if one.known]
    make_known(by=by, person_ids=known, agency_code=by.agency_code)


def _entry(call: Call) -> Entry:
    role = "caller_at_risk" if len(call.people) == 1 and call.number % 2 else "at_risk"
    caller = () if role == "caller_at_risk" else (Someone(role_code="caller"),)
    return Entry(
        id=_contact_id(call),
        code_value=_contact_id(call).int,
        channel_code=call.channel,
        disposition_code=call.disposition,
        opened_at=_at(call),
        seconds=call.seconds,
        precision_code="state" if call.state else "none",
        state_code=call.state,
        risk_code=("immediate" if call.disposition == "emergency" else "high") if call.people else "none",
        told={"told": TOLD} if call.people else {},
        people=(*caller, *(Someone(role_code=role, sex_code=p.sex, person_id=_person_id(p)) for p in call.people)),
    )


def _tell(by: Actor, found: Sequence[Call]) -> None:
    """What came of the calls: referred by the desk, identified and investigated by others."""
    referred = [
        Result(kind=REFERRED, person_id=_person_id(one), at=_at(call) + timedelta(hours=6), service_codes=one.services)
        for call in found
        for one in call.people
    ]
    record_outcomes(by=by, rows=referred)
    by_agency: dict[str, list[Result]] = defaultdict(list)
    prosecutors = {agency.state_code: agency.pk for agency in agencies(kind="prosecutor")}
    for number, call in enumerate(found):
        told = [result for one in call.people if one.known for result in _identified(one.known)]
        if call.begins_investigation:
            at = _at(call) + timedelta(days=3)
            ref = f"sintetica-{call.opened_at.year}-{number}"
            told.append(Result(kind=INVESTIGATION_OPENED, contact_id=_contact_id(call), at=at, ref=ref))
        by_agency[prosecutors.get(call.state, prosecutors.get("", by.agency_code))] += told
    for agency_code, rows in by_agency.items():
        record_outcomes(by=acting_for(agency_code), rows=rows)


def _identified(known: Invented) -> list[Result]:
    """What the case of the national caseload says of the person."""
    days = {CASE_OPENED: known.opened_on, VICTIM_IDENTIFIED: known.identified_on}
    return [Result(kind=kind, person_id=person_id(known), at=_aware(day, time(17))) for kind, day in days.items()]


def _screen(found: Sequence[Call], screeners: Sequence[Actor]) -> None:
    waiting = [(call, one) for call in found for one in call.people if not one.known]
    by_screener: dict[int, list[Interview]] = defaultdict(list)
    for number, (call, one) in enumerate(waiting):
        protocol = first_version(PROTOCOLS[number % len(PROTOCOLS)], KIND, call.channel)
        teller = talks.Teller(age=AGES[number % len(AGES)])
        drawn = talks.told(protocol.key, PRESUMED, teller, protocol.valid_from)
        interview = Interview(
            name=f"hotline {one.number} {call.opened_at.year}",
            person_id=_person_id(one),
            protocol=protocol,
            answers=drawn[number % len(drawn)],
            at=max(_at(call) + timedelta(hours=1), _read_again(protocol, number)),
            channel=call.channel,
            state=call.state,
            contact_id=_contact_id(call),
        )
        by_screener[number % len(screeners)].append(interview)
    for index, rows in by_screener.items():
        hold(screeners[index], rows)


def _read_again(protocol: Protocol, number: int) -> datetime:
    """When the desk came to this record, from the protocol's second day on and before today."""
    wanted = _aware(protocol.valid_from, time(9)) + timedelta(days=1 + number // A_DAY, minutes=20 * (number % A_DAY))
    return max(_aware(protocol.valid_from, time(9)), min(wanted, timezone.now() - timedelta(days=2)))


def _person_id(one: Found) -> UUID:
    return person_id(one.known) if one.known else named(f"hotline person {one.number}")


def _contact_id(call: Call) -> UUID:
    return named(f"contact {call.number} {call.opened_at.isoformat()}")


def _at(call: Call) -> datetime:
    """In universal time, in which adding seconds crosses the change of clocks."""
    return timezone.make_aware(call.opened_at).astimezone(UTC)


def _aware(day: object, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))  # type: ignore[arg-type]
