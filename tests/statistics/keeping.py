"""Comparing what is kept of this year with everything gathered anew."""

from datetime import date
from time import monotonic, sleep
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from django.utils import timezone

from enlace.base.rows import is_walled
from enlace.statistics import changes, store
from enlace.statistics.models import FactChange
from enlace.statistics.snapshot import Part, snapshot
from reckon.tables import digest, from_arrow

PATIENCE = 300


def year() -> tuple[date, date]:
    today = timezone.localdate()
    return date(today.year, 1, 1), date(today.year, 12, 31)


def quiet() -> None:
    """Wait until no transaction is open that is older than a line of the log.

    On PostgreSQL these are the transactions of the whole server, those of other tests too: while one is open, what was written
    since it began is read once more. What is kept is right all the same, but not as little as it can be.
    """
    until = monotonic() + PATIENCE
    while is_walled() and not connection.in_atomic_block:
        if not FactChange.objects.filter(writer__gte=changes.mark().oldest).exists():
            return
        assert monotonic() < until, "somebody's transaction does not end"
        sleep(0.05)


def take(*, at_once: bool = False) -> store.Taken:
    """The snapshot of the year, when all is quiet; ``at_once`` whatever others are writing."""
    if not at_once:
        quiet()
    return store.taken(*year())


def agree(*, at_once: bool = False) -> pa.Table:
    """Kept and brought up to date is, row for row and by its name, what gathering everything anew gives."""
    found, whole = take(at_once=at_once), snapshot(*year())
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
