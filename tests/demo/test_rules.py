"""The invented caseload: the same every time, and equal to the published totals where there are some."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from enlace.country.loader import Pack, load
from enlace.country.queries import current
from enlace.demo.rules import (
    RECENT,
    SENT_ON,
    Block,
    Invented,
    calibrated,
    days_of,
    dice,
    invent,
    labels,
    recent,
    uncalibrated,
)

TODAY = date(2025, 7, 1)


@pytest.fixture(scope="module")
def mexico() -> Pack:
    return load(settings.ENLACE_COUNTRIES_DIR / "mx")


def people_of(pack: Pack, block: Block) -> list[Invented]:
    return invent(pack, [block], [state.code for state in pack.states])


def test_the_published_totals_are_met(mexico: Pack) -> None:
    sizes = {block.name: block.size for block in calibrated(mexico)}
    assert {name.partition(" ")[2]: n for name, n in sizes.items() if name.startswith("identified")} == {
        "2018": 706,
        "2019": 658,
        "2020": 673,
    }
    abroad = {name.partition(" ")[2]: n for name, n in sizes.items() if name.startswith("abroad")}
    assert abroad == {"2018": 860, "2019": 933, "2020-H1": 313}


def test_the_parts_of_those_found_abroad_are_met(mexico: Pack) -> None:
    block = next(b for b in calibrated(mexico) if b.is_abroad and b.name.endswith("2020-H1"))
    people = people_of(mexico, block)
    majority = {c.code: c.extra.get("majority") for c in mexico.codes("age_group")}
    assert Counter((p.sex, majority[p.age_group]) for p in people) == {
        ("female", "adult"): 39,
        ("male", "adult"): 33,
        ("male", "minor"): 155,
        ("female", "minor"): 86,
    }
    assert Counter(p.country == "US" for p in people) == {True: 301, False: 12}
    assert all(p.is_abroad and p.state == "" and p.country != mexico.country_iso2 for p in people)


def test_the_same_input_invents_the_same_people() -> None:
    pack = current()
    blocks = calibrated(pack) + uncalibrated(pack, 30, TODAY)
    states = [state.code for state in pack.states]
    assert invent(pack, blocks, states) == invent(pack, blocks, states)
    assert invent(pack, blocks, states[:1]) != invent(pack, blocks, states)


def test_a_figure_that_is_no_plain_total_of_a_period_makes_no_block() -> None:
    pack = current()
    assert [(b.name, b.size) for b in calibrated(pack)] == [("identified 2024", 41)]
    template = next(f for f in pack.figures if f.indicator_id == "victims_identified" and not f.qualifier)
    odd: list[Any] = [
        replace(template, value=None),
        replace(template, qualifier="ge"),
        replace(template, breakdown={"group": "women"}),
        replace(template, period="since 2010"),
        replace(template, indicator_id="convictions"),
        replace(template, indicator_id="victims_abroad", area="US"),
    ]
    made: Any = SimpleNamespace(figures=odd, figures_for=pack.figures_for)
    assert calibrated(made) == []


def test_further_people_fall_outside_the_calibrated_years() -> None:
    pack = current()
    assert uncalibrated(pack, 0, TODAY) == []
    (block,) = uncalibrated(pack, 20, TODAY)
    assert (block.start, block.end, block.size) == (date(2025, 1, 1), date(2025, 6, 30), 20)
    assert [b.start for b in calibrated(pack)] == [date(2024, 1, 1)]
    without: Any = SimpleNamespace(figures=())
    assert uncalibrated(without, 5, TODAY)[0].start == date(2023, 1, 1)


def test_this_year_has_people_once_it_is_a_month_old() -> None:
    assert recent(date(2026, 1, 31)) == []
    assert recent(date(2026, 2, 1)) == [Block("recent", date(2026, 1, 1), date(2026, 1, 31), RECENT)]


def test_everything_happens_in_its_order_and_inside_the_period(mexico: Pack) -> None:
    for block in calibrated(mexico):
        for p in people_of(mexico, block):
            assert block.start <= p.opened_on <= p.identified_on <= block.end
            assert p.referred_on is None or p.identified_on <= p.referred_on
            assert p.assisted_on is None or (p.is_accepted and p.referred_on and p.referred_on < p.assisted_on)
            assert not p.is_accepted or p.referred_on is not None
            assert not p.has_second_case or (p.is_accepted and not p.is_abroad)
            assert p.closed_on is None or p.closed_on > p.identified_on


def test_only_a_referral_that_nobody_accepted_was_turned_away(mexico: Pack) -> None:
    people = people_of(mexico, recent(TODAY)[0])
    waiting = [replace(person, referred_on=TODAY, is_accepted=False) for person in people]
    assert {person.turned_away for person in waiting} == {"declined", "expired", SENT_ON}
    assert {replace(person, is_accepted=True).turned_away for person in waiting} == {""}
    assert {replace(person, referred_on=None).turned_away for person in waiting} == {""}


def test_a_part_that_falls_short_is_filled_with_others() -> None:
    pack = current()
    block = Block("x", date(2024, 1, 1), date(2024, 12, 31), 10, True, {"women": 4}, {"MX": 3})
    people = people_of(pack, block)
    assert len(people) == 10
    assert sum(p.country == "MX" for p in people) == 3
    assert Decimal(len(people)) == 10


def test_labels_are_as_many_as_their_parts_and_shuffled_the_same_way_every_time() -> None:
    parts = {"a": 3, "b": 2}
    drawn = labels(dice("labels"), parts, 5)
    assert sorted(drawn) == ["a", "a", "a", "b", "b"]
    assert drawn == labels(dice("labels"), parts, 5)
    with pytest.raises(ValueError, match="do not add up to 6"):
        labels(dice("labels"), parts, 6)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2020", (date(2020, 1, 1), date(2020, 12, 31))),
        ("2020-H1", (date(2020, 1, 1), date(2020, 6, 30))),
        ("2020-H2", (date(2020, 7, 1), date(2020, 12, 31))),
        ("2020-Q1", None),
        ("2010-2015", None),
        ("20", None),
        ("since", None),
        ("", None),
    ],
)
def test_periods_that_are_a_year_or_half_of_one_have_days(period: str, expected: object) -> None:
    assert days_of(period) == expected
