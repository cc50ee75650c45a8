"""The demonstration's 2020 is closed: the returns of 32 states, a release by two people, and nothing to work out from it."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.demo.running import enlace, read, run

pytestmark = pytest.mark.slow

ANSWERED = """
    SELECT count(*) FROM returns_value v JOIN returns_periodicreturn r ON r.id = v.of_id
    WHERE r.template_code = 'state_justice' AND r.period = '2020'
    AND v.measure = '{}' AND v.key = '' AND v.kind IN ('value', 'zero')
"""
APPROVED = """
    SELECT r.number FROM releases_release r JOIN releases_releasedecision d ON d.release_id = r.id
    WHERE d.outcome = 'approved' ORDER BY r.number
"""
STORED = "SELECT r.number, f.name FROM releases_releasefile f JOIN releases_release r ON r.id = f.release_id"
# What a release is for everybody; its sealed inputs, the returns and all casework are left out.
PUBLIC = {"releases_release", "releases_releasefile", "releases_releasedecision", "django_migrations"}


def test_every_state_returned_and_fourteen_reported_prosecutions(mexico: tuple[Path, str]) -> None:
    home, _said = mexico
    states = "SELECT count(DISTINCT state_code), min(status), max(status) FROM returns_periodicreturn "
    assert read(home, states + "WHERE template_code = 'state_justice' AND period = '2020'") == [
        (32, "published", "published")
    ]
    assert read(home, ANSWERED.format("investigations")) == [(32,)]
    assert read(home, ANSWERED.format("prosecuted_cases")) == [(14,)]


def test_the_counted_year_says_what_was_published(mexico: tuple[Path, str]) -> None:
    told = json.loads(enlace(mexico[0], "report", "national", "--year", "2020", "--stored", "--format", "json"))
    totals = {row["indicator"]: row["value"] for row in told["rows"] if row["dimension"] == "total"}
    assert (totals["investigations"], totals["prosecuted_cases"], totals["reported_abroad"]) == (55 + 550, 51, 313)
    assert (totals["convicted_persons"], totals["prosecuted_persons"]) == (59, 75)


def test_the_release_is_of_two_people_verifies_and_gives_nothing_away(mexico: tuple[Path, str]) -> None:
    home, _said = mexico
    people = "SELECT prepared_by <> decided_by, outcome FROM releases_releasedecision"
    assert read(home, people) == [(1, "approved")]
    assert "every number are as published" in enlace(home, "release", "verify", "1")
    attacked = enlace(home, "release", "attack", "1")
    withheld, found = map(int, re.findall(r"\d+", attacked)[:2])
    assert withheld > 100
    assert found == 0, attacked


@pytest.fixture(scope="module")
def outside(mexico: tuple[Path, str]) -> dict[str, Any]:
    """What somebody without an account finds by following every link."""
    return json.loads(run(mexico[0], "tests.demo.closing_outside"))


def test_every_artefact_of_every_release_is_read_and_gives_nothing_away(
    mexico: tuple[Path, str], outside: dict[str, Any]
) -> None:
    home, _said = mexico
    numbers = [number for (number,) in read(home, APPROVED)]
    assert outside["releases"] == numbers != []
    assert (outside["unread"], outside["contradictions"]) == ([], [])
    assert outside["withheld"] > 100
    assert outside["recovered"] == []
    files = [f"/cifras/{number}/archivos/{name}" for number, name in read(home, STORED) if number in numbers]
    assert [address for address in files if address not in outside["artefacts"]] == []
    for number in numbers:
        assert f"/api/v1/releases/{number}" in outside["artefacts"]
        assert all(f"/cifras/{number}/metodo/?lang={code}" in outside["artefacts"] for code in ("es", "en"))
    many = outside["cells"]["tables.csv"]
    assert {outside["cells"][name] for name in ("tables.xlsx", "tables.parquet", "release.json")} == {many}
    assert outside["cells"]["text/html"] > many > 1000  # in two languages


def test_what_is_public_is_the_same_where_nothing_but_the_release_is_kept(
    mexico: tuple[Path, str], outside: dict[str, Any], tmp_path: Path
) -> None:
    """No page and no file, of whatever kind, can say what the release does not: it has nothing else to say it from."""
    home, _said = mexico
    for path in home.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    keep_only(tmp_path / "enlace.sqlite3", PUBLIC)
    alone = json.loads(run(tmp_path, "tests.demo.closing_outside"))
    assert alone["artefacts"] == outside["artefacts"]


def keep_only(path: Path, tables: set[str]) -> None:
    """Empty every other table of a copy, and take away what guards them."""
    with closing(sqlite3.connect(path)) as kept:
        kept.execute("PRAGMA foreign_keys = OFF")
        for (name,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            kept.execute(f'DROP TRIGGER "{name}"')
        found = kept.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        for (name,) in found.fetchall():
            if name not in tables and not name.startswith("sqlite_"):
                kept.execute(f'DELETE FROM "{name}"')
        kept.commit()
