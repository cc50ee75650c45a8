"""The wall below the filters: with raw SQL, in the application's own role, an agency meets nothing that is not its own.

The ring of 32 agencies and what each may see: ``tests/database/nation.py`` and ``judging.py``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection
from psycopg.types.json import Jsonb

from enlace.base.ids import new_code, new_id
from enlace.base.rows import show_rows_of
from tests.database.conftest import Nation
from tests.database.judging import TABLES
from tests.database.nation import RECEIVERS, SEES_ALL, worker
from tests.database.test_constrain import APPEND_ONLY
from tests.own import undone

pytestmark = pytest.mark.postgresql

WALL = "42501"  # insufficient_privilege: "new row violates row-level security policy"
REMOVABLE = {"cases_casecode", "vault_sealeddraft"}  # all else is removed in the national scope only, or never
FROZEN = {model._meta.db_table for model in APPEND_ONLY}


@contextmanager
def as_agency(code: str) -> Iterator[Any]:
    """A cursor that sees as the agency; whatever it does is undone."""
    with undone(), connection.cursor() as cursor:
        show_rows_of(worker(code))
        yield cursor


def keys(cursor: Any, table: str) -> set[Any]:
    cursor.execute(f"SELECT id FROM {table}")
    return {key for (key,) in cursor.fetchall()}


def test_the_role_has_no_way_around_the_wall(built: Nation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_every_table_that_holds_people_or_cases_is_walled(built: Nation) -> None:
    """Classes A to G mark what is personal; what leads to a walled row (who works on which case) is personal too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'")
        walled = {name for (name,) in cursor.fetchall()}
    ours = [model for model in apps.get_models() if hasattr(model, "data_classes")]
    personal = {m._meta.db_table for m in ours if set(m.data_classes.values()) & set("ABCDEFG")}
    leading = {
        m._meta.db_table
        for m in ours
        if any(f.related_model and f.related_model._meta.db_table in walled for f in m._meta.concrete_fields)
    }
    assert personal | leading <= walled
    assert walled == set(TABLES), "a new wall needs its sentence in tests/database/judging.py"


@pytest.mark.parametrize("table", TABLES)
def test_an_agency_reads_exactly_its_own_rows(built: Nation, table: str) -> None:
    assert built.judge.rows[table], "nothing there proves nothing"
    for code in [*built.codes, *RECEIVERS]:
        with as_agency(code) as cursor:
            assert keys(cursor, table) == built.judge.visible(table, code), code


@pytest.mark.parametrize("table", TABLES)
def test_an_agency_changes_only_rows_that_it_sees(built: Nation, table: str) -> None:
    for code in built.codes[:4]:
        hidden = built.judge.hidden_row(table, code)["id"]
        with as_agency(code) as cursor:
            cursor.execute(f"UPDATE {table} SET id = id WHERE id = %s", [hidden])
            assert cursor.rowcount == 0


@pytest.mark.parametrize("table", TABLES)
def test_an_agency_removes_at_most_its_own(built: Nation, table: str) -> None:
    for code in [*built.codes[:4], *RECEIVERS]:
        with as_agency(code) as cursor:
            assert removed(cursor, table) == (len(built.judge.visible(table, code)) if table in REMOVABLE else 0)


def removed(cursor: Any, table: str) -> int:
    """How many rows a removal took; none where the guard of the past refuses it."""
    try:
        cursor.execute(f"DELETE FROM {table}")
    except ProgrammingError as error:
        if table in FROZEN and "append-only" in str(error):
            return 0
        raise
    return int(cursor.rowcount)


@pytest.mark.parametrize("table", TABLES)
def test_nobody_reads_nothing(built: Nation, table: str) -> None:
    with undone(), connection.cursor() as cursor:
        show_rows_of(None)
        assert keys(cursor, table) == set()
        cursor.execute("SELECT set_config('enlace.agency', '', false), set_config('enlace.scope', '', false)")
        assert keys(cursor, table) == set()


def test_a_connection_that_was_told_nothing_reads_nothing(built: Nation) -> None:
    connection.close()
    with connection.cursor() as cursor:
        assert {table: keys(cursor, table) for table in TABLES} == {table: set() for table in TABLES}


def test_the_system_reads_all(built: Nation) -> None:
    with undone(), connection.cursor() as cursor:
        show_rows_of(SEES_ALL)
        for table in TABLES:
            assert len(keys(cursor, table)) == len(built.judge.rows[table])


@pytest.mark.parametrize("table", TABLES)
def test_a_row_copied_from_another_agency_is_refused(built: Nation, table: str) -> None:
    for code in built.codes[:4]:
        row = copied(built.judge.hidden_row(table, code))
        assert refusal(code, table, row) == WALL


# What each forged row pretends, of an agency (own) about the work of another: a row of the table that the agency may not
# see, with these columns put to the own agency, or to some third one ("other").
FORGED = [
    ("people_personagency", {"agency_code": "own"}, "knowing a person that another agency met"),
    ("people_person", {"registered_by": "other"}, "registering in another's name"),
    ("people_consentgrant", {"agency_code": "own"}, "consent of a person not known"),
    ("people_legalground", {"agency_code": "own"}, "a legal ground about a person not known"),
    ("people_disclosure", {"agency_code": "own"}, "what left about a person not known"),
    ("people_emergency", {"agency_code": "own"}, "an emergency for oneself"),
    ("vault_lentkey", {"agency_code": "own"}, "the key of another's emergency"),
    ("cases_caseagency", {"agency_code": "own"}, "working on another's case"),
    ("cases_case", {"opened_by": "own", "lead_agency_code": "own"}, "a case of a person not known"),
    ("cases_decision", {"agency_code": "own"}, "deciding another's case"),
    ("cases_turn", {"agency_code": "own"}, "closing another's case"),
    ("cases_note", {"agency_code": "own"}, "a note on another's case"),
    ("referrals_referral", {"sender_code": "own"}, "referring another's case"),
    ("referrals_referral", {"recipient_code": "own"}, "a referral to oneself in another's name"),
    ("referrals_referralstep", {"agency_code": "own"}, "answering another's referral"),
    ("referrals_disclosurepackage", {"made_by": "own"}, "a package of another's referral"),
    ("assistance_servicegiven", {"agency_code": "own"}, "a service in another's case"),
    ("assistance_session", {"agency_code": "own"}, "a session in another's case"),
    ("assistance_inkind", {"agency_code": "own"}, "things given in another's case"),
    ("assistance_cost", {"agency_code": "own"}, "a cost of another's case"),
    ("assistance_feedback", {"agency_code": "own"}, "an answer about oneself"),
    ("assistance_careplan", {"agency_code": "own"}, "a plan for another's case"),
    ("assistance_goalstep", {"agency_code": "own"}, "a step in another's plan"),
    ("assistance_permit", {"agency_code": "own"}, "a permit in another's case"),
    ("assistance_assistedreturn", {"agency_code": "own"}, "a return in another's case"),
    ("assistance_careturn", {"agency_code": "own"}, "what happened in another's plan"),
    ("vault_agencykey", {"agency_code": "own", "version": 99, "use": "data"}, "a key for oneself"),
    ("vault_personkey", {"agency_code": "own"}, "the key of a person not known"),
    ("vault_sealeditem", {"written_by_agency": "own"}, "an item of a person not known"),
    ("vault_recordkey", {"agency_code": "own"}, "the key of a record not shared"),
    ("vault_recordpart", {"written_by_agency": "own"}, "a part of a record not shared"),
    ("intake_outcome", {"agency_code": "own"}, "what came of another's contact"),
    ("intake_contactstep", {"by": "own"}, "a call promised in another's contact"),
    ("intake_notice", {"from_agency": "own"}, "a notice about a person or a contact not known"),
    ("intake_report", {"to_agency": "own"}, "a report to oneself"),
    ("intake_reportstep", {"agency_code": "own"}, "answering another's report"),
    ("screening_screening", {"agency_code": "own"}, "screening a person not known"),
    ("screening_answer", {"agency_code": "own"}, "an answer in another's screening"),
    ("screening_ruling", {"agency_code": "own"}, "deciding another's screening"),
    ("screening_detentionalert", {"agency_code": "own"}, "an alert about a person not known"),
    ("screening_confirmation", {"agency_code": "own"}, "confirming another's screening"),
    ("complaints_complaint", {"to_agency": "own", "accused_code": ""}, "a complaint to oneself"),
    ("complaints_complaintstep", {"agency_code": "own"}, "answering a complaint"),
    ("placements_stay", {"agency_code": "own"}, "a stay in another's house"),
    ("placements_staystep", {"agency_code": "own"}, "a step of another's stay"),
    ("placements_search", {"agency_code": "own"}, "a search for another's case"),
    ("placements_unmetneed", {"agency_code": "own"}, "a need of another's case"),
    ("portal_ownpage", {"agency_code": "own"}, "a number for a person not known"),
    ("portal_personrequest", {"to_agency": "own"}, "a request in a person's name"),
]


@pytest.mark.parametrize(("table", "changes", "why"), FORGED, ids=[f"{table}: {why}" for table, _, why in FORGED])
def test_a_forged_row_is_refused(built: Nation, table: str, changes: dict[str, Any], why: str) -> None:
    for place, code in enumerate(built.codes[:4]):
        names = {"own": code, "other": built.codes[place + 8]}
        row = copied(built.judge.hidden_row(table, code))
        row |= {column: names.get(value, value) for column, value in changes.items()}
        assert refusal(code, table, row) == WALL


def test_nobody_puts_a_person_they_do_not_know_into_a_contact_of_their_own(built: Nation) -> None:
    """Whoever could would be told from then on what came of that person."""
    for code in built.codes[:4]:
        own = built.judge.visible("intake_contactperson", code)
        row = next(row for row in built.judge.rows["intake_contactperson"] if row["id"] in own)
        stranger = built.judge.hidden_row("people_person", code)["id"]
        forged = copied(row) | {"position": 99, "person_id": stranger}
        assert refusal(code, "intake_contactperson", forged) == WALL
        with as_agency(code) as cursor, pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute("UPDATE intake_contactperson SET person_id = %s WHERE id = %s", [stranger, row["id"]])


SPEAKING_FOR_ANOTHER = [
    ("cases_decision", "agency_code"),
    ("cases_turn", "agency_code"),
    ("cases_note", "agency_code"),
    ("people_consentgrant", "agency_code"),
    ("referrals_referral", "sender_code"),
    ("referrals_referralstep", "agency_code"),
    ("assistance_servicegiven", "agency_code"),
]


@pytest.mark.parametrize(("table", "column"), SPEAKING_FOR_ANOTHER)
def test_on_a_case_in_common_nobody_speaks_for_the_other(built: Nation, table: str, column: str) -> None:
    """agency-00 referred its case to agency-01, which accepted."""
    parties = set(built.codes[:2])
    seen = built.judge.sees[table]
    shared = [row for row in built.judge.rows[table] if row[column] in parties and parties <= seen[row["id"]]]
    assert shared
    for row in shared:
        forger = (parties - {row[column]}).pop()
        assert refusal(forger, table, copied(row)) == WALL


def copied(row: dict[str, Any]) -> dict[str, Any]:
    """The same row under another key; what must be unique is made so, that only the wall can refuse."""
    fresh = {"id": new_id() if isinstance(row["id"], UUID) else row["id"] + 1_000_000}
    if "code" in row and len(row["code"]) == len(new_code("P")):
        fresh["code"] = new_code("P")
    if "source_ref" in row:
        fresh["source_ref"] = "forged"
    return row | fresh


def refusal(agency_code: str, table: str, row: dict[str, Any]) -> str:
    """The SQL state with which the database refuses that the agency inserts the row; "" when it lets it in."""
    values = [Jsonb(value) if isinstance(value, list | dict) else value for value in row.values()]
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(values))
    with as_agency(agency_code) as cursor:
        try:
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)
        except DatabaseError as error:
            return str(error.__cause__.sqlstate)
    return ""
