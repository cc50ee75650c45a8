"""What if the untestable assumption fails: no interaction of the highest order among the lists (NHOI).

With p_w the probability of history w among all 2^m, g = -sum over w of (-1)^|w| log p_w; the assumption is g = 0. The model
with all terms but the highest then tends to n + N_0 exp(g) instead of n + N_0, so an estimate n + u stands for
n + u exp(-g). For two lists g is minus the log odds ratio: lists that tend to meet the same people have g < 0 and the
estimate is too low. Nothing in the data speaks about g. Source: Binette & Steorts, "On the reliability of multiple systems
estimation for the quantification of modern slavery", JRSS-A 185:640, 2022 (arXiv 2112.01594).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, exp, inf, lgamma, log


@dataclass(frozen=True)
class WhatIf:
    """The population if the dependence were g: `kind` is "factor" (the unseen times `parameter`) or "heterogeneity"."""

    kind: str
    parameter: float
    g: float
    total: float


FACTORS = (0.5, 0.67, 1.0, 1.5, 2.0, 3.0)
"""How many times the unseen of the estimate the unseen might be."""
SPREADS = (0.25, 0.5, 0.75, 1.0)
"""Coefficients of variation of how easily a person is met."""


def true_total(n: int, unseen: float, g: float) -> float:
    """The population behind an estimate of n + unseen when the dependence is g."""
    return n + unseen * exp(-g)


def beta_dependence(m: int, a: float, b: float) -> float:
    """g of m lists when a person's chance of being met, the same for every list, is Beta(a, b) over the people.

    Zero for no spread (a and b growing together). Raises ValueError unless a and b are positive.
    """
    if a <= 0 or b <= 0 or m < 2:
        raise ValueError("a and b must be positive, and there must be two lists or more")
    signs = ((1.0 if k % 2 else -1.0) * comb(m, k) for k in range(m + 1))
    return sum(sign * (lgamma(a + k) + lgamma(b + m - k)) for k, sign in enumerate(signs))


def beta_of(mean: float, spread: float) -> tuple[float, float]:
    """(a, b) of the Beta distribution with this mean and coefficient of variation.

    Raises ValueError when no Beta distribution has them (spread squared at least (1 - mean) / mean).
    """
    if not 0 < mean < 1 or spread <= 0:
        raise ValueError("the mean lies between 0 and 1 and the spread is positive")
    size = (1 - mean) / (mean * spread * spread) - 1
    if size <= 0:
        raise ValueError("no Beta distribution has this mean and this spread")
    return mean * size, (1 - mean) * size


def heterogeneous_total(n: int, unseen: float, sizes: Sequence[int], spread: float) -> WhatIf:
    """The population if people differed in how easily they are met, with this coefficient of variation.

    The mean chance of being met is the lists' share of that same population, so the answer is found by bisection on its
    logarithm; it is infinite when no population up to a million times the estimate fits.
    """
    m = len(sizes)

    def gap(total: float) -> float:
        try:
            g = beta_dependence(m, *beta_of(sum(sizes) / (m * total), spread))
        except ValueError:
            return -inf
        return total - true_total(n, unseen, g)

    low, high = log(n + 1e-9), log((n + unseen) * 1e6)
    if gap(exp(high)) <= 0:
        return WhatIf("heterogeneity", spread, -inf, inf)
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if gap(exp(middle)) <= 0 else (low, middle)
    total = exp(high)
    return WhatIf("heterogeneity", spread, -log((total - n) / unseen), total)


def what_ifs(n: int, unseen: float, sizes: Sequence[int]) -> tuple[WhatIf, ...]:
    """The table for a reader: the unseen at several multiples, and several spreads of how easily people are met."""
    factors = [WhatIf("factor", factor, -log(factor), true_total(n, unseen, -log(factor))) for factor in FACTORS]
    return (*factors, *(heterogeneous_total(n, unseen, sizes, spread) for spread in SPREADS))
