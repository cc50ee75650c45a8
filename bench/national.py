"""The national table over a million cases: counting beside DuckDB's own groupings, protecting, gathering the facts."""

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
from enlace.people.models import Person
from enlace.referrals.models import Referral
from enlace.statistics import store
from enlace.statistics.models import FactChange
from enlace.statistics.national import categories, definitions, period_of
from enlace.statistics.snapshot import snapshot
from reckon.disclosure import Rule, protect
from reckon.indicators import Definition, compute
from reckon.indicators.compute import codes_of
from reckon.indicators.define import COUNTED_COLUMN
from reckon.indicators.duck import Duck
from reckon.tables import SCHEMA, CountTable, digest, write_parquet

CASES, CHANGES = 1_000_000, 1_000
ROUNDS = 5
AT_MOST = 3.0
AT_MOST_OF_FULL = 0.02
EVER = (date(2015, 1, 1), date(2026, 12, 31))
YEAR = "2025"
AGAIN = 0.05  # the share of people who meet a second agency in the year
SHARES = {"identified": 1.0, "referred": 0.7, "assisted": 0.5, "sheltered": 0.2, "follow_up": 0.3, "screened": 0.4}
"""How many of the people of all cases have each event."""


def run() -> Iterator[Row]:
    """Indicators, disclosure control, gathering."""
    period, order = period_of(YEAR), categories(current())
    asked = [d for d in definitions(current()) if d.measure == "count" and d.of in SHARES]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.parquet"
        write_parquet(facts(CASES), path)
        ours, baselines = [], []
        tables: list[CountTable] = []

        def count() -> None:
            with Duck({"facts": path}) as engine:
                tables[:] = [table for d in asked for table in compute(d, engine, period, order)]

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
    yield from _gathering()


def facts(cases: int) -> pa.Table:
    """Each case's person identified, some met by a second agency in the year; of the rest, the shares of ``SHARES``."""
    rng = np.random.default_rng(1)
    order, agencies = categories(current()), current().agencies
    people = np.array([f"{number:032x}" for number in range(cases)], dtype=object)
    again = rng.choice(cases, int(cases * AGAIN), replace=False)
    who = {name: rng.choice(cases, int(cases * share), replace=False) for name, share in SHARES.items()}
    who["identified"] = np.concatenate([np.arange(cases), again])
    person = np.concatenate(list(who.values()))
    person = person[rng.permutation(len(person))]
    measures = np.concatenate([np.full(len(found), place) for place, found in enumerate(who.values())])
    size = len(person)
    agency = rng.integers(len(agencies), size=size)
    kinds = sorted({seed.kind_code for seed in agencies})
    kind_of = np.array([kinds.index(seed.kind_code) for seed in agencies])
    columns = {
        "person": pa.array(people[person]),
        "measure": _coded(measures, list(who)),
        "on": pa.array(np.datetime64(date(2025, 1, 1)) + rng.integers(365, size=size).astype("timedelta64[D]")),
        "agency": _coded(agency, [seed.code for seed in agencies]),
        "agency_kind": _coded(kind_of[agency], kinds),
        "case": pa.array(people[person]),
        "record": pa.array([f"{number:032x}" for number in range(size)]),
        "value": pa.nulls(size, SCHEMA.field("value").type),
    }
    for name in SCHEMA.names:
        if name not in columns:
            codes = [list(who)[place] for place in range(len(who))]
            columns[name] = _drawn(rng, measures, [_codes(measure, name, order) for measure in codes])
    return pa.table([columns[field.name] for field in SCHEMA], schema=SCHEMA)


def _codes(measure: str, dimension: str, order: dict[str, list[str]]) -> list[str]:
    """The codes that every indicator of an event has in common for a dimension."""
    lists = [
        list(codes_of(definition, dimension, order))
        for definition in definitions(current())
        if definition.of == measure and dimension in definition.dimensions
    ]
    return [code for code in lists[0] if all(code in codes for codes in lists)] if lists else [""]


def _drawn(rng: Any, measures: Any, codes: list[list[str]]) -> pa.Array:
    """One code for each row, of the list of the row's event."""
    every = list(dict.fromkeys(code for listed in codes for code in listed))
    places = np.zeros(len(measures), dtype=np.int32)
    for measure, listed in enumerate(codes):
        rows = measures == measure
        chosen = np.array([every.index(code) for code in listed], dtype=np.int32)
        places[rows] = chosen[rng.integers(len(listed), size=int(rows.sum()))]
    return _coded(places, every)


def _coded(places: Any, codes: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places, type=pa.int32()), pa.array(codes))


def _plain(definition: Definition, path: Path, start: date, end: date) -> list[tuple[Any, ...]]:
    """The same groupings as DuckDB does them, without placing each person once."""
    unit = COUNTED_COLUMN[definition.counted]
    names = ", ".join(definition.dimensions)
    sets = ", ".join(["()", *(f"({name})" for name in definition.dimensions)])
    where = "".join(f" AND {name} IN ({', '.join('?' * len(codes))})" for name, codes in definition.where.items())
    values = [definition.of, start, end, *(code for codes in definition.where.values() for code in codes)]
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


def _gathering() -> Iterator[Row]:
    """All facts of the caseload, gathered from the tables and brought up to date after changes: the same table."""
    is_server, took = connection.vendor == "postgresql", []
    with load.database("bench_facts"):
        caseload.write(CASES)
        FactChange.objects.filter(id__lt=FactChange.objects.latest("id").pk)._raw_delete("default")
        load.tidy()
        kept = timed(lambda: store.taken(*EVER))
        for number in range(ROUNDS):
            _change(number)
            took.append(timed(lambda: store.taken(*EVER)))
        found: list[pa.Table] = []
        full = timed(lambda: found.append(snapshot(*EVER)))
        assert store.taken(*EVER).digest() == digest(found[0])
        rows = found[0].num_rows
    told = f"{rows:,} in {full}: {rows / full.wall:,.0f} a second ({rows / full.cpu:,.0f} a CPU second)"
    yield Row(f"gathering facts from {'PostgreSQL' if is_server else 'SQLite'}", told)
    yield Row("the same, and keeping them", str(kept))
    yield compared(
        f"the same table after {CHANGES:,} changes, brought up to date",
        middle(took),
        full,
        AT_MOST_OF_FULL,
        by_wall=is_server,
    )


def _change(seed: int) -> None:
    """As many cases touched, all over the caseload: services begun and people corrected, of whom some lose a referral."""
    chosen = np.random.default_rng(seed).choice(CASES, CHANGES, replace=False).tolist()
    cases, half = [caseload.case_id(number) for number in chosen], CHANGES // 2
    caseload.begin_services(chosen[:half], place=90 + seed)
    ended = {"status": "interrupted", "interruption_reason_code": "lost_contact"}
    Person.objects.filter(cases__in=cases[half:]).update(sex_code="male")
    Referral.objects.filter(case_id__in=cases[: CHANGES // 4]).update(**ended)
