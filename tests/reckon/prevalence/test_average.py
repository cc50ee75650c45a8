"""Averaging over decomposable graphs: published posteriors, and a posterior built from urns as its judge."""

from itertools import permutations, product
from math import lgamma, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import integrate

from reckon.prevalence import Captures, NotEstimable, captures_from_masks, prepared
from reckon.prevalence.decomposable import average, sensitivity
from reckon.prevalence.graphs import decomposable
from tests.reckon.prevalence.published import from_counts, table

# For each graph over three lists (its cliques), a way to draw the lists one after another: list -> lists it depends on.
DRAWN = {
    "[1,2,3]": {0: (), 1: (), 2: ()},
    "[12,3]": {0: (), 1: (0,), 2: ()},
    "[13,2]": {0: (), 1: (), 2: (0,)},
    "[23,1]": {0: (), 1: (), 2: (1,)},
    "[12,13]": {0: (), 1: (0,), 2: (0,)},
    "[12,23]": {1: (), 0: (1,), 2: (1,)},
    "[13,23]": {2: (), 0: (2,), 1: (2,)},
    "[123]": {0: (), 1: (0,), 2: (0, 1)},
}


@pytest.mark.parametrize(("m", "graphs"), [(2, 2), (3, 8), (4, 61), (5, 822), (6, 18_154)])
def test_all_decomposable_graphs_are_listed(m: int, graphs: int) -> None:
    assert len(decomposable(m).edges) == graphs


@pytest.mark.parametrize("m", [3, 4, 5])
def test_cliques_less_separators_hold_every_list_and_every_edge_once(m: int) -> None:
    """What a junction tree promises; only chordal graphs keep it."""
    graphs = decomposable(m)
    subsets = np.arange(1, 1 << m)
    pairs = [(i, j) for i in range(m) for j in range(i + 1, m)]
    for place in range(m):
        assert (graphs.powers[:, subsets >> place & 1 == 1].sum(axis=1) == 1).all()
    for number, (i, j) in enumerate(pairs):
        both = (subsets >> i & 1 == 1) & (subsets >> j & 1 == 1)
        assert (graphs.powers[:, both].sum(axis=1) == (graphs.edges >> number & 1)).all()


def test_the_cliques_of_every_graph_are_its_largest_joined_sets() -> None:
    graphs = decomposable(4)
    pairs = [1 << i | 1 << j for i in range(4) for j in range(i + 1, 4)]
    for row, edges in enumerate(graphs.edges):
        joined = [s for s in range(1, 16) if all(edges >> e & 1 for e, pair in enumerate(pairs) if pair & s == pair)]
        largest = [s for s in joined if not any(s & other == s and s != other for other in joined)]
        assert sorted(graphs.cliques(row)) == largest


def published_grid(captures: Captures) -> np.ndarray:
    """1000 numbers at equal distances from 1 to 30 times the people seen, as the published study used."""
    return np.round(np.linspace(1, 30 * captures.n, 1000))


@pytest.mark.parametrize(
    ("name", "median", "low", "high", "mean"),
    [
        ("Australia", 2255, 1186, 7314, 2712.95),
        ("Korea", 161, 124, 460, 206.16),
        ("UK_4", 11397, 9501, 13585, 11416.25),
        ("Allegheny", 5139, 4614, 5729, None),
        ("HIV_Rome", 11234, 9413, 14081, None),
    ],
)
def test_the_published_posteriors_come_out_to_the_last_digit(
    shared_data: Path, name: str, median: float, low: float, high: float, mean: float | None
) -> None:
    captures = table(shared_data, name)
    found = average(captures, unseen=published_grid(captures))
    assert (found.median, found.low, found.high) == (median, low, high)
    assert mean is None or round(found.mean, 2) == mean


def test_the_likeliest_graph_of_the_four_uk_lists(shared_data: Path) -> None:
    captures = table(shared_data, "UK_4")
    top = average(captures, unseen=published_grid(captures)).top[0]
    assert (top.cliques, round(top.probability, 4)) == ("[12,13,24]", 0.4333)


def test_the_example_of_madigan_and_york(shared_data: Path) -> None:
    found = average(table(shared_data, "MadiganYork_5"), delta=0.5, unseen=np.arange(1, 301))
    assert (round(found.mean, 4), found.median, found.low, found.high) == (617.8159, 616, 588, 655)


@pytest.mark.parametrize(("delta", "total"), [(0.5, 2780), (1.0, 2801)])
def test_a_large_delta_pulls_a_sparse_table_to_the_people_seen_and_says_so(
    shared_data: Path, delta: float, total: float
) -> None:
    captures = table(shared_data, "UK_5")
    found = average(captures, delta=delta, unseen=np.arange(1, 20_000, 20))
    assert abs(found.median - total) <= 30 * captures.n / 1000
    assert "strong_prior" in [warning.code for warning in found.warnings]


def test_two_hills_are_shown_where_there_are_two(shared_data: Path) -> None:
    found = average(table(shared_data, "UK_5"))
    assert [11_000 < found.modes[0].at < 13_000, 22_000 < found.modes[1].at < 27_000] == [True, True]
    assert "several_modes" in [warning.code for warning in found.warnings]
    assert len(average(table(shared_data, "Allegheny")).modes) == 1


def test_the_grid_is_doubled_until_the_answer_stays(shared_data: Path) -> None:
    korea = average(table(shared_data, "Korea"))
    wide = average(table(shared_data, "Korea"), unseen=np.arange(1, 200_000))
    assert (korea.settled, korea.reach > 60) == (True, True)
    assert (korea.median, korea.low) == pytest.approx((wide.median, wide.low), rel=0.02)
    assert korea.high == pytest.approx(wide.high, rel=0.03)


def test_data_that_set_no_upper_limit_are_said_to_set_none(shared_data: Path) -> None:
    found = average(table(shared_data, "Artificial_3"))
    assert not found.settled
    assert "no_upper_limit" in [warning.code for warning in found.warnings]


def test_six_lists_are_averaged(shared_data: Path) -> None:
    found = average(table(shared_data, "UK"))
    assert found.low < found.median < found.high
    assert found.probabilities.sum() == pytest.approx(1.0)


def test_seven_lists_are_refused_with_what_to_do() -> None:
    with pytest.raises(NotEstimable) as refused:
        average(captures_from_masks("abcdefg", [1, 2, 4, 8, 16, 32, 64, 3, 12, 48, 65]))
    assert refused.value.code == "too_many_lists"


def test_sensitivity_shows_the_default_among_others(shared_data: Path) -> None:
    captures = table(shared_data, "UK_4")
    found = sensitivity(captures)
    assert [one.delta * 16 for one in found] == [0.25, 1.0, 4.0, 16.0]
    assert found[1].median == average(captures).median
    assert len({one.median for one in found}) == 4


def test_intervals_cover_a_known_population_about_as_often_as_they_say() -> None:
    """200 populations of 800 people; the second list finds those on the first twice as easily, the others work alone."""
    rng = np.random.default_rng(13)
    covered = []
    for _ in range(200):
        first = rng.random(800) < 0.25
        others = rng.random((800, 3)) < np.column_stack([np.where(first, 0.4, 0.2), np.full((800, 2), 0.25)])
        masks = np.column_stack([first, others]) @ np.array([1, 2, 4, 8])
        found = average(captures_from_masks("abcd", masks[masks > 0]))
        covered.append(found.low <= 800 <= found.high)
    print(f"nominal 95 %, found {np.mean(covered):.3f}")
    assert 0.9 <= np.mean(covered) <= 0.99


def test_a_grid_that_does_not_ascend_is_refused(shared_data: Path) -> None:
    with pytest.raises(ValueError, match="ascending"):
        average(table(shared_data, "Korea"), unseen=[3, 2, 1])
    with pytest.raises(ValueError, match="delta"):
        average(table(shared_data, "Korea"), delta=0.0)


def urn_posterior(captures: Captures, delta: float, unseen: np.ndarray) -> np.ndarray:
    """Graphs (as in DRAWN) x grid: people are drawn one after another, each list from an urn given those it depends on."""
    logs = np.empty((len(DRAWN), len(unseen)))
    for row, depends in enumerate(DRAWN.values()):
        for column, missing in enumerate(unseen):
            counts = {int(w): int(c) for w, c in zip(captures.masks, captures.counts, strict=True)} | {0: int(missing)}
            total = sum(counts.values())
            logs[row, column] = sum(urn(counts, place, on, delta) for place, on in depends.items())
            logs[row, column] += lgamma(total + 1) - lgamma(missing + 1) - log(total)
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def is_whole(captures: Captures) -> bool:
    """Whether nothing has to be left out before estimating."""
    try:
        return not prepared(captures).dropped
    except NotEstimable:
        return False


def urn(counts: dict[int, int], place: int, on: tuple[int, ...], delta: float) -> float:
    """Log probability of a list's column given other columns: for each of their patterns, a product of shares."""
    found = 0.0
    each = delta * 2 ** (3 - len(on) - 1)
    for pattern in product((0, 1), repeat=len(on)):
        inside = {w: c for w, c in counts.items() if all(w >> o & 1 == p for o, p in zip(on, pattern, strict=True))}
        drawn = 0
        for value in (0, 1):
            number = sum(c for w, c in inside.items() if w >> place & 1 == value)
            found += sum(log((each + k) / (2 * each + drawn + k)) for k in range(number))
            drawn += number
    return found


@settings(max_examples=40)
@given(st.lists(st.integers(0, 4), min_size=7, max_size=7), st.sampled_from([0.125, 0.5, 1.0]))
def test_three_lists_agree_with_urns(counts: list[int], delta: float) -> None:
    captures = from_counts(counts)
    grid = np.arange(1, 13)
    assume(is_whole(captures))
    found = average(captures, delta=delta, unseen=grid)
    expected = urn_posterior(captures, delta, grid)
    assert found.probabilities == pytest.approx(expected.sum(axis=0), rel=1e-9)
    shares = dict(zip(DRAWN, expected.sum(axis=1), strict=True))
    assert {one.cliques: one.probability for one in found.top} == pytest.approx(shares, rel=1e-9)


def test_two_lists_agree_with_integration() -> None:
    """a, b, both = 3, 1, 2 people; every probability integrated over its Beta prior by quadrature, delta 1/4."""
    delta, grid = 0.25, np.arange(1, 31)
    weights = []
    for missing in grid:
        n = 6 + missing
        apart = beta_integral(5, n - 5, 2 * delta) * beta_integral(3, n - 3, 2 * delta)
        joined = beta_integral(5, n - 5, 2 * delta) * beta_integral(2, 3, delta) * beta_integral(1, missing, delta)
        weights.append((apart + joined) * np.exp(lgamma(n + 1) - lgamma(missing + 1)) / n)
    found = average(from_counts([3, 1, 2]), delta=delta, unseen=grid)
    assert found.probabilities == pytest.approx(np.array(weights) / sum(weights), rel=1e-6)
    assert "independence_assumed" in [warning.code for warning in found.warnings]


def beta_integral(yes: int, no: int, alpha: float) -> float:
    """The mean of p^yes (1 - p)^no when p is Beta(alpha, alpha)."""
    ends = (alpha - 1, alpha - 1)
    above = integrate.quad(lambda p: p**yes * (1 - p) ** no, 0, 1, weight="alg", wvar=ends)[0]
    return float(above / integrate.quad(lambda p: 1.0, 0, 1, weight="alg", wvar=ends)[0])


@settings(max_examples=30)
@given(st.lists(st.integers(0, 20), min_size=7, max_size=7), st.sampled_from(list(permutations(range(3)))))
def test_the_order_of_the_lists_changes_nothing(counts: list[int], order: tuple[int, ...]) -> None:
    captures = from_counts(counts)
    try:
        found = average(captures)
    except NotEstimable:
        with pytest.raises(NotEstimable):
            average(captures.permuted(order))
        return
    again = average(captures.permuted(order))
    assert found.probabilities == pytest.approx(again.probabilities, rel=1e-8, abs=1e-12)
    assert found.n <= found.low <= found.median <= found.high < np.inf
