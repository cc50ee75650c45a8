"""The national table over a million cases: counting beside DuckDB's own groupings, protecting, and gathering the facts."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from django.db import connection

from bench import caseload, load
from bench.measure import Row, compared, middle, timed
from enlace.country.queries import current
from enlace.statistics.national import categories, definitions, period_of
from enlace.statistics.snapshot import snapshot
from reckon.disclosure import Rule, protect
from reckon.indicators import Definition, compute
from reckon.indicators.define import COUNTED_COLUMN
from reckon.tables import SCHEMA, CountTable, write_parquet

CASES, GATHERED = 1_000_000, 100_000
ROUNDS = 5
AT_MOST = 3.0
YEAR = "2025"
AGAIN = 0.05  # the share of people who meet a second agency in the year


def run() -> Iterator[Row]:
    """Indicators, disclosure control, gathering."""
    period, order, asked = period_of(YEAR), categories(current()), definitions(current())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.parquet"
        write_parquet(facts(CASES), path)
        ours, baselines = [], []
        tables: list[CountTable] = []

        def count() -> None:
            tables[:] = [table for d in asked for table in compute(d, path, period, order)]

        for _number in range(ROUNDS):
            ours.append(timed(count))
            baselines.append(timed(lambda: [_plain(d, path, period.start, period.end) for d in asked]))
        _check(tables, asked, path, period.start, period.end)
    yield compared(f"{len(asked)} indicators over {CASES:,} cases", middle(ours), middle(baselines), AT_MOST)
    limits = current().disclosure
    rule = Rule(
        threshold=limits.threshold,
        minimum_interval=limits.minimum_interval,
        zeros_are_sensitive=limits.zeros_are_sensitive,
    )
    protected = middle([timed(lambda: protect(tables, rule)) for _number in range(3)])
    cells = sum(len(table.counts) for table in tables)
    yield Row(f"disclosure control of {len(tables)} tables, {cells} cells", str(protected))
    yield _gathering()


def facts(cases: int) -> pa.Table:
    """Each case's person identified, seven in ten referred, half assisted; some met by a second agency in the year."""
    rng = np.random.default_rng(1)
    order, agencies = categories(current()), current().agencies
    people = np.array([f"{number:032x}" for number in range(cases)], dtype=object)
    again = rng.choice(cases, int(cases * AGAIN), replace=False)
    who = {
        "identified": np.concatenate([np.arange(cases), again]),
        "referred": rng.choice(cases, cases * 7 // 10, replace=False),
        "assisted": rng.choice(cases, cases // 2, replace=False),
    }
    person = np.concatenate(list(who.values()))
    person = person[rng.permutation(len(person))]
    measures = np.concatenate([np.full(len(found), place) for place, found in enumerate(who.values())])
    size = len(person)
    agency = rng.integers(len(agencies), size=size)
    kinds = sorted({seed.kind_code for seed in agencies})
    kind_of = np.array([kinds.index(seed.kind_code) for seed in agencies])
    coded = {
        name: _coded(rng.integers(len(order[name]), size=size), order[name])
        for name in ("state", "sex", "age_group", "form")
    }
    columns = {
        "person": pa.array(people[person]),
        "measure": _coded(measures, list(who)),
        "on": pa.array(np.datetime64(date(2025, 1, 1)) + rng.integers(365, size=size).astype("timedelta64[D]")),
        "agency": _coded(agency, [seed.code for seed in agencies]),
        "agency_kind": _coded(kind_of[agency], kinds),
        **coded,
        "case": pa.array(people[person]),
    }
    return pa.table([columns[field.name] for field in SCHEMA], schema=SCHEMA)


def _coded(places: Any, codes: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places, type=pa.int32()), pa.array(codes))


def _plain(definition: Definition, path: Path, start: date, end: date) -> list[tuple[Any, ...]]:
    """The same groupings as DuckDB does them, without placing each person once."""
    unit = COUNTED_COLUMN[definition.unit]
    names = ", ".join(definition.dimensions)
    sets = ", ".join(["()", *(f"({name})" for name in definition.dimensions)])
    where = "".join(f" AND {name} IN ({', '.join('?' * len(codes))})" for name, codes in definition.where.items())
    values = [definition.measure, start, end, *(code for codes in definition.where.values() for code in codes)]
    query = f"""
        SELECT {names}, count(DISTINCT {unit}) FROM read_parquet('{path}')
        WHERE measure = ? AND "on" BETWEEN ? AND ?{where} GROUP BY GROUPING SETS ({sets})
    """
    with duckdb.connect(":memory:") as database:
        return database.execute(query, values).fetchall()


def _check(tables: list[CountTable], asked: list[Definition], path: Path, start: date, end: date) -> None:
    """Both counted the same people."""
    for definition in asked:
        total = next(table for table in tables if table.indicator == definition.id and not table.dimensions)
        plain = max(row[-1] for row in _plain(definition, path, start, end))
        assert total[()] == plain, definition.id


def _gathering() -> Row:
    with load.database("bench_facts"):
        caseload.write(GATHERED)
        load.tidy()
        found = []
        took = timed(lambda: found.append(snapshot(date(2015, 1, 1), date(2026, 12, 31))))
        rows = found[0].num_rows
    where = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    told = f"{rows:,} in {took}: {rows / took.wall:,.0f} a second ({rows / took.cpu:,.0f} a CPU second)"
    return Row(f"gathering facts from {where}", told)
