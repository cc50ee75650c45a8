"""The referral mechanism of the demonstration: the published numbers of 2020, and something waiting in each of its queues."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.demo.running import enlace, read, run

pytestmark = pytest.mark.slow

SPECIALISED = "('high_security_refuge', 'specialised_refuge', 'specialised_house')"
BARRED = "('women_violence_refuge', 'migration_station', 'detention_place')"
END_OF_OCTOBER = "2020-11-01 06:00"  # midnight in Mexico City, in UTC
LIVED_THERE = f"""
    SELECT count(*) FROM placements_stay s JOIN directory_site d ON d.id = s.site_id
    WHERE d.kind_code IN {SPECIALISED} AND s.admitted_at < '{END_OF_OCTOBER}' AND s.ended_at >= '{END_OF_OCTOBER}'
"""
SERVED = """
    SELECT count(DISTINCT s.case_id) FROM placements_stay s JOIN directory_site d ON d.id = s.site_id
    WHERE d.kind_code = 'high_security_refuge' AND strftime('%Y', s.admitted_at) = '2020'
"""


def one(home: Path, query: str) -> object:
    ((value,),) = read(home, query)
    return value


def test_the_directory_agrees_with_what_was_published(mexico: tuple[Path, str]) -> None:
    home, _said = mexico
    states = "SELECT count(DISTINCT state_code) FROM directory_site WHERE "
    takes = f"accepts_trafficking AND is_open AND kind_code NOT IN {BARRED} AND id IN (SELECT site_id FROM directory_bedunit)"
    assert one(home, states + f"kind_code IN {SPECIALISED}") == 7
    assert 32 - int(str(one(home, states + takes))) == 12
    paid = f"only_while_trial AND funding_code = 'state' AND kind_code IN {SPECIALISED}"
    assert read(home, f"SELECT count(*), count(DISTINCT state_code) FROM directory_site WHERE {paid}") == [(6, 3)]
    assert one(home, "SELECT count(DISTINCT from_state) FROM directory_agreement") == 4
    high = "SELECT max_stay_days, count(*) FROM directory_site s JOIN directory_bedunit u ON u.site_id = s.id "
    high += "JOIN directory_bed b ON b.unit_id = u.id WHERE s.kind_code = 'high_security_refuge' GROUP BY 1"
    assert read(home, high) == [(91, 50)]
    boys = f"SELECT count(*) FROM directory_site s WHERE {takes} AND NOT EXISTS (SELECT 1 FROM directory_criterion c "
    boys += "WHERE c.site_id = s.id AND c.fact = 'boys_age' AND c.must AND c.\"most\" = 13)"
    assert one(home, boys) == 0
    assert one(home, f"SELECT count(DISTINCT kind_code) FROM directory_site WHERE kind_code IN {BARRED}") == 3


def test_the_stays_of_2020_are_the_published_ones(mexico: tuple[Path, str]) -> None:
    home, _said = mexico
    assert one(home, LIVED_THERE) == 82
    assert one(home, SERVED) == 11
    males = "SELECT count(*) FROM placements_stay s JOIN cases_case c ON c.id = s.case_id JOIN people_person p "
    assert one(home, males + "ON p.id = c.person_id WHERE p.sex_code = 'male' AND p.age_group_code != '0_11'") == 0


def test_permits_and_returns_are_the_published_ones(mexico: tuple[Path, str]) -> None:
    home, _said = mexico
    turns = "SELECT count(*) FROM assistance_careturn WHERE verb = '{}' AND strftime('%Y', \"on\") = '{}'"
    assert one(home, turns.format("grant", 2019)) == 60
    assert one(home, turns.format("grant", 2020)) == 0
    assert int(str(one(home, turns.format("apply", 2020)))) > 0
    assert one(home, turns.format("arrive", 2020)) == 6
    halves = "SELECT half FROM assistance_halfreport WHERE half LIKE '2020-%'"
    assert read(home, halves) == [("2020-H1",)]


def test_nobody_is_lost_and_some_were_turned_away(mexico: tuple[Path, str]) -> None:
    home, _said = mexico
    states = dict(read(home, "SELECT status, count(*) FROM referrals_referral WHERE sent_at LIKE '2020-%' GROUP BY 1"))
    assert {"declined", "expired", "accepted", "completed", "interrupted"} <= states.keys()
    assert (
        int(str(one(home, "SELECT count(*) FROM referrals_referral WHERE attempt = 2 AND sent_at LIKE '2020-%'"))) > 9
    )
    reasons = {reason for (reason,) in read(home, "SELECT DISTINCT reason_code FROM placements_unmetneed")}
    assert {"boys_age", "no_agreement"} <= reasons
    left = "SELECT count(*) FROM referrals_referral r JOIN cases_case c ON c.id = r.case_id WHERE c.status = 'open' "
    left += "AND r.status IN ('declined', 'expired') AND r.followed_at IS NULL AND r.sent_at < '2021-01-01'"
    assert one(home, left) == 0  # the clocks have nothing to look for among people who were met years ago


def test_the_report_shows_the_whole_cascade_and_the_needs(mexico: tuple[Path, str]) -> None:
    text = enlace(mexico[0], "report", "assistance", "--year", "2020", "--stored")
    assert text.startswith("Synthetic data: nobody here is real")
    told = json.loads(enlace(mexico[0], "report", "assistance", "--year", "2020", "--stored", "--format", "json"))
    assert told["synthetic"] is True
    steps = {
        row["category"]: row["value"]
        for row in told["rows"]
        if row["table"] == "cascade" and row["dimension"] == "step"
    }
    assert steps["identified"] == 673 + 313
    cascade = [steps[step] for step in ("identified", "referred", "accepted", "assisted", "followed_up")]
    assert all(more > less > 0 for more, less in pairwise(cascade))
    needs = [
        row for row in told["rows"] if row["table"] == "needs" and row["dimension"] == "total" and not row["column"]
    ]
    assert needs[0]["value"] > 50


def test_these_weeks_have_something_in_each_queue(mexico: tuple[Path, str]) -> None:
    home, said = mexico
    alerts = {str(kind) for (kind,) in read(home, "SELECT kind FROM placements_stayalert WHERE ended_at IS NULL")}
    assert {"exit_plan", "detention"} <= alerts
    pages = json.loads(run(home, "tests.demo.first_pages"))
    assert {"stay_alerts", "beds", "lapsed", "person_requests"} <= set(pages["refugio"]["waiting"])
    assert {"unmet", "follow_ups_due", "permits_to_act_on"} <= set(pages["coordinacion"]["waiting"])
    assert "emergency_reviews" in pages["auditoria"]["waiting"]
    number = next(line for line in said.splitlines() if "own page" in line).rpartition(": ")[2]
    assert len(number.replace(" ", "")) == 16
    assert one(home, "SELECT count(*) FROM portal_ownpage WHERE status = 'open'") == 1
