"""Indicators on DuckDB against the slow version, and definitions that are refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.indicators import DefinitionError, Period, compute, oracle, read_definition
from reckon.tables import EventFact, InputError, to_arrow, write_parquet

YEAR = Period("2020", date(2020, 1, 1), date(2020, 12, 31))
CATEGORIES = {
    "state": ["A", "B", "C"],
    "sex": ["f", "m"],
    "age_group": ["minor", "adult"],
    "form": ["x", "y", "several"],
}
RAW = {
    "id": "identified",
    "unit": "person",
    "label": {"es": "Identificadas", "en": "Identified"},
    "measure": "identified",
    "where": {"agency_kind": ["prosecutor", "police"]},
    "dimensions": ["state", "sex", "age_group", "form"],
}
FACTS = st.lists(
    st.builds(
        EventFact,
        person=st.sampled_from([f"p{n}" for n in range(6)]),
        measure=st.sampled_from(["identified", "referred"]),
        on=st.integers(-40, 400).map(lambda n: date(2020, 1, 1) + timedelta(days=n)),
        agency=st.sampled_from(["one", "two"]),
        agency_kind=st.sampled_from(["prosecutor", "ngo"]),
        state=st.sampled_from(["A", "B", ""]),
        sex=st.sampled_from(["f", "m"]),
        age_group=st.sampled_from(["minor", "adult", ""]),
        form=st.sampled_from(["x", "y", "several", ""]),
        case=st.sampled_from(["c1", "c2", "c3", ""]),
    ),
    max_size=25,
)


@settings(max_examples=40)  # each example starts a database engine
@given(facts=FACTS, unit=st.sampled_from(["person", "case"]), reporting=st.none() | st.sets(st.sampled_from("AB")))
def test_duckdb_counts_as_the_slow_version_does(facts: list[EventFact], unit: str, reporting: set[str] | None) -> None:
    definition = read_definition(RAW | {"unit": unit}, "test")
    crosses = [("sex", "age_group"), ("state", "form")]
    ours = compute(definition, to_arrow(facts), YEAR, CATEGORIES, crosses=crosses, reporting_states=reporting)
    assert ours == oracle.count(definition, facts, YEAR, CATEGORIES, crosses=crosses, reporting_states=reporting)


def test_margins_add_up_and_silence_is_not_zero() -> None:
    facts = [
        EventFact("p1", "identified", date(2020, 3, 1), "a", "police", "A", "f", "minor", "x", "c1"),
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


def test_a_file_and_a_table_give_the_same(tmp_path) -> None:  # type: ignore[no-untyped-def]
    facts = to_arrow([EventFact("p", "identified", date(2020, 3, 1), "a", "police", "A", "f", "minor", "x", "c")])
    write_parquet(facts, tmp_path / "it's.parquet")
    definition = read_definition(RAW, "test")
    assert compute(definition, facts, YEAR, CATEGORIES) == compute(
        definition, tmp_path / "it's.parquet", YEAR, CATEGORIES
    )


def test_a_code_outside_its_list_is_refused_and_not_dropped() -> None:
    facts = to_arrow([EventFact("p", "identified", date(2020, 3, 1), "a", "police", "Z", "f", "minor", "x", "c")])
    with pytest.raises(InputError, match="state"):
        compute(read_definition(RAW, "test"), facts, YEAR, CATEGORIES)


def test_a_cross_by_something_else_is_refused() -> None:
    with pytest.raises(InputError, match="crossed by state, sex"):
        compute(read_definition(RAW, "test"), to_arrow([]), YEAR, CATEGORIES, crosses=[("sex", "agency")])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": "payment"}, "unit"),
        ({"where": {"name": ["x"]}}, "where.name"),
        ({"dimensions": ["colour"]}, "dimensions"),
        ({"dimensions": ["sex", "sex"]}, "twice"),
        ({"label": {}}, "label"),
        ({"measure": ""}, "measure"),
        ({"sql": "drop"}, "unknown field sql"),
    ],
)
def test_a_wrong_definition_names_its_field(change: dict[str, object], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        read_definition(RAW | change, "identified.toml")
