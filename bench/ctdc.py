"""Importing the CTDC file of 97,750 records, beside reading it and a bare ``executemany`` of all the rows that result."""

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from bench import load
from bench.measure import Row, Timed, compared, middle, timed
from enlace.exchange.actions import import_ctdc

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "ctdc" / "ctdc_global_kanon_2021-07-15.csv.gz"
ROUNDS = 5
AT_MOST = 3.0
Tables = dict[str, tuple[str, Sequence[tuple[Any, ...]]]]


def run() -> Iterator[Row]:
    """One row."""
    if not FILE.exists():
        yield Row("CTDC import", "not measured: the file is not here", target=f"≤ {AT_MOST:g}", met=False)
        return
    tables: Tables = {}
    imports, baselines = [], []
    for _number in range(ROUNDS):
        with load.database("bench_ctdc"):
            before = _counts()
            imports.append(timed(lambda: import_ctdc(by=load.SYSTEM, path=FILE)))
            tables = tables or _written(before)
        with load.database("bench_bare"):
            baselines.append(_bare(tables))
    count = sum(len(rows) for _columns, rows in tables.values())
    name = f"CTDC import of {len(tables['exchange_ctdcrecord'][1]):,} records ({count:,} rows)"
    yield compared(name, middle(imports), middle(baselines), AT_MOST, by_wall=connection.vendor == "postgresql")


def _bare(tables: Tables) -> Timed:
    def work() -> None:
        with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
            for _row in csv.reader(file):
                pass
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            for table, (columns, rows) in tables.items():
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            cursor.execute("COMMIT")

    return timed(work)


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
        return found


def _written(before: dict[str, int]) -> Tables:
    """Every row that the import left, in every table, the tables it refers to first."""
    order = {model._meta.db_table: place for place, model in enumerate(apps.get_models())}
    tables: Tables = {}
    with connection.cursor() as cursor:
        for table in sorted((t for t, count in _counts().items() if count > before[t]), key=order.__getitem__):
            cursor.execute(f"SELECT * FROM {table}")
            columns = ", ".join(f'"{column[0]}"' for column in cursor.description)
            tables[table] = (columns, cursor.fetchall())
    return tables
