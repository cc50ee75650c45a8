"""Bayesian averaging over decomposable graphs: every pattern of dependence among the lists that has a closed form.

Source: Madigan & York, "Bayesian methods for estimation of the size of a closed population", Biometrika 84:19, 1997; the
R package dga. Prior: graphs alike; cell probabilities hyper-Dirichlet with `delta` for each of the 2^m cells; p(N) = 1/N.
The unseen number is taken to be at least one. All sums are of logarithms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from reckon.prevalence import graphs
from reckon.prevalence.captures import Captures, NotEstimable
from reckon.prevalence.caution import TWO_LISTS, Caution, about_dropped
from reckon.prevalence.chains import Mode, about_modes, hills
from reckon.prevalence.models import generators
from reckon.prevalence.preparing import prepared

Numbers = npt.NDArray[np.float64]

REACH = 30.0
"""The grid first goes to this many times the people seen, and is doubled until the answer stays."""
DOUBLINGS = 5
POINTS_PER_FOLD = 100
"""Grid points for every factor e of the unseen: neighbours differ by one per cent."""
SETTLED = 0.01
BATCH = 64
SHOWN = 20
DELTAS_TRIED = (0.25, 1.0, 4.0, 16.0)
"""Of the default delta, for the table of prior sensitivity."""
LARGE_DELTA = 0.5


@dataclass(frozen=True, slots=True)
class GraphShare:
    """A graph by its cliques ("[12,13,4]", lists numbered from 1) and its posterior probability."""

    cliques: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Averaged:
    """The posterior of N. Graphs number the `lists` that were not left out.

    `totals` (ascending) and `probabilities` are the grid, `top` the likeliest graphs.
    `reach` is the end of the grid as a multiple of the people seen; `settled` says whether the median and the limits
    stayed within one per cent when the grid was doubled to that end (not asked of a grid that was given). `modes` are
    the hills of the density of log N.
    """

    lists: tuple[str, ...]
    n: int
    delta: float
    level: float
    median: float
    mean: float
    low: float
    high: float
    reach: float
    settled: bool
    modes: tuple[Mode, ...]
    top: tuple[GraphShare, ...]
    totals: Numbers
    probabilities: Numbers
    warnings: tuple[Caution, ...]

    @property
    def total(self) -> float:
        """The number to show: the median."""
        return self.median

    def quantile(self, probability: float) -> float:
        """The smallest total of the grid that reaches this probability."""
        place = int(np.searchsorted(np.cumsum(self.probabilities), probability))
        return float(self.totals[min(place, len(self.totals) - 1)])


def average(
    captures: Captures, *, delta: float | None = None, level: float = 0.95, unseen: npt.ArrayLike | None = None
) -> Averaged:
    """The posterior of N given 2 to 6 lists, averaged over all decomposable graphs.

    `delta` is 2^-m unless given: 0.5 or 1 on sparse tables put all weight on the graph that joins everything. `unseen`
    gives the grid (numbers of unseen people at equal distances); without it the grid is found. Raises NotEstimable as
    `prepared` does and for more than six lists (`too_many_lists`).
    """
    if delta is not None and not delta > 0:
        raise ValueError("delta must be positive")
    usable = prepared(captures)
    given = _Given(usable.captures, 2.0**-usable.captures.m if delta is None else delta)
    if unseen is None:
        grid, reach, settled = _settle(given, level)
    else:
        points = np.asarray(unseen, dtype=np.float64)
        if not len(points) or points[0] < 0 or (np.diff(points) <= 0).any():
            raise ValueError("the grid must hold ascending numbers of unseen people")
        grid, reach, settled = _posterior(given, points, np.ones(len(points))), float(points[-1]) / given.n, True
    return _result(given, grid, level, reach, settled, about_dropped(usable.dropped))


def sensitivity(captures: Captures, deltas: Sequence[float] | None = None, level: float = 0.95) -> tuple[Averaged, ...]:
    """The same posterior under other values of delta (by default 1/4, 1, 4 and 16 times 2^-m).

    Raises NotEstimable as `average` does.
    """
    default = 2.0 ** -prepared(captures).captures.m
    tried = deltas if deltas is not None else [times * default for times in DELTAS_TRIED]
    return tuple(average(captures, delta=delta, level=level) for delta in tried)


class _Given:
    """What the posterior depends on: the graphs, the margins of the table and delta."""

    def __init__(self, captures: Captures, delta: float) -> None:
        if captures.m > graphs.MOST_LISTS:
            raise NotEstimable(
                "too_many_lists",
                f"There are {captures.m} lists; averaging over decomposable graphs goes to {graphs.MOST_LISTS}. "
                "Merge lists that meet people in the same way, or use another method.",
            )
        self.lists, self.m, self.n, self.delta = captures.lists, captures.m, captures.n, delta
        self.graphs = graphs.decomposable(captures.m)
        self.subsets = np.arange(1, 1 << captures.m)
        self.alphas = delta * 2.0 ** (captures.m - np.bitwise_count(self.subsets))
        self.missed, self.constants = _margins(captures, self.subsets, self.alphas)

    def log_likelihoods(self, unseen: Numbers) -> Numbers:
        """log ML(S, N) of each non-empty subset S of lists (rows) at each number of unseen people (columns)."""
        whole = self.delta * 2.0**self.m
        changing = special.gammaln(self.missed[:, None] + unseen + self.alphas[:, None])
        common = special.gammaln(whole) - special.gammaln(self.n + unseen + whole)
        return np.asarray(self.constants[:, None] + changing + common)


def _margins(captures: Captures, subsets: npt.NDArray[np.int64], alphas: Numbers) -> tuple[Numbers, Numbers]:
    """For each subset of lists: the people seen by none of them, and what the other cells of its margin contribute."""
    missed, constants = np.zeros(len(subsets)), np.zeros(len(subsets))
    for row, (subset, alpha) in enumerate(zip(subsets, alphas, strict=True)):
        counts = np.bincount(captures.masks & subset, weights=captures.counts)
        cells = counts[1:][counts[1:] > 0]
        missed[row] = counts[0]
        # An empty cell contributes lgamma(alpha) - lgamma(alpha); the all-zero cell's own lgamma(alpha) remains.
        constants[row] = (special.gammaln(cells + alpha) - special.gammaln(alpha)).sum() - special.gammaln(alpha)
    return missed, constants


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    totals: Numbers
    probabilities: Numbers
    widths: Numbers
    graph_probabilities: Numbers

    def modes(self) -> tuple[Mode, ...]:
        """The hills of the density of log N."""
        return hills(self.totals, self.probabilities * self.totals / self.widths, self.probabilities)

    def summary(self, level: float) -> Numbers:
        """Lower limit, median, upper limit."""
        below = np.cumsum(self.probabilities)
        places = np.searchsorted(below, [(1 - level) / 2, 0.5, (1 + level) / 2])
        return np.asarray(self.totals[np.minimum(places, len(self.totals) - 1)])


def _settle(given: _Given, level: float) -> tuple[_Grid, float, bool]:
    """Doubles the grid until the quantiles stay. A small mass at the end would prove nothing: a second hill can follow."""
    reach = REACH
    grid = _posterior(given, *_spaced(given.n, reach))
    for _doubling in range(DOUBLINGS):
        reach *= 2
        wider = _posterior(given, *_spaced(given.n, reach))
        before, after = grid.summary(level), wider.summary(level)
        grid = wider
        if (np.abs(after - before) <= SETTLED * before).all():
            return grid, reach, True
    return grid, reach, False


def _spaced(n: int, reach: float) -> tuple[Numbers, Numbers]:
    """Numbers of unseen people a constant factor apart, and how many whole numbers each of them stands for."""
    end = max(reach * n, 2.0)
    wanted = np.exp(np.arange(0.0, np.log(end), 1 / POINTS_PER_FOLD))
    points = np.unique(np.concatenate([np.round(wanted), [np.round(end)]]))
    borders = np.concatenate([[0.5], (points[:-1] + points[1:]) / 2, [points[-1] + 0.5]])
    return points, np.diff(borders)


def _posterior(given: _Given, unseen: Numbers, widths: Numbers) -> _Grid:
    """Sums graphs x grid in batches of columns, so that six lists need little memory."""
    totals = given.n + unseen
    marginal = given.log_likelihoods(unseen)
    prior = special.gammaln(totals + 1) - special.gammaln(unseen + 1) - np.log(totals) + np.log(widths)
    by_total = np.empty(len(unseen))
    by_graph = np.full(len(given.graphs.edges), -np.inf)
    for start in range(0, len(unseen), BATCH):
        part = slice(start, start + BATCH)
        logs = given.graphs.powers @ marginal[:, part] + prior[part]
        top = logs.max()
        weights = np.exp(logs - top)
        with np.errstate(divide="ignore"):  # a total or a graph whose weight is nil beside the others has log 0
            by_total[part] = np.log(weights.sum(axis=0)) + top
            by_graph = np.logaddexp(by_graph, np.log(weights.sum(axis=1)) + top)
    norm = special.logsumexp(by_total)
    shares = np.exp(by_total - norm)
    return _Grid(totals, shares / shares.sum(), widths, np.exp(by_graph - norm))


def _result(
    given: _Given, grid: _Grid, level: float, reach: float, settled: bool, warnings: tuple[Caution, ...]
) -> Averaged:
    low, median, high = (float(value) for value in grid.summary(level))
    modes = grid.modes()
    likeliest = np.argsort(-grid.graph_probabilities, kind="stable")[:SHOWN]
    top = tuple(
        GraphShare(generators(given.graphs.cliques(graph)), float(grid.graph_probabilities[graph]))
        for graph in likeliest.tolist()
    )
    return Averaged(
        lists=given.lists,
        n=given.n,
        delta=given.delta,
        level=level,
        median=median,
        mean=float(grid.totals @ grid.probabilities),
        low=low,
        high=high,
        reach=reach,
        settled=settled,
        modes=modes,
        top=top,
        totals=grid.totals,
        probabilities=grid.probabilities,
        warnings=(*warnings, *_cautions(given, settled, reach, modes)),
    )


def _cautions(given: _Given, settled: bool, reach: float, modes: tuple[Mode, ...]) -> tuple[Caution, ...]:
    found = list(about_modes(modes))
    if not settled:
        found.append(
            Caution(
                "no_upper_limit",
                f"The answer still grows when totals up to {reach:.0f} times the people seen are allowed: the data set "
                "no upper limit, and the numbers come from where the grid ends.",
            )
        )
    if given.delta >= LARGE_DELTA:
        found.append(
            Caution(
                "strong_prior",
                f"With a delta of {given.delta:g}, a table with many empty cells is pulled towards the people who were "
                f"seen; 2^-m is {2.0**-given.m:g}.",
            )
        )
    if given.m == 2:
        found.append(TWO_LISTS)
    return tuple(found)
