"""The national table as JSON."""

from typing import Any

from ninja import Path, Router

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.base.synthetic import is_synthetic
from enlace.statistics import queries, report
from enlace.statistics.actions import compute_national

router = Router(auth=signed_in, tags=["statistics"])


@router.get("/national", summary="Years that have been counted")
def years(request: Request) -> list[str]:
    return queries.periods(viewer=request.actor)


@router.get("/national/{year}", summary="The newest stored national table of a year")
def national(request: Request, year: Path[int]) -> dict[str, Any]:
    found = queries.national(viewer=request.actor, period=str(year))
    return report.as_dict(found, synthetic=is_synthetic())


@router.post("/national/{year}", summary="Count a year again and store the result")
def compute(request: Request, year: Path[int]) -> dict[str, Any]:
    compute_national(by=request.actor, year=year)
    return report.as_dict(queries.national(viewer=request.actor, period=str(year)), synthetic=is_synthetic())
