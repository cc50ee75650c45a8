"""Intervals: quantiles, BCa and its guards, Monte Carlo errors, and the profile of one model."""

from dataclasses import replace
from functools import partial
from math import inf, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln

from reckon.prevalence import (
    Bootstrap,
    NotEstimable,
    bca,
    bootstrap,
    fit,
    independence,
    percentile,
    profile,
    stepwise_many,
)
from reckon.prevalence.intervals import acceleration_of, corrected, quantile
from tests.reckon.prevalence.published import from_counts, table

TAILS = np.array([0.025, 0.975])


def replicates(totals: list[float], total: float, jackknife: list[float] | None = None) -> Bootstrap:
    left = np.array(jackknife if jackknife is not None else [total - 1, total + 1])
    return Bootstrap(total, None, np.array(totals), (), left, np.ones(len(left), dtype=np.int64), 0, "")


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(0, 1))
def test_quantiles_are_numpys_of_type_8(values: list[float], share: float) -> None:
    ordered = np.sort(np.array(values))
    expected = np.quantile(ordered, share, method="median_unbiased")
    assert quantile(ordered, np.array([share]))[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_infinite_values_are_the_largest() -> None:
    ordered = np.array([1.0, 2.0, 3.0, inf, inf])
    assert quantile(ordered, np.array([0.0, 0.5, 0.7, 1.0])).tolist() == [1.0, 3.0, inf, inf]


def test_without_bias_and_acceleration_the_limits_are_percentiles() -> None:
    assert corrected(TAILS, np.zeros(1), 0.0) == pytest.approx(TAILS)


def test_the_corrected_quantiles_are_those_worked_by_hand() -> None:
    # z0 = 0.3, a = 0.05: 0.3 + (0.3 - 1.959964) / (1 + 0.05 * 1.659964) = -1.232749; 0.3 + 2.259964 / 0.887002 = 2.847867
    assert corrected(TAILS, np.array([0.3]), 0.05) == pytest.approx([0.108835, 0.997799], abs=2e-6)


def test_the_acceleration_is_a_weighted_skewness() -> None:
    jackknife, weights = np.array([9.0, 10.0, 14.0]), np.array([3, 2, 1])
    repeated = np.repeat(jackknife, weights)
    distance = repeated.mean() - repeated
    expected = (distance**3).sum() / (6 * (distance**2).sum() ** 1.5)
    assert acceleration_of(jackknife, weights) == pytest.approx(expected)
    assert acceleration_of(np.array([5.0, 5.0]), np.array([1, 1])) == 0.0


def test_where_leaving_out_one_person_ends_the_estimate_the_acceleration_is_unknown() -> None:
    found = bca(replicates([float(value) for value in range(1000)], 480.0, [470.0, inf]))
    assert found.acceleration is None
    assert found.bias == pytest.approx(-0.0502, abs=1e-4)
    assert found.limits == pytest.approx((19, 969), abs=2)


@pytest.mark.parametrize("total", [-1.0, 5000.0])
def test_replicates_on_one_side_of_the_estimate_have_no_bca(total: float) -> None:
    with pytest.raises(NotEstimable) as refused:
        bca(replicates([float(value) for value in range(100)], total))
    assert refused.value.code == "one_sided"


def test_a_correction_that_turns_the_quantiles_over_is_refused() -> None:
    """An acceleration of 1/6 (one history decides) with many replicates below: 1 - a (z0 + z) falls below zero."""
    totals = [0.0] * 9999 + [100.0]
    with pytest.raises(NotEstimable) as refused:
        bca(replicates(totals, 50.0, [20.0] + [50.0] * 10_000), 0.99)
    assert refused.value.code == "unstable"


def test_a_limit_with_few_replicates_beyond_it_is_called_extreme() -> None:
    few = percentile(replicates([float(value) for value in range(100)], 50.0))
    many = percentile(replicates([float(value) for value in range(1000)], 500.0))
    assert few.lower.extreme
    assert few.upper.extreme
    assert not many.lower.extreme
    assert not many.upper.extreme
    assert many.limits == pytest.approx((24.3417, 974.6583), abs=1e-4)


@pytest.mark.slow
def test_the_monte_carlo_error_is_the_spread_over_other_seeds(shared_data: Path) -> None:
    captures = table(shared_data, "Kosovo")
    many = bootstrap(captures, partial(stepwise_many, threshold=0.02), 20_000, seed=1)
    again = [bca(replace(many, totals=part)).lower for part in np.split(many.totals, 40)]
    spread = np.std([limit.value for limit in again])
    errors = [limit.monte_carlo_error for limit in again]
    assert np.median(errors) == pytest.approx(spread, rel=0.35)


def test_an_infinite_limit_has_an_infinite_error() -> None:
    found = percentile(replicates([float(value) for value in range(90)] + [inf] * 10, 45.0))
    assert found.upper.value == inf
    assert found.upper.monte_carlo_error == inf
    assert np.isfinite(found.lower.monte_carlo_error)


def test_the_same_bootstrap_has_the_same_limits_and_errors(shared_data: Path) -> None:
    captures = table(shared_data, "Korea")
    one, two = (bca(bootstrap(captures, partial(stepwise_many, threshold=0.02), 300, seed=9)) for _again in range(2))
    assert one == two


def test_the_profile_of_independence_has_the_published_maximum(shared_data: Path) -> None:
    captures = table(shared_data, "UK")
    found = profile(captures, independence(6))
    assert found.total == pytest.approx(12208.6, abs=0.05)
    assert found.total < fit(captures, independence(6)).total


def test_the_profile_of_two_lists_is_the_likelihood_worked_out() -> None:
    """For two lists and N people the multinomial likelihood under independence has a closed form."""
    one, two, both = 60, 45, 20
    found = profile(from_counts([one, two, both]), independence(2))

    def value(size: float) -> float:
        seen, first, second = one + two + both, one + both, two + both
        p, q = first / size, second / size
        fitted = first * log(p) + (size - first) * log(1 - p) + second * log(q) + (size - second) * log(1 - q)
        return float(gammaln(size + 1) - gammaln(size - seen + 1)) + fitted

    grid = np.arange(126.0, 1000.0, 0.01)
    values = np.array([value(size) for size in grid])
    inside = grid[2 * (values.max() - values) <= 3.841458820694124]
    assert found.total == pytest.approx(grid[values.argmax()], abs=0.02)
    assert (found.lower, found.upper) == pytest.approx((inside[0], inside[-1]), abs=0.02)


def test_a_limit_beyond_a_billion_times_those_seen_is_infinite() -> None:
    found = profile(from_counts([200, 150, 1]), independence(2), 1 - 1e-10)
    assert found.upper == inf
    assert np.isfinite(found.lower)


def test_a_profile_may_reach_down_to_those_seen() -> None:
    found = profile(from_counts([1, 1, 500]), independence(2))
    assert found.lower == 502
    assert 502 <= found.total < found.upper < 504


def test_a_model_without_an_estimate_has_no_profile(shared_data: Path) -> None:
    with pytest.raises(NotEstimable):
        profile(table(shared_data, "Korea"), (1, 2, 3, 4, 5))
