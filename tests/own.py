"""A copy of the migrated test database with real connections, and workers that start at the same moment.

A usual test runs in a transaction that is rolled back, which no second connection could see into. Emptying the tables
afterwards is no way either: the record is append-only and refuses it. So each test gets a copy and throws it away.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

from enlace.base.errors import Refusal

ALIAS = "default"
WORKERS = 32


@contextmanager
def copied_database(folder: Path, **options: Any) -> Iterator[None]:
    """Inside the block ``connection`` leads, in every thread, to a copy: a file in ``folder``, or a database beside.

    ``options`` are merged into the connection's settings.
    """
    shared, before = connections[ALIAS], connections.settings[ALIAS]
    name = str(folder / "own.sqlite3")
    if shared.vendor == "postgresql":
        name = f"{before['NAME']}_own"
        shared.close()  # a template must have no connection
        _on_server(shared, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{before["NAME"]}"')
    else:
        shared.ensure_connection()
        shared.connection.execute("VACUUM INTO ?", [name])
    connections.settings[ALIAS] = before | {"NAME": name} | options
    connections[ALIAS] = connections.create_connection(ALIAS)
    try:
        yield
    finally:
        connections[ALIAS].close()
        if hasattr(connections[ALIAS], "close_pool"):
            connections[ALIAS].close_pool()
        connections.settings[ALIAS] = before
        connections[ALIAS] = shared
        if shared.vendor == "postgresql":
            _on_server(shared, f'DROP DATABASE "{name}" WITH (FORCE)')


def together(work: Callable[[int], Any], count: int = WORKERS) -> list[Any]:
    """What ``work(0)`` ... ``work(count - 1)`` answered or raised, each in a thread and on a connection of its own."""
    barrier = threading.Barrier(count, timeout=60)

    def one(number: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return work(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def _on_server(shared: Any, *statements: str) -> None:
    with shared._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def undone() -> Iterator[None]:
    """A transaction, or a part of one, of which nothing stays."""
    with savepoint():
        yield
        transaction.set_rollback(True)


@contextmanager
def savepoint() -> Iterator[None]:
    """What fails inside leaves the transaction around it usable. For tests of the database alone, below all actions."""
    with transaction.atomic():  # noqa: TID251 - no action is under test
        yield


def succeeded(answers: list[Any], *refused: type[Exception]) -> list[Any]:
    """The answers that are no refusal (or one of ``refused``); any other error fails the test."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, (Refusal, *refused)):
            raise answer
    return [answer for answer in answers if not isinstance(answer, Exception)]
