"""Referrals as JSON: the slice that the recipient may read, the steps, and what came of it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.base.ids import new_id
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
    site_id: UUID | None
    group_id: UUID | None
    attempt: int
    is_anonymous: bool
    status: str
    sent_at: datetime
    due_at: datetime
    feedback_code: str
    feedback: str
    slice: dict[str, Any]


class ReferralPage(Schema):
    rows: list[ReferralOut]
    older: str


class Wanted(Schema):
    box: Literal["in", "out"] = "in"
    status: Code = ""
    cursor: Annotated[str, StringConstraints(max_length=500)] = ""


class HelpIn(Schema):
    case_id: UUID
    service_codes: Annotated[list[Code], Field(min_length=1, max_length=30)]
    reason_code: Code = ""
    message: Text = ""
    ground_code: Code = ""
    is_anonymous: bool = False
    shares_identity: bool = False
    previous_id: UUID | None = None


class PlaceIn(Schema):
    recipient_code: Code
    site_id: UUID | None = None


class RequestIn(HelpIn, PlaceIn):
    pass


class GroupIn(HelpIn):
    places: Annotated[list[PlaceIn], Field(min_length=2, max_length=10)]


class FeedbackIn(Schema):
    result_code: Code
    text: Text = ""


class StepIn(Schema):
    verb: Literal["accept", "decline", "withdraw", "start", "complete", "interrupt"]
    reason_code: Code = ""
    note: Text = ""


@router.get("", response=ReferralPage, summary="Received or sent referrals, newest first")
def referral_list(request: Request, wanted: Query[Wanted]) -> dict[str, object]:
    narrowed = queries.ReferralFilter(box=wanted.box, status=wanted.status)
    page = queries.referral_page(viewer=request.actor, wanted=narrowed, cursor=wanted.cursor)
    return {"rows": page.rows, "older": page.older}


@router.post("/at-once", response={201: list[ReferralOut]}, summary="Ask several places at the same time")
def send_to_several(request: Request, asked: GroupIn) -> Status[list[Referral]]:
    shared = asked.dict(exclude={"places"}) | {"service_codes": tuple(asked.service_codes), "group_id": new_id()}
    rows = [actions.Request(**shared, **place.dict()) for place in asked.places]
    return Status(201, actions.send_referrals(by=request.actor, rows=rows))


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


@router.post("/{referral_id}/feedback", response=ReferralOut, summary="Tell the sender what came of a referral")
def feedback(request: Request, referral_id: UUID, told: FeedbackIn) -> Referral:
    row = actions.Feedback(referral_id=referral_id, result_code=told.result_code, text=told.text)
    return actions.give_feedback(by=request.actor, row=row)
