"""The national table and analysts' own questions as JSON."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Path, Router, Schema, Status

from enlace.accounts.access import Request
from enlace.accounts.session_auth import signed_in
from enlace.base.synthetic import is_synthetic
from enlace.statistics import queries, question_report, reconciliation, report
from enlace.statistics.actions import ask_question, compute_national, delete_table
from enlace.statistics.questions import Question

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


@router.get("/reconciliation/{year}", summary="The published figures of a year beside ours, and the four sources")
def reconciled(request: Request, year: Path[Annotated[int, Field(ge=1000, le=9999)]]) -> dict[str, Any]:
    found = reconciliation.reconciliation(viewer=request.actor, year=year)
    return reconciliation.as_dict(found, synthetic=is_synthetic())


Code = Annotated[str, Field(max_length=60)]


class QuestionIn(Schema):
    """A question: what is counted, in which year, by what, and what alone is counted."""

    indicator: Code
    year: Annotated[int, Field(ge=1990, le=2100)]
    dimensions: Annotated[list[Code], Field(max_length=3)] = []
    only: Annotated[dict[Code, Annotated[list[Code], Field(max_length=100)]], Field(max_length=3)] = {}
    name: Annotated[str, Field(max_length=120)] = ""


@router.get("/questions", summary="The newest questions of the own agency")
def questions(request: Request) -> list[dict[str, Any]]:
    page = queries.saved_page(viewer=request.actor, size=100)
    return [question_report.as_line(row) for row in page.rows]


@router.post("/questions", response={202: dict[str, Any]}, summary="Ask a question; the answer is worked out meanwhile")
def ask(request: Request, asked: QuestionIn) -> Status[dict[str, Any]]:
    only = {name: tuple(codes) for name, codes in asked.only.items()}
    question = Question(asked.indicator, str(asked.year), tuple(asked.dimensions), only)
    name = asked.name or question_report.suggested_name(question)
    row = ask_question(by=request.actor, name=name, question=question)
    return Status(202, question_report.as_dict(row, synthetic=is_synthetic()))


@router.get("/questions/{saved_table_id}", summary="One question and, once it is there, its answer")
def question(request: Request, saved_table_id: UUID) -> dict[str, Any]:
    row = queries.saved(viewer=request.actor, table_id=saved_table_id)
    return question_report.as_dict(row, synthetic=is_synthetic())


@router.post("/questions/{saved_table_id}/delete", response={204: None}, summary="Delete a saved table")
def delete(request: Request, saved_table_id: UUID) -> Status[None]:
    delete_table(by=request.actor, table_id=saved_table_id)
    return Status(204, None)
