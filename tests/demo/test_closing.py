"""The demonstration's 2020 is closed: the returns of 32 states, a release by two people, and nothing to work out from it."""

import json
import re
from pathlib import Path

import pytest

from tests.demo.running import enlace, read

pytestmark = pytest.mark.slow

ANSWERED = """
    SELECT count(*) FROM returns_value v JOIN returns_periodicreturn r ON r.id = v.of_id
    WHERE r.template_code = 'state_justice' AND r.period = '2020'
    AND v.measure = '{}' AND v.key = '' AND v.kind IN ('value', 'zero')
"""


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
