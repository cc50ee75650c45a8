"""Estimates in closed form: Chao's lower bounds, Zelterman's estimate, the time model's bias correction, Chapman's for two lists.

f1 and f2 are the people on exactly one and exactly two of m lists, n all who were seen, u those who were not.
Sources: Chao, "Estimating the population size for capture-recapture data with unequal catchability", Biometrics 43:783,
1987; Chao, Lee & Chen, "Estimating population size for sparse data in capture-recapture experiments", Biometrics 48:201,
1992 and Colwell et al., Journal of Plant Ecology 5:3, 2012 (variances, logarithmic interval); Zelterman, J. Stat. Plan.
Inference 18:225, 1988 with Böhning's variance, Statistical Methodology 5:410, 2008; Rivest & Lévesque, "Improved
log-linear model estimators of abundance", Canadian Journal of Statistics 29:555, 2001; Chapman 1951 with Seber's variance
(Biometrics 26:313, 1970).
"""

from dataclasses import dataclass
from math import exp, expm1, log, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from reckon.prevalence.captures import Captures, NotEstimable
from reckon.prevalence.caution import TWO_LISTS, Caution, about_dropped
from reckon.prevalence.preparing import prepared

Method = Literal["chao", "chao_corrected", "chao_by_lists", "zelterman", "time_corrected", "chapman"]

LOWER_BOUND = Caution(
    "lower_bound",
    "This is meant as a lower bound and not as an estimate: it allows for people who differ in how easily they are met. It "
    "presumes lists of similar reach (and, where the number of lists does not enter, many of them); with few or very "
    "unequal lists it can lie above the truth.",
)
EQUAL_CHANCES = Caution(
    "equal_chances",
    "This takes for granted that the lists work independently and that everybody is met as easily as anybody else on "
    "the same list.",
)


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """One number with its interval. `total` is n + u; the interval's ends are not below n."""

    method: Method
    n: int
    total: float
    low: float
    high: float
    level: float
    warnings: tuple[Caution, ...]

    @property
    def unseen(self) -> float:
        """How many of the total nobody saw."""
        return self.total - self.n


def closed_forms(captures: Captures, level: float = 0.95) -> tuple[ClosedForm, ...]:
    """All that can be computed from these lists, in the order of this page.

    Raises NotEstimable as `prepared` does: nobody counted, one list, no overlap.
    """
    found = []
    for method in (chao, chao_corrected, chao_by_lists, zelterman, time_corrected, chapman):
        try:
            found.append(method(captures, level))
        except NotEstimable as refused:
            if refused.code not in ("no_pairs", "not_two_lists"):
                raise
    return tuple(found)


def chao(captures: Captures, level: float = 0.95) -> ClosedForm:
    """n + f1² / (2 f2). Raises NotEstimable (`no_pairs`) when nobody is on exactly two lists."""
    usable, warnings = _usable(captures)
    f1, f2 = _singles_and_pairs(usable)
    ratio = f1 / f2
    variance = f2 * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)
    unseen = f1 * f1 / (2 * f2)
    return _from_unseen("chao", usable.n, unseen, _spread(unseen, variance), level, (LOWER_BOUND, *warnings))


def chao_corrected(captures: Captures, level: float = 0.95) -> ClosedForm:
    """n + f1 (f1 - 1) / (2 (f2 + 1)): the bias-corrected form, which needs nobody on exactly two lists."""
    return _corrected("chao_corrected", captures, level, by_lists=False)


def chao_by_lists(captures: Captures, level: float = 0.95) -> ClosedForm:
    """The bias-corrected form times (m - 1) / m, the bound for m lists of equal reach (model Mh)."""
    return _corrected("chao_by_lists", captures, level, by_lists=True)


def zelterman(captures: Captures, level: float = 0.95) -> ClosedForm:
    """n / (1 - exp(-2 f2 / f1)): the chance of being missed from those met once and twice only.

    Raises NotEstimable (`no_pairs`) when nobody is on exactly two lists.
    """
    usable, warnings = _usable(captures)
    f1, f2 = _singles_and_pairs(usable)
    n = usable.n
    if not f1:
        return _from_unseen("zelterman", n, 0.0, 0.0, level, (EQUAL_CHANCES, *warnings))
    rate = 2 * f2 / f1
    odds = 1 / expm1(rate)
    chance = odds * (1 + odds)
    variance = n * chance * (1 + n * chance * rate**2 * (1 / f1 + 1 / f2))
    return _from_unseen("zelterman", n, n * odds, _spread(n * odds, variance), level, (EQUAL_CHANCES, *warnings))


def time_corrected(captures: Captures, level: float = 0.95) -> ClosedForm:
    """The independence model (Mt) with Rivest and Lévesque's correction for small samples.

    It adds (m - 2) / (2m) to the count of every single list and 2 / (m (m - 1)) to that of every pair before fitting;
    for two lists it is Chapman's estimate. Interval: Wald's on the logarithm of u, at the corrected counts.
    """
    usable, warnings = _usable(captures)
    m = usable.m
    masks = np.arange(1, 1 << m)
    joined = np.bitwise_count(masks)
    counts = usable.cells() + np.where(joined == 1, (m - 2) / (2 * m), np.where(joined == 2, 2 / (m * (m - 1)), 0.0))
    design = np.column_stack([np.ones(len(masks)), masks[:, None] >> np.arange(m) & 1])
    seen, *sizes = (float(margin) for margin in counts @ design)
    total = independent_total(seen, np.array(sizes))
    chances = np.array(sizes) / total
    expected = total * np.prod(np.where(design[:, 1:] > 0, chances, 1 - chances), axis=1)
    spread = sqrt(np.linalg.inv(design.T @ (expected[:, None] * design))[0, 0])
    return _from_unseen("time_corrected", usable.n, total - seen, spread, level, (EQUAL_CHANCES, *warnings))


def chapman(captures: Captures, level: float = 0.95) -> ClosedForm:
    """(n1 + 1)(n2 + 1) / (n12 + 1) - 1 for two lists. Raises NotEstimable (`not_two_lists`) for any other number."""
    if captures.m != 2:
        raise NotEstimable("not_two_lists", "Chapman's estimate is for two lists; use a method for three or more.")
    usable, warnings = _usable(captures)
    first, second = usable.list_sizes
    both = usable.count_of(3)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    unseen = total - usable.n
    return _from_unseen("chapman", usable.n, unseen, _spread(unseen, variance), level, (TWO_LISTS, *warnings))


def _corrected(method: Method, captures: Captures, level: float, *, by_lists: bool) -> ClosedForm:
    usable, warnings = _usable(captures)
    share = (usable.m - 1) / usable.m if by_lists else 1.0
    f1, f2 = usable.by_number[0], usable.by_number[1]
    unseen = share * f1 * (f1 - 1) / (2 * (f2 + 1))
    variance = (
        unseen
        + share**2 * f1 * (2 * f1 - 1) ** 2 / (4 * (f2 + 1) ** 2)
        + share**2 * f1**2 * f2 * (f1 - 1) ** 2 / (4 * (f2 + 1) ** 4)
    )
    return _from_unseen(method, usable.n, unseen, _spread(unseen, variance), level, (LOWER_BOUND, *warnings))


def _usable(captures: Captures) -> tuple[Captures, tuple[Caution, ...]]:
    found = prepared(captures)
    return found.captures, about_dropped(found.dropped)


def _singles_and_pairs(captures: Captures) -> tuple[int, int]:
    f1, f2 = captures.by_number[:2]
    if not f2:
        raise NotEstimable(
            "no_pairs", "Nobody is on exactly two lists; use the bias-corrected bound, which allows for it."
        )
    return f1, f2


def _spread(unseen: float, variance: float) -> float:
    """The standard deviation of log u, if u is log-normal with this mean and variance."""
    return sqrt(log(1 + variance / unseen**2)) if unseen > 0 else 0.0


def _from_unseen(
    method: Method, n: int, unseen: float, spread: float, level: float, warnings: tuple[Caution, ...]
) -> ClosedForm:
    """`spread` is the standard deviation of log u: the interval never ends below the people who were seen."""
    factor = exp(float(special.ndtri((1 + level) / 2)) * spread)
    return ClosedForm(method, n, n + unseen, n + unseen / factor, n + unseen * factor, level, warnings)


def independent_total(seen: float, sizes: npt.NDArray[np.float64]) -> float:
    """The total under independence: the root N of 1 - seen / N = product of (1 - size / N), sought over log(N - seen).

    `sizes` are those of the lists. The lists must overlap (their sizes add up to more than `seen`), else ValueError.
    """
    if not sizes.sum() > seen:
        raise ValueError("without overlap there is no finite total")

    def gap(log_unseen: float) -> float:
        total = seen + exp(log_unseen)
        return log_unseen - log(total) - float(np.log1p(-sizes / total).sum())

    low, high = log(seen) - 40.0, log(seen) + 5.0
    while gap(high) < 0:
        high += 5.0
    return seen + exp(float(optimize.brentq(gap, low, high, xtol=1e-14, rtol=1e-14)))
