"""Contacts as JSON, for a telephone system: what it knows of a call goes in, codes and times come out."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.base.dates import Moment
from enlace.intake import actions, queries
from enlace.intake.models import Contact

router = Router(auth=signed_in, tags=["contacts"])

NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no such character
Code = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]


class ContactOut(Schema):
    id: UUID
    code: str
    channel_code: str
    disposition_code: str
    risk_code: str
    status: str
    state_code: str
    opened_at: datetime
    seconds: int


class ContactPage(Schema):
    rows: list[ContactOut]
    older: str


class OutcomeOut(Schema):
    kind: str
    at: datetime
    agency_code: str
    service_codes: list[str]


class ContactDetailOut(ContactOut):
    people: int
    outcomes: list[OutcomeOut]


class Wanted(Schema):
    channel_code: Code = ""
    disposition_code: Code = ""
    risk_code: Code = ""
    status: Code = ""
    cursor: Annotated[str, StringConstraints(max_length=500)] = ""


class SomeoneIn(Schema):
    role_code: Code
    relation_code: Code = ""
    sex_code: Code = ""
    age_group_code: Code = ""
    citizenship_codes: Annotated[list[Code], Field(max_length=5)] = []


class ToldIn(BaseModel):
    """Not ninja's ``Schema``, which takes a text for an object without fields: what was told would be lost in silence."""

    model_config = ConfigDict(extra="forbid")

    told: Text = ""
    caller: Text = ""
    number: Text = ""
    when: Text = ""
    code_word: Text = ""


class ContactIn(Schema):
    """``source_ref`` is the telephone system's own number of the call: sent twice, it is refused the second time."""

    channel_code: Code
    disposition_code: Code
    opened_at: Moment | None = None
    seconds: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    language_code: Code = ""
    needs_interpreter: bool = False
    precision_code: Code = "none"
    state_code: Code = ""
    municipality: Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)] = ""
    risk_code: Code = "unknown"
    told: ToldIn = ToldIn()
    people: Annotated[list[SomeoneIn], Field(max_length=500)] = []
    source_ref: Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)] = ""


@router.get("", response=ContactPage, summary="The agency's contacts, newest first")
def contact_list(request: Request, wanted: Query[Wanted]) -> dict[str, object]:
    narrowed = queries.ContactFilter(**wanted.dict(exclude={"cursor"}))
    page = queries.contact_page(viewer=request.actor, wanted=narrowed, cursor=wanted.cursor)
    return {"rows": page.rows, "older": page.older}


@router.get("/{contact_id}", response=ContactDetailOut, summary="One contact of the agency, and what came of it")
def contact(request: Request, contact_id: UUID) -> dict[str, Any]:
    detail = queries.contact_detail(viewer=request.actor, contact_id=contact_id)
    own = {name: getattr(detail.contact, name) for name in ContactOut.model_fields}
    return {**own, "people": len(detail.people), "outcomes": detail.outcomes}


@router.post("", response={201: ContactOut}, summary="Record a contact")
def record_contact(request: Request, said: ContactIn) -> Status[Contact]:
    values = said.dict()
    values["people"] = tuple(
        actions.Someone(**{**person, "citizenship_codes": tuple(person["citizenship_codes"])})
        for person in values["people"]
    )
    row = actions.Entry(**values)
    return Status(201, actions.record_contacts(by=request.actor, rows=[row])[0])
