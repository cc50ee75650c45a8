"""Bayesian thresholding: published posteriors, and a grid as the judge of the chains."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.prevalence import Captures, NotEstimable, captures_from_masks
from reckon.prevalence.posterior import Target, sample
from reckon.prevalence.threshold import Term, Thresholded, thresholded
from tests.reckon.prevalence.published import from_counts, table, term


def kept(found: Thresholded) -> set[int]:
    return {one.mask for one in found.terms if one.kept}


@pytest.mark.parametrize(
    ("name", "order", "median", "low", "high"),
    [
        ("UK_5", 2, 12382, 10933, 14213),
        ("Kosovo", 2, 14042, 12321, 16264),
        ("Kosovo", 3, 11892, 9953, 14962),
        ("Australia", 2, 2781, 1833, 4594),
        ("Korea", 2, 153.7, 134.5, 200.4),
    ],
)
def test_the_published_posteriors_come_out_within_monte_carlo_error(
    shared_data: Path, name: str, order: int, median: float, low: float, high: float
) -> None:
    found = thresholded(table(shared_data, name), max_order=order, seed=1)
    for one, expected in ((found.median, median), (found.low, low), (found.high, high)):
        print(f"{name} order {order}, {one.probability:.1%}: {one.value:.1f} (error {one.error:.1f}), here {expected}")
        assert one.value == pytest.approx(expected, rel=0.03)
    assert found.chains.rhat < 1.01


def test_the_terms_kept_for_five_uk_lists_are_the_published_ones(shared_data: Path) -> None:
    captures = table(shared_data, "UK_5")
    names = ["LA:NG", "LA:PFNCA", "NG:GP", "PFNCA:GP", "GO:GP"]
    found = thresholded(captures, seed=1)
    assert kept(found) == {term(captures, name) for name in names}
    assert found.generators == "[12,13,25,35,45]"


def test_a_triple_stands_for_choice_only_if_its_pairs_were_kept(shared_data: Path) -> None:
    found = thresholded(table(shared_data, "Kosovo"), max_order=3, seed=1)
    triples = {one.lists for one in found.terms if len(one.lists) == 3}
    assert triples == {(1, 2, 3), (1, 3, 4)}
    assert found.generators == "[123,134]"


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(shared_data: Path) -> None:
    captures = table(shared_data, "Korea")
    first, again, other = (thresholded(captures, seed=seed) for seed in (5, 5, 6))
    assert (first.draws == again.draws).all()
    assert (first.median, first.terms) == (again.median, again.terms)
    assert not (first.draws == other.draws).all()


def test_a_decision_within_the_monte_carlo_error_is_said(shared_data: Path) -> None:
    """The pair of lists 4 and 5 of New Orleans is 2.0 deviations from zero: seeds disagree about it."""
    found = thresholded(table(shared_data, "NewOrl"), seed=2)
    close = [one.lists for one in found.terms if one.is_close]
    assert (4, 5) in close
    assert "close_call" in [warning.code for warning in found.warnings]


def test_the_chains_agree_with_integration_over_a_grid() -> None:
    """Two independent lists, three coefficients: the posterior summed over a fine grid around the mode."""
    target = Target(
        design=np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]),
        counts=np.array([9.0, 6.0, 4.0]),
        precision=np.array([1e-2, 1.0, 1.0]),
    )
    mode, curvature = target.mode()
    reach = 6 * np.sqrt(np.diag(np.linalg.inv(curvature)))
    axes = [np.linspace(m - r, m + r, 81) for m, r in zip(mode, reach, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    logs = target.log_density(points)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    draws = sample(target, np.random.default_rng(3), 20_000, 4).draws.reshape(-1, 3)
    mean = weights @ points
    assert draws.mean(axis=0) == pytest.approx(mean, abs=0.02)
    assert draws.std(axis=0) == pytest.approx(np.sqrt(weights @ (points - mean) ** 2), rel=0.03)


def test_intervals_cover_a_known_population_about_as_often_as_they_say() -> None:
    """40 populations of 2,000 people; the second list finds those on the first three times as easily."""
    rng = np.random.default_rng(14)
    covered = []
    for _ in range(40):
        first = rng.random(2_000) < 0.2
        others = rng.random((2_000, 3)) < np.column_stack([np.where(first, 0.45, 0.15), np.full((2_000, 2), 0.2)])
        masks = np.column_stack([first, others]) @ np.array([1, 2, 4, 8])
        found = thresholded(captures_from_masks("abcd", masks[masks > 0]), draws=1_000)
        covered.append(found.low.value <= 2_000 <= found.high.value)
    print(f"nominal 95 %, found {np.mean(covered):.3f}")
    assert np.mean(covered) >= 0.85


def test_two_lists_are_answered_by_the_prior_and_that_is_said() -> None:
    assert "independence_assumed" in [one.code for one in thresholded(from_counts([31, 22, 7])).warnings]


def test_more_than_ten_lists_are_refused_with_what_to_do() -> None:
    with pytest.raises(NotEstimable) as refused:
        thresholded(captures_from_masks("abcdefghijk", [*(1 << place for place in range(11)), 3, 12, 2**11 - 1 - 7]))
    assert refused.value.code == "too_many_lists"


@pytest.mark.parametrize("wrong", [{"max_order": 4}, {"chains": 1}, {"draws": 10}])
def test_settings_that_make_no_sense_are_refused(shared_data: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="order"):
        thresholded(table(shared_data, "Korea"), **wrong)


@settings(max_examples=12)
@given(st.lists(st.integers(0, 25), min_size=7, max_size=7), st.sampled_from(list(permutations(range(3)))))
def test_the_order_of_the_lists_changes_only_what_chance_decides(counts: list[int], order: tuple[int, ...]) -> None:
    captures = from_counts(counts)
    found, again = few(captures), few(captures.permuted(order))
    assert (found is None) == (again is None)
    if found is None or again is None:
        return
    assert found.n <= found.low.value <= found.median.value <= found.high.value < np.inf
    one, other = by_names(found), by_names(again)
    for names in one.keys() & other.keys():
        assert one[names].mean == pytest.approx(other[names].mean, abs=0.25 * one[names].sd)


def few(captures: Captures) -> Thresholded | None:
    try:
        return thresholded(captures, draws=2_000)
    except NotEstimable:
        return None


def by_names(found: Thresholded) -> dict[frozenset[str], Term]:
    return {frozenset(found.lists[number - 1] for number in one.lists): one for one in found.terms}
