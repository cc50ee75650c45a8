"""Cases as JSON: pseudonyms and codes, never an identity."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.cases import actions, queries
from enlace.cases.models import Case

router = Router(auth=signed_in, tags=["cases"])

NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no such character
Code = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]


class CaseOut(Schema):
    id: UUID
    code: str
    person_code: str
    status: str
    identification: str
    state_code: str
    opened_at: datetime


class CasePage(Schema):
    rows: list[CaseOut]
    older: str


class CaseDetailOut(CaseOut):
    codes: dict[str, list[str]]
    agencies: list[str]


class Wanted(Schema):
    status: Code = ""
    identification: Code = ""
    state_code: Code = ""
    cursor: Annotated[str, StringConstraints(max_length=500)] = ""


class NoteIn(Schema):
    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=NO_NUL)]
    is_shared: bool = False


class Written(Schema):
    id: UUID


@router.get("", response=CasePage, summary="The agency's cases, newest first")
def case_list(request: Request, wanted: Query[Wanted]) -> dict[str, object]:
    narrowed = queries.CaseFilter(
        status=wanted.status, identification=wanted.identification, state_code=wanted.state_code
    )
    page = queries.case_page(viewer=request.actor, wanted=narrowed, cursor=wanted.cursor)
    return {"rows": [_out(row.case) for row in page.rows], "older": page.older}


@router.get("/{case_id}", response=CaseDetailOut, summary="One case the agency works on")
def case(request: Request, case_id: UUID) -> dict[str, object]:
    detail = queries.case_detail(viewer=request.actor, case_id=case_id)
    codes = {name: [code.code for code in rows] for name, rows in detail.codes.items()}
    return _out(detail.case) | {"codes": codes, "agencies": list(detail.agency_codes)}


@router.post("/{case_id}/notes", response={201: Written}, summary="Write a note")
def write_note(request: Request, case_id: UUID, note: NoteIn) -> Status[dict[str, object]]:
    written = actions.write_note(by=request.actor, case_id=case_id, text=note.text, is_shared=note.is_shared)
    return Status(201, {"id": written.pk})


def _out(case: Case) -> dict[str, object]:
    names = ("id", "code", "status", "identification", "state_code", "opened_at")
    return {name: getattr(case, name) for name in names} | {"person_code": case.person.code}
