"""The referral mechanism in numbers: the cascade is the slow count, nothing small is shown, pages and files say the same."""

import csv
import io
import json
from collections import Counter

import pytest
from django.utils import timezone

from enlace.assistance.models import ServiceGiven
from enlace.base.errors import Forbidden, Refusal
from enlace.cases.facts import midnight
from enlace.cases.models import Decision
from enlace.referrals.facts import referrals_sent
from enlace.referrals.models import Referral
from enlace.statistics import mechanism_report
from enlace.statistics.actions import compute_mechanism
from enlace.statistics.mechanism import STEPS, at_least, cascade, count_tables, mechanism
from tests.cases.pages import signed_in
from tests.statistics.nation import END, START, YEAR, make_nation
from tests.world import World


def slow_cascade() -> Counter[str]:
    """One person after another, one query after another."""
    found: Counter[str] = Counter()
    years = Decision.objects.filter(outcome="identified", decided_at__year=YEAR)
    for person_id in set(years.values_list("case__person_id", flat=True)):
        referrals = Referral.objects.filter(case__person_id=person_id, sent_at__gte=midnight(START))
        step = "identified"
        if referrals.exists():
            step = (
                "accepted" if any(r.status in ("accepted", "started", "completed") for r in referrals) else "referred"
            )
        if ServiceGiven.objects.filter(case__person_id=person_id, started_on__gte=START).exists():
            step = "assisted"
        found[step] += 1
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_cascade_is_the_slow_count(world: World, seed: int) -> None:
    make_nation(seed)
    until = END.replace(year=YEAR + 1)
    family = cascade(START, END, until, list(referrals_sent(START, until)))
    assert Counter(row["last_step"] for row in family.rows) == slow_cascade()
    whole, split, *rest = count_tables(family, str(YEAR))
    assert whole[()] == sum(split.counts) == len(family.rows) > 20
    for table in rest:
        assert sum(count or 0 for count in table.counts) == len(family.rows)


def test_how_many_got_as_far_is_withheld_when_a_part_of_it_is() -> None:
    stand: dict[str, int | None] = {"identified": 9, "referred": None, "accepted": 6, "assisted": 20, "followed_up": 5}
    assert [at_least(stand, step) for step in STEPS] == [None, None, 31, 25, 5]


@pytest.mark.parametrize("seed", [7, 8])
def test_what_is_stored_shows_no_small_count(world: World, seed: int) -> None:
    make_nation(seed)
    stored = compute_mechanism(by=world.elena, year=YEAR)
    cells = [cell for family in stored.tables["families"] for table in family["tables"] for cell in table["cells"]]
    assert len(cells) > 60
    assert not [cell for cell in cells if cell["value"] is not None and 0 < cell["value"] < stored.threshold]
    assert any(cell["value"] is None for cell in cells)


def test_a_year_without_anything_is_counted_as_such(world: World) -> None:
    stored = mechanism(START, END, END)
    assert [family["tables"] for family in stored["families"]] == [[] for _ in stored["families"]]
    assert stored["medians"] == {"answer": None, "answer_shelter": None, "bed": None}
    compute_mechanism(by=world.elena, year=YEAR)
    found = mechanism_report.mechanism(viewer=world.elena, period=str(YEAR))
    assert [step.value for step in found.steps] == [0, 0, 0, 0, 0]


def test_terminal_and_files_say_what_the_page_says(world: World) -> None:
    make_nation(3)
    compute_mechanism(by=world.elena, year=YEAR)
    found = mechanism_report.mechanism(viewer=world.elena, period=str(YEAR))
    rows = mechanism_report.as_rows(found)
    read = list(csv.DictReader(io.StringIO(mechanism_report.as_csv(found, synthetic=True), newline="")))
    assert [row["value"] for row in read] == ["" if row["value"] is None else str(row["value"]) for row in rows]
    assert json.loads(mechanism_report.as_json(found, synthetic=True))["rows"] == json.loads(json.dumps(rows))
    text = mechanism_report.render_text(found)
    page = signed_in("elena").get(f"/statistics/assistance/?year={YEAR}")
    assert page.status_code == 200
    for step in found.steps:
        shown = mechanism_report.number(step.value)
        assert f"{step.label}: {shown}" in text
        assert shown in page.content.decode()


def test_an_uncounted_year_says_what_to_do(world: World) -> None:
    client = signed_in("elena")
    page = client.get("/statistics/assistance/")
    assert "Nothing has been counted yet" in page.content.decode()
    answer = client.post("/statistics/assistance/compute/", {"year": str(YEAR)})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?year={YEAR}")
    assert client.get(f"/statistics/assistance-{YEAR}.csv")["Content-Type"].startswith("text/csv")


def test_only_who_may_count_counts_and_only_years_that_began(world: World) -> None:
    with pytest.raises(Forbidden):
        compute_mechanism(by=world.bruno, year=YEAR)
    with pytest.raises(Refusal):
        compute_mechanism(by=world.elena, year=timezone.localdate().year + 1)
