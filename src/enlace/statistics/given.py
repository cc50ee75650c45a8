"""What was shown of a year before, with the counts behind it: answers to questions, releases, and the national table.

Whoever shows something new of the same year protects it together with all of this, because readers put it side by side.
Only what sees all rows (``seeing_as``) can ask. The counts are sealed: small numbers that nobody may read.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from enlace.base import keyring
from enlace.statistics.models import GivenTable, NationalTable
from enlace.statistics.national import cells_of
from reckon.disclosure import Earlier
from reckon.tables import Cell, CountTable, Table

SEALED = "statistics.given"


def newest_first(period: str) -> QuerySet[GivenTable]:
    """Everything given of a period, by the age of the facts that it was made from."""
    return GivenTable.objects.filter(period=period).order_by("-given_at", "-number")


def national_of(period: str) -> NationalTable | None:
    """The newest national table of a period."""
    return NationalTable.objects.filter(period=period).order_by("-cut_off").first()


def as_earlier(rows: Iterable[GivenTable]) -> list[list[Earlier]]:
    """Each as one earlier release."""
    return [as_given(row) for row in rows]


def before(
    rows: Sequence[GivenTable], national: NationalTable | None, digest: str, counts: Sequence[CountTable]
) -> list[list[Earlier]]:
    """All that was given, newest first, and the national table if it was made from the facts of this digest.

    ``counts`` are those of the facts now. An older national table is left out: its counts were not kept.
    """
    earlier = as_earlier(rows)
    if national is not None and national.digest == digest:
        place = next((n for n, row in enumerate(rows) if row.facts_digest != digest), len(rows))
        earlier.insert(place, nationally_given(national, counts))
    return earlier


def nationally_given(national: NationalTable, counts: Sequence[CountTable]) -> list[Earlier]:
    """The tables of the national table that have these counts; without those whose code lists are no longer the same."""
    found = []
    for table in counts:
        if len(table.dimensions) > 1:
            continue
        stored = cells_of(national.tables, table.indicator, "".join(table.dimensions))
        if len(stored) == len(table.counts):
            cells = [Cell(key, cell["value"], cell["status"]) for key, cell in zip(table.keys(), stored, strict=True)]
            found.append(Earlier(_table(table, cells), table))
    return found


def sealed_counts(counts: Sequence[CountTable]) -> bytes:
    """The counts of what is given, for the row that keeps it."""
    plain = [list(table.counts) for table in counts]
    return keyring.seal_bytes(SEALED, zlib.compress(json.dumps(plain).encode()))


def plain_tables(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """What is given as plain values, for the row that keeps it."""
    return [
        {
            "unit": table.unit,
            "dimensions": list(table.dimensions),
            "categories": [list(codes) for codes in table.categories],
            "cells": [[cell.value, cell.status] for cell in table.cells],
        }
        for table in tables
    ]


def published_of(row: GivenTable) -> list[Table]:
    """The tables as they were given."""
    return [item.published for item in as_given(row)]


def as_given(row: GivenTable) -> list[Earlier]:
    """The tables as they were given, with their counts."""
    opened = json.loads(zlib.decompress(keyring.unseal_bytes(SEALED, bytes(row.sealed))))
    return [_given(row, plain, counts) for plain, counts in zip(row.tables, opened, strict=True)]


def _given(row: GivenTable, plain: Mapping[str, Any], numbers: Sequence[int | None]) -> Earlier:
    lists = tuple(tuple(codes) for codes in plain["categories"])
    names = tuple(plain["dimensions"])
    counts = CountTable(row.indicator, plain["unit"], row.period, names, lists, tuple(numbers))
    cells = [Cell(key, *cell) for key, cell in zip(counts.keys(), plain["cells"], strict=True)]
    return Earlier(_table(counts, cells), counts)


def _table(counts: CountTable, cells: Sequence[Cell]) -> Table:
    described = (counts.indicator, counts.unit, counts.period, counts.dimensions, counts.categories)
    return Table(*described, tuple(cells))
