"""One model on one table and on many: published results, closed forms, and the slow twin."""

from itertools import permutations
from math import prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from reckon.prevalence import (
    BadCaptures,
    Captures,
    NotEstimable,
    all_pairs,
    captures_from_masks,
    fit,
    fit_many,
    independence,
)
from reckon.prevalence.captures import Integers
from reckon.prevalence.existence import code
from reckon.prevalence.fit import fit_rows
from reckon.prevalence.models import Model, hierarchical, parse
from reckon.prevalence.poisson import maximise
from tests.reckon.prevalence.published import fixture, from_counts, slow_bic, slow_means, table

COUNTS = st.integers(0, 40)
FULL = st.integers(1, 400)

INDEPENDENCE = {
    "UK": (12213.9951, 10988.80, 13621.26),
    "UK_5": (13444.1312, 11985.17, 15133.43),
    "Ned": (52823.4639, 48523.90, 57581.85),
    "NewOrl": (996.6643, 644.89, 1617.53),
    "NewOrl_186": (949.4707, 624.84, 1514.26),
    "Kosovo": (7394.5867, 7172.91, 7633.99),
    "Korea": (141.9926, 134.88, 153.36),
    "Australia": (827.1672, 725.02, 962.87),
    "HIV_Rome": (11124.5785, 9519.5, 13067.5),
    "Allegheny": (3738.4685, 3577.5, 3918.1),
}
ALL_PAIRS = {
    "UK": 10568.707,
    "UK_5": 11232.531,
    "Ned": 47683.224,
    "Kosovo": 14402.489,
    "Australia": 6276.734,
    "HIV_Rome": 23443.536,
    "Allegheny": 7126.019,
}


@pytest.mark.parametrize("name", INDEPENDENCE)
def test_independence_gives_the_published_totals_and_intervals(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    total, *limits = INDEPENDENCE[name]
    found = fit(captures, independence(captures.m))
    assert found.total == pytest.approx(total, rel=1e-6)
    # the reference takes the weights of its last step but one for the interval; ours are those of the maximum
    assert found.wald() == pytest.approx(tuple(limits), rel=2e-5)


@pytest.mark.parametrize("name", ALL_PAIRS)
def test_all_pairs_give_the_published_totals(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    assert fit(captures, all_pairs(captures.m)).total == pytest.approx(ALL_PAIRS[name], rel=1e-6)


def test_all_pairs_of_korea_are_not_estimable(shared_data: Path) -> None:
    with pytest.raises(NotEstimable, match="no finite estimate") as refused:
        fit(table(shared_data, "Korea"), all_pairs(3))
    assert refused.value.code == "not_finite"


@pytest.mark.parametrize(
    ("name", "order", "rows"), [("Kosovo_bic_all113", 3, 113), ("UK_5_bic_order2_all1024", 2, 1024)]
)
def test_every_model_of_the_fixtures_has_the_reference_total_and_bic(
    shared_data: Path, name: str, order: int, rows: int
) -> None:
    captures = table(shared_data, name.split("_bic")[0])
    expected = {parse(row["model"], captures.m): row for row in fixture(shared_data, name)}
    assert set(expected) == set(hierarchical(captures.m, order))
    assert len(expected) == rows
    for model, row in expected.items():
        found = fit_many(model, captures.cells()[None, :])
        assert found.totals[0] == pytest.approx(float(row["N"]), rel=1e-6)
        assert found.bics[0] == pytest.approx(float(row["BIC"]), rel=1e-6)


@given(st.lists(FULL, min_size=7, max_size=7))
def test_independence_solves_its_closed_equation(counts: list[int]) -> None:
    captures = from_counts(counts)
    assume(not code(3, independence(3), captures.support))
    total = fit(captures, independence(3)).total
    shares = [size / total for size in captures.list_sizes]
    assert 1 - captures.n / total == pytest.approx(prod(1 - share for share in shares), rel=1e-8)
    solved = brentq(
        lambda size: 1 - captures.n / size - prod(1 - one / size for one in captures.list_sizes),
        captures.n * (1 + 1e-9),
        1e7 * captures.n,
    )
    assert total == pytest.approx(solved, rel=1e-7)


@given(st.lists(FULL, min_size=3, max_size=3))
def test_two_lists_give_lincoln_and_petersen(counts: list[int]) -> None:
    one, two, both = counts
    assert fit(from_counts(counts), independence(2)).unseen == pytest.approx(one * two / both, rel=1e-8)


@given(st.lists(FULL, min_size=7, max_size=7))
def test_three_lists_with_all_pairs_give_the_ratio_of_products(counts: list[int]) -> None:
    n100, n010, n110, n001, n101, n011, n111 = counts
    expected = n111 * n100 * n010 * n001 / (n110 * n101 * n011)
    assert fit(from_counts(counts), all_pairs(3)).unseen == pytest.approx(expected, rel=1e-7)


def test_korea_with_two_pairs_has_the_total_in_closed_form(shared_data: Path) -> None:
    found = fit(table(shared_data, "Korea"), parse("[12,23]", 3))
    assert found.unseen == pytest.approx(5 * 41 / 6, rel=1e-10)
    assert found.total == pytest.approx(157.1667, abs=5e-5)


@given(st.lists(FULL, min_size=7, max_size=7), st.integers(2, 50), st.sampled_from(hierarchical(3)))
def test_multiplying_all_counts_multiplies_the_total(counts: list[int], factor: int, model: Model) -> None:
    once, often = from_counts(counts), from_counts([factor * count for count in counts])
    assume(not code(3, model, once.support))
    assert fit(often, model).total == pytest.approx(factor * fit(once, model).total, rel=1e-7)


@settings(max_examples=25)
@given(st.lists(COUNTS, min_size=15, max_size=15), st.permutations(range(4)), st.sampled_from(hierarchical(4)))
def test_the_order_of_the_lists_changes_nothing(counts: list[int], order: list[int], model: Model) -> None:
    captures = from_counts(counts)
    moved = captures.permuted(order)
    renamed = tuple(sorted(sum(1 << place for place in range(4) if t >> order[place] & 1) for t in model))
    assert code(4, model, captures.support) == code(4, renamed, moved.support)
    assume(captures.n and not code(4, model, captures.support))
    assert fit(moved, renamed).total == pytest.approx(fit(captures, model).total, rel=1e-7)
    assert fit(moved, renamed).bic == pytest.approx(fit(captures, model).bic, rel=1e-9)


@settings(max_examples=60)
@given(st.lists(COUNTS, min_size=15, max_size=15), st.sampled_from(hierarchical(4)))
def test_total_and_bic_are_those_of_the_slow_twin(counts: list[int], model: Model) -> None:
    captures = from_counts(counts)
    assume(captures.n and not code(4, model, captures.support))
    total, means = slow_means(captures, model)
    found = fit(captures, model)
    assert found.total == pytest.approx(total, rel=1e-5)
    assert found.bic == pytest.approx(slow_bic(captures, model), rel=1e-8)
    for history, mean in means.items():
        assert found.means[history - 1] == pytest.approx(mean, rel=1e-4, abs=1e-6)


@settings(max_examples=60)
@given(st.lists(st.lists(COUNTS, min_size=15, max_size=15), min_size=1, max_size=6), st.sampled_from(hierarchical(4)))
def test_many_tables_at_once_are_fitted_as_one_at_a_time(rows: list[list[int]], model: Model) -> None:
    tables = np.array([row for row in rows if any(row) and not code(4, model, from_counts(row).support)])
    assume(len(tables))
    found = fit_many(model, tables)
    for row, counts in enumerate(tables):
        alone = fit(from_counts(counts), model)
        assert found.totals[row] == pytest.approx(alone.total, rel=1e-7)
        assert found.bics[row] == pytest.approx(alone.bic, rel=1e-9)
        margin = sum(alone.means[w - 1] for w in range(1, 16) if w & 3 == 3)
        assert found.margins[row, 3] == pytest.approx(margin, rel=1e-6, abs=1e-7)


def test_a_row_has_the_same_bits_whatever_it_is_fitted_with(shared_data: Path) -> None:
    captures = table(shared_data, "UK_5")
    rng = np.random.default_rng(5)
    tables = np.array([captures.cells(), *(captures.sample(rng, 2500).cells() for _number in range(40))])
    models = [m for m in hierarchical(5, 2) if not code(5, m, captures.support)][:41]
    passing = [row for row in range(41) if not code(5, models[row], _support(tables[row]))]
    together = fit_rows([models[row] for row in passing], tables[passing])
    for place, row in enumerate(passing):
        alone = fit_rows([models[row]], tables[[row]])
        assert alone.totals[0] == together.totals[place]
        assert alone.bics[0] == together.bics[place]


def _support(counts: Integers) -> int:
    return from_counts(list(counts)).support


def test_a_list_that_nobody_is_on_changes_no_total_but_counts_as_a_parameter(shared_data: Path) -> None:
    captures = table(shared_data, "Kosovo")
    wider = captures_from_masks((*captures.lists, "empty"), captures.masks, captures.counts)
    one, two = fit(captures, independence(4)), fit(wider, independence(5))
    assert two.total == pytest.approx(one.total, rel=1e-12)
    assert two.parameters == one.parameters + 1
    assert two.coefficients[16] == -np.inf
    assert 16 not in two.errors


def test_a_pair_that_shares_nobody_is_at_minus_infinity_and_its_histories_are_empty(shared_data: Path) -> None:
    captures = table(shared_data, "UK_5")  # LA and GP share nobody
    pair = 1 << captures.position("LA") | 1 << captures.position("GP")
    found = fit(captures, tuple(sorted((*independence(5), pair))))
    assert found.coefficients[pair] == -np.inf
    assert all(found.means[w - 1] == 0 for w in range(1, 32) if w & pair == pair)
    assert found.means.sum() == pytest.approx(captures.n)


def test_margins_of_the_model_are_fitted_exactly(shared_data: Path) -> None:
    captures = table(shared_data, "Allegheny")
    model = parse("[123,34]", 4)
    found = fit(captures, model)
    for t in model:
        people = sum(captures.count_of(w) for w in range(1, 16) if w & t == t)
        assert sum(found.means[w - 1] for w in range(1, 16) if w & t == t) == pytest.approx(people, rel=1e-9)


@pytest.mark.parametrize("model", [(1, 2), (1, 2, 4, 7), (4, 2, 1), (1, 1, 2, 4)])
def test_a_set_of_terms_that_is_no_model_is_refused(model: Model) -> None:
    with pytest.raises(BadCaptures, match="A model must hold every list"):
        fit(from_counts([5, 6, 7, 8, 9, 10, 11]), model)


def test_more_lists_than_can_be_fitted_are_refused_with_what_to_do() -> None:
    captures = captures_from_masks([f"list {place}" for place in range(13)], [1, 2, 3, 1 << 12], [4, 4, 4, 4])
    with pytest.raises(BadCaptures, match="merge lists"):
        fit(captures, independence(13))


@pytest.mark.parametrize(
    ("counts", "model"),
    [
        ([17, 0, 38, 59465, 0, 0, 0, 14, 1, 0, 0, 0, 0, 0, 253839], "[13,14,23,24,34]"),
        ([0, 0, 12112, 64949, 30, 0, 3312, 496850, 0, 0, 10, 173, 4289, 0, 0], "[13,14,34,2]"),
        ([0, 0, 2, 2, 3, 0, 2, 24, 36213, 6154, 0, 0, 42, 46040, 0], "[12,23,14,34]"),
    ],
)
def test_counts_far_apart_are_fitted_where_plain_steps_overshoot(counts: list[int], model: str) -> None:
    """The steps taken together do not come to rest on the first two; alone, some have to be halved."""
    captures, chosen = from_counts(counts), parse(model, 4)
    alone = fit(captures, chosen)
    assert fit_many(chosen, np.array([counts])).totals[0] == pytest.approx(alone.total, rel=1e-7)
    for t in chosen:
        people = sum(counts[w - 1] for w in range(1, 16) if w & t == t)
        assert sum(alone.means[w - 1] for w in range(1, 16) if w & t == t) == pytest.approx(people, rel=1e-6)


def test_a_table_that_breaks_off_the_common_steps_leaves_the_others_alone() -> None:
    """On the second one a step leads where the equations are singular."""
    model = parse("[12,13,14,23,34]", 4)
    calm = [60, 50, 12, 40, 9, 8, 5, 30, 7, 6, 4, 5, 3, 4, 2]
    wild = [55862704, 3, 5269642, 83921, 10, 9, 17, 0, 189, 9148095, 0, 0, 105637, 0, 2433776]
    together = fit_many(model, np.array([calm, wild]))
    assert together.totals[0] == fit_many(model, np.array([calm])).totals[0]
    assert together.totals[1] == pytest.approx(fit(from_counts(wild), model).total, rel=1e-9)


def test_counts_on_which_no_step_helps_have_no_estimate() -> None:
    """From 58 people to a hundred million: beyond what floats can hold together, and said so."""
    counts = [0, 0, 117426101, 0, 0, 174671, 0, 58, 0, 0, 6262, 0, 31525722, 0, 0]
    with pytest.raises(NotEstimable) as refused:
        fit(from_counts(counts), parse("[12,13,14,23,34]", 4))
    assert refused.value.code == "not_converged"


def test_columns_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(NotEstimable) as refused:
        maximise(np.ones((3, 2)), np.array([4.0, 5.0, 6.0]))
    assert refused.value.code == "not_identifiable"


def test_totals_do_not_depend_on_the_order_of_three_lists() -> None:
    captures = from_counts([50, 40, 9, 30, 7, 6, 3])
    totals = [fit(captures.permuted(order), all_pairs(3)).total for order in permutations(range(3))]
    assert totals == pytest.approx([totals[0]] * 6, rel=1e-9)


def test_a_table_may_be_given_as_a_captures_of_any_order_of_rows() -> None:
    once = captures_from_masks(["a", "b"], [3, 1, 2, 1, 3], [2, 4, 5, 3, 0])
    assert once == Captures(("a", "b"), np.array([1, 2, 3]), np.array([7, 5, 2]))
