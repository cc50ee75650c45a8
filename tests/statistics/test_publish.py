"""What leaves: protected counts, amounts only where their persons are shown, ratios of what is shown, returns with gaps."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from enlace.country.loader import Pack, load
from enlace.statistics.actions import compute_national
from enlace.statistics.national import categories, cells_of, compare, national_tables, period_of
from enlace.statistics.queries import who_answered
from reckon.indicators.compute import codes_of
from reckon.tables import EventFact, ReportedFact, reported_to_arrow, to_arrow
from tests.returns.cast import accepted
from tests.world import World

YEAR = period_of("2020")
Tables = list[dict[str, object]]


@cache
def load_mx() -> Pack:
    return load(Path(__file__).resolve().parents[2] / "countries" / "mx")


@pytest.fixture
def mx() -> Pack:
    return load_mx()


def invented(pack: Pack, seed: int) -> list[EventFact]:
    """Events of every kind that the pack's indicators count, with codes from the lists of that kind."""
    chance, order, facts = random.Random(seed), categories(pack), []
    for definition in pack.definitions:
        for number in range(60 if definition.source == "facts" else 0):
            codes = {name: chance.choice([*codes_of(definition, name, order), ""]) for name in definition.dimensions}
            codes |= {name: chance.choice(allowed) for name, allowed in definition.where.items()}
            who, on = f"{definition.id}-{number}", YEAR.start + timedelta(days=chance.randrange(366))
            blank = dict.fromkeys(("agency", "agency_kind", "state", "sex", "age_group", "form"), "")
            value = Decimal(chance.randrange(1, 400))
            given = {**blank, **codes, "record": who, "value": value}
            facts.append(EventFact(person=who, case="", measure=definition.of, on=on, **given))
    return facts


def said(measure: str, state: str, value: int) -> list[ReportedFact]:
    """A return of one number that breaks nothing down."""
    level, days = "state" if state else "federal", (YEAR.start, YEAR.end)
    asked = load_mx().return_templates
    names = {name for one in asked for m in one.measures if m.id == measure for by in m.by for name in by}
    return [
        ReportedFact(measure, *days, state, level, "court", name, "", Decimal(value), "t", state)
        for name in ("", *sorted(names))
    ]


def tables_of(pack: Pack, *returns: list[ReportedFact]) -> Tables:
    rows = [row for found in returns for row in found]
    return national_tables(pack, to_arrow([]), YEAR, [], reported_to_arrow(rows))


def value_of(tables: Tables, indicator: str, dimension: str = "", category: str = "") -> tuple[object, object]:
    cell = next(c for c in cells_of(tables, indicator, dimension) if c["category"] == category)
    return cell["value"], cell["status"]


def test_every_indicator_of_the_pack_is_counted_and_no_small_number_about_persons_is_shown(mx: Pack) -> None:
    tables = national_tables(mx, to_arrow(invented(mx, 1)), YEAR, ["MX-JAL"])
    for definition in mx.definitions:
        for name in ("", *definition.dimensions, *definition.groupings):
            cells = cells_of(tables, definition.id, name)
            assert cells, (definition.id, name)
            if definition.is_protected and definition.measure == "count":
                small = [cell for cell in cells if cell["value"] is not None and 0 < cell["value"] < 10]
                assert not small, (definition.id, name)
    assert value_of(tables, "investigations") == (None, "missing")
    assert value_of(tables, "identified")[0] is not None


def test_a_state_that_sent_nothing_is_missing_and_the_gaps_are_told(mx: Pack) -> None:
    sent = {"MX-JAL": 4, "MX-COL": 0, "": 55}
    tables = tables_of(mx, *(said("investigations", state, number) for state, number in sent.items()))
    total = next(t for t in tables if t["indicator"] == "investigations" and not t["dimension"])
    assert value_of(tables, "investigations") == (59, "published")
    assert total["completeness"] == {"states": 2, "partly": 0, "of": 32, "federal": 1}
    assert value_of(tables, "investigations", "state", "MX-COL") == (0, "zero")
    assert value_of(tables, "investigations", "state", "MX-CAM") == (None, "missing")
    assert value_of(tables, "investigations", "state.jurisdiction", "federal") == (55, "published")
    assert value_of(tables, "investigations", "state.jurisdiction", "state") == (4, "published")


def test_half_a_year_of_returns_is_told_as_part_of_it(mx: Pack) -> None:
    half = [replace(row, ends=date(2020, 6, 30)) for row in said("investigations", "MX-JAL", 4)]
    tables = tables_of(mx, half)
    total = next(t for t in tables if t["indicator"] == "investigations" and not t["dimension"])
    assert total["completeness"] == {"states": 0, "partly": 1, "of": 32, "federal": 0}
    federal = [replace(row, ends=date(2020, 6, 30)) for row in said("investigations", "", 55)]
    found = next(t for t in tables_of(mx, federal) if t["indicator"] == "investigations" and not t["dimension"])
    assert found["completeness"] == {"states": 0, "partly": 0, "of": 32, "federal": 0, "federal_partly": 1}
    assert who_answered(found["completeness"]) == "0 of 32 states · federal: reported for part of the period"


@pytest.mark.parametrize(("persons", "shown"), [(3, (None, "suppressed")), (12, (5000, "published"))])
def test_an_amount_is_shown_only_where_its_persons_are(mx: Pack, persons: int, shown: tuple[object, str]) -> None:
    tables = tables_of(mx, said("reparation_persons", "", persons), said("reparation_ordered", "", 5000))
    assert value_of(tables, "reparation_ordered") == shown


def test_nothing_paid_of_what_was_ordered_is_zero_and_not_missing(mx: Pack) -> None:
    ordered = said("reparation_persons", "", 12), said("reparation_ordered", "", 5000)
    tables = tables_of(mx, *ordered, said("reparation_persons_paid", "", 0), said("reparation_paid", "", 0))
    assert value_of(tables, "reparation_paid_share") == (0, "zero")


def test_the_rate_of_the_goals_divides_by_the_people_of_the_same_sex_age_and_state(mx: Pack) -> None:
    facts = [
        EventFact(f"p{n}", "identified", YEAR.start, "a", "police", "MX-JAL", "female", "12_17", "slavery", f"c{n}")
        for n in range(40)
    ]
    tables = national_tables(mx, to_arrow(facts), YEAR, ["MX-JAL"])

    def rate(state: str | None = None, sex: str | None = None, age: str | None = None) -> float:
        people = mx.population(state, 2020, sex, age)
        assert people
        return float(round(Decimal(4_000_000) / people, 2))

    assert value_of(tables, "sdg_16_2_2")[0] == rate()
    assert value_of(tables, "sdg_16_2_2", "state", "MX-JAL")[0] == rate("MX-JAL")
    assert value_of(tables, "sdg_16_2_2", "sex", "female")[0] == rate(None, "female")
    assert value_of(tables, "sdg_16_2_2", "age_group.majority", "minor")[0] == rate(None, None, "minor")
    assert value_of(tables, "sdg_16_2_2", "form.glotip", "forced_labour_servitude_slavery")[0] == rate()
    assert value_of(tables, "sdg_16_2_2", "state", "MX-CAM") == (None, "missing")


def test_a_withheld_count_has_no_rate(mx: Pack) -> None:
    facts = [
        EventFact(f"p{n}", "identified", YEAR.start, "a", "police", "MX-JAL", "female", "", "", f"c{n}")
        for n in range(4)
    ]
    tables = national_tables(mx, to_arrow(facts), YEAR, ["MX-JAL"])
    assert value_of(tables, "identified") == (None, "suppressed")
    assert value_of(tables, "sdg_16_2_2") == (None, "suppressed")


def test_a_figure_about_a_part_stands_beside_our_part(mx: Pack) -> None:
    tables = tables_of(mx, said("investigations", "MX-CAM", 2), said("investigations", "", 55))
    definition = next(d for d in mx.definitions if d.id == "investigations")
    total = cells_of(tables, "investigations", "")[0]
    found = {(c.dimension, c.category): c.difference for c in compare(mx, definition, "2020", total, tables)}
    assert found["state.jurisdiction", "federal"] == 0
    assert found["state", "MX-CAM"] == 2
    assert found["state", "MX-COL"] is None


def test_accepted_returns_reach_the_stored_table(world: World) -> None:
    for period in ("2024-H1", "2024-H2"):
        accepted(world.bruno, world.elena, {"charged|": "20", "convicted|": "10"}, period=period)
    table = compute_national(by=world.elena, year=2024)
    assert value_of(table.tables, "charged", "state", "XX-N") == (40, "published")
    assert value_of(table.tables, "charged", "state", "XX-S") == (None, "missing")
    assert value_of(table.tables, "convicted_share") == (50, "published")
