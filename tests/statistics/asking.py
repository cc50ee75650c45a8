"""Questions put as an analyst would, over an invented nation, and answered as the worker does."""

from collections.abc import Mapping, Sequence
from typing import Any

from enlace.base.actor import Actor
from enlace.statistics import tasks
from enlace.statistics.actions import ask_question, compute_national
from enlace.statistics.models import SavedTable
from enlace.statistics.questions import Question
from tests.statistics.nation import YEAR, make_nation
from tests.world import World


def a_counted_nation(world: World, seed: int = 5, size: int = 150) -> None:
    """A year with people in it, counted."""
    make_nation(seed, size)
    compute_national(by=world.elena, year=YEAR)


def question(*dimensions: str, indicator: str = "identified", **only: str | Sequence[str]) -> Question:
    kept = {name: (codes,) if isinstance(codes, str) else tuple(codes) for name, codes in only.items()}
    return Question(indicator, str(YEAR), dimensions, kept)


def asked(by: Actor, wanted: Question, name: str = "A table") -> SavedTable:
    """A question that waits."""
    return ask_question(by=by, name=name, question=wanted)


def answered(by: Actor, wanted: Question, name: str = "A table") -> SavedTable:
    """A question and what came of it."""
    row = asked(by, wanted, name)
    tasks.answer.call(str(row.pk))
    row.refresh_from_db()
    return row


def cells(row: SavedTable, *dimensions: str) -> Mapping[tuple[str, ...], tuple[int | None, str]]:
    """Value and status of each cell of one of the answer's tables."""
    table: Any = next(table for table in row.result["tables"] if tuple(table["dimensions"]) == dimensions)
    return {tuple(cell["codes"]): (cell["value"], cell["status"]) for cell in table["cells"]}
