"""Controlled rounding: everything adds up, nothing is moved further than it must be."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reckon.disclosure import Hierarchy, round_tables
from reckon.disclosure.rounding import Rounded
from reckon.tables import CountTable, InputError
from tests.reckon.counts import Counts, from_joint, groups_of, one_way
from tests.reckon.disclosure.worlds import World

JOINTS = st.sampled_from([(3,), (2, 3), (3, 3), (2, 2, 2)]).flatmap(
    lambda shape: hnp.arrays(np.int64, shape, elements=st.integers(0, 13))
)


def numbers(rounded: Rounded) -> list[tuple[int | None, ...]]:
    return [table.counts for table in rounded.tables]


def test_a_table_is_rounded_so_that_it_still_adds_up() -> None:
    rounded = round_tables(one_way([3, 4, 8]), 5)
    assert numbers(rounded) == [(15,), (5, 5, 5)] or numbers(rounded) == [(15,), (0, 5, 10)]
    assert (rounded.steps, rounded.base) == (1, 5)


def test_multiples_stay_and_missing_stays_missing() -> None:
    assert numbers(round_tables(one_way([10, None, 0, 25]), 5)) == [(35,), (10, None, 0, 25)]


def test_regions_are_rounded_with_their_states() -> None:
    world = World({"state": ("a", "b", "c")}, (Hierarchy("state", {"north": ("a", "b"), "south": ("c",)}),))
    tables = world.count(np.array([7, 7, 8]), [(), (("state", ("north", "a", "b", "south", "c")),)])
    (total,), (north, a, b, south, c) = numbers(round_tables(tables, 5, world.hierarchies))
    assert (a + b, north + c, south) == (north, total, c)


@given(joint=JOINTS, base=st.sampled_from([2, 3, 5, 10]))
@settings(max_examples=60, deadline=None)
def test_every_cell_is_a_multiple_beside_its_count_and_margins_add_up(joint: Counts, base: int) -> None:
    tables = from_joint(joint, groups_of(joint.ndim, range(joint.ndim + 1)))
    rounded = round_tables(tables, base)
    after = np.array(rounded.tables[-1].counts).reshape(joint.shape)
    again = from_joint(after, groups_of(joint.ndim, range(joint.ndim + 1)))
    assert numbers(rounded) == [table.counts for table in again]
    pairs = [
        (n, m) for t, r in zip(tables, rounded.tables, strict=True) for n, m in zip(t.counts, r.counts, strict=True)
    ]
    assert all(m % base == 0 and abs(m - n) < base * rounded.steps for n, m in pairs)
    assert rounded.moved == sum(abs(m - n) for n, m in pairs)


@given(joint=hnp.arrays(np.int64, (2, 2), elements=st.integers(0, 13)), base=st.sampled_from([3, 5]))
@settings(max_examples=40, deadline=None)
def test_two_by_two_no_rounding_beside_the_counts_moves_less(joint: Counts, base: int) -> None:
    rounded = round_tables(from_joint(joint, groups_of(2, range(3))), base)
    assert rounded.steps == 1
    costs = [cost for up in _ups(joint, base) if (cost := _cost(joint, up, base)) is not None]
    assert rounded.moved <= min(costs) * 1.01


def _ups(joint: Counts, base: int) -> list[Counts]:
    below, above = joint // base, -(-joint // base)
    choices = product(*({int(low), int(high)} for low, high in zip(below.ravel(), above.ravel(), strict=True)))
    return [np.array(choice).reshape(joint.shape) * base for choice in choices]


def _cost(joint: Counts, rounded: Counts, base: int) -> int | None:
    """The sum of changes over all cells and margins; None when a margin leaves its two multiples."""
    pairs = [(joint, rounded), *((joint.sum(a), rounded.sum(a)) for a in (0, 1)), (joint.sum(), rounded.sum())]
    if any((np.abs(new - old) >= base).any() for old, new in pairs):
        return None
    return int(sum(np.abs(new - old).sum() for old, new in pairs))


@pytest.mark.parametrize(
    ("tables", "base", "said"),
    [
        (one_way([3, 4]), 1, "rounds nothing"),
        (one_way([3, 4]) + one_way([3, 4], "assisted"), 5, "one indicator"),
        (
            [one_way([3])[0], CountTable("identified", "person", "2020", ("state",), (("a",),), (4,))],
            5,
            "differs|add up",
        ),
    ],
)
def test_what_cannot_be_rounded_is_refused(tables: list[CountTable], base: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        round_tables(tables, base)
