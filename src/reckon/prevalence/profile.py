"""The interval of one model from its profile likelihood, the population size being a parameter.

The multinomial one as in Rcapture (Baillargeon & Rivest 2007) and Silverman 2014, the Poisson one beside it. The model is
taken as true, so the interval is too narrow where the model was chosen by looking at the data.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, digamma, gammaln

from reckon.prevalence.captures import Captures
from reckon.prevalence.fit import fit
from reckon.prevalence.lattice import Floats, design_on
from reckon.prevalence.models import Model
from reckon.prevalence.poisson import maximise

FARTHEST = 1e9
"""Where the likelihood has not fallen enough at this many times the people seen, the upper limit is called infinite."""

NEAREST = 1e-3
"""People unseen at which the interval is taken to reach down to those seen."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The size at which the multinomial likelihood is largest (slightly below the Poisson estimate), and the interval."""

    total: float
    lower: float
    upper: float
    level: float


class _Curve:
    """The profile of one model on one table, as a function of how many were not seen."""

    def __init__(self, captures: Captures, model: Model) -> None:
        shape = design_on(captures.m, model, captures.support)
        self.n = captures.n
        self.matrix = np.vstack([(shape.terms == 0).astype(np.float64), shape.matrix])
        self.counts = np.concatenate([[0.0], captures.cells()[shape.kept - 1]])

    def at(self, unseen: float) -> tuple[float, float]:
        """The log-likelihood and its slope."""
        counts: Floats = self.counts.copy()
        counts[0] = unseen
        total = self.n + unseen
        found = maximise(self.matrix, counts)
        value = found.log_likelihood + total + float(gammaln(total + 1)) - total * np.log(total)
        slope = float(digamma(total + 1) - digamma(unseen + 1) + found.beta[0] - np.log(total))
        return float(value), slope


class _Function(Protocol):
    def __call__(self, unseen: float) -> float: ...


def profile(captures: Captures, model: Model, level: float = 0.95) -> Profile:
    """The profile interval of a model. Raises NotEstimable as `fit` does; the upper limit may be infinite."""
    unseen = fit(captures, model).unseen
    curve = _Curve(captures, model)
    best = _crossing(lambda x: curve.at(x)[1], unseen, downwards=True) or NEAREST
    return _interval(captures.n, best, lambda x: curve.at(x)[0], level)


def poisson_profile(captures: Captures, model: Model, level: float = 0.95) -> Profile:
    """The interval from the Poisson likelihood with the intercept held fixed, as in Binette & Steorts 2022 (MSETools).

    Its maximum is the Poisson estimate itself. Raises NotEstimable as `fit` does.
    """
    shape = design_on(captures.m, model, captures.support)
    others = shape.matrix[:, shape.terms != 0]
    counts = captures.cells()[shape.kept - 1]

    def value(unseen: float) -> float:
        """Counts divided by the unseen have the same maximum, and an intercept of zero."""
        shares = maximise(others, counts / unseen).means
        return float(counts @ np.log(unseen * shares) - unseen * shares.sum())

    return _interval(captures.n, fit(captures, model).unseen, value, level)


def _interval(n: int, best: float, value: "_Function", level: float) -> Profile:
    """Where the log-likelihood has fallen from its maximum by half a chi-squared quantile of one degree of freedom."""
    highest = value(best)
    reach = float(chdtri(1, 1 - level))

    def excess(unseen: float) -> float:
        return reach - 2 * (highest - value(unseen))

    lower = _crossing(excess, best, downwards=True)
    upper = _crossing(excess, best, downwards=False, farthest=FARTHEST * n)
    return Profile(
        total=n + best, lower=n + (lower or 0.0), upper=n + upper if upper is not None else np.inf, level=level
    )


def _crossing(function: _Function, start: float, *, downwards: bool, farthest: float = NEAREST) -> float | None:
    """Where the function changes its sign, going away from `start` by halves or doubles; None where it never does."""
    factor = 0.5 if downwards else 2.0
    near, sign = start, np.sign(function(start))
    while (near > farthest) if downwards else (near < farthest):
        far = near * factor
        if np.sign(function(far)) != sign:
            low, high = sorted((near, far))
            return float(brentq(function, low, high, xtol=1e-9, rtol=1e-12))
        near = far
    return None
