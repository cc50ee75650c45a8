"""Counting: each person once, whoever registered them; nothing small is shown; what is missing is not zero."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Refusal
from enlace.country.queries import current
from enlace.statistics.actions import compute_national, declare_nothing
from enlace.statistics.models import NationalTable, NilReturn
from enlace.statistics.national import categories, cells_of, definitions, period_of
from enlace.statistics.snapshot import snapshot
from reckon.indicators import compute
from tests.cases.pages import faulty, signed_in
from tests.statistics.nation import END, START, YEAR, make_nation, slow_count
from tests.world import World, a_case, a_person, a_referral, accepted, identified

DIMENSIONS = ("", "state", "sex", "age_group", "form")


@pytest.mark.parametrize("seed", range(3))
def test_the_fast_count_is_the_slow_count(world: World, seed: int) -> None:
    make_nation(seed)
    pack, facts, period = current(), snapshot(START, END), period_of(str(YEAR))
    for definition in (d for d in definitions(pack) if d.group == "people"):
        slow = slow_count(definition.id)
        assert sum(slow[""].values()) > 0
        for table in compute(definition, facts, period, categories(pack)):
            name = table.dimensions[0] if table.dimensions else ""
            if name not in slow:
                continue
            fast = dict(zip(table.categories[0] if name else ("",), table.counts, strict=True))
            assert fast == {code: slow[name][code] for code in fast}, (definition.id, name)
            assert set(slow[name]) <= set(fast)


@pytest.mark.parametrize("seed", [7, 8])
def test_what_is_stored_shows_no_small_count_and_nothing_false(world: World, seed: int) -> None:
    make_nation(seed)
    table = compute_national(by=world.elena, year=YEAR)
    shown = 0
    people = {d.id for d in definitions(current()) if d.group == "people"}
    for stored in table.tables:
        if stored["indicator"] not in people or stored["dimension"] not in DIMENSIONS:
            continue
        slow = slow_count(stored["indicator"])[stored["dimension"]]
        for cell in stored["cells"]:
            if cell["value"] is not None:
                shown += 1
                assert not 0 < cell["value"] < table.threshold
                assert cell["value"] == slow[cell["category"]]
            else:
                assert cell["status"] != "zero"
    assert shown > 20


def test_a_person_that_two_agencies_identified_in_one_year_counts_once(world: World) -> None:
    """Both registered a case for the same person, and one of them identified again after new exploitation."""
    people = [a_person(world.bruno) for _ in range(6)]
    for person_id in people:
        first = a_case(world.bruno, person_id)
        identified(world.bruno, first)
        accepted(world.carla, a_referral(world.bruno, first))
        identified(world.lucas, a_case(world.lucas, person_id))
    table = compute_national(by=world.elena, year=timezone.localdate().year)
    totals = {name: cells_of(table.tables, name, "")[0]["value"] for name in ("identified", "referred")}
    assert totals == {"identified": 6, "referred": 6}


def test_who_refused_consent_is_counted_like_everybody(world: World) -> None:
    for number in range(6):
        case_id = a_case(world.bruno, a_person(world.bruno, consents=(None, False)[number % 2]))
        identified(world.bruno, case_id)
        a_referral(world.bruno, case_id, ground_code="emergency")
    table = compute_national(by=world.elena, year=timezone.localdate().year)
    assert [cells_of(table.tables, name, "")[0]["value"] for name in ("identified", "referred")] == [6, 6]


def test_silence_is_missing_and_a_word_is_zero(world: World) -> None:
    from dataclasses import replace

    year = timezone.localdate().year
    for _ in range(6):
        identified(world.bruno, a_case(world.bruno))
    south = replace(world.bruno, agency_code="prosecutor-south")

    def states() -> dict[str, tuple[object, str]]:
        table = compute_national(by=world.elena, year=year)
        cells = cells_of(table.tables, "identified", "state")
        return {cell["category"]: (cell["value"], cell["status"]) for cell in cells}

    before = states()
    assert before["XX-N"][0] == 6
    assert before["XX-S"] == (None, "missing")
    declare_nothing(by=south, year=year)
    after = states()
    assert after["XX-S"] == (0, "zero")
    assert after["XX-I"] == (None, "missing")


def test_a_year_nobody_reported_is_missing_throughout(world: World) -> None:
    table = compute_national(by=world.elena, year=2001)
    statuses = {cell["status"] for stored in table.tables for cell in stored["cells"]}
    assert statuses == {"missing"}
    assert (table.reporting_agencies, table.reporting_states, table.fact_count) == (0, [], 0)


def test_earlier_tables_stay_and_equal_facts_have_equal_digests(world: World) -> None:
    make_nation(3, size=8)
    first, second = (compute_national(by=world.elena, year=YEAR) for _ in range(2))
    assert first.digest == second.digest
    assert first.tables == second.tables
    make_nation(4, size=8)
    third = compute_national(by=world.elena, year=YEAR)
    assert third.digest != first.digest
    assert NationalTable.objects.count() == 3


@pytest.mark.parametrize("year", [0, -1, 1989, 10_000, date.today().year + 1])
def test_a_year_that_has_not_begun_is_not_counted(world: World, year: int) -> None:
    for act, by in ((compute_national, world.elena), (declare_nothing, world.bruno)):
        with pytest.raises(Refusal):
            act(by=by, year=year)
    assert not NationalTable.objects.exists()
    assert not NilReturn.objects.exists()


def test_who_may_count_and_who_may_say_that_nobody_was_met(world: World) -> None:
    year = timezone.localdate().year
    for by in (world.bruno, world.carla, world.gema):
        with pytest.raises(Forbidden):
            compute_national(by=by, year=year)
    for by in (world.alma, world.carla, world.gema):
        with pytest.raises(Forbidden):
            declare_nothing(by=by, year=year)
    assert declare_nothing(by=world.bruno, year=year).pk == declare_nothing(by=world.lucas, year=year).pk
    assert NilReturn.objects.count() == 1


def test_the_end_of_the_year_is_the_country_s_midnight(world: World) -> None:
    last = timezone.make_aware(timezone.datetime(2024, 12, 31, 23, 59))
    for moment, opened in ((last, last - timedelta(days=1)), (last + timedelta(minutes=1), last - timedelta(days=1))):
        identified(world.bruno, a_case(world.bruno, opened_at=opened), decided_at=moment)
    assert [snapshot(date(y, 1, 1), date(y, 12, 31)).num_rows for y in (2024, 2025)] == [1, 1]


@pytest.mark.parametrize("year", ["", "abcd", "²²²²", "20.5", "99999", "-202", "٢٠٩٩", "\x00", "1e3"])
def test_a_year_that_is_none_is_refused_on_the_page(world: World, year: str) -> None:
    for name, address in (("elena", "/statistics/compute/"), ("bruno", "/statistics/nothing/")):
        page = faulty(name).post(address, {"year": year})
        assert page.status_code == 409
        assert "Choose a year that has begun." in page.text


def test_the_pages_count_and_take_the_word(world: World) -> None:
    year = timezone.localdate().year
    counted = signed_in("elena").post("/statistics/compute/", {"year": str(year)}, follow=True)
    assert counted.redirect_chain == [(f"/statistics/?year={year}", 302)]
    assert "was counted: 0 facts." in counted.text
    said = signed_in("bruno").post("/statistics/nothing/", {"year": str(year)}, follow=True)
    assert "Recorded: your agency met nobody" in said.text
    assert signed_in("elena").get("/statistics/compute/").status_code == 405
