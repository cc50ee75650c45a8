"""Intervals from the replicates of a bootstrap: percentile, and BCa, which corrects for bias and changing spread.

Efron 1987; DiCiccio & Efron 1996. Quantiles are of type 8 (Hyndman & Fan 1996); replicates without an estimate stand at
infinity, so that a limit may be infinite.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from reckon.prevalence.captures import Integers, NotEstimable
from reckon.prevalence.lattice import Floats
from reckon.prevalence.resample import Bootstrap

FEW = 5
"""A limit with fewer replicates than this beyond it is an extreme of the sample, not a quantile of the distribution."""

RESAMPLES = 200
"""How often the replicates are resampled to find the Monte Carlo error of a limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One end of an interval: the quantile of the replicates that it is, and its Monte Carlo standard error.

    `extreme`: so few replicates lie beyond it that it would move with more of them; ask for more. An error that cannot
    be found, because the limit or those of its resamples are infinite, is infinite.
    """

    value: float
    quantile: float
    monte_carlo_error: float
    extreme: bool


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval from replicates.

    `bias` (z0) and `acceleration` are those of BCa, zero for percentiles. The acceleration is None where some table
    without one person has no estimate; then zero stands in its place.
    """

    level: float
    lower: Limit
    upper: Limit
    bias: float = 0.0
    acceleration: float | None = 0.0

    @property
    def limits(self) -> tuple[float, float]:
        return self.lower.value, self.upper.value


def percentile(bootstrap: Bootstrap, level: float = 0.95) -> Interval:
    """The middle `level` of the replicates."""
    tails = _tails(level)
    lower, upper = _limits(bootstrap, lambda totals: np.broadcast_to(tails, (*totals.shape[:-1], 2)))
    return Interval(level, lower, upper)


def bca(bootstrap: Bootstrap, level: float = 0.95) -> Interval:
    """The interval corrected for bias and acceleration.

    Raises NotEstimable: `one_sided` when all replicates are on one side of the estimate, `unstable` when the correction
    is larger than what it corrects.
    """
    acceleration = acceleration_of(bootstrap.jackknife, bootstrap.weights)
    tails = _tails(level)

    def quantiles(totals: Floats) -> Floats:
        return corrected(tails, _bias(totals, bootstrap.total)[..., None], acceleration or 0.0)

    bias = float(_bias(bootstrap.totals, bootstrap.total))
    if not np.isfinite(bias):
        raise NotEstimable(
            "one_sided", "All replicates lie on one side of the estimate, so that its bias cannot be corrected."
        )
    if np.isnan(quantiles(bootstrap.totals)).any():
        raise NotEstimable("unstable", "The estimate depends so much on single people that it cannot be corrected.")
    lower, upper = _limits(bootstrap, quantiles)
    return Interval(level, lower, upper, bias, acceleration)


def acceleration_of(jackknife: Floats, weights: Integers) -> float | None:
    """How fast the spread changes with the estimate: the skewness of the jackknife; None where it is not finite."""
    if not np.isfinite(jackknife).all():
        return None
    distance = np.average(jackknife, weights=weights) - jackknife
    squares = float(np.sum(weights * distance**2))
    return float(np.sum(weights * distance**3)) / (6 * squares**1.5) if squares > 0 else 0.0


def corrected(tails: Floats, bias: Floats, acceleration: float) -> Floats:
    """The quantiles of the replicates that stand for these tails; not a number where the correction turns them over."""
    moved = bias + ndtri(tails)
    room = 1 - acceleration * moved
    found: Floats = ndtr(bias + moved / np.where(room > 0, room, np.nan))
    return found


def quantile(ordered: Floats, share: Floats) -> Floats:
    """The quantile of type 8 of values in ascending order along the last axis; infinite values are welcome."""
    count = ordered.shape[-1]
    place = np.clip((count + 1 / 3) * share + 1 / 3, 1, count)
    below = np.floor(place).astype(np.int64)
    low = np.take_along_axis(ordered, below - 1, axis=-1)
    high = np.take_along_axis(ordered, np.minimum(below, count - 1), axis=-1)
    with np.errstate(invalid="ignore"):
        between: Floats = low + (high - low) * (place - below)
    return np.where((low == high) | (place == below), low, between)


def _tails(level: float) -> Floats:
    return np.array([(1 - level) / 2, (1 + level) / 2])


def _bias(totals: Floats, total: float) -> Floats:
    """z0, minus or plus infinity where all replicates are on one side."""
    found: Floats = np.asarray(ndtri(np.mean(totals < total, axis=-1)))
    return found


def _limits(bootstrap: Bootstrap, quantiles: Callable[[Floats], Floats]) -> list[Limit]:
    """Both limits; their error is the spread of the same computation on resamples of the replicates."""
    totals = bootstrap.totals
    count = len(totals)
    shares = quantiles(totals)
    values = quantile(np.sort(totals), shares)
    rng = np.random.default_rng([bootstrap.seed, RESAMPLES])
    again = totals[rng.integers(count, size=(RESAMPLES, count))]
    repeated = quantile(np.sort(again, axis=-1), np.nan_to_num(quantiles(again), nan=1.0))
    return [
        Limit(
            value=float(values[side]),
            quantile=float(shares[side]),
            monte_carlo_error=float(np.std(repeated[:, side])) if np.isfinite(repeated[:, side]).all() else np.inf,
            extreme=bool(min(shares[side], 1 - shares[side]) * count < FEW),
        )
        for side in range(2)
    ]
