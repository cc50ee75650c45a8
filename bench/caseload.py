"""An invented caseload of any size, written straight into the tables: a benchmark of reading must not wait for writing.

Forty agencies of very different size: the first leads 30 % of the cases, the last has twelve however many there are.
The first agency's newest cases are rich: thirty entries in their timeline.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any
from uuid import UUID

from bench.load import fill
from enlace.accounts.actions import load_agencies
from enlace.accounts.queries import agencies
from enlace.assistance.models import ServiceGiven
from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.cases.actions import REPEATED
from enlace.cases.models import Case, CaseAgency, CaseCode, Decision, Note, Turn
from enlace.country.queries import current
from enlace.demo.caseload import offers
from enlace.directory.actions import publish_offers
from enlace.people.models import ConsentGrant, Person, PersonAgency
from enlace.referrals.models import Referral, ReferralStep

SYSTEM = Actor.system("bench")
AGENCIES, TINY = 40, 12
NOTES_OF_RICH, SERVICES_OF_RICH = 14, 12
KINDS = ("MENTAL", "MENTAL", "MENTAL", "LEGAL", "HEALTH")
END = datetime(2026, 11, 1)
YEARS = 10
AT_A_TIME = 20_000
JOINED = ("accepted", "started", "completed", "interrupted")
STATUSES = {"sent": 4, "accepted": 4, "started": 6, "completed": 66, "declined": 10, "expired": 5, "interrupted": 5}


@dataclass(frozen=True, slots=True)
class Sketch:
    """One case as drawn; everything written follows from it."""

    number: int
    at: datetime
    lead: str
    state: str
    identification: str
    is_closed: bool
    form: str
    recipient: str  # "": not referred
    referral: str  # its status
    services: int
    notes: int


def write(count: int) -> list[str]:
    """Write ``count`` cases with all that belongs to them; returns the agencies, largest first."""
    load_agencies(by=SYSTEM, seeds=current().agencies)
    publish_offers(by=SYSTEM, rows=offers())
    codes = [agency.pk for agency in agencies()][:AGENCIES]
    sketches = draw(count, codes)
    while part := list(islice(sketches, AT_A_TIME)):
        for table in TABLES:
            table(part)
    return codes


def states() -> list[str]:
    """All states; no case is attended in the last."""
    return [state.code for state in current().states]


def rich_cases(count: int) -> list[UUID]:
    """Cases with a long timeline, which the first agency leads: some of the newest."""
    return [UUID(_id(5, number)) for number in range(max(count - 400, 0), count, 10)]


def case_id(number: int) -> UUID:
    """The case drawn as number so and so."""
    return UUID(_id(5, number))


def begin_services(numbers: list[int], place: int) -> None:
    """One more service in each of these cases; ``place`` tells those of one call from those of another."""
    agency, day = agencies()[0].pk, str(END)[:10]
    rows = ((_id(15, n, place), _id(5, n), agency, KINDS[0], day, "bench", str(END)) for n in numbers)
    fill(
        ServiceGiven, ("id", "case_id", "agency_code", "service_code", "started_on", "recorded_by", "recorded_at"), rows
    )


def draw(count: int, codes: list[str]) -> Iterator[Sketch]:
    """The cases, oldest first, evenly over ten years."""
    rng = random.Random(1)
    seen, forms = states()[:-1], [form.code for form in current().forms]
    sizes = list(accumulate([0.3, *(0.7 * 0.15 * 0.85**n for n in range(AGENCIES - 2))]))
    step, start = timedelta(days=365 * YEARS) / count, END - timedelta(days=365 * YEARS)
    tiny, rich = set(range(0, count, count // TINY)[:TINY]), set(range(max(count - 400, 0), count, 10))
    kinds, weights = list(STATUSES), list(accumulate(STATUSES.values()))
    home = {code: seen[place % len(seen)] for place, code in enumerate(codes)}
    for number in range(count):
        lead, recipient = rng.choices(codes[:-1], cum_weights=sizes, k=2)
        lead = codes[-1] if number in tiny else lead
        is_rich = number in rich
        lead = codes[0] if is_rich else lead
        draws = rng.random(), rng.random(), rng.random()
        yield Sketch(
            number=number,
            at=start + number * step,
            lead=lead,
            state=home[lead] if draws[0] < 0.9 else seen[number % len(seen)],
            identification="presumed" if draws[1] < 0.1 else "not_confirmed" if draws[1] < 0.15 else "identified",
            is_closed=draws[2] < 0.6 and not is_rich,
            form=forms[number % len(forms)],
            recipient=codes[1] if is_rich else recipient if draws[2] < 0.7 and recipient != lead else "",
            referral="completed" if is_rich else rng.choices(kinds, cum_weights=weights)[0],
            services=SERVICES_OF_RICH if is_rich else number % 3,
            notes=NOTES_OF_RICH if is_rich else number % 2,
        )


def _people(part: list[Sketch]) -> None:
    names = ("id", "code", "sex_code", "age_group_code", "registered_by", "registered_at")
    rows = ((_id(1, s.number), _code("P", s), "female", "A30_38", s.lead, _at(s)) for s in part)
    fill(Person, names, rows)
    known = [(_id(2, s.number), _id(1, s.number), s.lead, _at(s), "registered") for s in part]
    known += [(_id(3, s.number), _id(1, s.number), s.recipient, _at(s, 20), "referred") for s in part if _joined(s)]
    fill(PersonAgency, ("id", "person_id", "agency_code", "since", "reason"), known)
    asked = ((_id(4, s.number), _id(1, s.number), s.lead, "referral", "person", _at(s)[:10], _at(s), "-") for s in part)
    answer = (
        "id",
        "person_id",
        "agency_code",
        "purpose_code",
        "given_by_code",
        "given_on",
        "recorded_at",
        "recorded_by",
    )
    fill(ConsentGrant, answer, asked)


def _cases(part: list[Sketch]) -> None:
    columns: dict[str, Callable[[Sketch], Any]] = {
        "id": lambda s: _id(5, s.number),
        "code": lambda s: _code("C", s),
        "person_id": lambda s: _id(1, s.number),
        "status": _status,
        "identification": lambda s: s.identification,
        "presumed_at": _at,
        "origin_code": lambda s: "police",
        "opened_by": lambda s: s.lead,
        "opened_at": _at,
        "lead_agency_code": lambda s: s.lead,
        "state_code": lambda s: s.state,
        "closed_at": lambda s: _at(s, 800) if s.is_closed else None,
        "closure_reason_code": lambda s: "reintegrated" if s.is_closed else "",
    }
    fill(Case, tuple(columns), (tuple(value(s) for value in columns.values()) for s in part))
    work = [(_id(6, s.number), _id(5, s.number), s.lead, _at(s), "lead", *_repeated(s)) for s in part]
    work += [
        (_id(7, s.number), _id(5, s.number), s.recipient, _at(s, 20), "partner", *_repeated(s))
        for s in part
        if _joined(s)
    ]
    fill(CaseAgency, ("id", "case_id", "agency_code", "joined_at", "part", *REPEATED), work)
    codes = ((_id(8, s.number), _id(5, s.number), "exploitation_form", s.form) for s in part)
    fill(CaseCode, ("id", "case_id", "list_name", "code"), codes)


def _steps_of_cases(part: list[Sketch]) -> None:
    decided = (
        (
            _id(9, s.number),
            _id(5, s.number),
            verb,
            s.identification,
            _at(s, 5),
            "bench",
            s.lead,
            "prosecutor",
            "prosecutor",
            s.form,
            s.state,
        )
        for s in part
        if (verb := {"identified": "identify", "not_confirmed": "not_confirm"}.get(s.identification))
    )
    names = ("id", "case_id", "verb", "outcome", "decided_at", "decided_by", "agency_code", "agency_kind_code")
    fill(Decision, (*names, "ground_code", "form_code", "state_code"), decided)
    notes = (
        (_id(10, s.number, n), _id(5, s.number), s.lead, "bench", _at(s, 30 + n), "Nota sintética.")
        for s in part
        for n in range(s.notes)
    )
    fill(Note, ("id", "case_id", "agency_code", "written_by", "written_at", "text"), notes)
    turns = (
        (_id(11, s.number), _id(5, s.number), "close", _at(s, 800), "bench", s.lead, "reintegrated")
        for s in part
        if s.is_closed
    )
    fill(Turn, ("id", "case_id", "verb", "at", "by", "agency_code", "reason_code"), turns)


def _referrals(part: list[Sketch]) -> None:
    sent = [s for s in part if s.recipient]
    columns: dict[str, Callable[[Sketch], Any]] = {
        "id": lambda s: _id(12, s.number),
        "code": lambda s: _code("R", s),
        "case_id": lambda s: _id(5, s.number),
        "sender_code": lambda s: s.lead,
        "recipient_code": lambda s: s.recipient,
        "service_codes": lambda s: '["MENTAL"]',
        "is_consented": lambda s: True,
        "status": lambda s: s.referral,
        "sent_by": lambda s: "bench",
        "sent_at": lambda s: _at(s, 10),
        "due_at": lambda s: _at(s, 34),
        "answered_at": lambda s: None if s.referral in ("sent", "expired") else _at(s, 20),
        "decline_reason_code": lambda s: "no_place" if s.referral == "declined" else "",
        "interruption_reason_code": lambda s: "lost_contact" if s.referral == "interrupted" else "",
    }
    fill(Referral, tuple(columns), (tuple(value(s) for value in columns.values()) for s in sent))
    verbs = {"accepted": "accept", "started": "start", "completed": "complete", "interrupted": "interrupt"}
    steps = [(_id(13, s.number), _id(12, s.number), "send", _at(s, 10), "bench", s.lead) for s in sent]
    steps += [
        (_id(14, s.number), _id(12, s.number), verbs[s.referral], _at(s, 20), "bench", s.recipient)
        for s in sent
        if _joined(s)
    ]
    fill(ReferralStep, ("id", "referral_id", "verb", "at", "by", "agency_code"), steps)


def _services(part: list[Sketch]) -> None:
    given = (
        (
            _id(15, s.number, n),
            _id(5, s.number),
            s.lead if n % 2 else s.recipient or s.lead,
            KINDS[s.number % 5],
            _at(s, 48)[:10],
            "bench",
            _at(s, 48),
        )
        for s in part
        for n in range(s.services)
    )
    names = ("id", "case_id", "agency_code", "service_code", "started_on", "recorded_by", "recorded_at")
    fill(ServiceGiven, names, given)


def _record(part: list[Sketch]) -> None:
    """Each person's identity was read once; the digests prove nothing here."""
    names = (
        "chain",
        "seq",
        "at",
        "actor_id",
        "action",
        "subject_kind",
        "subject_id",
        "data_class",
        "detail",
        "previous",
        "digest",
    )
    rows = (
        (
            s.lead,
            s.number + 1_000_000,
            _at(s),
            "bench",
            "identity.opened",
            "person",
            _dashed(_id(1, s.number)),
            "A",
            "{}",
            "-",
            "-",
        )
        for s in part
    )
    fill(AuditEvent, names, rows)


TABLES = (_people, _cases, _steps_of_cases, _referrals, _services, _record)


def _repeated(s: Sketch) -> tuple[str, str, str]:
    return _status(s), s.identification, s.state


def _joined(s: Sketch) -> bool:
    return bool(s.recipient) and s.referral in JOINED


def _status(s: Sketch) -> str:
    return "closed" if s.is_closed else "open"


def _id(kind: int, number: int, place: int = 0) -> str:
    """Ordered in time, as the ids of an installation are."""
    return f"{number:014x}{kind:02x}{place:016x}"


def _dashed(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _code(prefix: str, s: Sketch) -> str:
    return f"{prefix}-{s.number // 10_000:04d}-{s.number % 10_000:04d}-2"


def _at(s: Sketch, hours: int = 0) -> str:
    return str(s.at + timedelta(hours=hours))[:19]
