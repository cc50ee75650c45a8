"""Recoveries without a solver: the shuttle and elimination, beside linear algebra in floating point and the exact attack."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reckon.disclosure import attack
from reckon.disclosure.attacker import Puzzle
from reckon.disclosure.attacker.elimination import shuttle
from reckon.tables import Table
from tests.reckon.counts import Counts, from_joint, groups_of, one_way
from tests.reckon.disclosure.worlds import withhold

JOINTS = st.sampled_from([(3, 3), (3, 4), (2, 2, 3)]).flatmap(
    lambda shape: hnp.arrays(np.int64, shape, elements=st.sampled_from([0, 1, 2, 5, 9]))
)


def some_withheld(joint: Counts, choice) -> list[Table]:
    tables = from_joint(joint, groups_of(joint.ndim, range(joint.ndim + 1)))
    places = [choice.sample(range(len(t.counts)), k=choice.randint(0, len(t.counts) - 1)) for t in tables]
    return [withhold(table, place) for table, place in zip(tables, places, strict=True)]


def test_a_reader_with_a_pencil_subtracts() -> None:
    total, by_state = one_way([3, 40, 12])
    puzzle = Puzzle([[withhold(total, []), withhold(by_state, [0])]], 1)
    assert puzzle.fixed() == {puzzle.cell((("state", "state0"),)): 3}


def test_several_equations_together_tell_what_none_tells_alone() -> None:
    """Rows a0 and a1 without their parts b1 and b2: 3 x 3 with a hole that only the sum of two rows fills."""
    joint = np.array([[5, 6, 7], [8, 9, 4], [6, 5, 8]])
    tables = from_joint(joint, groups_of(2, [0, 1, 2]))
    published = [withhold(t, []) for t in tables[:3]] + [withhold(tables[3], [0, 1, 3, 4, 5])]
    puzzle = Puzzle([published], 1)
    assert puzzle.fixed() == {puzzle.cell((("a", "a1"), ("b", "b2"))): 4}


def test_a_sum_of_as_many_as_there_are_cells_is_one_in_each() -> None:
    puzzle = Puzzle([[withhold(table, [0, 1] if table.dimensions else []) for table in one_way([1, 1, 12])]], 1)
    assert set(puzzle.fixed().values()) == {1}
    assert len(puzzle.fixed()) == 2


@given(joint=JOINTS, choice=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_what_is_found_is_right_and_all_that_linear_algebra_finds(joint, choice) -> None:
    published = some_withheld(joint, choice)
    puzzle = Puzzle([published], 1)
    found = puzzle.fixed()
    truth = {key: n for t in from_joint(joint, groups_of(joint.ndim, range(joint.ndim + 1))) for key, n in t.cells()}
    numbers = {puzzle.cell(key): n for key, n in truth.items() if (puzzle.cell(key)) is not None}
    assert all(numbers[cell] == value for cell, value in found.items())
    matrix = puzzle.equations.matrix()[0].toarray()
    rank = np.linalg.matrix_rank(matrix) if matrix.size else 0
    for cell in range(puzzle.size):
        unit = np.eye(matrix.shape[1])[[cell]]
        if np.linalg.matrix_rank(np.vstack([matrix, unit])) == rank:
            assert cell in found


@given(joint=JOINTS, choice=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_neither_way_contradicts_the_exact_attack(joint, choice) -> None:
    published = some_withheld(joint, choice)
    puzzle = Puzzle([published], 1)
    matrix, rhs = puzzle.equations.matrix()
    low, high = shuttle(matrix, rhs, np.array(puzzle.equations.lower))
    fixed = puzzle.fixed()
    for interval in attack(published):
        cell = puzzle.cell(interval.key)
        assert cell is not None
        assert low[cell] <= interval.low
        assert interval.high is None or interval.high <= high[cell]
        assert cell not in fixed or interval.is_recovered
        assert interval.is_recovered == puzzle.recovers(interval.key)


def test_a_quick_attack_finds_the_same_recoveries() -> None:
    joint = np.array([[3, 4, 50], [5, 20, 60], [70, 80, 90]])
    tables = from_joint(joint, groups_of(2, [0, 1, 2]))
    for places in ([0], [0, 1], [0, 1, 3, 4], [0, 4, 8]):
        published = [withhold(t, places if len(t.dimensions) == 2 else []) for t in tables]
        exact, quick = attack(published), attack(published, exact=False)
        assert [i.is_recovered for i in exact] == [i.is_recovered for i in quick]
        assert all(e.low <= q.low for e, q in zip(exact, quick, strict=True))
