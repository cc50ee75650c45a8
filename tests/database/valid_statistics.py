"""Valid rows of the tables of analysts' questions."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from enlace.statistics.models import GivenTable, SavedTable
from tests.database.valid_people import NOON


def given_table() -> dict[str, Any]:
    about = {"indicator": "identified", "period": "2025", "number": 1, "facts_digest": "a" * 64, "dimensions": ["sex"]}
    return {**about, "tables": [], "sealed": b"sealed", "given_at": NOON}


def saved_table() -> dict[str, Any]:
    return {"name": "By sex", "query": {}, "status": "waiting", "agency_code": "own", "asked_by": "a", "asked_at": NOON}


VALID: dict[type[Model], Callable[[], dict[str, Any]]] = {GivenTable: given_table, SavedTable: saved_table}
