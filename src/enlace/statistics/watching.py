"""Triggers that write down which cases, people, contacts and screenings were changed (ADR 17), on both databases.

A table that SQLite makes anew, as Django does to add a column, loses its triggers: the migration that does so ends with the
same step once more. ``enlace.statistics.changes`` looks whether all are there before it believes the log.
"""

from collections.abc import Callable

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LOG = "statistics_factchange"
NAME = "statistics_changed"
EVERYTHING = "everything"
COLUMNS = "(kind, subject, writer, token, at)"
POSTGRESQL = "pg_current_xact_id()::text::bigint, gen_random_uuid()::text, now()"
SQLITE = "0, lower(hex(randomblob(16))), strftime('%Y-%m-%d %H:%M:%f', 'now')"
Statements = Callable[[str, str], str]
"""The SQL of one verb; the second text is what every row of the log ends with."""
VERBS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def watched(table: str, kind: str, *subjects: str, removal: str = "") -> migrations.RunPython:
    """A migration step: every row of ``table`` written, changed or removed is logged under ``kind``.

    ``subjects`` are SQL for the ids that are meant, with ``{row}`` for the row; without one, the kind alone is logged.
    ``removal`` is logged besides when a row is removed.
    """
    return _step(table, lambda verb, ends: _statements(kind, subjects, removal if verb == "DELETE" else "", verb, ends))


def watched_column(table: str, column: str, *, when_added: bool) -> migrations.RunPython:
    """A migration step: a change of one column, or a row removed, is logged as a change of everything.

    ``when_added``: so is a row added; not where no fact can name it before it is there.
    """

    def statements(verb: str, ends: str) -> str:
        where = {
            "INSERT": "" if when_added else " WHERE 1 = 0",
            "UPDATE": f" WHERE OLD.{column} {_unlike(ends)} NEW.{column}",
            "DELETE": "",
        }
        return f"INSERT INTO {LOG} {COLUMNS} SELECT '{EVERYTHING}', NULL, {ends}{where[verb]};"

    return _step(table, statements)


def _unlike(ends: str) -> str:
    return "IS DISTINCT FROM" if ends == POSTGRESQL else "IS NOT"


def _statements(kind: str, subjects: tuple[str, ...], removal: str, verb: str, ends: str) -> str:
    found = [subject.format(row=row) for row in VERBS[verb] for subject in subjects]
    if found:
        ids = " UNION ".join(f"SELECT {one} AS subject" for one in found)
        meant = f"FROM ({ids}) AS meant WHERE subject IS NOT NULL"
        logged = f"SELECT '{kind}', subject, {ends} {meant}"
    else:
        logged = f"SELECT '{kind}', NULL, {ends}"
    more = f"INSERT INTO {LOG} {COLUMNS} SELECT '{removal}', NULL, {ends};" if removal else ""
    return f"INSERT INTO {LOG} {COLUMNS} {logged};{more}"


def _step(table: str, statements: Statements) -> migrations.RunPython:
    def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, editor)
        if editor.connection.vendor == "postgresql":
            _build_on_postgresql(editor, table, statements)
            return
        for verb in VERBS:
            editor.execute(
                f"CREATE TRIGGER {NAME}_{table}_{verb.lower()} AFTER {verb} ON {table} "
                f"FOR EACH ROW BEGIN {statements(verb, SQLITE)} END"
            )

    def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER IF EXISTS {NAME} ON {table}")
            editor.execute(f"DROP FUNCTION IF EXISTS {NAME}_{table}()")
            return
        for verb in VERBS:
            editor.execute(f"DROP TRIGGER IF EXISTS {NAME}_{table}_{verb.lower()}")

    return migrations.RunPython(build, remove)


def _build_on_postgresql(editor: BaseDatabaseSchemaEditor, table: str, statements: Statements) -> None:
    """No agency reads or writes the log, so the function looks with the eyes of the nation, and as before after it."""
    branches = "".join(f"IF TG_OP = '{verb}' THEN {statements(verb, POSTGRESQL)} END IF; " for verb in VERBS)
    editor.execute(
        f"CREATE FUNCTION {NAME}_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE before text := coalesce(current_setting('enlace.scope', true), ''); "
        "BEGIN PERFORM set_config('enlace.scope', 'national', true); "
        f"{branches}PERFORM set_config('enlace.scope', before, true); RETURN NULL; END $$"
    )
    editor.execute(
        f"CREATE TRIGGER {NAME} AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {NAME}_{table}()"
    )
