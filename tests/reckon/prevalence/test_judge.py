"""Judging Markov chains: chains whose truth is known are judged rightly."""

import numpy as np
import pytest

from reckon.prevalence.chains import convergence, effective_draws, modes, quantile, split_rhat


def autoregressive(rng: np.random.Generator, memory: float, draws: int, chains: int) -> np.ndarray:
    """Normal numbers of variance 1 that each remember the one before."""
    found = rng.normal(size=(draws, chains))
    for row in range(1, draws):
        found[row] = memory * found[row - 1] + np.sqrt(1 - memory**2) * found[row]
    return found


def test_independent_draws_have_converged_and_are_worth_what_they_are() -> None:
    draws = np.random.default_rng(1).normal(size=(5_000, 4))
    assert split_rhat(draws) < 1.005
    assert effective_draws(draws) == pytest.approx(20_000, rel=0.1)


@pytest.mark.parametrize("memory", [0.5, 0.9, 0.98])
def test_draws_that_remember_are_worth_less(memory: float) -> None:
    """A chain with this memory is worth (1 - memory) / (1 + memory) of its draws."""
    draws = autoregressive(np.random.default_rng(2), memory, 20_000, 8)
    assert effective_draws(draws) == pytest.approx(160_000 * (1 - memory) / (1 + memory), rel=0.15)


def test_chains_in_two_places_are_seen() -> None:
    draws = np.random.default_rng(3).normal(size=(2_000, 4)) + np.array([0.0, 0.0, 0.0, 3.0])
    assert split_rhat(draws) > 1.3
    assert effective_draws(draws) < 20


def test_a_drift_common_to_all_chains_is_seen() -> None:
    draws = np.random.default_rng(4).normal(size=(2_000, 4)) + np.linspace(0, 3, 2_000)[:, None]
    assert split_rhat(draws) > 1.1


def test_chains_of_different_spread_are_seen() -> None:
    draws = np.random.default_rng(5).normal(size=(2_000, 4)) * np.array([1.0, 1.0, 1.0, 4.0])
    assert split_rhat(draws) > 1.05


def test_draws_without_any_spread_are_no_error() -> None:
    draws = np.full((100, 4), 7.0)
    assert (split_rhat(draws), effective_draws(draws), modes(draws)[0].share) == (1.0, 400.0, 1.0)


@pytest.mark.parametrize("probability", [0.025, 0.5, 0.975])
def test_the_error_of_a_quantile_is_what_repetition_shows(probability: float) -> None:
    rng = np.random.default_rng(6)
    found = [quantile(autoregressive(rng, 0.7, 2_000, 4), probability) for _ in range(40)]
    seen = np.std([one.value for one in found])
    assert np.mean([one.error for one in found]) == pytest.approx(seen, rel=0.35)


def test_two_hills_are_found_with_their_shares() -> None:
    rng = np.random.default_rng(7)
    draws = np.where(rng.random((4_000, 5)) < 0.3, rng.normal(0, 0.2, (4_000, 5)), rng.normal(1.5, 0.2, (4_000, 5)))
    low, high = modes(draws)
    assert (low.at, high.at) == pytest.approx((0.0, 1.5), abs=0.1)
    assert (low.share, high.share) == pytest.approx((0.3, 0.7), abs=0.02)


def test_hills_that_chains_never_leave_are_found() -> None:
    rng = np.random.default_rng(8)
    assert len(modes(rng.normal(0, 0.2, size=(2_000, 10)) + np.repeat([0.0, 1.2], [3, 7]))) == 2


def test_noise_and_rare_draws_are_no_hills() -> None:
    rng = np.random.default_rng(9)
    assert len(modes(autoregressive(rng, 0.99, 10_000, 10))) == 1
    assert len(modes(np.concatenate([rng.normal(size=(4_900, 1)), rng.normal(12, 0.3, size=(100, 1))]))) == 1


def test_a_convergence_says_what_is_wrong_with_its_chains() -> None:
    rng = np.random.default_rng(10)
    good = convergence(np.exp(rng.normal(9, 0.1, size=(1_000, 10))))
    bad = convergence(np.exp(rng.normal(9, 0.05, size=(1_000, 10)) + np.repeat([0.0, 0.7], 5)))
    assert good.cautions == ()
    assert {caution.code for caution in bad.cautions} == {"chains_disagree", "several_modes", "few_draws"}
    assert len(bad.chain_medians) == 10
