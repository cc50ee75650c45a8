"""Finding a place and stays as JSON. Where somebody stays is read one stay at a time, or as the list of the own house."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status
from pydantic import StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.placements import actions, queries
from enlace.placements.labels import change_sentence, sentence
from enlace.placements.models import Stay
from enlace.placements.queries.gaps import change_told
from enlace.placements.queries.seeking import read_asked
from enlace.placements.rules import Offer, Reason

found_places = Router(auth=signed_in, tags=["places"])
stays = Router(auth=signed_in, tags=["stays"])

NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no such character
Code = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]
Codes = Annotated[list[Code], Field(max_length=30)]


class ChildIn(Schema):
    sex_code: Code
    age: Annotated[int, Field(ge=0, le=130)] | None = None


class AskedIn(Schema):
    """What is asked besides what the case knows; ``null`` and "" mean that nobody asked."""

    case_id: UUID
    service_codes: Annotated[list[Code], Field(min_length=1, max_length=30)]
    children: Annotated[list[ChildIn], Field(max_length=12)] | None = None
    family: bool | None = None
    pregnant: bool | None = None
    disability: bool | None = None
    lgbti: bool | None = None
    exclusion_codes: Codes | None = None
    security_code: Code = ""
    accessibility_codes: Codes = []
    avoid_states: Codes = []
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    ground_code: Code = ""
    tells_nothing: bool = False

    def asked(self) -> queries.Asked:
        children = None if self.children is None else [(child.sex_code, child.age) for child in self.children]
        return read_asked(self.dict(exclude={"case_id"}) | {"children": children})


class ReasonOut(Schema):
    """``points`` is null for what no ranking weighs: a condition that is not met, or a warning."""

    code: str
    said: str
    points: int | None
    detail: dict[str, str]


class OfferOut(Schema):
    site_id: UUID
    agency_code: str
    name: str
    unit_id: UUID | None
    fits: bool
    score: int
    reasons_for: list[ReasonOut]
    reasons_against: list[ReasonOut]
    warnings: list[ReasonOut]


class PlacesOut(Schema):
    """The best first. ``others`` do not fit, the nearest to fitting first; ``other_count`` counts those not listed too."""

    fits: list[OfferOut]
    others: list[OfferOut]
    other_count: int
    barred_by_law: list[OfferOut]
    nearest_changes: list[str]


class StayOut(Schema):
    id: UUID
    code: str
    status: str
    site_id: UUID
    bed_id: UUID | None
    referral_id: UUID | None
    requested_at: datetime
    held_until: datetime | None
    admitted_at: datetime | None
    limit_at: datetime | None
    exit_plan_at: datetime | None
    ended_at: datetime | None
    exit_reason_code: str
    destination_code: str


class StayPage(Schema):
    rows: list[StayOut]
    older: str


class Wanted(Schema):
    status: Code = ""
    cursor: Annotated[str, StringConstraints(max_length=500)] = ""


class HoldIn(Schema):
    case_id: UUID
    unit_id: UUID
    bed_id: UUID | None = None
    referral_id: UUID | None = None
    companions: Annotated[int, Field(ge=0, le=12)] = 0


class StepIn(Schema):
    """One step. ``admit``: is_voluntary, agreed_by_code. ``exit``: reason_code, destination_code. Others need nothing."""

    verb: Literal["admit", "exit", "release", "refuse", "extend"]
    is_voluntary: bool = False
    agreed_by_code: Code = "person"
    may_go_out: bool | None = None
    reason_code: Code = ""
    destination_code: Code = ""


@found_places.post("", response=PlacesOut, summary="Every place for the person of a case, ranked and explained")
def find(request: Request, asked: AskedIn) -> dict[str, Any]:
    found = queries.places(viewer=request.actor, case_id=asked.case_id, asked=asked.asked())
    return {
        "fits": [_offer(offer, found) for offer in found.fits],
        "others": [_offer(offer, found) for offer in found.others],
        "other_count": found.other_count,
        "barred_by_law": [_offer(offer, found) for offer in found.barred],
        "nearest_changes": [change_sentence(change_told(change)) for change in found.ranked.nearest_changes],
    }


@stays.get("", response=StayPage, summary="Who stays, waits or stayed in the own sites; the reading leaves a record")
def stay_list(request: Request, wanted: Query[Wanted]) -> dict[str, Any]:
    page = queries.stay_page(viewer=request.actor, status=wanted.status, cursor=wanted.cursor)
    return {"rows": page.rows, "older": page.older}


@stays.get("/{stay_id}", response=StayOut, summary="One stay; the reading leaves a record")
def stay(request: Request, stay_id: UUID) -> Stay:
    return queries.read_stay(viewer=request.actor, stay_id=stay_id)


@stays.post("", response={201: StayOut}, summary="Hold a bed for the person of a case")
def hold(request: Request, asked: HoldIn) -> Status[Stay]:
    return Status(201, actions.hold_beds(by=request.actor, rows=[actions.Hold(**asked.dict())])[0])


@stays.post(
    "/{stay_id}/steps", response=StayOut, summary="Admit, release, refuse or extend, or record that the person left"
)
def step(request: Request, stay_id: UUID, taken: StepIn) -> Stay:
    if taken.verb == "admit":
        came = actions.Admission(
            stay_id=stay_id, **taken.dict(include={"is_voluntary", "agreed_by_code", "may_go_out"})
        )
        return actions.admit_stays(by=request.actor, rows=[came])[0]
    if taken.verb == "exit":
        left = actions.Exit(stay_id=stay_id, **taken.dict(include={"reason_code", "destination_code"}))
        return actions.exit_stays(by=request.actor, rows=[left])[0]
    return STEPS[taken.verb](by=request.actor, stay_id=stay_id)


STEPS = {"release": actions.release_stay, "refuse": actions.refuse_stay, "extend": actions.extend_stay}


def _offer(offer: Offer, found: queries.Places) -> dict[str, Any]:
    told = offer._asdict()
    return {
        **{name: told[name] for name in ("site_id", "agency_code", "unit_id", "fits", "score")},
        "name": found.names.get(offer.site_id, ""),
        "reasons_for": [_reason(reason) for reason in offer.for_],
        "reasons_against": [_reason(reason) for reason in offer.against],
        "warnings": [_reason(reason) for reason in offer.warnings],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "said": sentence(reason.code, reason.detail),
        "points": reason.weight,
        "detail": dict(reason.detail),
    }
