"""Withholding small counts, and what would give them away: worked examples, and promises kept for any table."""

from decimal import Decimal
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reckon.disclosure import Protected, Rule, attack, audit, difference, protect
from reckon.disclosure.protection import Work
from reckon.tables import Cell, CountTable, InputError
from tests.reckon.counts import Counts, from_joint, groups_of, one_way, possible_values, with_zeros_only

RULES = st.builds(
    Rule,
    threshold=st.sampled_from([2, 3, 5, 10]),
    zeros_are_sensitive=st.booleans(),
    minimum_interval=st.sampled_from([0, 0, 12]),
)
SMALL = st.integers(0, 12) | st.sampled_from([0, 0, 1, 30])
JOINTS = hnp.array_shapes(min_dims=1, max_dims=3, max_side=4).flatmap(
    lambda shape: hnp.arrays(np.int64, shape, elements=SMALL)
)
MOST = 13
"""Persons in the largest joint tables that are tried; a withheld total leaves more open."""
TINY = (
    st.sampled_from([(2, 3), (3, 2), (2, 2, 2)])
    .flatmap(lambda shape: hnp.arrays(np.int64, shape, elements=st.sampled_from([0, 1, 1, 2, 3])))
    .filter(lambda joint: joint.sum() <= MOST - 5)
)


def withheld(protected: Protected) -> list[str]:
    return [
        "/".join(code for _, code in cell.key) or "total"
        for table in protected.for_release
        for cell in table.cells
        if cell.is_suppressed
    ]


def linked(joint: Counts, kind: str) -> list[CountTable]:
    """All margins of the table, or only those by at most one or two dimensions."""
    most = {"one way": 1, "two way": 2, "all": joint.ndim}[kind]
    return from_joint(joint, groups_of(joint.ndim, range(min(most, joint.ndim) + 1)))


def test_a_small_count_takes_the_cheapest_other_with_it() -> None:
    assert withheld(protect(one_way([3, 40, 25, 12]))) == ["state0", "state3"]


def test_two_small_counts_that_add_up_to_less_than_enough_take_a_third() -> None:
    assert withheld(protect(one_way([5, 5, 100, 20]))) == ["state0", "state1", "state3"]


def test_three_small_counts_that_hide_one_another_take_nobody_with_them() -> None:
    assert withheld(protect(one_way([5, 5, 4, 100]))) == ["state0", "state1", "state2"]


def test_a_small_total_withholds_everyone_but_zeros() -> None:
    assert withheld(protect(one_way([3, 0, 2]))) == ["total", "state0", "state2"]


def test_a_lone_small_count_in_a_row_closes_a_square() -> None:
    joint = np.array([[3, 40, 50], [30, 20, 60], [70, 80, 90]])
    assert withheld(protect(linked(joint, "all"))) == ["a0/b0", "a0/b1", "a1/b0", "a1/b1"]


def test_zeros_are_shown_unless_they_are_sensitive() -> None:
    tables = one_way([3, 0, 40])
    assert withheld(protect(tables)) == ["state0", "state2"]
    assert withheld(protect(tables, Rule(10, zeros_are_sensitive=True))) == ["state0", "state1", "state2"]


def test_a_missing_state_stays_missing_and_the_total_is_of_those_that_reported() -> None:
    total, by_state = protect(one_way([3, None, 40, 12])).for_release
    assert total[()].value == 55
    assert [cell.status for cell in by_state.cells] == ["suppressed", "missing", "published", "suppressed"]


def test_where_nobody_reported_everything_is_missing() -> None:
    tables = protect(one_way([None, None])).for_release
    assert {cell.status for table in tables for cell in table.cells} == {"missing"}


def test_tables_with_one_total_are_protected_each_by_its_own_cells() -> None:
    tables = one_way([3, 40, 25, 12]) + one_way([60, 20], name="sex")[1:]
    assert withheld(protect(tables)) == ["state0", "state3"]


def test_indicators_do_not_touch_one_another() -> None:
    protected = protect(one_way([3, 40, 12], "identified") + one_way([30, 40, 12], "assisted"))
    assert {table.indicator for table in protected.for_release for c in table.cells if c.is_suppressed} == {
        "identified"
    }


def test_a_release_does_not_tell_small_counts_from_those_that_protect_them() -> None:
    protected = protect(one_way([3, 40, 25, 12]))
    assert [cell.status for cell in protected.for_release[1].cells].count("suppressed") == 2
    assert [cell.status for cell in protected.for_review[1].cells] == ["primary", "published", "published", "secondary"]
    assert (protected.count("primary"), protected.count("secondary"), protected.count("suppressed")) == (1, 1, 2)
    assert all(cell.value is None for table in protected.for_review for cell in table.cells if cell.is_suppressed)


def test_a_wider_interval_takes_more_with_it() -> None:
    assert withheld(protect(one_way([3, 12, 40, 60]), Rule(10))) == ["state0", "state1"]
    assert withheld(protect(one_way([3, 12, 40, 60]), Rule(10, minimum_interval=30))) == ["state0", "state2"]


@given(joint=JOINTS, kind=st.sampled_from(["one way", "two way", "all"]), rule=RULES)
@settings(max_examples=60, deadline=None)
def test_no_attack_undoes_it_and_nothing_published_is_altered(joint: Counts, kind: str, rule: Rule) -> None:
    tables = linked(joint, kind)
    protected = protect(tables, rule)
    intervals = {interval.key: interval for interval in attack(protected.for_release, rule.lowest)}
    counts = {key: count for table in tables for key, count in table.cells()}
    for cell in chain.from_iterable(table.cells for table in protected.for_release):
        count = counts[cell.key]
        assert count is not None
        assert cell.is_suppressed or (cell.value == count and not rule.is_sensitive(count))
        assert cell.is_suppressed or cell.status == ("published" if count else "zero")
        if cell.is_suppressed:
            interval = intervals[cell.key]
            assert not interval.is_recovered
            assert interval.low <= count
            assert interval.high is None or count <= interval.high
            assert not rule.is_sensitive(count) or interval.high is None or interval.high >= rule.threshold
    assert any(rule.is_sensitive(count or 0) for count in counts.values()) or not intervals


@given(joint=TINY, kind=st.sampled_from(["one way", "two way", "all"]), zeros=st.booleans())
@settings(max_examples=40, deadline=None)
def test_of_all_tables_that_fit_some_have_each_small_count_at_either_end(joint: Counts, kind: str, zeros: bool) -> None:
    """At the threshold, and as low as it could be if nothing but the zeros had been published."""
    rule = Rule(3, zeros_are_sensitive=zeros)
    protected = protect(linked(joint, kind), rule)
    possible = possible_values(protected.for_release, joint.shape, MOST, rule.lowest)
    at_most = possible_values(with_zeros_only(protected.for_release), joint.shape, MOST, rule.lowest)
    for table in protected.for_review:
        for cell in table.cells:
            if cell.is_suppressed:
                assert len(possible[cell.key]) >= 2
            if cell.status == "primary":
                assert max(possible[cell.key]) >= rule.threshold
                assert min(possible[cell.key]) == min(at_most[cell.key])


@given(joint=JOINTS, kind=st.sampled_from(["one way", "two way", "all"]), rule=RULES)
@settings(max_examples=30, deadline=None)
def test_a_choice_that_protects_nothing_is_mended(joint: Counts, kind: str, rule: Rule) -> None:
    tables = linked(joint, kind)
    work = Work(tables, rule)
    hidden, mended = work.repair(work.system.sensitive)
    assert audit(mended, tables, rule) == []
    assert not (work.system.sensitive & ~hidden).any()


def test_a_cell_withheld_for_nothing_is_shown() -> None:
    tables = one_way([30, 40])
    work = Work(tables, Rule(10))
    _, mended = work.repair(work.system.values == 40)
    assert [cell.value for table in mended for cell in table.cells] == [70, 30, 40]


@pytest.mark.slow
def test_a_large_table_withstands_the_same_attack() -> None:
    numbers = np.random.default_rng(1)
    weights = np.multiply.outer(np.multiply.outer(numbers.random(9), numbers.random(4)), numbers.random(8)) ** 2
    joint = numbers.multinomial(1_500, weights.ravel() / weights.sum()).reshape(weights.shape)
    tables = linked(joint, "all")
    protected = protect(tables)
    counts = {key: count or 0 for table in tables for key, count in table.cells()}
    intervals = attack(protected.for_release)
    assert len(intervals) > protected.count("primary") > 100
    assert not any(interval.is_recovered for interval in intervals)
    assert all(i.high is None or i.high >= 10 for i in intervals if counts[i.key] < 10)


@given(
    values=st.lists(st.integers(0, 40), min_size=1, max_size=7),
    rule=st.builds(Rule, threshold=st.sampled_from([3, 5, 10])),
)
@settings(deadline=None)
def test_one_way_the_loss_is_the_smallest_there_is(values: list[int], rule: Rule) -> None:
    protected = protect(one_way(values), rule)
    total, by_state = protected.for_review
    hidden = [i for i, cell in enumerate(by_state.cells) if cell.status == "secondary"]
    loss = sum(values[i] for i in hidden) + (sum(values) if total.cells[0].status == "secondary" else 0)
    assert loss == smallest_loss(values, rule)


def smallest_loss(values: list[int], rule: Rule) -> int:
    """The fewest persons that must be withheld beside the small counts, by trying every choice.

    With the total shown, the k withheld cells share a known sum, each holds one person at least, and so each can hold
    that sum less k - 1. With the total withheld, nothing limits them.
    """
    small = [value for value in values if rule.is_sensitive(value)]
    if not small or rule.is_sensitive(sum(values)):
        return 0
    others = [value for value in values if value >= rule.threshold]
    losses = [sum(values)]
    for chosen in chain.from_iterable(combinations(others, size) for size in range(len(others) + 1)):
        cells = [*small, *chosen]
        if len(cells) > 1 and sum(cells) - len(cells) + 1 >= rule.threshold:
            losses.append(sum(chosen))
    return min(losses)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (one_way([3, 40])[1:] + one_way([20, 23], name="sex")[1:], "the total of identified is not among the tables"),
        ([one_way([3, 40])[0], one_way([3, 41])[1]], "does not add up to the total"),
        ([one_way([None, None])[0], one_way([None, 0])[1]], "does not add up to the total"),
        (one_way([3, 40]) + one_way([3, 40])[1:], "two tables of identified by state"),
        (
            [*from_joint(np.ones((2, 2), int), [(), (0,), (0, 1)]), *one_way([4], name="b")[1:]],
            "different categories of b",
        ),
        ([one_way([3])[0], CountTable("identified", "case", "2020", ("sex",), (("f",),), (3,))], "different units"),
        (from_joint(np.ones((20, 80, 40), int), groups_of(3, [0, 1, 2])), "joint table of 64000 cells"),
    ],
)
def test_tables_that_do_not_belong_together_are_refused(tables: list[CountTable], said: str) -> None:
    with pytest.raises(InputError, match=said):
        protect(tables)


@pytest.mark.parametrize("wrong", [{"threshold": 0}, {"minimum_interval": -1}])
def test_a_rule_that_protects_nobody_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError):
        Rule(**wrong)


def test_the_difference_from_a_published_figure_says_nothing_of_a_withheld_count() -> None:
    assert difference(Cell((), 663, "published"), 673) == -10
    assert difference(Cell((), 663, "published"), Decimal("660.5")) == Decimal("2.5")
    assert difference(Cell((), None, "suppressed"), 673) is None
    assert difference(Cell((), None, "missing"), 673) is None
    assert difference(Cell((), 663, "published"), None) is None
