"""States of contacts and notices, clocks, how precise a place is kept, and what leaves in a slice or an extract."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.intake.rules import (
    CONTACT,
    EXTRACT,
    NOTICE,
    PRECISIONS,
    SLICE,
    contact_due,
    duration,
    extract_of,
    field_value,
    kept_place,
    nationality_of,
    recipient,
    slice_of,
    status_of,
)

AT = datetime(2025, 3, 1, 9, tzinfo=UTC)
LIMITS = {"immediate_safety": timedelta(hours=2), "screening": timedelta(hours=48)}


def test_a_contact_can_always_be_taken_up_again() -> None:
    assert {state: CONTACT.verbs(state) for state in CONTACT.states} == {
        "open": ("schedule", "close"),
        "follow_up": ("schedule", "reach", "close"),
        "closed": ("schedule", "reopen"),
    }


def test_a_notice_ends_only_by_somebody_s_hand() -> None:
    assert {state: NOTICE.verbs(state) for state in NOTICE.states} == {
        "sent": ("take", "return"),
        "taken": ("return", "close"),
        "returned": ("settle",),
        "closed": (),
        "settled": (),
    }


@pytest.mark.parametrize(("precision", "level"), [(name, level) for level, name in enumerate(PRECISIONS)])
def test_each_precision_keeps_what_it_allows_and_nothing_finer(precision: str, level: int) -> None:
    assert kept_place(precision, "XX-N", "Villanueva") == (
        "XX-N" if level >= 2 else "",
        "Villanueva" if level >= 3 else "",
    )


def test_a_precision_that_is_not_in_the_list_keeps_nothing() -> None:
    with pytest.raises(Refusal, match="how precise"):
        kept_place("street", "XX-N", "Villanueva")


def test_danger_has_the_shorter_clock() -> None:
    assert contact_due("immediate", AT, LIMITS) == AT + timedelta(hours=2)
    assert contact_due("high", AT, LIMITS) == AT + timedelta(hours=48)


@given(st.integers(0, 10**6), st.none() | st.integers(0, 10**6))
def test_the_stated_duration_counts_before_the_clock(seconds: int, stated: int | None) -> None:
    assert duration(AT, AT + timedelta(seconds=seconds), stated) == (seconds if stated is None else stated)


@pytest.mark.parametrize(("ended", "stated"), [(AT - timedelta(seconds=1), None), (AT, -1)])
def test_a_time_that_cannot_be_is_refused(ended: datetime, stated: int | None) -> None:
    with pytest.raises(Refusal):
        duration(AT, ended, stated)


@pytest.mark.parametrize(
    ("closes", "due", "status"), [(True, None, "closed"), (False, None, "open"), (True, AT, "follow_up")]
)
def test_a_promised_call_keeps_a_contact_in_sight(closes: bool, due: datetime | None, status: str) -> None:
    assert status_of(closes, due) == status


@pytest.mark.parametrize(
    ("kind", "said", "stored"),
    [
        ("yes_no", False, False),
        ("number", 0, 0),
        ("number", 9, 9),
        ("date", "2025-03-01", "2025-03-01"),
        ("choice", "a", "a"),
        ("code", "b", "b"),
        ("place", "a", "a"),
        ("several", ["b", "a", "b"], ["b", "a"]),
        ("several", [], []),
        ("text", "  x ", "x"),
    ],
)
def test_a_channel_s_field_is_stored_as_plain_json(kind: str, said: object, stored: object) -> None:
    assert field_value(kind, said, codes={"a", "b"}, low=0, high=9) == stored


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("yes_no", "yes"),
        ("yes_no", 1),
        ("number", True),
        ("number", "3"),
        ("number", -1),
        ("number", 10),
        ("date", "1/3/2025"),
        ("date", 20250301),
        ("choice", "c"),
        ("choice", ["a"]),
        ("several", "a"),
        ("several", ["a", "c"]),
        ("several", [["a"]]),
        ("text", "x" * 10_001),
        ("text", 5),
        ("picture", "a"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(kind: str, said: object) -> None:
    with pytest.raises(ValueError):
        field_value(kind, said, codes={"a", "b"}, low=0, high=9)


def test_numbers_without_bounds_are_free() -> None:
    assert field_value("number", -(10**9)) == -(10**9)


@pytest.mark.parametrize(
    ("codes", "expected"), [([], "unspecified"), (["AA"], "foreign"), (["AA", "BB"], "national"), (["BB"], "national")]
)
def test_whoever_has_the_country_s_nationality_among_others_is_national(codes: list[str], expected: str) -> None:
    assert nationality_of(codes, "BB") == expected


@given(st.dictionaries(st.sampled_from([*EXTRACT, "name", "story"]), st.text(max_size=5)))
def test_an_extract_holds_only_what_is_on_the_list(said: dict[str, str]) -> None:
    kept = {name: text.strip() for name, text in said.items() if text.strip()}
    if kept and set(said) <= set(EXTRACT):
        assert extract_of(said) == kept
    else:
        with pytest.raises(Refusal):
            extract_of(said)


@given(st.dictionaries(st.sampled_from([*SLICE, "name", "address", "birth_year", "code"]), st.text()))
def test_nothing_outside_the_list_leaves_with_a_notice(facts: dict[str, object]) -> None:
    assert slice_of(facts) == {name: value for name, value in facts.items() if name in SLICE}


@pytest.mark.parametrize(
    ("own", "state", "expected"),
    [("x", "N", "north"), ("x", "S", "nation"), ("north", "N", ""), ("north", "S", "nation")],
)
def test_the_state_s_agency_comes_before_the_nation_s(own: str, state: str, expected: str) -> None:
    assert recipient(own, {"N": "north", "": "nation"}, state) == expected


def test_where_nobody_receives_notices_it_is_said() -> None:
    with pytest.raises(Refusal, match="No agency receives"):
        recipient("x", {"N": "north"}, "S")
