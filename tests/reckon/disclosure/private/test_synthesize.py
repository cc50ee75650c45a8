"""Invented rows: they have the counts of the real ones, from the codes given, one for each person."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.disclosure.private import Column, Ledger, People, private_counts, synthesize, utility
from reckon.disclosure.private.fit import Agreed, Measured, agree, on_simplex, with_margins
from reckon.disclosure.private.sample import draw
from reckon.tables import InputError
from tests.reckon.disclosure.private.replay import Seeded

COLUMNS = tuple(
    Column(name, tuple(f"{name}{code}" for code in range(size)))
    for name, size in (("a", 4), ("b", 3), ("c", 5), ("d", 2))
)
POSITIVE = st.lists(st.floats(0, 100), min_size=12, max_size=12)


def tied(persons: int = 4000) -> People:
    """Columns a and b say nearly the same, c follows a, d is by itself; the last code of c is nobody's."""
    random = np.random.default_rng(3)
    a = random.integers(0, 4, persons)
    b = np.where(random.random(persons) < 0.9, a % 3, random.integers(0, 3, persons))
    c = np.where(random.random(persons) < 0.8, a, random.integers(0, 4, persons))
    return People(COLUMNS, np.column_stack([a, b, c, random.integers(0, 2, persons)]))


def made(epsilon: str, seed: int = 1):
    return synthesize(tied(), epsilon, Ledger.of(100), Seeded(seed), np.random.default_rng(seed))


def test_with_much_epsilon_the_counts_come_back() -> None:
    found = made("100")
    for mark in utility(tied(), found.values):
        assert mark.scored > 0
        assert mark.median_relative_error is not None
        assert mark.median_relative_error < 0.05
        assert mark.missing < 0.02
    assert abs(len(found.values) - 4000) <= 2


def test_with_little_epsilon_they_do_not() -> None:
    errors = [utility(tied(), made(epsilon).values, [2])[0].mean_absolute_error for epsilon in ("0.01", "1", "100")]
    assert errors[0] > 2 * errors[1] > 2 * errors[2]


def test_the_pairs_that_belong_together_are_chosen_first() -> None:
    assert set(made("4").pairs[:2]) == {("a", "b"), ("a", "c")}


def test_rows_hold_codes_of_the_lists_only() -> None:
    rows = made("1").to_arrow()
    assert rows.column_names == ["a", "b", "c", "d"]
    for column in COLUMNS:
        assert set(rows.column(column.name).to_pylist()) <= set(column.codes)


def test_an_epsilon_that_leaves_only_noise_is_refused() -> None:
    with pytest.raises(InputError, match="nothing but noise"):
        made("0.0099")


@pytest.mark.parametrize("persons", [0, 1])
def test_nobody_and_one_person_are_enough(persons: int) -> None:
    few = People(COLUMNS, tied().values[:persons])
    found = synthesize(few, "0.5", Ledger.of(1), Seeded(1), np.random.default_rng(1))
    assert found.values.shape[1] == 4


def test_one_column_is_enough() -> None:
    people = People(COLUMNS[:1], tied().values[:, :1])
    found = synthesize(people, "2", Ledger.of(2), Seeded(1), np.random.default_rng(1))
    assert (found.pairs, sum(entry.amount for entry in found.prices) <= 2) == ((), True)
    assert np.abs(people.table([0]) - np.bincount(found.values[:, 0], minlength=4)).max() < 20


@given(counts=st.lists(st.floats(-50, 50), min_size=1, max_size=8), total=st.floats(0, 100))
def test_counts_on_the_simplex_are_the_nearest_that_add_up(counts, total) -> None:
    found = on_simplex(np.array(counts), total)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(total, abs=1e-6)
    for other in np.random.default_rng(1).dirichlet(np.ones(len(counts)), 20) * total:
        assert np.linalg.norm(found - counts) <= np.linalg.norm(other - counts) + 1e-6


@given(noisy=st.lists(st.floats(-50, 150), min_size=12, max_size=12), shape=POSITIVE)
@settings(deadline=None)
def test_a_table_gets_its_margins_and_nothing_negative(noisy, shape) -> None:
    wanted = np.array(shape).reshape(3, 4)
    found = with_margins(np.array(noisy).reshape(3, 4), wanted.sum(axis=1), wanted.sum(axis=0))
    assert found.min() >= 0
    assert np.abs(found.sum(axis=1) - wanted.sum(axis=1)).max() <= 1e-2 * max(wanted.sum(), 1)
    assert np.abs(found.sum(axis=0) - wanted.sum(axis=0)).max() <= 1e-2 * max(wanted.sum(), 1)


def test_rows_drawn_from_agreeing_tables_have_these_tables() -> None:
    real = tied()
    pairs = {pair: real.table(pair).astype(float) for pair in ((0, 1), (0, 2), (1, 2))}
    agreed = Agreed(4000.0, tuple(real.table([place]).astype(float) for place in range(4)), pairs)
    drawn = People(COLUMNS, draw(agreed, np.random.default_rng(1)))
    assert len(drawn.values) == 4000
    for places in ((0,), (1,), (2,), (3,), *pairs):
        assert np.abs(drawn.table(places) - real.table(places)).max() <= 12, places


def test_a_margin_seen_twice_is_nearer_to_the_view_with_less_noise() -> None:
    tables = [Measured((0,), np.array([60.0, 40.0]), 1.0), Measured((0,), np.array([80.0, 20.0]), 3.0)]
    assert agree(1, tables).margins[0].tolist() == pytest.approx([62.0, 38.0])


def test_utility_counts_what_is_missing_and_what_was_made_up() -> None:
    columns = (Column("a", ("x", "y", "")), Column("b", ("1", "2")))
    real = People(columns, np.array([[0, 0]] * 100 + [[1, 0]] * 10 + [[2, 1]] * 500))
    found = {mark.ways: mark for mark in utility(real, np.array([[0, 0]] * 90 + [[0, 1]] * 20), (1, 2))}
    assert (found[2].scored, found[2].median_relative_error, found[2].mean_absolute_error) == (1, 0.1, 10.0)
    assert (found[2].missing, found[2].fabricated) == (0.5, 0.5)
    with pytest.raises(InputError):
        utility(real, np.zeros((3, 1), dtype=np.int64))


def test_tables_of_counts_share_the_epsilon_and_keep_zeros() -> None:
    tables, ledger = private_counts(tied(), [("c",), ("d", "b"), ()], "3", Ledger.of(3), Seeded(1))
    assert [table.scale for table in tables] == [1, 1, 1]
    assert [len(table.counts) for table in tables] == [5, 6, 1]
    assert abs(tables[0][("c4",)]) <= tables[0].margin_of_error(0.9999) < 12
    assert abs(tables[1][("d1", "b2")] - int(tied().table((3, 1))[1, 2])) < 12
    assert ledger.left == Fraction(0)


@pytest.mark.parametrize("tables", [[], [("z",)], [("a", "a")]])
def test_tables_that_cannot_be_counted_are_refused_before_anything_is_paid(tables) -> None:
    noise = Seeded(1)
    with pytest.raises(InputError):
        private_counts(tied(), tables, "1", Ledger.of(1), noise)
    assert noise.record == []
