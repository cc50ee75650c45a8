"""Comparing what is kept of this year with everything gathered anew."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from django.utils import timezone

from enlace.statistics import store
from enlace.statistics.snapshot import Part, snapshot
from reckon.tables import digest, from_arrow


def year() -> tuple[date, date]:
    today = timezone.localdate()
    return date(today.year, 1, 1), date(today.year, 12, 31)


def take() -> store.Taken:
    return store.taken(*year())


def agree() -> pa.Table:
    """Kept and brought up to date is, row for row and by its name, what gathering everything anew gives."""
    found, whole = take(), snapshot(*year())
    assert sorted(map(repr, from_arrow(found.table))) == sorted(map(repr, from_arrow(whole)))
    assert found.digest() == digest(found.table) == digest(whole)
    return whole


def kept() -> dict[str, bytes]:
    """The files kept of the year, by name."""
    folder = store.folder_of(*year())
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def watch_gathering(monkeypatch: pytest.MonkeyPatch) -> list[Part | None]:
    """What is asked of the tables from here on: parts, or ``None`` for everything."""
    asked: list[Part | None] = []

    def gathered(start: date, end: date, part: Part | None = None) -> pa.Table:
        asked.append(part)
        return snapshot(start, end, part)

    monkeypatch.setattr(store, "snapshot", gathered)
    return asked


def straight(statement: str, *values: Any) -> None:
    """A write that passes no action."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
