"""Counts an indicator on DuckDB: each person's first event of the period once, then all tables in one grouping."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from reckon.indicators.define import COUNTED_COLUMN, Definition
from reckon.tables import CODE_COLUMNS, NOT_RECORDED, CountTable, InputError

STATE = "state"
ORDER = ("on", "case", "agency", *(name for name in CODE_COLUMNS if name not in ("measure", "agency")))
"""What comes first: the day, then the case, then the agency; the rest so that no tie is left to chance."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, and its name as printed ("2020", "2020-H1")."""

    name: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InputError(f"the period {self.name} ends before it starts")


def compute(
    definition: Definition,
    facts: pa.Table | Path,
    period: Period,
    categories: Mapping[str, Sequence[str]],
    *,
    crosses: Sequence[tuple[str, ...]] = (),
    reporting_states: Collection[str] | None = None,
) -> tuple[CountTable, ...]:
    """The grand total, one table for each dimension, then one for each cross of dimensions asked for.

    `categories` lists each dimension's codes in order; "" (not recorded) is added last. A code that is in the facts and
    not in the list is refused, never dropped. With `reporting_states`, a state where nobody reported is missing (None);
    a state with an event has reported. Where no state reported and nothing happened, every count is missing.
    """
    wanted: list[tuple[str, ...]] = [(), *((name,) for name in definition.dimensions), *crosses]
    if any(set(cross) - set(definition.dimensions) for cross in crosses):
        raise InputError(f"{definition.id} can be crossed by {', '.join(definition.dimensions) or 'nothing'} only")
    listed = {name: (*categories[name], NOT_RECORDED) for name in definition.dimensions}
    counted = _count(definition, facts, period, wanted)
    for names, groups in counted.items():
        for key in groups:
            for name, value in zip(names, key, strict=True):
                if value not in listed[name]:
                    raise InputError(f"{definition.id}: the facts hold a {name} that is not in its list")
    if reporting_states is not None and not reporting_states and not counted[()].get((), 0):
        return tuple(_table(definition, period, names, listed, None, frozenset()) for names in wanted)
    silent = _silent(counted, listed, reporting_states)
    return tuple(_table(definition, period, names, listed, counted[names], silent) for names in wanted)


def _count(
    definition: Definition, facts: pa.Table | Path, period: Period, wanted: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], dict[tuple[str, ...], int]]:
    unit = _quoted(COUNTED_COLUMN[definition.unit])
    names = definition.dimensions
    sets = ", ".join(f"({', '.join(_quoted(name) for name in group)})" for group in wanted)
    columns = ", ".join(_quoted(name) for name in names)
    values = ", ".join(f"{_quoted(name)}::VARCHAR AS {_quoted(name)}" for name in names)
    order = ", ".join(f"{_quoted(name)}::VARCHAR" if name in CODE_COLUMNS else _quoted(name) for name in ORDER)
    grouping = f"GROUPING({columns})"
    condition, parameters = _condition(definition, period)
    if not names:
        query = f"SELECT 0, count(DISTINCT {unit}) FROM facts WHERE {condition}"
    else:
        query = f"""
            WITH ranked AS (
                SELECT {values}, row_number() OVER (PARTITION BY {unit} ORDER BY {order}) AS rank
                FROM facts WHERE {condition}
            ), placed AS (SELECT {columns} FROM ranked WHERE rank = 1)
            SELECT {grouping}, count(*), {columns} FROM placed GROUP BY GROUPING SETS ({sets})
        """
    counted: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {group: {} for group in wanted}
    for mask, count, *codes in _run(query, parameters, facts):
        group = tuple(name for bit, name in enumerate(reversed(names)) if not mask >> bit & 1)[::-1]
        where = dict(zip(names, codes, strict=True))
        asked_for = next(asked for asked in wanted if set(asked) == set(group))
        counted[asked_for][tuple(where[name] for name in asked_for)] = count
    return counted


def _condition(definition: Definition, period: Period) -> tuple[str, list[Any]]:
    parts = ["measure = ?", '"on" BETWEEN ? AND ?']
    parameters: list[Any] = [definition.measure, period.start, period.end]
    if definition.unit == "case":
        parts.append("\"case\" <> ''")
    for name, codes in definition.where.items():
        parts.append(f"{_quoted(name)} IN ({', '.join('?' * len(codes))})" if codes else "false")
        parameters += codes
    return " AND ".join(parts), parameters


def _run(query: str, parameters: list[Any], facts: pa.Table | Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(":memory:") as connection:
        if isinstance(facts, Path):
            if not facts.is_file():
                raise InputError("the file of facts is not there")
            connection.execute(
                f"CREATE VIEW facts AS SELECT * FROM read_parquet('{str(facts).replace(chr(39), chr(39) * 2)}')"
            )
        else:
            connection.register("facts", facts)
        return connection.execute(query, parameters).fetchall()


def _silent(
    counted: Mapping[tuple[str, ...], Mapping[tuple[str, ...], int]],
    listed: Mapping[str, Sequence[str]],
    reporting: Collection[str] | None,
) -> frozenset[str]:
    """States where nobody reported and nothing happened."""
    if reporting is None or STATE not in listed:
        return frozenset()
    seen = {key[0] for key, count in counted.get((STATE,), {}).items() if count}
    return frozenset(set(listed[STATE]) - set(reporting) - seen - {NOT_RECORDED})


def _table(
    definition: Definition,
    period: Period,
    names: tuple[str, ...],
    listed: Mapping[str, tuple[str, ...]],
    groups: Mapping[tuple[str, ...], int] | None,
    silent: frozenset[str],
) -> CountTable:
    categories = tuple(listed[name] for name in names)
    place = names.index(STATE) if STATE in names else -1
    counts = tuple(
        None if groups is None or (place >= 0 and key[place] in silent) else groups.get(key, 0)
        for key in product(*categories)
    )
    return CountTable(definition.id, definition.unit, period.name, names, categories, counts)


def _quoted(name: str) -> str:
    return f'"{name}"'
