"""Published results that no other file holds: a strict threshold, plain independence, and the search step by step.

The row shown and not matched: the Netherlands by latent classes (147,352, one chain of several modes).
"""

from functools import partial
from pathlib import Path

import pytest

from reckon.prevalence import bca, bootstrap, downhill_many, stepwise, stepwise_many
from reckon.prevalence.fit import fit
from reckon.prevalence.models import independence
from reckon.prevalence.profile import poisson_profile
from tests.reckon.prevalence.published import table, term

B = 5000


def test_hiv_in_rome_has_one_pair_more_at_a_threshold_of_a_twentieth(shared_data: Path) -> None:
    captures = table(shared_data, "HIV_Rome")
    found = stepwise(captures, 0.05)
    assert [step.term for step in found.path] == [term(captures, "c1:c2")]
    assert found.fit.total == pytest.approx(12318.47, abs=0.005)


def test_the_interval_of_new_orleans_under_independence_is_the_published_one(shared_data: Path) -> None:
    found = bca(bootstrap(table(shared_data, "NewOrl"), partial(stepwise_many, threshold=0.0), B, seed=2021))
    print(f"644, 1618 published: {found.lower} {found.upper}")
    assert found.limits == pytest.approx((644, 1618), rel=0.12)


@pytest.mark.parametrize(("name", "lower", "upper"), [("UK_5", 12004.0, 15160.3), ("Australia", 725.5, 964.0)])
def test_the_poisson_profile_of_independence_is_the_published_one(
    shared_data: Path, name: str, lower: float, upper: float
) -> None:
    captures = table(shared_data, name)
    found = poisson_profile(captures, independence(captures.m))
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=0.05)
    assert found.total == pytest.approx(fit(captures, independence(captures.m)).total)


@pytest.mark.slow
@pytest.mark.parametrize(("max_order", "limits"), [(2, (9643, 25508)), (6, (9622, 27889))])
def test_the_interval_of_six_lists_searched_step_by_step_is_the_published_one(
    shared_data: Path, max_order: int, limits: tuple[int, int]
) -> None:
    found = bca(bootstrap(table(shared_data, "UK"), partial(downhill_many, max_order=max_order), B, seed=2021))
    print(f"{limits} published: {found.lower} {found.upper}")
    assert found.limits == pytest.approx(limits, rel=0.12)


@pytest.mark.slow
def test_eight_lists_searched_step_by_step_reach_an_extreme_below_and_the_published_limit_above(
    shared_data: Path,
) -> None:
    """The published lower limit (586) is the smallest of 1000 replicates, which is no quantile."""
    found = bca(bootstrap(table(shared_data, "NewOrl_186"), partial(downhill_many, max_order=2), 1000, seed=2021))
    print(f"1512 published: {found.lower} {found.upper}")
    assert found.lower.extreme
    assert found.upper.value == pytest.approx(1512, rel=0.12)
