"""Periodic returns as JSON: the same queries and actions as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.returns import actions, queries, rules
from enlace.returns.models import PeriodicReturn
from enlace.returns.rules import Typed

router = Router(auth=signed_in, tags=["returns"])

NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no such character
Code = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)]


class ReturnOut(Schema):
    id: UUID
    template: str = Field(alias="template_code")
    period: str
    state: str = Field(alias="state_code")
    agency: str = Field(alias="agency_code")
    due_on: date
    revision: int
    status: str
    saves: int
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_because: str


class ValueOut(Schema):
    measure: str
    breakdown: str
    kind: str
    value: Decimal | None


class FindingOut(Schema):
    rule: str
    level: str
    measure: str
    breakdown: str
    found: Decimal | None
    other: Decimal | None


class WholeReturn(ReturnOut):
    values: list[ValueOut]
    findings: list[FindingOut]
    unread: list[dict[str, str]]


class ReturnPage(Schema):
    rows: list[ReturnOut]
    older: str


class Wanted(Schema):
    template: Code = ""
    state: Code | None = None
    period: Code = ""
    status: Code = ""
    cursor: Annotated[str, StringConstraints(max_length=500)] = ""


class Opening(Schema):
    template: Code
    period: Code
    state: Code = Field("", description="ISO 3166-2; empty for the federation")


class AnswerIn(Schema):
    measure: Code
    breakdown: Annotated[str, StringConstraints(max_length=400, pattern=NO_NUL)] = Field(
        "", description="such as sex=female;age_group=0_15; empty for the total"
    )
    answer: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)] = Field(
        description="a number, 0, no_data or not_asked; empty takes the answer away"
    )


class ValuesIn(Schema):
    answers: Annotated[list[AnswerIn], Field(max_length=2000)]
    note: Text | None = None
    saves: int | None = Field(
        None, description="how often the return had been saved when it was read; refused when older"
    )
    submit: bool = False


@router.get("", response=ReturnPage, summary="Returns that the caller sees, the newest period first")
def return_list(request: Request, wanted: Query[Wanted]) -> dict[str, object]:
    narrowed = queries.Filter(template=wanted.template, state=wanted.state, period=wanted.period, status=wanted.status)
    page = queries.return_page(viewer=request.actor, wanted=narrowed, cursor=wanted.cursor)
    return {"rows": page.rows, "older": page.older}


@router.post("", response={201: ReturnOut}, summary="Begin the return of a state for a period, or come back to it")
def open_return(request: Request, asked: Opening) -> Status[PeriodicReturn]:
    row = actions.open_return(by=request.actor, template_id=asked.template, period=asked.period, state_code=asked.state)
    return Status(201, row)


@router.get(
    "/{periodic_return_id}", response=WholeReturn, summary="One return with its answers and what the rules find"
)
def periodic_return(request: Request, periodic_return_id: UUID) -> dict[str, Any]:
    return _whole(request, queries.periodic_return(viewer=request.actor, return_id=periodic_return_id))


@router.post(
    "/{periodic_return_id}/values", response=WholeReturn, summary="Keep answers as a draft, and submit it if asked"
)
def save_values(request: Request, periodic_return_id: UUID, sent: ValuesIn) -> dict[str, Any]:
    typed = [Typed(cell=(one.measure, rules.read_key(one.breakdown)), text=one.answer) for one in sent.answers]
    row = actions.save_return(
        by=request.actor, return_id=periodic_return_id, typed=typed, note=sent.note, saves=sent.saves, drop_strange=True
    )
    if sent.submit:
        row = actions.submit_return(by=request.actor, return_id=row.pk)
    return _whole(request, row)


def _whole(request: Request, row: PeriodicReturn) -> dict[str, Any]:
    answers = queries.answers_of(row)
    casework = {rule.id for rule in queries.template_of(row).rules if rule.kind == "casework"}
    hidden = set() if request.actor.may("PERIODIC_RETURN_CHECK") else casework
    return {
        **{
            name: getattr(row, name)
            for name in ("id", "template_code", "period", "state_code", "agency_code", "due_on")
        },
        **{name: getattr(row, name) for name in ("revision", "status", "saves", "submitted_at", "decided_at")},
        "decided_because": row.decided_because,
        "values": [
            {"measure": measure, "breakdown": rules.key_text(key), "kind": answer.kind, "value": answer.value}
            for (measure, key), answer in sorted(answers.items())
        ],
        "findings": [
            {
                "rule": one.rule,
                "level": one.level,
                "measure": one.cell[0],
                "breakdown": rules.key_text(one.cell[1]),
                "found": one.found,
                "other": one.other,
            }
            for one in queries.findings_of(row, answers)
            if one.rule not in hidden
        ],
        "unread": row.unread,
    }
