"""What an agency could learn without reading a row: from errors, keys and the planner's statistics. And what a recipient
sees of a referral before and after it accepts."""

from typing import Any

import pytest
from django.db import DatabaseError, connection

from enlace.base.ids import new_id
from tests.database.conftest import Nation
from tests.database.judging import TABLES
from tests.database.test_wall_off import WALL, as_agency, copied, keys, refusal
from tests.own import together

pytestmark = pytest.mark.postgresql

# Keys that span agencies and may, because they are random or keyed digests: who could guess one has seen it already.
OPAQUE = {
    ("id",), ("code",), ("digest",), ("bucket",), ("kind", "subject_id"), ("second_of_id",), ("supersedes_id",),
    ("link_digest",), ("referral_id",), ("emergency_id",), ("release_id",),
}  # fmt: skip
# Of rows about no agency and no person: how often the counts of the nation were asked for.
OF_NOBODY = {("indicator", "period", "number")}
# Whose name is part of a key, or what one must see to write below it.
NAMING = {
    "agency_code",
    "registered_by",
    "opened_by",
    "person_id",
    "case_id",
    "contact_id",
    "screening_id",
    "group_id",
    "complaint_id",
    "bed_id",
    "stay_id",
}


def unique_keys(cursor: Any, table: str) -> set[tuple[str, ...]]:
    cursor.execute(
        "SELECT i.indexrelid, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_index i "
        "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) "
        "WHERE i.indisunique AND i.indrelid = %s::regclass GROUP BY 1",
        [table],
    )
    return {tuple(names) for _, names in cursor.fetchall()}


@pytest.mark.parametrize("table", TABLES)
def test_no_unique_key_tells_of_another_agencys_row(built: Nation, table: str) -> None:
    with connection.cursor() as cursor:
        spanning = {key for key in unique_keys(cursor, table) if not set(key) & NAMING}
    assert spanning <= OPAQUE | OF_NOBODY


def test_the_wall_answers_before_the_key_does(built: Nation) -> None:
    """An import that repeats another agency's reference gets the same error as one that repeats none."""
    code = built.codes[0]
    taken = built.judge.hidden_row("cases_case", code)
    assert refusal(code, "cases_case", copied(taken) | {"source_ref": taken["source_ref"]}) == WALL
    assert refusal(code, "cases_case", copied(taken) | {"source_ref": "free"}) == WALL


def test_the_wall_answers_the_same_whether_the_parent_exists(built: Nation) -> None:
    code = built.codes[0]
    row = copied(built.judge.hidden_row("cases_episode", code))
    assert refusal(code, "cases_episode", row) == WALL
    assert refusal(code, "cases_episode", row | {"case_id": new_id()}) == WALL


@pytest.mark.parametrize("parent", ["case_id", "referral_id"])
def test_a_service_learns_nothing_of_a_parent_it_may_not_see(built: Nation, parent: str) -> None:
    code = built.codes[0]
    own = next(r for r in built.judge.rows["assistance_servicegiven"] if r["agency_code"] == code)
    hidden = built.judge.hidden_row({"case_id": "cases_case", "referral_id": "referrals_referral"}[parent], code)
    for value in (hidden["id"], new_id()):
        assert refusal(code, "assistance_servicegiven", copied(own) | {parent: value}) == WALL


def test_a_condition_that_fails_on_a_hidden_row_is_never_tried_on_it(built: Nation) -> None:
    hidden = built.judge.hidden_row("people_person", built.codes[0])["code"]
    trap = "SELECT count(*) FROM people_person WHERE 1 / (CASE WHEN code = %s THEN 0 ELSE 1 END) = 1"
    with as_agency(built.codes[0]) as cursor:
        cursor.execute(trap, [hidden])
        assert cursor.fetchone()[0] == len(built.judge.visible("people_person", built.codes[0]))
    owner = next(code for code in built.codes if code in str(built.judge.hidden_row("people_person", built.codes[0])))
    with as_agency(owner) as cursor, pytest.raises(DatabaseError, match="division by zero"):
        cursor.execute(trap, [hidden])


def test_the_planners_statistics_show_no_values(built: Nation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'")
        assert not {name for (name,) in cursor.fetchall()} & set(TABLES)


def test_a_recipient_sees_the_referral_alone_until_it_accepts(built: Nation) -> None:
    """agency-01 referred its case to agency-02, which has not answered; agency-00 referred to agency-01, which accepted."""
    waiting, accepted = (
        next(r for r in built.judge.rows["referrals_referral"] if r["sender_code"] == code and r["partner_id"] is None)
        for code in built.codes[1::-1]
    )
    of_case = [table for table in TABLES if table.startswith("cases_") and table != "cases_case"]
    for referral, opens in ((waiting, False), (accepted, True)):
        with as_agency(referral["recipient_code"]) as cursor:
            assert referral["id"] in keys(cursor, "referrals_referral")
            cursor.execute("SELECT id FROM cases_case WHERE id = %s", [referral["case_id"]])
            assert bool(cursor.fetchall()) is opens
            for table in of_case:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE case_id = %s", [referral["case_id"]])
                assert (cursor.fetchone()[0] > 0) is opens, table


def test_after_accepting_the_notes_of_the_others_house_stay_there(built: Nation) -> None:
    accepted = next(
        r
        for r in built.judge.rows["referrals_referral"]
        if r["sender_code"] == built.codes[0] and r["partner_id"] is None
    )
    with as_agency(accepted["recipient_code"]) as cursor:
        cursor.execute("SELECT text FROM cases_note WHERE case_id = %s ORDER BY text", [accepted["case_id"]])
        assert [text for (text,) in cursor.fetchall()] == ["for all who work on it", "of the partner alone"]


def test_agencies_that_read_at_once_each_read_their_own(built: Nation) -> None:
    def read(number: int) -> bool:
        code = built.codes[number]
        for table in TABLES * 3:
            with as_agency(code) as cursor:
                if keys(cursor, table) != built.judge.visible(table, code):
                    return False
        return True

    assert together(read, len(built.codes)) == [True] * len(built.codes)
