"""The promise itself: with one person more or less, everything that comes out is almost as probable, by e to the epsilon."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.disclosure.private import Column, Ledger, OverBudget, People, private_counts, synthesize
from reckon.disclosure.private.choosing import mismatch
from reckon.disclosure.private.noise import Noise, scale_for
from tests.reckon.disclosure.private.replay import Record, Replayed, Seeded, chance_of_largest

COLUMNS = (Column("sex", ("f", "m")), Column("age", ("minor", "adult")), Column("state", ("A", "B", "C")))
ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 2)), max_size=12)
ROW = st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 2))
EPSILONS = st.sampled_from(["0.5", "1", "4"])


def people(rows: list[tuple[int, int, int]]) -> People:
    return People(COLUMNS, np.array(rows, dtype=np.int64).reshape(-1, len(COLUMNS)))


def synthesis(rows: list[tuple[int, int, int]], epsilon: str, noise: Noise) -> None:
    synthesize(people(rows), epsilon, Ledger.of(epsilon), noise, np.random.default_rng(1))


def probability(rows: list[tuple[int, int, int]], epsilon: str, record: Record) -> tuple[float, list[object]]:
    noise = Replayed(record)
    synthesis(rows, epsilon, noise)
    assert next(noise.record, None) is None
    return noise.logarithm, list(noise.scales)


@given(rows=ROWS, one=ROW, epsilon=EPSILONS, seed=st.integers(0, 1000))
@settings(deadline=None, max_examples=60)
def test_a_synthesis_is_as_probable_without_any_one_person(rows, one, epsilon, seed) -> None:
    noise = Seeded(seed)
    synthesis([*rows, one], epsilon, noise)
    here, scales = probability([*rows, one], epsilon, noise.record)
    without, same = probability(rows, epsilon, noise.record)
    assert scales == same == noise.scales
    assert abs(here - without) <= float(epsilon) + 1e-9


def test_the_promise_is_to_one_row_and_two_rows_of_a_person_would_break_it() -> None:
    rows, two = [(0, 0, 0)] * 4, [(1, 1, 2)] * 2
    worst = 0.0
    for seed in range(40):
        noise = Seeded(seed)
        synthesis([*rows, *two], "1", noise)
        worst = max(
            worst, abs(probability([*rows, *two], "1", noise.record)[0] - probability(rows, "1", noise.record)[0])
        )
    assert 1 < worst <= 2 + 1e-9


@given(rows=ROWS, epsilon=EPSILONS, seed=st.integers(0, 1000))
@settings(deadline=None, max_examples=40)
def test_what_is_drawn_costs_what_is_told_and_no_more_than_was_paid(rows, epsilon, seed) -> None:
    noise = Seeded(seed)
    made = synthesize(people(rows), epsilon, Ledger.of(5), noise, np.random.default_rng(1))
    prices = [(1 if kind == "laplace" else 2) / scale for kind, scale, _ in noise.scales]
    assert prices == [entry.amount for entry in made.prices]
    assert sum(prices) <= Fraction(epsilon) == made.ledger.spent


@given(
    table=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    invented=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    cell=st.integers(0, 5),
)
def test_one_person_changes_a_mismatch_by_one(table, invented, cell) -> None:
    more = [count + (place == cell) for place, count in enumerate(table)]
    before, after = (mismatch(np.array(real), np.array(invented)) for real in (table, more))
    assert abs(before - after) == 1


@pytest.mark.parametrize("epsilon", ["0.25", "1", "3"])
def test_counts_are_as_probable_with_one_person_more_and_no_epsilon_is_wasted(epsilon: str) -> None:
    """Every outcome of two tables of two cells, within ±8 of nobody: the largest ratio is e to the epsilon, nearly exactly."""
    rows, worst = people([(0, 0, 0), (1, 0, 1)]), 0.0
    more = People(COLUMNS, np.vstack([rows.values, [[1, 1, 2]]]))
    for outcome in product(range(-8, 9, 4), repeat=4):
        record: Record = [list(outcome[:2]), list(outcome[2:])]
        logarithms = []
        for counted in (rows, more):
            noise = Replayed(record)
            private_counts(counted, [("sex",), ("age",)], epsilon, Ledger.of(epsilon), noise)
            logarithms.append(noise.logarithm)
        worst = max(worst, abs(logarithms[0] - logarithms[1]))
    assert 0.99 * float(epsilon) <= worst <= float(epsilon)


@given(epsilon=st.fractions(min_value=Fraction(1, 10_000), max_value=20), sensitivity=st.integers(1, 4))
def test_a_scale_is_exact_as_a_float_and_never_too_small(epsilon, sensitivity) -> None:
    scale = scale_for(epsilon, sensitivity)
    assert Fraction(float(scale)) == scale
    assert sensitivity / scale <= epsilon
    assert scale - Fraction(1, 1024) < sensitivity / epsilon


def test_nothing_is_drawn_when_the_ledger_cannot_pay() -> None:
    noise = Seeded(1)
    with pytest.raises(OverBudget):
        synthesize(people([(0, 0, 0)]), "1.01", Ledger.of(1), noise)
    with pytest.raises(OverBudget):
        private_counts(people([(0, 0, 0)]), [("sex",)], "1", Ledger.of(1).spend("0.1", "before"), noise)
    assert noise.record == []


def test_the_test_door_knows_the_chances_of_the_largest() -> None:
    noise, drawn = Seeded(1), [0, 0, 0]
    for _ in range(20_000):
        drawn[noise.largest([3, 1, 0], Fraction(2))] += 1
    for place, count in enumerate(drawn):
        assert math.isclose(count / 20_000, chance_of_largest([3, 1, 0], place, 2.0), abs_tol=0.015)
