"""Indicators on DuckDB against the slow version."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.indicators import compute, compute_values, oracle, read_definition
from reckon.tables import EventFact, InputError, ReportedFact, reported_to_arrow, to_arrow, write_parquet
from tests.reckon.indicators.given import CATEGORIES, FACTS, RAW, REPORTED, RETURNED, YEAR

P1 = EventFact("p1", "identified", date(2020, 3, 1), "a", "police", "A", "f", "minor", "x", "c1")


@settings(max_examples=40)  # each example starts a database engine
@given(
    facts=FACTS,
    unit=st.sampled_from(["person", "case", "referral"]),
    reporting=st.none() | st.sets(st.sampled_from("AB")),
)
def test_duckdb_counts_as_the_slow_version_does(facts: list[EventFact], unit: str, reporting: set[str] | None) -> None:
    definition = read_definition(RAW | {"unit": unit}, "test")
    crosses = [("sex", "age_group"), ("state", "form")]
    ours = compute(definition, to_arrow(facts), YEAR, CATEGORIES, crosses=crosses, reporting_states=reporting)
    assert ours == oracle.count(definition, facts, YEAR, CATEGORIES, crosses=crosses, reporting_states=reporting)


@settings(max_examples=40)
@given(facts=FACTS, measure=st.sampled_from(["sum", "median"]), counted=st.sampled_from(["person", "referral"]))
def test_duckdb_sums_and_finds_medians_as_the_slow_version_does(
    facts: list[EventFact], measure: str, counted: str
) -> None:
    definition = read_definition(RAW | {"unit": "days", "measure": measure, "counted": counted}, "test")
    ours = compute_values(definition, to_arrow(facts), YEAR, CATEGORIES, crosses=[("sex", "state")])
    assert ours == oracle.values(definition, facts, YEAR, CATEGORIES, crosses=[("sex", "state")])


@settings(max_examples=40)
@given(facts=REPORTED, only=st.sampled_from([{}, {"jurisdiction": ["state"]}]))
def test_duckdb_adds_up_returns_as_the_slow_version_does(facts: list[ReportedFact], only: dict[str, list[str]]) -> None:
    definition = read_definition(RETURNED | {"where": only}, "test")
    ours = compute_values(definition, reported_to_arrow(facts), YEAR, CATEGORIES)
    assert ours == oracle.returned(definition, facts, YEAR, CATEGORIES)


def test_margins_add_up_and_silence_is_not_zero() -> None:
    facts = [
        P1,
        EventFact("p1", "identified", date(2020, 2, 1), "b", "police", "B", "f", "adult", "y", "c2"),
        EventFact("p2", "identified", date(2020, 3, 1), "a", "police", "A", "m", "adult", "x", "c3"),
    ]
    total, by_state, *_ = compute(
        read_definition(RAW, "test"), to_arrow(facts), YEAR, CATEGORIES, reporting_states={"A", "B"}
    )
    assert total.counts == (2,)
    assert by_state.counts == (1, 1, None, 0)


def test_where_no_state_reported_nothing_is_zero() -> None:
    tables = compute(read_definition(RAW, "test"), to_arrow([]), YEAR, CATEGORIES, reporting_states=())
    assert {count for table in tables for count in table.counts} == {None}


def test_a_state_without_a_return_is_missing_and_one_that_reported_none_is_zero() -> None:
    def said(state: str, value: Decimal | None) -> ReportedFact:
        days = (date(2020, 1, 1), date(2020, 12, 31))
        return ReportedFact("opened", *days, state, "state", "prosecutor", "", "", value, "justice", state)

    facts = reported_to_arrow([said("A", Decimal(0)), said("B", None), said("", Decimal(4))])
    definition = read_definition(
        RETURNED | {"measure": "count", "unit": "investigation", "counted": "investigation"}, "t"
    )
    total, by_state, by_form, _ = compute(definition, facts, YEAR, CATEGORIES)
    assert total.counts == (4,)
    assert dict(zip(by_state.categories[0], by_state.counts, strict=True)) == {
        "A": 0,
        "B": None,
        "C": None,
        "federal": 4,
    }
    assert set(by_form.counts) == {None}


def test_a_fraction_where_things_are_counted_is_refused() -> None:
    days = (date(2020, 1, 1), date(2020, 12, 31))
    fact = ReportedFact("opened", *days, "A", "state", "prosecutor", "", "", Decimal("0.5"), "justice", "1")
    definition = read_definition(RETURNED | {"measure": "count", "counted": "investigation"}, "test")
    with pytest.raises(InputError, match="fraction"):
        compute(definition, reported_to_arrow([fact]), YEAR, CATEGORIES)


def test_a_file_and_a_table_give_the_same(tmp_path: Path) -> None:
    facts = to_arrow([P1])
    write_parquet(facts, tmp_path / "it's.parquet")
    definition = read_definition(RAW, "test")
    assert compute(definition, facts, YEAR, CATEGORIES) == compute(
        definition, tmp_path / "it's.parquet", YEAR, CATEGORIES
    )


def test_a_code_outside_its_list_is_refused_and_not_dropped() -> None:
    facts = to_arrow([EventFact("p", "identified", date(2020, 3, 1), "a", "police", "Z", "f", "minor", "x", "c")])
    with pytest.raises(InputError, match="state"):
        compute(read_definition(RAW, "test"), facts, YEAR, CATEGORIES)
    days = (date(2020, 1, 1), date(2020, 12, 31))
    strange = ReportedFact("opened", *days, "Z", "state", "prosecutor", "", "", Decimal(1), "justice", "1")
    with pytest.raises(InputError, match="state"):
        compute_values(read_definition(RETURNED, "test"), reported_to_arrow([strange]), YEAR, CATEGORIES)


@pytest.mark.parametrize("crosses", [[("sex", "agency")], [("sex", "state"), ("state", "sex")], [("sex",)]])
def test_a_cross_by_something_else_or_twice_is_refused(crosses: list[tuple[str, ...]]) -> None:
    with pytest.raises(InputError, match=r"crossed by state, sex|asked for twice"):
        compute(read_definition(RAW, "test"), to_arrow([]), YEAR, CATEGORIES, crosses=crosses)


def test_a_median_is_no_count_and_a_count_has_no_values() -> None:
    middle = read_definition(RAW | {"unit": "days", "measure": "median", "counted": "person"}, "test")
    with pytest.raises(InputError, match="not a count"):
        compute(middle, to_arrow([]), YEAR, CATEGORIES)
    with pytest.raises(InputError, match="no sum and no median"):
        compute_values(read_definition(RAW, "test"), to_arrow([]), YEAR, CATEGORIES)
