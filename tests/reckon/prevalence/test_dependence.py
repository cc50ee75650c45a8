"""The what-if of the untestable assumption, and of errors of linkage."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln, comb

from reckon.prevalence import dependence, linkage_error
from reckon.prevalence.captures import BadCaptures, Captures, NotEstimable, captures_from_rows

POSITIVE = st.floats(0.2, 50)


@given(POSITIVE, POSITIVE, st.integers(2, 6))
def test_the_dependence_of_beta_chances_is_that_of_its_histories(a: float, b: float, m: int) -> None:
    logs = [betaln(a + k, b + m - k) - betaln(a, b) for k in range(m + 1)]
    defined = -sum((-1) ** k * comb(m, k) * logs[k] for k in range(m + 1))
    assert dependence.beta_dependence(m, a, b) == pytest.approx(defined, abs=1e-8)


def test_for_two_lists_it_is_minus_the_log_odds_ratio() -> None:
    a, b = 1.5, 4.0
    both, one, none = (np.exp(betaln(a + k, b + 2 - k) - betaln(a, b)) for k in (2, 1, 0))
    assert dependence.beta_dependence(2, a, b) == pytest.approx(-log(both * none / one**2))
    assert dependence.beta_dependence(2, a, b) < 0


@given(st.floats(-2, 2), st.floats(0.05, 0.95))
def test_the_true_total_undoes_the_bias(g: float, never: float) -> None:
    total = 1000.0
    limit = total * (1 + never * (np.exp(g) - 1))  # Binette & Steorts 2022: what the model tends to
    n = total * (1 - never)
    assert dependence.true_total(n, limit - n, g) == pytest.approx(total)


def test_the_estimate_of_two_lists_is_undone_exactly_by_what_the_histories_imply() -> None:
    """A Beta(2, 6) population of 10,000 met by two lists: the what-if at its own spread gives 10,000 back."""
    a, b = 2.0, 6.0
    both, one = (10_000 * np.exp(betaln(a + k, b + 2 - k) - betaln(a, b)) for k in (2, 1))
    n, unseen = both + 2 * one, one * one / both
    spread = float(np.sqrt(b / (a * (a + b + 1))))
    found = dependence.heterogeneous_total(n, unseen, [both + one, both + one], spread)
    assert found.total == pytest.approx(10_000, rel=1e-6)


def test_more_spread_means_more_unseen_and_impossible_shapes_are_refused() -> None:
    found = dependence.what_ifs(100, 900.0, (50, 40, 30))
    spread = [what.total for what in found if what.kind == "heterogeneity"]
    assert spread == sorted(spread)
    assert spread[0] > 1000
    assert [what.total for what in found if what.kind == "factor"][2] == 1000
    for wrong in ((0, 1), (1, -1)):
        with pytest.raises(ValueError, match="positive"):
            dependence.beta_dependence(3, *wrong)
    with pytest.raises(ValueError, match="no Beta"):
        dependence.beta_of(0.5, 1.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        dependence.beta_of(1.5, 1.0)


# --- linkage -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def three() -> Captures:
    rows = [(1, 0, 0, 300), (0, 1, 0, 200), (1, 1, 0, 60), (0, 0, 1, 250), (1, 0, 1, 50), (0, 1, 1, 40), (1, 1, 1, 15)]
    return captures_from_rows("ABC", rows)


def lincoln(captures: Captures) -> float:
    """Two lists: n1 n2 / m; raises when nothing is shared."""
    shared = int(captures.overlaps[0, 1])
    if not shared:
        raise NotEstimable("no_overlap", "nothing shared")
    return captures.list_sizes[0] * captures.list_sizes[1] / shared


def test_undoing_false_matches_keeps_the_lists_and_takes_matches_away(three: Captures) -> None:
    rng = np.random.default_rng(2)
    changed = linkage_error.with_false_undone(three, 0.3, rng)
    assert changed.list_sizes == three.list_sizes
    before = linkage_error.links(three)
    assert linkage_error.links(changed) == pytest.approx(0.7 * before, rel=0.15)
    assert changed.n - three.n == before - linkage_error.links(changed)
    assert linkage_error.with_false_undone(three, 0.0, rng) == three


def test_making_missed_matches_keeps_the_lists_and_adds_matches(three: Captures) -> None:
    rng = np.random.default_rng(2)
    changed = linkage_error.with_missed_made(three, 0.2, rng)
    assert changed.list_sizes == three.list_sizes
    before = linkage_error.links(three)
    assert linkage_error.links(changed) == pytest.approx(before / 0.8, rel=0.1)
    assert linkage_error.with_missed_made(three, 0.0, rng) == three
    alone = captures_from_rows("AB", [(1, 0, 5), (0, 1, 5)])
    assert linkage_error.with_missed_made(alone, 0.2, rng) == alone


def test_two_lists_move_as_one_over_the_matches() -> None:
    two = captures_from_rows("AB", [(1, 0, 400), (0, 1, 300), (1, 1, 200)])
    false = linkage_error.what_if(two, "false", 0.2, lincoln, draws=40, seed=1)
    missed = linkage_error.what_if(two, "missed", 0.2, lincoln, draws=40, seed=1)
    assert false.median == pytest.approx(lincoln(two) / 0.8, rel=0.05)
    assert missed.median == pytest.approx(lincoln(two) * 0.8, rel=0.05)
    assert false == linkage_error.what_if(two, "false", 0.2, lincoln, draws=40, seed=1)


def test_draws_without_estimate_are_counted_not_dropped() -> None:
    two = captures_from_rows("AB", [(1, 0, 40), (0, 1, 30), (1, 1, 1)])
    found = linkage_error.what_if(two, "false", 0.7, lincoln, draws=50, seed=1)
    assert found.not_estimable > 25
    assert found.median == found.highest == float("inf")
    with pytest.raises(BadCaptures, match="less than 1"):
        linkage_error.what_if(two, "false", 1.0, lincoln, draws=1, seed=1)


def test_imputed_linkages_are_pooled_by_rubins_rules() -> None:
    same = linkage_error.pooled([1000.0, 1000.0], [0.01, 0.01])
    assert (same.lower, same.upper) == (pytest.approx(1000 * np.exp(-0.196), rel=1e-3), pytest.approx(1216.5, rel=1e-3))
    assert same.linkage_share == 0
    apart = linkage_error.pooled([800.0, 1000.0, 1250.0], [0.01, 0.01, 0.01])
    between = np.var(np.log([800, 1000, 1250]), ddof=1) * 4 / 3
    assert apart.total == pytest.approx(1000)
    assert apart.linkage_share == pytest.approx(between / (between + 0.01))
    assert apart.upper > same.upper
    with pytest.raises(NotEstimable):
        linkage_error.pooled([1.0, float("inf")], [0.1, 0.1])
    with pytest.raises(BadCaptures):
        linkage_error.pooled([1.0], [0.1])
