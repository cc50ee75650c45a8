"""Referrals as JSON: the slice that the recipient may read, and the steps."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.referrals import actions, queries
from enlace.referrals.models import Referral

router = Router(auth=signed_in, tags=["referrals"])

NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no such character
Code = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)]


class ReferralOut(Schema):
    id: UUID
    code: str
    sender_code: str
    recipient_code: str
    service_codes: list[str]
    status: str
    sent_at: datetime
    due_at: datetime
    slice: dict[str, Any]


class ReferralPage(Schema):
    rows: list[ReferralOut]
    older: str


class Wanted(Schema):
    box: Literal["in", "out"] = "in"
    status: Code = ""
    cursor: Annotated[str, StringConstraints(max_length=500)] = ""


class RequestIn(Schema):
    case_id: UUID
    recipient_code: Code
    service_codes: Annotated[list[Code], Field(min_length=1, max_length=30)]
    reason_code: Code = ""
    message: Text = ""
    ground_code: Code = ""
    shares_identity: bool = False


class StepIn(Schema):
    verb: Literal["accept", "decline", "withdraw", "start", "complete", "interrupt"]
    reason_code: Code = ""
    note: Text = ""


@router.get("", response=ReferralPage, summary="Received or sent referrals, newest first")
def referral_list(request: Request, wanted: Query[Wanted]) -> dict[str, object]:
    narrowed = queries.ReferralFilter(box=wanted.box, status=wanted.status)
    page = queries.referral_page(viewer=request.actor, wanted=narrowed, cursor=wanted.cursor)
    return {"rows": page.rows, "older": page.older}


@router.get("/{referral_id}", response=ReferralOut, summary="One referral that reached or left the agency")
def referral(request: Request, referral_id: UUID) -> Referral:
    return queries.read_referral(viewer=request.actor, referral_id=referral_id)


@router.post("", response={201: ReferralOut}, summary="Refer the person of a case to another agency")
def send_referral(request: Request, asked: RequestIn) -> Status[Referral]:
    values = asked.dict() | {"service_codes": tuple(asked.service_codes)}
    return Status(201, actions.send_referrals(by=request.actor, rows=[actions.Request(**values)])[0])


@router.post("/{referral_id}/steps", response=ReferralOut, summary="Answer, deliver or withdraw a referral")
def step(request: Request, referral_id: UUID, taken: StepIn) -> Referral:
    answer = actions.Answer(referral_id=referral_id, verb=taken.verb, reason_code=taken.reason_code, note=taken.note)
    return actions.take_step(by=request.actor, row=answer)
