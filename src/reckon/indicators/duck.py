"""The plan of an indicator on DuckDB, over a table in memory or a Parquet file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from reckon.indicators.plan import RENAMED, RETURNED, Plan
from reckon.tables import COLUMNS, REPORTED_COLUMNS, InputError

Source: TypeAlias = pa.Table | Path
Row = tuple[Any, ...]
PLAIN = ("on", "begins", "ends", "value")


class Duck:
    """DuckDB in memory over tables by name ("facts", "returned"). To be closed; a `with` block does it."""

    def __init__(self, tables: Mapping[str, Source]) -> None:
        self.connection = duckdb.connect(":memory:")
        for name, source in tables.items():
            self._show(name, source)

    def __enter__(self) -> "Duck":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def rows(self, plan: Plan) -> list[Row]:
        """The answer of a plan."""
        return self.connection.execute(plan.sql, list(plan.parameters)).fetchall()

    def _show(self, name: str, source: Source) -> None:
        if isinstance(source, Path):
            if not source.is_file():
                raise InputError("the file of facts is not there")
            origin = f"read_parquet('{str(source).replace(chr(39), chr(39) * 2)}')"
        else:
            origin = f"{name}_given"
            self.connection.register(origin, source)
        columns = ", ".join(columns_of(name, "VARCHAR", '"'))
        self.connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM {origin}")  # noqa: S608 - our own names


def columns_of(table: str, text: str, quote: str) -> list[str]:
    """The columns of a table as the plan names them, codes as plain text: what an engine selects into its view."""
    names = REPORTED_COLUMNS if table == RETURNED else COLUMNS
    return [
        f"{quote}{name}{quote} AS {RENAMED.get(name, name)}"
        if name in PLAIN
        else f"CAST({quote}{name}{quote} AS {text}) AS {RENAMED.get(name, name)}"
        for name in names
    ]
