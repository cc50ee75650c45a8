"""The demonstration as a person gets it: one command, a whole synthetic country, the published totals."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.demo.running import enlace, read

pytestmark = pytest.mark.slow

DIGEST = "SELECT digest, fact_count FROM statistics_nationaltable WHERE period = '2024' ORDER BY cut_off DESC LIMIT 1"
WORK = """
    SELECT code, disposition_code FROM intake_contact UNION ALL
    SELECT code, class_code FROM screening_screening UNION ALL
    SELECT 'report', topic_code || status FROM intake_report ORDER BY 1, 2
"""
ABROAD = """
    SELECT p.sex_code, p.age_group_code, c.country_code, count(DISTINCT p.id)
    FROM cases_decision d JOIN cases_case c ON c.id = d.case_id JOIN people_person p ON p.id = c.person_id
    WHERE d.agency_kind_code = 'consulate' AND d.decided_at >= '2020-01-01' AND d.decided_at < '2020-07-02'
    GROUP BY 1, 2, 3
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small")
    enlace(home, "demo", "--no-serve", "--people", "50", country="xx")
    return home


def totals(home: Path, year: int) -> dict[str, object]:
    told = json.loads(enlace(home, "report", "national", "--year", str(year), "--format", "json", "--stored"))
    assert told["synthetic"] is True
    return {row["indicator"]: row["value"] for row in told["rows"] if row["dimension"] == "total"}


def test_it_shows_the_published_totals_and_the_parts_found_abroad(mexico: tuple[Path, str]) -> None:
    home, _said = mexico
    for year, identified, abroad in ((2018, 706, 860), (2019, 658, 933), (2020, 673, 313)):
        found = totals(home, year)
        assert (found["identified"], found["identified_abroad"]) == (identified, abroad)
        assert found["referred"]
        assert found["assisted"]
    parts: dict[tuple[str, str], int] = {}
    lands: dict[str, int] = {}
    for sex, group, country, count in read(home, ABROAD):
        key = (str(sex), "minor" if group in ("0_11", "12_17") else "adult")
        parts[key] = parts.get(key, 0) + int(str(count))
        land = "US" if country == "US" else "other"
        lands[land] = lands.get(land, 0) + int(str(count))
    expected = {("female", "adult"): 39, ("male", "adult"): 33, ("male", "minor"): 155, ("female", "minor"): 86}
    assert parts == expected
    assert lands == {"US": 301, "other": 12}


def test_every_way_out_says_synthetic(mexico: tuple[Path, str]) -> None:
    home, said = mexico
    assert "Synthetic data: nobody here is real" in said
    text = enlace(home, "report", "national", "--year", "2020", "--stored")
    assert text.startswith("Synthetic data: nobody here is real")
    rows = csv.DictReader(
        io.StringIO(enlace(home, "report", "national", "--year", "2020", "--format", "csv", "--stored"))
    )
    assert {row["synthetic"] for row in rows} == {"yes"}
    assert (home / "synthetic").exists()
    assert (home / "demo.json").stat().st_mode & 0o077 == 0


def test_a_second_start_writes_nothing_and_the_code_changes_hands(mexico: tuple[Path, str]) -> None:
    home, said = mexico
    before = read(home, "SELECT count(*) FROM audit_auditevent")
    again = enlace(home, "demo", "--no-serve")
    assert read(home, "SELECT count(*) FROM audit_auditevent") == before
    assert [line for line in again.splitlines() if "TOTP" in line] == [
        line for line in said.splitlines() if "TOTP" in line
    ]
    code = enlace(home, "demo", "code", "estadistica").strip()
    assert code.isdecimal()
    assert len(code) == 6


def test_two_runs_give_equal_facts(small: Path, tmp_path: Path) -> None:
    enlace(tmp_path, "demo", "--no-serve", "--people", "50", country="xx")
    first, second = read(small, DIGEST), read(tmp_path, DIGEST)
    assert first == second
    assert int(str(first[0][1])) > 41
    assert read(small, WORK) == read(tmp_path, WORK)
    assert len(read(small, WORK)) > 40


def test_further_people_leave_the_calibrated_year_as_it_is(small: Path, tmp_path: Path) -> None:
    enlace(tmp_path, "demo", "--no-serve", country="xx")
    assert read(tmp_path, DIGEST) == read(small, DIGEST)
    people = "SELECT count(*) FROM people_person"
    assert int(str(read(small, people)[0][0])) == int(str(read(tmp_path, people)[0][0])) + 50


def test_with_nobody_there_are_accounts_and_no_people(tmp_path: Path) -> None:
    said = enlace(tmp_path, "demo", "--no-serve", "--people", "0")
    assert "TOTP" in said
    assert read(tmp_path, "SELECT count(*) FROM people_person") == [(0,)]
    assert read(tmp_path, "SELECT count(*) FROM statistics_nationaltable") == [(0,)]
    assert (tmp_path / "synthetic").exists()
