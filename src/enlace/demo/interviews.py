"""Holds screenings through the same actions as the pages do: begun, answered, finished and decided, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from enlace.base.actor import Actor
from enlace.country.protocols import Protocol, Value
from enlace.country.queries import current
from enlace.demo.caseload import named
from enlace.people.actions import Registration, register_people
from enlace.screening.actions import (
    AnswerPage,
    Decision,
    Finish,
    Start,
    answer_screenings,
    decide_screenings,
    finish_screenings,
    start_screenings,
)
from enlace.screening.rules import PRESUMED

STANDARD = "standard"
REASON = "Ejemplo sintético: decidido según lo contado y lo observado."
MINUTES_TO_DECISION = (20, 45, 90, 240, 1500)


@dataclass(frozen=True)
class Interview:
    """One person asked under one protocol. ``decides``: the class a person gives it; blank leaves it to be decided."""

    name: str
    person_id: UUID
    protocol: Protocol
    answers: Mapping[str, Value]
    at: datetime
    channel: str = ""
    state: str = ""
    contact_id: UUID | None = None
    decides: str = PRESUMED

    @property
    def id(self) -> UUID:
        return named(f"screening {self.name}")


def first_version(wanted: str, agency_kind: str, channel: str) -> Protocol:
    """The first version of the wanted protocol, else of any that such an agency may ask through this channel."""
    asked = [
        protocol
        for protocol in current().protocols
        if protocol.kind == STANDARD
        and protocol.is_offered(channel=channel, agency_kind=agency_kind, on=protocol.valid_from)
    ]
    return next((protocol for protocol in asked if protocol.code == wanted), asked[0])


def met(by: Actor, what: str, count: int, *, age: int = 30) -> list[UUID]:
    """Register so many people, of whom little is known."""
    bands = [c for c in current().codes("age_group") if c.extra.get("min_age")]
    band = next((c.code for c in bands if int(c.extra["min_age"]) <= age <= int(c.extra["max_age"] or age)), "")
    rows = [
        Registration(
            id=named(f"{what} {n}"),
            code_value=named(f"{what} code {n}").int,
            sex_code="male" if n % 3 == 2 else "female",
            age_group_code=band,
        )
        for n in range(count)
    ]
    register_people(by=by, rows=rows)
    return [row.id for row in rows]


def hold(by: Actor, rows: Sequence[Interview]) -> None:
    """Everything from the first safety step to the decision. The protocol is the one in force at that time."""
    begin(by, rows)
    finish_screenings(by=by, rows=[Finish(screening_id=row.id, at=_ended(row)) for row in rows])
    decisions = [
        Decision(screening_id=row.id, class_code=row.decides, reason=REASON, at=_decided(row, n))
        for n, row in enumerate(rows)
        if row.decides
    ]
    if decisions:
        decide_screenings(by=by, rows=decisions)


def begin(by: Actor, rows: Sequence[Interview]) -> None:
    """Begin and answer; what is not finished stays a draft of whoever asks."""
    start_screenings(by=by, rows=[_start(row) for row in rows])
    pages = [
        AnswerPage(
            screening_id=row.id,
            protocol_version=row.protocol.version,
            values=row.answers,
            at=row.at + timedelta(minutes=row.protocol.minutes // 2),
        )
        for row in rows
    ]
    answer_screenings(by=by, rows=pages)


def _start(row: Interview) -> Start:
    return Start(
        id=row.id,
        code_value=row.id.int,
        person_id=row.person_id,
        protocol_code=row.protocol.code,
        contact_id=row.contact_id,
        channel_code=row.channel,
        state_code=row.state,
        safety_codes=tuple(step.code for step in row.protocol.safety),
        started_at=row.at,
    )


def _ended(row: Interview) -> datetime:
    return row.at + timedelta(minutes=row.protocol.minutes)


def _decided(row: Interview, number: int) -> datetime:
    return _ended(row) + timedelta(minutes=MINUTES_TO_DECISION[number % len(MINUTES_TO_DECISION)])
