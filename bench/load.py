"""Throw-away databases, and filling their tables by the thousand without going through the actions."""

import contextlib
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Field, Model

from enlace.base.actor import Actor
from enlace.base.rows import show_rows_of

SYSTEM = Actor.system("bench")
TEMPLATE = "bench_template"
AT_A_TIME = 20_000
Rows = Iterable[tuple[Any, ...]]


def use(name: str) -> None:
    """Lead this process's connection to a database: a file under the home, or a database of the server."""
    connection.close()
    connection.settings_dict["NAME"] = name if connection.vendor == "postgresql" else str(_path(name))
    show_rows_of(SYSTEM)


def make_template() -> None:
    """An empty, migrated database that all others are copies of."""
    if connection.vendor == "postgresql":
        _on_server(f'DROP DATABASE IF EXISTS "{TEMPLATE}"', f'CREATE DATABASE "{TEMPLATE}"')
    use(TEMPLATE)
    with contextlib.redirect_stdout(io.StringIO()):
        call_command("migrate", verbosity=0, interactive=False)
    connection.close()


@contextmanager
def database(name: str) -> Iterator[None]:
    """A new database, in use inside the block and gone after it."""
    connection.close()
    if connection.vendor == "postgresql":
        _on_server(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    else:
        shutil.copy(_path(TEMPLATE), _path(name))
    use(name)
    try:
        yield
    finally:
        connection.close()
        drop(name)


def drop(name: str) -> None:
    if connection.vendor == "postgresql":
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    else:
        for path in _path(name).parent.glob(f"{name}.sqlite3*"):
            path.unlink()


def fill(model: type[Model], names: Sequence[str], rows: Rows) -> None:
    """Write rows of plain values (ids and moments as text) for the named fields; the others take their default."""
    fields = [field for field in model._meta.concrete_fields if field.attname in names or not field.primary_key]
    by_name = {field.attname: field for field in fields}
    rest = [field for field in fields if field.attname not in names]
    columns = ", ".join(f'"{field.column}"' for field in (*(by_name[name] for name in names), *rest))
    constants = tuple(_default(field) for field in rest)
    remaining = iter(rows)
    while part := [row + constants for row in islice(remaining, AT_A_TIME)]:
        insert(model._meta.db_table, columns, part)


def insert(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """One transaction. PostgreSQL copies nothing straight into a walled table, so it goes by way of another."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TEMP TABLE loading (LIKE {table} INCLUDING IDENTITY) ON COMMIT DROP")
            with cursor.copy(f"COPY loading ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM loading")
        else:
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
        cursor.execute("COMMIT")


def tidy() -> None:
    """What a database does by itself in time: PostgreSQL learns how its tables look."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _default(field: "Field[Any, Any]") -> Any:
    value = field.get_default()
    return json.dumps(value) if isinstance(value, list | dict) else value


def _path(name: str) -> Path:
    return Path(settings.ENLACE_HOME) / f"{name}.sqlite3"


def _on_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
