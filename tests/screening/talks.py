"""Screenings of invented people under the protocols of Xandoria, made through actions."""

from collections.abc import Mapping
from uuid import UUID

from enlace.base.actor import Actor
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
from enlace.screening.models import Finding, Ruling, Screening
from tests.world import a_person

TALK, SECOND, VISIT = "first_talk", "second_talk", "group_visit"
STEPS = {TALK: ("alone",), SECOND: ("alone",), VISIT: ("apart",)}

# What it takes for an adult: two signs of exploitation, two of control, and an act.
PRESUMED = {
    "age": 30,
    "age_doubt": "no",
    "works": "yes",
    "leave": "never",
    "hours": 16,
    "papers": "boss",
    "watched": "yes",
    "act": ["recruited"],
}
POSSIBLE = {"age": 30, "works": "yes", "leave": "never"}
LITTLE = {"works": "no"}
NOTHING = {
    "age": 30,
    "age_doubt": "no",
    "detained": "no",
    "speaks": "no",
    "promised": ["none"],
    "works": "no",
    "papers": "me",
    "watched": "no",
    "debt": "no",
    "act": ["none"],
    "purpose": "bonded_work",
}


def a_screening(by: Actor, person_id: UUID | None = None, protocol: str = TALK, **facts: object) -> UUID:
    """Begin a screening with the safety steps seen to."""
    row = Start(
        person_id=person_id or a_person(by),
        protocol_code=protocol,
        safety_codes=STEPS[protocol],
        **facts,
    )
    return start_screenings(by=by, rows=[row])[0].pk


def not_safe_yet(by: Actor) -> UUID:
    """Begin a screening of which nobody has seen to the steps of safety."""
    return start_screenings(by=by, rows=[Start(person_id=a_person(by), protocol_code=TALK)])[0].pk


def said(by: Actor, screening_id: UUID, values: Mapping[str, object], **facts: object) -> None:
    page = AnswerPage(screening_id=screening_id, protocol_version=1, values=values, **facts)
    answer_screenings(by=by, rows=[page])


def finished(by: Actor, values: Mapping[str, object], person_id: UUID | None = None, **facts: object) -> Finding:
    """A screening with these answers, finished; what was found."""
    screening_id = a_screening(by, person_id, **facts)
    said(by, screening_id, values)
    return finish_screenings(by=by, rows=[Finish(screening_id=screening_id)])[0]


def decided(by: Actor, screening_id: UUID, class_code: str, reason: str = "What was told and seen.") -> Ruling:
    row = Decision(screening_id=screening_id, class_code=class_code, reason=reason)
    return decide_screenings(by=by, rows=[row])[0]


def row_of(screening_id: UUID) -> Screening:
    return Screening.objects.get(pk=screening_id)
