"""What a person finds in the demonstration's intake and screening: the published year, and work on every desk."""

import json
from pathlib import Path

import pytest

from tests.demo.running import enlace, read, run

pytestmark = pytest.mark.slow

SHARED = """
    SELECT count(DISTINCT o.person_id) FROM intake_outcome o
    JOIN cases_case c ON c.person_id = o.person_id JOIN cases_decision d ON d.case_id = c.id
    JOIN intake_contact k ON k.id = o.contact_id
    WHERE o.kind = 'victim_identified' AND d.outcome = 'identified' AND strftime('%Y', d.decided_at) = '2020'
    AND strftime('%Y', k.opened_at) = '2020'
"""


def hotline(home: Path) -> dict[tuple[str, str, str], int | None]:
    told = json.loads(enlace(home, "hotline", "report", "--year", "2020", "--format", "json"))
    assert told["synthetic"] is True
    return {(row["indicator"], row["dimension"], row["category"]): row["value"] for row in told["rows"]}


def test_the_hotlines_2020_is_the_published_one(mexico: tuple[Path, str]) -> None:
    found = hotline(mexico[0])
    assert found["hotline_calls", "", ""] == found["hotline_calls", "topic", "trafficking"] == 1931
    victims = {key[1:]: value for key, value in found.items() if key[0] == "hotline_victims"}
    assert victims["", ""] == 245
    assert [victims["sex", code] for code in ("female", "male", "other", "unknown")] == [196, 39, 0, 10]
    assert [victims["nationality", code] for code in ("national", "foreign", "unspecified")] == [140, 49, 56]
    sets = {key[2]: value for key, value in found.items() if key[:2] == ("hotline_referrals", "services")}
    assert sets == {"HEALTH+LEGAL+MENTAL": 181, "LEGAL+MENTAL": 64}
    assert found["hotline_investigations", "", ""] == 45


def test_those_who_were_identified_are_in_the_national_count_and_the_others_were_screened(
    mexico: tuple[Path, str],
) -> None:
    home, _said = mexico
    assert read(home, SHARED) == [(58,)]
    screened = "SELECT count(DISTINCT s.person_id), min(s.class_code), max(s.class_code) FROM screening_screening s "
    screened += "JOIN intake_contact k ON k.id = s.contact_id WHERE strftime('%Y', k.opened_at) = '2020'"
    assert read(home, screened) == [(245 - 58, "presumed", "presumed")]


def test_two_screeners_agree_more_than_by_chance_and_not_always(mexico: tuple[Path, str]) -> None:
    (year,) = read(mexico[0], "SELECT max(strftime('%Y', finished_at)) FROM screening_screening")[0]
    told = json.loads(enlace(mexico[0], "screening", "report", "--year", str(year), "--format", "json"))
    by_people = sorted(told["agreement"], key=lambda row: row["people"])
    assert by_people[-1]["people"] >= 60
    for row in by_people:
        assert 0.3 < row["low"] < row["kappa"] < row["high"] <= 1


def test_every_account_finds_work_on_its_first_page(mexico: tuple[Path, str]) -> None:
    pages = json.loads(run(mexico[0], "tests.demo.first_pages"))
    assert {page["status"] for page in pages.values()} == {200}
    working = {name: page["waiting"] for name, page in pages.items() if page["has_queue"] and name != "estadistica"}
    assert len(working) >= 11
    assert [name for name, waiting in working.items() if not waiting] == []
    assert {"contacts", "follow_ups", "reports", "returned", "screenings", "asking"} <= set(working["linea"])
    assert {"detained", "seconds", "screenings"} <= set(working["policia"])
    assert {"notices", "detained", "asking"} <= set(working["migracion"])
    assert working["visitaduria"] == {"complaints": 1}


def test_everything_that_can_wait_is_there_in_its_states(mexico: tuple[Path, str]) -> None:
    home, said = mexico
    states = {str(state) for (state,) in read(home, "SELECT status FROM intake_report")}
    assert states == {"received", "read", "answered", "withdrawn"}
    added = "SELECT count(*) FROM intake_reportstep WHERE verb = 'add'"
    assert read(home, added) == [(1,)]
    notices = {(str(kind), str(state)) for kind, state in read(home, "SELECT kind_code, status FROM intake_notice")}
    assert {("tip", "sent"), ("tip", "closed"), ("tip", "returned"), ("finance", "sent")} <= notices
    assert {("child", "sent"), ("child", "taken"), ("detained", "sent")} <= notices
    alerts = read(home, "SELECT status, count(*) FROM screening_detentionalert GROUP BY 1 ORDER BY 1")
    assert alerts == [("raised", 2), ("released", 1)]
    members = "SELECT count(*), sum(status = 'draft') FROM screening_screening WHERE group_id IS NOT NULL"
    assert read(home, members) == [(14, 2)]
    confirmed = "SELECT count(*) FROM cases_decision d JOIN cases_case c ON c.id = d.case_id WHERE c.person_id IN "
    confirmed += "(SELECT person_id FROM screening_screening WHERE agency_code LIKE 'policia%')"
    assert read(home, confirmed) == [(12,)]
    told = "SELECT c.outcome, count(DISTINCT s.person_id) FROM screening_confirmation c "
    told += "JOIN screening_screening s ON s.id = c.screening_id GROUP BY 1 ORDER BY 1"
    assert read(home, told) == [("identified", 11), ("not_confirmed", 1)]
    receipt = said.splitlines()[-1].rpartition(": ")[2]
    assert receipt.replace(" ", "").isdecimal()
    assert len(receipt) == 19
