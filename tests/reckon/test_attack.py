"""What an outsider can work out from published tables, and the gate that asks exactly that."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reckon.disclosure import Finding, Rule, attack, audit, groups_disclosed
from reckon.disclosure.structure import covers, cyclic_core, unshared
from reckon.tables import Cell, CountTable, InputError, Status, Table
from tests.reckon.counts import Counts, from_joint, groups_of, one_way, possible_values


def published(tables: list[CountTable], *withheld: str, lowest: int = 1) -> list[Table]:
    """The tables with the cells named "a0/b1" (or "total") withheld."""
    found = []
    for table in tables:
        cells = []
        for key, count in table.cells():
            is_hidden = ("/".join(code for _, code in key) or "total") in withheld and (count or 0) >= lowest
            status: Status = (
                "missing" if count is None else "suppressed" if is_hidden else "published" if count else "zero"
            )
            cells.append(Cell(key, None if is_hidden else count, status))
        found.append(Table(table.indicator, "person", "2020", table.dimensions, table.categories, tuple(cells)))
    return found


def spans(tables: list[Table], lowest: int = 1) -> list[tuple[int, int | None]]:
    return [(interval.low, interval.high) for interval in attack(tables, lowest)]


def test_a_count_withheld_alone_is_found_by_subtraction() -> None:
    (interval,) = attack(published(one_way([3, 40, 12]), "state0"))
    assert interval.is_recovered
    assert interval.low == 3


def test_two_withheld_counts_share_what_is_left_of_the_total() -> None:
    assert spans(published(one_way([3, 40, 12]), "state0", "state2")) == [(1, 14), (1, 14)]


def test_where_zeros_may_be_withheld_the_lowest_value_is_zero() -> None:
    assert spans(published(one_way([3, 40, 12]), "state0", "state2"), lowest=0) == [(0, 15), (0, 15)]


def test_without_the_total_nothing_limits_a_count() -> None:
    assert spans(published(one_way([3, 40, 12]), "total", "state0")) == [(53, None), (1, None)]


def test_a_missing_count_adds_nothing() -> None:
    assert spans(published(one_way([3, None, 12]), "state0", "state2")) == [(1, 14), (1, 14)]


def test_rows_and_columns_together_find_what_neither_finds_alone() -> None:
    joint = np.array([[3, 4, 50], [5, 20, 60], [70, 80, 90]])
    tables = published(from_joint(joint, groups_of(2, [0, 1, 2])), "a0/b0", "a0/b1", "a1/b0", "a1/b1")
    assert spans(tables) == [(1, 6), (1, 6), (2, 7), (18, 23)]


def test_two_way_tables_of_one_whole_tell_more_than_their_margins() -> None:
    """All persons of a0 are in b0 and all of b0 are in c0; so all of a0 are in c0, though a x c hides it."""
    joint = np.zeros((2, 2, 2), dtype=np.int64)
    joint[0, 0, 0], joint[1, 0, 0], joint[1, 1, 0], joint[1, 1, 1] = 5, 4, 3, 6
    tables = published(from_joint(joint, groups_of(3, [0, 1, 2])), "a0/c0", "a0/c1", "a1/c0", "a1/c1", lowest=0)
    assert spans(tables, lowest=0) == [(5, 5), (0, 0), (7, 7), (6, 6)]


def test_tables_that_contradict_one_another_are_refused() -> None:
    total, by_state = published(one_way([3, 40]), "state0")
    with pytest.raises(InputError, match="contradict"):
        attack([replace(total, cells=(Cell((), 40, "published"),)), by_state])
    with pytest.raises(InputError, match="contradict"):
        attack([replace(total, cells=(Cell((), 40, "published"),)), published(one_way([3, 40]))[1]])


@given(
    joint=st.sampled_from([(2, 3), (2, 2, 2)]).flatmap(lambda s: hnp.arrays(np.int64, s, elements=st.integers(0, 2))),
    sizes=st.sampled_from([[0, 1], [0, 1, 2], [0, 1, 2, 3], [2]]),
    lowest=st.sampled_from([0, 1]),
    choice=st.randoms(use_true_random=False),
)
@settings(max_examples=80, deadline=None)
def test_the_interval_is_that_of_all_tables_that_fit(joint: Counts, sizes: list[int], lowest: int, choice) -> None:
    counted = from_joint(joint, groups_of(joint.ndim, [size for size in sizes if size <= joint.ndim]))
    names = ["/".join(code for _, code in key) for table in counted for key, _ in table.cells() if key]
    tables = published(counted, *choice.sample(names, k=choice.randint(0, len(names))), lowest=lowest)
    possible = possible_values(tables, joint.shape, int(joint.sum()), lowest)
    for interval in attack(tables, lowest):
        if () in {table.dimensions for table in tables}:
            assert (interval.low, interval.high) == (min(possible[interval.key]), max(possible[interval.key]))
        else:
            assert interval.low <= min(possible[interval.key])


def test_the_audit_names_what_is_wrong() -> None:
    counted, rule = one_way([3, 40, 12, None]), Rule(10)
    total, by_state = published(counted, "state0", "state2")
    place = ("identified", "2020", (("state", "state0"),))
    shown, alone = published(counted)[1], published(counted, "state0")[1]
    altered = replace(total, cells=(Cell((), 56, "published"),))
    gap = replace(by_state, cells=(*by_state.cells[:3], Cell(by_state.cells[3].key, 0, "zero")))
    assert audit([total, by_state], counted, rule) == []
    assert audit([total, shown], counted, rule) == [Finding(place, "shown")]
    assert audit([total, alone], counted, rule) == [Finding(place, "recovered")]
    assert audit([total, by_state], counted, Rule(15)) == [
        Finding(("identified", "2020", (("state", "state0"),)), "narrow"),
        Finding(("identified", "2020", (("state", "state2"),)), "narrow"),
    ]
    assert audit([altered, by_state], counted, rule) == [Finding(("identified", "2020", ()), "altered")]
    assert [finding.problem for finding in audit([total, gap], counted, rule)] == ["altered"]


def test_a_margin_of_several_small_counts_may_be_known_to_hold_as_many() -> None:
    """The total of two states with somebody in each is 2 at least; that much the zeros give away."""
    counted = one_way([3, 2, 0])
    assert audit(published(counted, "total", "state0", "state1"), counted, Rule(10)) == []


def test_a_margin_with_everyone_in_one_category_is_pointed_out() -> None:
    joint = np.array([[12, 0], [30, 40]])
    found = groups_disclosed(published(from_joint(joint, groups_of(2, [0, 1, 2]))))
    assert [(group.margin, group.dimension, group.category) for group in found] == [
        ((("b", "b1"),), "a", "a1"),
        ((("a", "a0"),), "b", "b0"),
    ]


def test_a_category_that_nobody_recorded_tells_nothing() -> None:
    table = CountTable("identified", "person", "2020", ("sex",), (("f", ""),), (0, 12))
    assert groups_disclosed(published([one_way([12])[0], table])) == []


def test_dimensions_in_a_circle_are_found() -> None:
    def sets(*names: str) -> list[frozenset[str]]:
        return [frozenset(name) for name in names]

    assert cyclic_core(sets("", "a", "b", "c")) == []
    assert cyclic_core(sets("a", "ab", "bc", "bcd")) == []
    assert cyclic_core(sets("ab", "bc", "ac")) == sets("ab", "ac", "bc")
    assert cyclic_core(sets("abz", "bc", "ac", "cd")) == sets("ab", "ac", "bc")
    assert cyclic_core(sets("ab", "bc", "ac", "abc")) == []
    assert unshared(sets("ab", "bc")) == frozenset("b")
    assert unshared(sets("", "a", "b", "ab")) is None
    assert covers(sets("", "a", "ab")) == [(frozenset("a"), frozenset("")), (frozenset("ab"), frozenset("a"))]
