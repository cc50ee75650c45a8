"""Screenings of these weeks: people whom two screeners saw, a farm, a second screening owed, people who are detained."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from enlace.accounts.queries import agency
from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.cases.actions import Coded, Opening, Ruling, decide_cases, open_cases
from enlace.country.protocols import NoAnswer, Protocol
from enlace.country.queries import current
from enlace.demo import talks
from enlace.demo.caseload import acting_for, named
from enlace.demo.interviews import REASON, STANDARD, Interview, begin, first_version, hold, met
from enlace.demo.people import actor, agency_of, screeners
from enlace.demo.rules import dice
from enlace.intake.actions import Entry, Someone, record_contacts
from enlace.people.actions import make_known
from enlace.screening.actions import (
    AnswerPage,
    Decision,
    Ended,
    Finish,
    GroupPage,
    GroupStart,
    Start,
    answer_group,
    answer_screenings,
    decide_screenings,
    end_alerts,
    finish_screenings,
    join_group,
    start_group,
    start_screenings,
)
from enlace.screening.queries import ScreeningFilter, alerts_open, screening_page
from enlace.screening.rules import INSUFFICIENT, NOTHING, POSSIBLE, PRESUMED, missing_required

# account, protocol, channel, people whom it and its colleague both screened
PAIRS = (
    ("linea", "first_responder", "hotline_call", 36),
    ("policia", "first_responder", "police", 30),
    ("migracion", "immigration", "migration_check", 24),
)
ORDER = (PRESUMED, POSSIBLE, NOTHING)
FOUND = (45, 30, 25)  # how often the first screener's answers lead to each
AGREEING = 0.8  # how often the second screener's answers lead to the same class; else to the one beside it
UNDECIDED = 2  # of each first screener, left in the work queue
WORKERS, ADOLESCENTS, DECIDED, DRAFTS = 14, 2, 9, 2  # at the farm
CONFIRMED = ("identify",) * 11 + ("not_confirm",)  # what cases said later of people whom the police had presumed
TOLD = "Texto de ejemplo (sintético): visita a un campo con personas jornaleras."


def write() -> None:
    """Everything; whoever has no account in this country's demonstration is passed over."""
    for username, code, channel, count in PAIRS:
        _twice(screeners(username), code, channel, count)
    if inspector := actor("inspeccion"):
        _farm(inspector)
    if officer := actor("policia"):
        _confirmed(officer)
        _owed(officer, "police", days=(20, 3))
        _detained(officer, "first_responder", "police", count=1)
    if officer := actor("migracion"):
        _owed(officer, "migration_station", days=(5,))
        _detained(officer, "immigration", "migration_station", count=2)
        _second(officer)
    for username, channel in (("linea", "hotline_chat"), ("consulado", "consulate"), ("familia", "child_protection")):
        if screener := actor(username):
            _draft(screener, channel)


def _twice(both: Sequence[Actor], code: str, channel: str, count: int) -> None:
    """Two screeners ask the same people, a day apart and without seeing each other's answers."""
    if len(both) < 2:
        return
    what = f"twice {channel}"
    protocol = _protocol(both[0], code, channel)
    people = met(both[0], what, count)
    rng = dice(what)
    classes = [_classes(rng) for _n in range(count)]
    for turn, by in enumerate(both):
        rows = []
        for n, (person_id, given) in enumerate(zip(people, classes, strict=True)):
            at = _days_ago(protocol, 3 + n % 11 - turn, n)
            is_left = turn == 0 and n < UNDECIDED
            decides = "" if is_left else given[turn]
            rows.append(_interview(f"{what} {n} {turn}", person_id, protocol, given[turn], at, channel, decides))
        hold(by, rows)


def _classes(rng: Random) -> tuple[str, str]:
    """What the two screeners' answers lead to."""
    first = rng.choices(ORDER, FOUND)[0]
    if rng.random() < AGREEING:
        return first, first
    place = ORDER.index(first)
    return first, rng.choice([ORDER[n] for n in (place - 1, place + 1) if 0 <= n < len(ORDER)])


def _confirmed(police: Actor) -> None:
    """The prosecutor opens the cases of some whom the police had presumed, and decides them."""
    with seeing_as(police):
        presumed = screening_page(viewer=police, wanted=ScreeningFilter(class_code=PRESUMED), size=100).rows
    people = list(dict.fromkeys(row.person_id for row in presumed if row.decided_code == PRESUMED))[: len(CONFIRMED)]
    by = acting_for(agency_of("coordinacion"))
    make_known(by=by, person_ids=people, agency_code=by.agency_code)
    form = next(iter(current().forms)).code
    ground = next(iter(current().codes("identification_ground"))).code
    openings = [
        Opening(
            id=named(f"confirmed {n}"),
            code_value=named(f"confirmed code {n}").int,
            person_id=person_id,
            origin_code="police",
            state_code=agency(by.agency_code).state_code,
            codes=(Coded(list_name="exploitation_form", code=form),),
            opened_at=timezone.now() - timedelta(hours=30),
        )
        for n, person_id in enumerate(people)
    ]
    open_cases(by=by, rows=openings)
    at = timezone.now() - timedelta(hours=4)
    rulings = [
        Ruling(case_id=row.id, verb=verb, ground_code=ground, reason=REASON, decided_at=at)
        for row, verb in zip(openings, CONFIRMED, strict=False)
    ]
    decide_cases(by=by, rows=rulings)


def _farm(by: Actor) -> None:
    """One visit, fourteen people: what they share is asked once; two are adolescents, two are still being asked."""
    channel, protocol = "labour_inspection", _protocol(by, "labour_farm", "labour_inspection")
    state, at = agency(agency_of("policia")).state_code, _days_ago(protocol, 2, 0)
    adults, minors = met(by, "farm", WORKERS - ADOLESCENTS), met(by, "farm minor", ADOLESCENTS, age=15)
    contact = _visit(by, channel, state, at, [*minors, *adults])
    group = start_group(
        by=by,
        row=GroupStart(
            id=named("farm group"),
            code_value=named("farm group").int,
            protocol_code=protocol.code,
            contact_id=contact,
            channel_code=channel,
            state_code=state,
            opened_at=at,
        ),
    )
    drawn = _drawn(protocol, PRESUMED)
    shared = {code: value for code, value in drawn[0].items() if protocol.question(code).shared}
    answer_group(by=by, row=GroupPage(group_id=group.pk, protocol_version=protocol.version, values=shared, at=at))
    safety = [step.code for step in protocol.safety]
    members = join_group(by=by, group_id=group.pk, person_ids=[*minors, *adults], safety_codes=safety, at=at)
    pages = []
    for n, member in enumerate(members[:-DRAFTS]):
        told = _drawn(protocol, PRESUMED if n % 4 else POSSIBLE, age=15 if member.person_id in minors else 30)
        answers = told[n % len(told)] | shared
        answers |= dict.fromkeys(missing_required(protocol, answers), NoAnswer.NOT_ASKED)
        own = {code: value for code, value in answers.items() if code not in shared}
        pages.append(AnswerPage(screening_id=member.pk, protocol_version=protocol.version, values=own, at=at))
    answer_screenings(by=by, rows=pages)
    findings = finish_screenings(by=by, rows=[Finish(screening_id=p.screening_id, at=at) for p in pages])
    decisions = [
        Decision(screening_id=f.screening_id, class_code=f.class_code, reason=REASON, at=at + timedelta(hours=5))
        for f in findings[:DECIDED]
    ]
    decide_screenings(by=by, rows=decisions)


def _visit(by: Actor, channel: str, state: str, at: datetime, people: Sequence[UUID]) -> UUID:
    row = Entry(
        id=named(f"visit {channel}"),
        code_value=named(f"visit {channel}").int,
        channel_code=channel,
        disposition_code="possible_trafficking",
        opened_at=at - timedelta(hours=2),
        seconds=7200,
        precision_code="state",
        state_code=state,
        risk_code="high",
        told={"told": TOLD},
        people=tuple(Someone(role_code="at_risk", person_id=person_id) for person_id in people),
    )
    record_contacts(by=by, rows=[row])
    return row.id


def _owed(by: Actor, channel: str, days: Sequence[int]) -> None:
    """Too little was known, so another screening is owed; the oldest is late."""
    protocol = _protocol(by, "first_responder", channel)
    people = met(by, f"owed {channel}", len(days))
    rows = [
        _interview(
            f"owed {channel} {n}", person_id, protocol, INSUFFICIENT, _days_ago(protocol, ago, n), channel, INSUFFICIENT
        )
        for n, (person_id, ago) in enumerate(zip(people, days, strict=True))
    ]
    hold(by, rows)


def _second(by: Actor) -> None:
    """The second screening of somebody who was asked too little has begun."""
    first = named("screening owed migration_station 0")
    seconds = [p for p in current().protocols if p.kind != STANDARD and p.is_valid(timezone.localdate())]
    if not seconds:
        return
    row = Start(
        id=named("second"),
        code_value=named("second").int,
        person_id=named("owed migration_station 0"),
        protocol_code=seconds[0].code,
        second_of=first,
        channel_code="migration_station",
    )
    start_screenings(by=by, rows=[row])


def _detained(by: Actor, code: str, channel: str, count: int) -> None:
    """People presumed victims who are held: of two the first was released the same day, the last one's time is running."""
    protocol = _protocol(by, code, channel)
    people = met(by, f"detained {channel}", count)
    held = talks.Teller(is_detained=True)
    told = talks.told(protocol.key, PRESUMED, held, protocol.valid_from)
    rows = [
        Interview(
            name=f"detained {channel} {n}",
            person_id=person_id,
            protocol=protocol,
            answers=told[n % len(told)],
            at=_days_ago(protocol, (count - n) * 2, n) if n + 1 < count else timezone.now() - timedelta(hours=6),
            channel=channel,
        )
        for n, person_id in enumerate(people)
    ]
    hold(by, rows)
    with seeing_as(by):
        released = [alert for alert in alerts_open(viewer=by, limit=count) if alert.person_id in people[:-1]]
    if released:
        ends = [Ended(alert_id=a.pk, end_code="released", at=a.opened_at + timedelta(hours=9)) for a in released]
        end_alerts(by=by, rows=ends)


def _draft(by: Actor, channel: str) -> None:
    """A screening that was begun and is to be gone on with, on any device."""
    protocol = _protocol(by, "first_responder", channel)
    (person_id,) = met(by, f"draft {channel}", 1)
    answers = dict(list(_drawn(protocol, PRESUMED)[0].items())[:4])
    at = timezone.now() - timedelta(hours=3)
    begin(by, [Interview(f"draft {channel}", person_id, protocol, answers, at, channel)])


def _interview(
    name: str, person_id: UUID, protocol: Protocol, found: str, at: datetime, channel: str, decides: str
) -> Interview:
    told = _drawn(protocol, found)
    number = person_id.int
    return Interview(name, person_id, protocol, told[number % len(told)], at, channel=channel, decides=decides)


def _drawn(protocol: Protocol, class_code: str, age: int = 30) -> tuple[talks.Answers, ...]:
    return talks.told(protocol.key, class_code, talks.Teller(age=age), protocol.valid_from)


def _protocol(by: Actor, code: str, channel: str) -> Protocol:
    return first_version(code, agency(by.agency_code).kind_code, channel)


def _days_ago(protocol: Protocol, days: int, number: int) -> datetime:
    """A moment of a working day so long ago, not before there was the protocol."""
    day = max(timezone.localdate() - timedelta(days=days), protocol.valid_from)
    return timezone.make_aware(datetime.combine(day, time(9 + number % 7, 7 * number % 60)))
