"""Bootstrap and jackknife with the selection inside: published intervals, and what the replicates are."""

import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from reckon.prevalence import (
    Bootstrap,
    Captures,
    NotEstimable,
    bca,
    bootstrap,
    bootstrap_each,
    captures_from_masks,
    downhill_many,
    lowest_many,
    lowest_of_first_many,
    rank,
    stepwise,
    stepwise_many,
)
from reckon.prevalence.criterion import first_models
from reckon.prevalence.resample import resampled, without_one
from reckon.prevalence.selection import Method
from tests.reckon.prevalence.published import from_counts, table

B = 5000
STEPWISE = partial(stepwise_many, threshold=0.02)


def within(found: Bootstrap, level: float, published: tuple[float, float], name: str) -> None:
    """Both BCa limits are within 12 % of the published ones; prints them with their Monte Carlo errors."""
    interval = bca(found, level)
    for limit, expected in zip((interval.lower, interval.upper), published, strict=True):
        print(
            f"{name}, {level:.0%}: {limit.value:.0f} ± {limit.monte_carlo_error:.0f}, published {expected:.0f}"
            f"{', extreme' if limit.extreme else ''}"
        )
        assert limit.value == pytest.approx(expected, rel=0.12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "at_95", "at_80"),
    [
        ("UK_5", (8785, 14701), (9624, 12531)),
        ("UK", (9418, 15036), (9674, 13057)),
        ("Kosovo", (12596, 16528), (13117, 15641)),
    ],
)
def test_stepwise_intervals_are_the_published_ones(
    shared_data: Path, name: str, at_95: tuple[float, float], at_80: tuple[float, float]
) -> None:
    found = bootstrap(table(shared_data, name), STEPWISE, B, seed=2021)
    within(found, 0.95, at_95, name)
    within(found, 0.80, at_80, name)
    assert found.share_not_estimable == 0


@pytest.mark.slow
def test_the_interval_of_the_netherlands_is_the_published_one_where_it_is_no_extreme(shared_data: Path) -> None:
    """The published upper limits at 95 % and 80 % are both the largest of 200 replicates, which is no quantile."""
    found = bootstrap(table(shared_data, "Ned"), STEPWISE, B, seed=2021)
    interval = bca(found, 0.95)
    assert interval.lower.value == pytest.approx(45517, rel=0.12)
    assert interval.upper.extreme
    assert interval.acceleration == pytest.approx(0.033343, abs=1e-5)
    within(found, 0.80, (101024, 146408), "Ned")
    assert found.share_below == pytest.approx(0.785, abs=0.04)
    # the median lies in the trough between the two modes, where 200 replicates say little
    assert np.quantile(found.totals, [0.025, 0.975]) == pytest.approx([33767, 137514], rel=0.12)


@pytest.mark.parametrize(
    ("name", "acceleration", "below"),
    [("UK_5", -0.012181, 0.313), ("UK", -0.012871, 0.33), ("Kosovo", -0.00416, 0.493)],
)
def test_the_acceleration_is_that_of_the_reference_and_the_bias_is_near(
    shared_data: Path, name: str, acceleration: float, below: float
) -> None:
    found = bootstrap(table(shared_data, name), STEPWISE, 1000, seed=1)
    assert bca(found).acceleration == pytest.approx(acceleration, abs=1e-6)
    assert found.share_below == pytest.approx(below, abs=4 * math.sqrt(0.25 * (1 / 1000 + 1 / 200)))


@pytest.mark.slow
def test_kosovo_intervals_by_the_number_of_models_considered_are_the_published_ones(shared_data: Path) -> None:
    captures = table(shared_data, "Kosovo")
    tops = (1, 5, 10, 113)
    method = partial(lowest_of_first_many, models=first_models(rank(captures), 113), tops=tops)
    found = bootstrap_each(captures, method, B, seed=2021)
    at_95 = ((9101, 12003), (8461, 17033), (6947, 17987), (6947, 18010))
    at_80 = ((9532, 11320), (8526, 11511), (7415, 12165), (7415, 12198))
    for top, one, wide, narrow in zip(tops, found, at_95, at_80, strict=True):
        within(one, 0.95, wide, f"Kosovo, first {top}")
        within(one, 0.80, narrow, f"Kosovo, first {top}")


@pytest.mark.slow
def test_kosovo_intervals_among_models_of_pairs_are_the_published_ones(shared_data: Path) -> None:
    captures = table(shared_data, "Kosovo")
    found = bootstrap(captures, partial(lowest_many, models=first_models(rank(captures, 2), 64)), B, seed=2021)
    within(found, 0.95, (12525, 16478), "Kosovo, pairs")
    within(found, 0.80, (13093, 15561), "Kosovo, pairs")


def test_korea_intervals_by_the_number_of_models_considered_are_the_published_ones(shared_data: Path) -> None:
    captures = table(shared_data, "Korea")
    method = partial(lowest_of_first_many, models=first_models(rank(captures), 6), tops=(1, 2, 6))
    one, two, six = bootstrap_each(captures, method, B, seed=2021)
    within(two, 0.95, (130, 348), "Korea, first 2")
    within(two, 0.80, (135, 287), "Korea, first 2")
    within(six, 0.95, (128, 350), "Korea, all 6")
    within(six, 0.80, (135, 291), "Korea, all 6")
    within(one, 0.80, (137, 198), "Korea, first")
    assert bca(one).lower.value == pytest.approx(131, rel=0.12)


def test_replicates_without_an_estimate_stay_in_the_order(shared_data: Path) -> None:
    """The published upper limit (249) is reached only when they are dropped; kept at infinity they widen the interval."""
    captures = table(shared_data, "Korea")
    models = first_models(rank(captures), 1)
    found = bootstrap(captures, partial(lowest_many, models=models), B, seed=2021)
    assert found.share_not_estimable == pytest.approx(0.0136, abs=0.005)
    assert found.share_not_estimable == np.mean([model is None for model in found.models])
    finite = found.totals[np.isfinite(found.totals)]
    dropped = Bootstrap(
        found.total, found.model, finite, found.models, found.jackknife, found.weights, found.seed, found.digest
    )
    assert bca(dropped).upper.value == pytest.approx(249, rel=0.12)
    assert bca(found).upper.value > bca(dropped).upper.value


@pytest.mark.slow
def test_united_kingdom_intervals_by_the_number_of_models_considered_are_the_published_ones(shared_data: Path) -> None:
    """The published upper limits from five models on are close to the largest replicate: held to 95 % from 20 only at 80 %."""
    captures = table(shared_data, "UK_5")
    tops = (1, 5, 20, 60)
    method = partial(lowest_of_first_many, models=first_models(rank(captures, 2), 60), tops=tops)
    found = dict(zip(tops, bootstrap_each(captures, method, B, seed=2021), strict=True))
    within(found[1], 0.95, (18106, 29585), "UK_5, first 1")
    within(found[5], 0.95, (11466, 38864), "UK_5, first 5")
    at_80 = {1: (19745, 26957), 5: (12263, 34491), 20: (12701, 37877), 60: (12910, 38602)}
    for top, limits in at_80.items():
        within(found[top], 0.80, limits, f"UK_5, first {top}")
    for top, lower in ((20, 11550), (60, 11720)):
        interval = bca(found[top])
        assert interval.lower.value == pytest.approx(lower, rel=0.12)
        assert interval.upper.extreme


@pytest.mark.slow
def test_new_orleans_reaches_down_to_an_extreme_and_says_so(shared_data: Path) -> None:
    interval = bca(bootstrap(table(shared_data, "NewOrl"), STEPWISE, 1000, seed=1))
    assert interval.lower.extreme
    assert interval.upper.value == pytest.approx(1657, rel=0.12)


def test_a_replicate_draws_as_many_people_from_the_observed_histories(shared_data: Path) -> None:
    captures = table(shared_data, "UK")
    tables = resampled(captures, np.random.default_rng(1), 400)
    assert set(tables.sum(axis=1)) == {captures.n}
    assert not tables[:, captures.cells() == 0].any()
    spread = np.sqrt(captures.cells() * (1 - captures.cells() / captures.n) / 400)
    assert (np.abs(tables.mean(axis=0) - captures.cells()) <= 5 * spread).all()


def test_the_jackknife_leaves_out_one_person_of_each_history(shared_data: Path) -> None:
    captures = table(shared_data, "Kosovo")
    tables = without_one(captures)
    assert (captures.cells() - tables).tolist() == np.eye(15, dtype=int)[captures.masks - 1].tolist()
    found = bootstrap(captures, STEPWISE, 10, seed=1)
    alone = [stepwise(from_counts(row.tolist())).fit.total for row in tables]
    assert found.jackknife == pytest.approx(alone, rel=1e-9)
    assert found.weights.tolist() == captures.counts.tolist()


def test_the_estimate_of_a_bootstrap_is_that_of_the_data(shared_data: Path) -> None:
    captures = table(shared_data, "Australia")
    found = bootstrap(captures, STEPWISE, 60, seed=4)
    selected = stepwise(captures)
    assert found.total == pytest.approx(selected.fit.total, rel=1e-9)
    assert found.model == selected.model
    assert len(found.totals) == len(found.models) == 60
    assert (found.seed, found.digest) == (4, captures.digest())
    shares = found.model_shares()
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert max(shares, key=lambda model: shares[model]) == max(set(found.models), key=found.models.count)


@pytest.mark.parametrize("method", [STEPWISE, partial(downhill_many, max_order=2)])
def test_data_without_an_estimate_have_no_bootstrap(method: Method) -> None:
    none: Captures = captures_from_masks("abc", [1, 2, 4], [30, 30, 30])
    with pytest.raises(NotEstimable) as refused:
        bootstrap(none, method, 20)
    assert refused.value.code == "not_finite"


def test_models_that_all_fail_on_the_data_have_no_bootstrap(shared_data: Path) -> None:
    captures = table(shared_data, "Korea")
    with pytest.raises(NotEstimable, match="None of the models"):
        bootstrap(captures, partial(lowest_many, models=((1, 2, 3, 4, 5),)), 20)
