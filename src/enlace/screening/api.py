"""Screening as JSON, for a tablet that asks without a connection and sends afterwards: protocols out, answers in."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.queries import agency
from enlace.accounts.session_auth import signed_in
from enlace.base.dates import Moment
from enlace.base.permissions import check
from enlace.country.protocols import NoAnswer, Protocol, Question
from enlace.country.queries import current
from enlace.screening import actions, asked, queries
from enlace.screening.models import Screening

router = Router(auth=signed_in, tags=["screenings"])

CLOCK_SKEW = timedelta(minutes=5)
NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no such character
Code = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=asked.LONGEST_TEXT, pattern=NO_NUL)]
Codes = Annotated[list[Code], Field(max_length=60)]


class ProtocolOut(Schema):
    code: str
    version: int
    digest: str
    kind: str
    minutes: int
    provisional: bool
    title: dict[str, str]
    purpose: dict[str, str]
    safety: list[dict[str, Any]]
    sections: list[dict[str, Any]]


class AnswerIn(Schema):
    """Either ``value`` (a text, a whole number, a date as ISO 8601, or codes) or the reason why there is none."""

    question: Code
    value: Annotated[int, Field(strict=True)] | Text | Codes | None = None
    no_answer: Literal["not_asked", "does_not_know", "prefers_not_to_say"] | None = None


class ScreeningIn(Schema):
    """One screening as it was made; ``source_ref`` makes sending it again harmless."""

    person_id: UUID
    protocol_code: Code
    protocol_version: Annotated[int, Field(ge=1, le=30_000)]
    protocol_digest: Annotated[str, StringConstraints(max_length=64, pattern=NO_NUL)] = ""
    contact_id: UUID | None = None
    second_of: UUID | None = None
    channel_code: Code = ""
    state_code: Annotated[str, StringConstraints(max_length=10, pattern=NO_NUL)] = ""
    risk_codes: Codes = []
    safety_codes: Codes
    started_at: Moment | None = None
    finished: bool = False
    finished_at: Moment | None = None
    answers: Annotated[list[AnswerIn], Field(max_length=500)] = []
    source_ref: Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)] = ""


class ScreeningOut(Schema):
    id: UUID
    code: str
    person_code: str
    protocol_code: str
    protocol_version: int
    status: str
    class_code: str
    decided_code: str
    second_due_at: datetime | None
    started_at: datetime
    revisions: dict[str, int]


class AnswersIn(Schema):
    """More answers; ``seen`` holds the revision of each one that was shown (0: none), as ``revisions`` told it."""

    protocol_version: Annotated[int, Field(ge=1, le=30_000)]
    answers: Annotated[list[AnswerIn], Field(min_length=1, max_length=500)]
    seen: Annotated[dict[Code, Annotated[int, Field(ge=0, le=30_000)]], Field(max_length=500)] = {}


@router.get("/protocols", response=list[ProtocolOut], summary="What the agency may ask today, whole, in every language")
def protocols(request: Request) -> list[dict[str, Any]]:
    check(request.actor, "SCREENING_READ")
    kind = agency(request.actor.agency_code).kind_code
    return [_protocol(found) for found in asked.offered(agency_kind=kind, on=timezone.localdate())]


@router.get("/{screening_id}", response=ScreeningOut, summary="Where one screening of the agency stands")
def screening(request: Request, screening_id: UUID) -> dict[str, Any]:
    return _out(queries.screening(viewer=request.actor, screening_id=screening_id))


@router.post("", response={200: ScreeningOut, 201: ScreeningOut}, summary="Record a screening with its answers")
def record(request: Request, given: ScreeningIn) -> Status[dict[str, Any]]:
    check(request.actor, "SCREENING_RECORD")
    known = queries.known_refs(viewer=request.actor, refs=[given.source_ref] if given.source_ref else [])
    if known:
        return Status(200, _out(queries.screening(viewer=request.actor, screening_id=known[given.source_ref])))
    names = ("person_id", "protocol_code", "protocol_version", "contact_id", "second_of", "channel_code", "state_code")
    now = timezone.now()
    start = actions.Start(
        **{name: getattr(given, name) for name in names},
        risk_codes=tuple(given.risk_codes),
        safety_codes=tuple(given.safety_codes),
        started_at=_ours(given.started_at, now),
        source_ref=given.source_ref,
    )
    ended = (_ours(given.finished_at, now) or now) if given.finished else None
    row = actions.Recorded(start=start, values=_values(given.answers), digest=given.protocol_digest, finished_at=ended)
    made = actions.record_screenings(by=request.actor, rows=[row])[0]
    return Status(201, _out(queries.screening(viewer=request.actor, screening_id=made.pk)))


@router.post("/{screening_id}/answers", response=ScreeningOut, summary="Add answers to a screening under way")
def answer(request: Request, screening_id: UUID, given: AnswersIn) -> dict[str, Any]:
    page = actions.AnswerPage(
        screening_id=screening_id,
        protocol_version=given.protocol_version,
        values=_values(given.answers),
        seen=given.seen,
    )
    actions.answer_screenings(by=request.actor, rows=[page])
    return _out(queries.screening(viewer=request.actor, screening_id=screening_id))


def _ours(at: datetime | None, now: datetime) -> datetime | None:
    """The time of a tablet whose clock may run a little ahead of ours."""
    return now if at is not None and now < at <= now + CLOCK_SKEW else at


def _values(answers: list[AnswerIn]) -> dict[str, object]:
    return {row.question: NoAnswer(row.no_answer) if row.no_answer else row.value for row in answers}


def _out(found: Screening) -> dict[str, Any]:
    names = ("id", "code", "protocol_code", "protocol_version", "status", "class_code", "decided_code")
    return {name: getattr(found, name) for name in (*names, "second_due_at", "started_at")} | {
        "person_code": found.person.code,
        "revisions": queries.standing_of(found).revisions,
    }


def _protocol(found: Protocol) -> dict[str, Any]:
    names = ("code", "version", "digest", "kind", "minutes", "provisional")
    return {name: getattr(found, name) for name in names} | {
        "title": _texts(found.title),
        "purpose": _texts(found.purpose),
        "safety": [{"code": s.code, "required": s.required, "text": _texts(s.text)} for s in found.safety],
        "sections": [
            {
                "code": section.code,
                "title": _texts(section.title),
                "show_if": asked.condition_data(section.show_if) if section.show_if else None,
                "questions": [_question(question) for question in section.questions],
            }
            for section in found.sections
        ],
    }


def _question(question: Question) -> dict[str, Any]:
    bounds = {"min": question.low, "max": question.high}
    return {
        "code": question.code,
        "type": question.type,
        "text": _texts(question.text),
        "hint": _texts(question.hint_text),
        "required": question.required,
        "observed": question.observed,
        "shared": question.shared,
        "show_if": asked.condition_data(question.show_if) if question.show_if else None,
        "list": question.list_name,
        "options": [{"code": option.code, "text": _texts(option.text)} for option in question.options],
        **{name: str(bound) if bound is not None else None for name, bound in bounds.items()},
    }


def _texts(text: Any) -> dict[str, str]:
    return {lang: text(lang) for lang in current().languages}
