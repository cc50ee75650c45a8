"""The directory as JSON: places and whom they take, their beds, and "still true". Never where a place is."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.country.queries import current
from enlace.directory import actions, queries
from enlace.directory.models import BedUnit, Site
from enlace.directory.rules import is_stale

router = Router(auth=signed_in, tags=["directory"])

NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores no such character
Code = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]


class SiteOut(Schema):
    id: UUID
    code: str
    name: str
    agency_code: str
    kind_code: str
    state_code: str
    security_code: str
    is_secret: bool
    accepts_trafficking: bool
    service_codes: list[str]


class SitePage(Schema):
    rows: list[SiteOut]
    older: str


class ConditionOut(Schema):
    """One condition: who must, or cannot, be what; ``values`` are codes, ``least`` and ``most`` years or months."""

    must: bool
    fact: str
    values: list[str]
    least: int | None
    most: int | None
    basis: str


class UnitOut(Schema):
    """A unit. ``is_stale``: its free beds were not confirmed within the country's limit."""

    id: UUID
    name: str
    is_open: bool
    in_service: int
    out_of_service: int
    confirmed_at: datetime | None
    is_stale: bool
    conditions: list[ConditionOut]


class SiteDetailOut(SiteOut):
    barred_by: str = Field(description="The article that closes this kind of place to victims of trafficking, or empty")
    max_stay_days: int | None
    extension_days: int | None
    may_go_out_alone: bool
    only_while_trial: bool
    language_codes: list[str]
    accessibility_codes: list[str]
    conditions: list[ConditionOut]
    units: list[UnitOut]


class BedOut(Schema):
    id: UUID
    number: int
    out_of_service_since: datetime | None
    out_of_service_reason_code: str


class Sought(Schema):
    service_code: Code = ""
    state_code: Code = ""
    sex_code: Code = ""
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    cursor: Annotated[str, StringConstraints(max_length=500)] = ""


class Confirmed(Schema):
    confirmed_at: datetime


class ServiceIn(Schema):
    """Take a bed out of service, with a code of the list "out_of_service_reason", or return it."""

    verb: Literal["take_out", "return"]
    reason_code: Code = ""


@router.get("/sites", response=SitePage, summary="Open places that may take such a person, by name")
def site_list(request: Request, wanted: Query[Sought]) -> dict[str, Any]:
    narrowed = queries.Wanted(**wanted.dict(exclude={"cursor"}))
    page = queries.site_page(viewer=request.actor, wanted=narrowed, cursor=wanted.cursor)
    return {"rows": [_site(row) for row in page.rows], "older": page.older}


@router.get(
    "/sites/{site_id}", response=SiteDetailOut, summary="One place: whom it takes, its rules of stay, its units"
)
def site(request: Request, site_id: UUID) -> dict[str, Any]:
    viewer = request.actor
    found = queries.site(viewer=viewer, site_id=site_id)
    law = queries.kinds_in_law().get(found.kind_code)
    units = queries.units(viewer=viewer, site_ids=[site_id]).get(site_id, [])
    return _site(found) | {
        "barred_by": law.article if law and law.barred else "",
        "max_stay_days": found.max_stay_days,
        "extension_days": found.extension_days,
        "may_go_out_alone": found.may_go_out_alone,
        "only_while_trial": found.only_while_trial,
        "language_codes": found.language_codes,
        "accessibility_codes": found.accessibility_codes,
        "conditions": _conditions(request, found.pk),
        "units": [_unit(row.unit, row.in_service, row.out_of_service, request) for row in units],
    }


@router.get("/units/{unit_id}/beds", response=list[BedOut], summary="The beds of a unit that the agency keeps")
def beds(request: Request, unit_id: UUID) -> list[Any]:
    found = queries.kept_unit(viewer=request.actor, unit_id=unit_id)
    return queries.beds_of(viewer=request.actor, unit_id=found.pk)


@router.post("/units/{unit_id}/confirm", response=Confirmed, summary="The free beds of a unit are still true")
def confirm(request: Request, unit_id: UUID) -> BedUnit:
    actions.confirm_units(by=request.actor, unit_ids=[unit_id])
    return queries.kept_unit(viewer=request.actor, unit_id=unit_id)


@router.post("/beds/{bed_id}/steps", response=BedOut, summary="Take a bed out of service, or return it")
def step(request: Request, bed_id: UUID, taken: ServiceIn) -> Any:
    if taken.verb == "take_out":
        actions.take_out_of_service(by=request.actor, bed_ids=[bed_id], reason_code=taken.reason_code)
    else:
        actions.return_to_service(by=request.actor, bed_ids=[bed_id])
    return queries.kept_bed(viewer=request.actor, bed_id=bed_id)


def _site(row: Site) -> dict[str, Any]:
    """What every agency may read of a place, a secret one too."""
    names = ("id", "code", "name", "kind_code", "state_code", "security_code", "is_secret", "accepts_trafficking")
    services = sorted(given.service_code for given in row.programmes.all() if given.is_open)
    return {name: getattr(row, name) for name in names} | {"agency_code": row.agency_id, "service_codes": services}


def _unit(unit: BedUnit, in_service: int, out_of_service: int, request: Request) -> dict[str, Any]:
    limit = current().limits["vacancy_stale"]
    return {
        "id": unit.pk,
        "name": unit.name,
        "is_open": unit.is_open,
        "in_service": in_service,
        "out_of_service": out_of_service,
        "confirmed_at": unit.confirmed_at,
        "is_stale": is_stale(unit.confirmed_at, timezone.now(), limit),
        "conditions": _conditions(request, unit.site_id, unit.pk),
    }


def _conditions(request: Request, site_id: UUID, unit_id: UUID | None = None) -> list[dict[str, Any]]:
    names = ("must", "fact", "least", "most", "basis")
    rows = queries.criteria(viewer=request.actor, site_id=site_id, unit_id=unit_id)
    return [{name: getattr(row, name) for name in names} | {"values": sorted(row.values)} for row in rows]
