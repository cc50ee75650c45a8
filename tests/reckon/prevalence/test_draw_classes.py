"""Latent classes by Gibbs sampling: an exact posterior, one by importance, the published numbers, and honest diagnostics."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from reckon.prevalence import Captures, NotEstimable, captures_from_masks
from reckon.prevalence.fit import fit
from reckon.prevalence.gibbs import Options, _Chains, draw
from reckon.prevalence.latent import LatentClasses, latent_classes
from reckon.prevalence.models import independence
from tests.reckon.prevalence.published import from_counts, table


def shown(name: str, found: LatentClasses) -> None:
    for one in (found.median, found.low, found.high):
        print(f"{name}, {one.probability:.1%}: {one.value:.0f} (Monte Carlo error {one.error:.0f})")
    print(f"R-hat {found.chains.rhat:.3f}, effective draws {found.chains.effective:.0f}")


@pytest.mark.slow
def test_one_class_is_independence_whose_posterior_is_known() -> None:
    """p(N) is proportional to N! / (N - n)! / N times the product of Beta(n_j + 1, N - n_j + 1)."""
    captures = from_counts([21, 17, 6, 30, 8, 5, 3])
    found = draw(captures, Options(classes=1, chains=4, sweeps=9_000, burn_in=300, seed=1)).unseen
    unseen = np.arange(20 * captures.n + 1)
    totals = captures.n + unseen
    logs = special.gammaln(totals) - special.gammaln(unseen + 1)
    for size in captures.list_sizes:
        logs += special.betaln(size + 1, totals - size + 1)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    for place in (0.1, 0.5, 0.9):
        at = int(np.searchsorted(np.cumsum(weights), place))
        assert (found <= at).mean() == pytest.approx(weights[: at + 1].sum(), abs=0.01)


def test_without_people_the_sticks_and_alpha_follow_their_prior() -> None:
    """alpha is Gamma(2, 1), and the first piece given alpha has the mean 1 / (1 + alpha)."""
    options = Options(classes=4, chains=5_000, shape=2.0, rate=1.0)
    chains = _Chains(from_counts([1, 1, 1]), options)
    for _sweep in range(60):
        chains._draw_shares(np.zeros((options.chains, options.classes)))
    alpha = np.random.default_rng(0).gamma(2.0, 1.0, size=100_000)
    assert chains.alpha.mean() == pytest.approx(2.0, abs=0.08)
    assert chains.alpha.var() == pytest.approx(2.0, abs=0.25)
    assert np.exp(chains.log_shares[:, 0]).mean() == pytest.approx((1 / (1 + alpha)).mean(), abs=0.02)
    assert np.exp(chains.log_shares).sum(axis=1) == pytest.approx(np.ones(options.chains))


@pytest.mark.slow
@pytest.mark.parametrize("classes", [2, 3])
def test_few_people_agree_with_weighing_the_prior(classes: int) -> None:
    """400,000 draws of the prior, each weighed by its likelihood; N is then negative binomial, cut at the bound."""
    captures = from_counts([4, 2, 1, 3, 0, 1, 2])
    options = Options(classes=classes, chains=8, sweeps=20_000, burn_in=1_000, bound=6.0, shape=2.0, rate=1.0, seed=4)
    found = draw(captures, options).unseen
    rng, size = np.random.default_rng(5), 400_000
    alpha = rng.gamma(options.shape, 1 / options.rate, size=size)
    pieces = np.column_stack([rng.beta(1.0, alpha) for _ in range(classes - 1)] + [np.ones(size)])
    shares = pieces * np.cumprod(np.column_stack([np.ones(size), 1 - pieces[:, :-1]]), axis=1)
    chances = rng.random((size, classes, 3))
    log_weights = np.zeros(size)
    for mask, count in zip(captures.masks, captures.counts, strict=True):
        log_weights += count * np.log(history(shares, chances, int(mask)))
    missed = history(shares, chances, 0)
    limit = int(options.bound * captures.n)
    log_weights += np.log(special.betainc(captures.n, limit + 1, 1 - missed)) - captures.n * np.log1p(-missed)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    print(f"{classes} classes: the prior's draws are worth {1 / (weights**2).sum():.0f}")
    held = special.betainc(captures.n, limit + 1, 1 - missed)
    for at in (2, 5, 12, 30):
        expected = float(weights @ (special.betainc(captures.n, at + 1, 1 - missed) / held))
        assert (found <= at).mean() == pytest.approx(expected, abs=0.015)


def history(shares: np.ndarray, chances: np.ndarray, mask: int) -> np.ndarray:
    """The probability of one history of three lists under each draw."""
    on = np.array([mask >> place & 1 for place in range(3)], dtype=bool)
    return np.asarray((shares * np.where(on, chances, 1 - chances).prod(axis=2)).sum(axis=1))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "classes", "burn_in", "sweeps", "median", "low", "high"),
    [
        ("UK", 5, 32_000, 10_000, 22777, 17070, 33913),
        ("NewOrl", 5, 3_000, 6_000, 714, 507, 1024),
        ("Korea", 5, 3_000, 5_000, 138, 124, 192),
        ("Australia", 5, 20_000, 15_000, 4230, 2269, 8082),
        ("Australia", 10, 20_000, 15_000, 4152, 2225, 7951),
    ],
)
def test_the_numbers_of_the_r_package_come_out_where_there_is_one_mode(
    shared_data: Path, name: str, classes: int, burn_in: int, sweeps: int, median: float, low: float, high: float
) -> None:
    """A chain that begins far off can stay there for 20,000 sweeps and more: R-hat says so, and these wait for the last."""
    options = Options(classes=classes, chains=10, burn_in=burn_in, sweeps=sweeps, seed=3)
    found = latent_classes(table(shared_data, name), options)
    shown(f"{name}, K={classes}, published {median} [{low}, {high}]", found)
    assert found.chains.rhat < 1.05
    assert found.median.value == pytest.approx(median, rel=0.04)
    assert found.low.value == pytest.approx(low, rel=0.08)
    assert found.high.value == pytest.approx(high, rel=0.08)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(shared_data: Path) -> None:
    captures = table(shared_data, "Korea")
    first, again, other = (short(captures, seed=seed) for seed in (1, 1, 2))
    assert (first.draws == again.draws).all()
    assert (first.median, first.low, first.high, first.chains) == (again.median, again.low, again.high, again.chains)
    assert not (first.draws == other.draws).all()


@pytest.mark.slow
def test_two_kinds_of_people_are_recovered_where_independence_fails() -> None:
    """40,000 people, a third of whom are met three times as easily: within 4 %, where independence is 15 % too low."""
    rng = np.random.default_rng(15)
    chances = np.where(rng.random((40_000, 1)) < 1 / 3, 0.6, 0.2) * np.array([1.0, 0.8, 0.9, 0.7, 1.0])
    masks = (rng.random((40_000, 5)) < chances) @ (1 << np.arange(5))
    captures = captures_from_masks("abcde", masks[masks > 0])
    found = latent_classes(captures, Options(classes=4, chains=6, burn_in=2_000, sweeps=3_000, seed=2))
    shown("40,000 simulated people", found)
    assert found.total == pytest.approx(40_000, rel=0.04)
    assert fit(captures, independence(5)).total < 34_000


@pytest.mark.parametrize(("missed", "bound", "people"), [(0.8, 2.0, 4), (0.999, 5.0, 4), (1 - 1e-15, 5.0, 30)])
def test_a_draw_that_the_bound_cuts_has_the_law_that_remains(missed: float, bound: float, people: int) -> None:
    captures = from_counts([people, 3, 1, 2, 1, 1, 1])
    limit = int(bound * captures.n)
    chains = _Chains(captures, Options(chains=1, bound=bound))
    found = [chains._cut_negative_binomial(np.log(missed), limit) for _ in range(10_000)]
    unseen = np.arange(limit + 1)
    logs = special.gammaln(captures.n + unseen) - special.gammaln(unseen + 1) + unseen * np.log(missed)
    law = np.exp(logs - logs.max())
    shares = np.bincount(found, minlength=limit + 1) / len(found)
    assert np.abs(np.cumsum(shares) - np.cumsum(law / law.sum())).max() < 0.015


def test_chains_that_have_not_come_together_are_said_to_have_not(shared_data: Path) -> None:
    """Five UK lists have two answers far apart; after few sweeps no two chains agree."""
    found = short(table(shared_data, "UK_5"))
    codes = [warning.code for warning in found.warnings]
    assert found.chains.rhat > 1.05
    assert "chains_disagree" in codes
    assert "short_burn_in" in codes
    assert len(found.chains.chain_medians) == found.options.chains


def test_a_bound_that_makes_the_answer_is_said(shared_data: Path) -> None:
    """With at most as many unseen as seen, Australia's upper limit is the bound and nothing else."""
    found = short(table(shared_data, "Australia"), bound=1.0)
    assert "bound_reached" in [warning.code for warning in found.warnings]
    assert found.draws.max() <= 2 * found.n
    assert found.held_back > 0.01


def test_classes_that_are_all_in_use_are_said(shared_data: Path) -> None:
    found = short(table(shared_data, "Kosovo"), classes=2)
    assert found.full > 0.9
    assert "classes_full" in [warning.code for warning in found.warnings]


def test_one_chain_is_said_to_prove_nothing(shared_data: Path) -> None:
    assert "one_chain" in [warning.code for warning in short(table(shared_data, "Korea"), chains=1).warnings]


def test_progress_is_told(shared_data: Path) -> None:
    told: list[tuple[int, int]] = []
    options = Options(chains=2, burn_in=1_000, sweeps=1_000)
    latent_classes(table(shared_data, "Korea"), options, progress=lambda done, of: told.append((done, of)))
    assert told == [(1_000, 2_000), (2_000, 2_000)]


@pytest.mark.parametrize("wrong", [{"classes": 0}, {"chains": 0}, {"sweeps": 10}, {"bound": 0.0}, {"rate": -1.0}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"needed|positive"):
        Options(**wrong)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 15), min_size=7, max_size=7))
def test_no_table_gives_a_number_below_those_seen_or_over_the_bound(counts: list[int]) -> None:
    try:
        found = latent_classes(from_counts(counts), Options(classes=3, chains=2, sweeps=100, burn_in=0))
    except NotEstimable:
        return
    assert found.n <= found.draws.min() <= found.draws.max() <= 21 * found.n
    assert found.low.value <= found.median.value <= found.high.value


def short(captures: Captures, seed: int = 1, **changed: float) -> LatentClasses:
    setting = {"chains": 6, "burn_in": 300, "sweeps": 600, "seed": seed} | changed
    return latent_classes(captures, Options(**setting))
