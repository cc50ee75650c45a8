"""Row-level security on PostgreSQL: the wall below the queryset filters.

Each connection carries whose rows it may see. Policies read three settings: ``enlace.agency``, ``enlace.scope`` and, for
a person on her own page, ``enlace.person``.
On SQLite every function here does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from psycopg.pq import TransactionStatus

from enlace.base.actor import NATIONAL, Actor

OWN_AGENCY = "nullif(current_setting('enlace.agency', true), '')"
OWN_PERSON = "nullif(current_setting('enlace.person', true), '')::uuid"
NATIONAL_SCOPE = "current_setting('enlace.scope', true) = 'national'"


def is_walled() -> bool:
    return connection.vendor == "postgresql"


def show_rows_of(actor: Actor | None) -> None:
    """From here on this connection sees what ``actor`` may see; nobody (``None``) sees nothing."""
    if is_walled():
        _set(*_sight(actor))


@contextmanager
def seeing_as(actor: Actor) -> Iterator[None]:
    """See as ``actor`` inside the block, and as before after it."""
    if not is_walled():
        yield
        return
    before = _get()
    if before == _sight(actor):  # a page already looks with these eyes
        yield
        return
    show_rows_of(actor)
    try:
        yield
    finally:
        if not _is_failed():
            _set(*before)


def _sight(actor: Actor | None) -> tuple[str, str, str]:
    """The three settings, agency, scope and person, with which an actor looks."""
    if actor is None:
        return "", "none", ""
    return actor.agency_code, NATIONAL if actor.is_system else "own", actor.person_id


def wall(
    table: str, using: str, check: str | None = None, *, insert: str | None = None, delete: str | None = None
) -> migrations.RunPython:
    """A migration step: force row security on ``table``.

    ``using`` says which rows are seen and changed, ``check`` (else ``using``) what a written row must be, ``insert``
    what a new row must be besides, ``delete`` which of the rows seen may be removed (else all). All are SQL conditions;
    the national scope (set-up, statistics, clocks) always passes.
    """
    written = check if check is not None else using
    narrower = [("INSERT", "WITH CHECK", insert), ("DELETE", "USING", delete)]

    def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        editor.execute(
            f"CREATE POLICY {table}_wall ON {table} USING ({NATIONAL_SCOPE} OR ({using})) "
            f"WITH CHECK ({NATIONAL_SCOPE} OR ({written}))"
        )
        for verb, clause, condition in narrower:
            if condition is not None:
                editor.execute(
                    f"CREATE POLICY {table}_{verb.lower()} ON {table} AS RESTRICTIVE FOR {verb} "
                    f"{clause} ({NATIONAL_SCOPE} OR ({condition}))"
                )

    def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            for name in ("wall", "insert", "delete"):
                editor.execute(f"DROP POLICY IF EXISTS {table}_{name} ON {table}")
            editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    return migrations.RunPython(build, remove)


def rebuild(before: migrations.RunPython, after: migrations.RunPython) -> migrations.RunPython:
    """A migration step that takes down the wall of an earlier one (``before``, as it was written) and builds another."""

    def forward(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if before.reverse_code:
            before.reverse_code(apps, editor)
        after.code(apps, editor)

    def back(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if after.reverse_code:
            after.reverse_code(apps, editor)
        before.code(apps, editor)

    return migrations.RunPython(forward, back)


def wall_own(table: str, **conditions: str) -> migrations.RunPython:
    """A migration step beside ``wall``: what a person on her own page may do besides, by verb (``select``, ``update``).

    ``conditions`` are SQL conditions over ``OWN_PERSON``; without one for a verb, the person cannot do it at all.
    """

    def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        for verb, condition in conditions.items():
            clause = "WITH CHECK" if verb == "insert" else "USING"
            editor.execute(f"CREATE POLICY {table}_own_{verb} ON {table} FOR {verb.upper()} {clause} ({condition})")

    def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            for verb in conditions:
                editor.execute(f"DROP POLICY {table}_own_{verb} ON {table}")

    return migrations.RunPython(build, remove)


def _is_failed() -> bool:
    """A failed transaction takes no statement more; undoing it puts the setting back by itself."""
    link = connection.connection
    return connection.needs_rollback or link is None or link.info.transaction_status == TransactionStatus.INERROR


def _set(agency: str, scope: str, person: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('enlace.agency', %s, false), set_config('enlace.scope', %s, false), "
            "set_config('enlace.person', %s, false)",
            [agency, scope, person],
        )


def _get() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('enlace.agency', true), current_setting('enlace.scope', true), "
            "current_setting('enlace.person', true)"
        )
        agency, scope, person = cursor.fetchone()
    return agency or "", scope or "", person or ""
