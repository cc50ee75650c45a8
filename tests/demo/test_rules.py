"""The invented caseload adds up, repeats itself, and names nobody."""

from datetime import date
from pathlib import Path

import pytest

from enlace.country.loader import load
from enlace.country.queries import current
from enlace.demo import rules
from enlace.demo.rules import Block, calibrated, days_of, invent, uncalibrated

MEXICO = Path(__file__).resolve().parents[2] / "countries" / "mx"
STATES = tuple(state.code for state in current().states)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2020", (date(2020, 1, 1), date(2020, 12, 31))),
        ("2020-H1", (date(2020, 1, 1), date(2020, 6, 30))),
        ("2020-H2", (date(2020, 7, 1), date(2020, 12, 31))),
        ("2020-Q1", None),
        ("20", None),
        ("2019/2020", None),
    ],
)
def test_periods(period: str, expected: tuple[date, date] | None) -> None:
    assert days_of(period) == expected


def test_the_calibrated_blocks_are_the_published_totals() -> None:
    pack = current()
    totals = {
        f"identified {f.period}": int(f.value)
        for f in pack.figures_for(rules.IDENTIFIED)
        if f.value is not None and not f.qualifier and "group" not in f.breakdown and days_of(f.period)
    }
    assert {block.name: block.size for block in calibrated(pack) if not block.is_abroad} == totals


def test_more_people_fall_outside_the_calibrated_years() -> None:
    pack, today = current(), date(2030, 1, 1)
    assert uncalibrated(pack, 0, today) == []
    (block,) = uncalibrated(pack, 7, today)
    assert block.size == 7
    assert all(block.start > other.end for other in calibrated(pack))


def test_the_same_blocks_make_the_same_people() -> None:
    pack = current()
    block = Block("some", date(2024, 1, 1), date(2024, 12, 31), 200)
    people = invent(pack, [block], STATES)
    assert people == invent(pack, [block], STATES)
    assert len(people) == 200
    assert all(block.start <= p.identified_on <= block.end and p.opened_on < p.identified_on for p in people)
    assert all(p.referred_on for p in people if p.is_accepted)
    assert all(p.is_accepted for p in people if p.assisted_on)


def test_groups_and_countries_add_up_to_their_parts() -> None:
    pack = current()
    first = next(c.code for c in pack.codes("country") if c.code != pack.country_iso2)
    block = Block(
        "abroad",
        date(2024, 1, 1),
        date(2024, 6, 30),
        50,
        is_abroad=True,
        groups={"girls": 20, "men": 10},
        countries={first: 5},
    )
    people = invent(pack, [block], STATES)
    majority = {c.code: c.extra.get("majority") for c in pack.codes("age_group")}
    girls = [p for p in people if p.sex == "female" and majority[p.age_group] == "minor"]
    assert len(girls) >= 20
    assert sum(p.country == first for p in people) == 5
    assert all(p.is_abroad and not p.state and not p.has_second_case for p in people)


def test_published_parts_never_exceed_their_total() -> None:
    abroad = [block for block in calibrated(load(MEXICO)) if block.is_abroad]
    assert abroad
    assert any(block.groups for block in abroad)
    assert any(block.countries for block in abroad)
    for block in abroad:
        assert sum((block.groups or {}).values()) <= block.size
        assert sum((block.countries or {}).values()) <= block.size
