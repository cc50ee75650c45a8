"""Totals by stratum, by level and by year of a model with covariates, with intervals by parametric bootstrap.

The interval is that of the model selected: the choice of the model is not in it (Cruyff, van Dijk & van der Heijden
2017), which the result says. A replicate whose estimate does not exist counts as infinite and its share is told.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reckon.prevalence.captures import NotEstimable
from reckon.prevalence.covariates import JointTable
from reckon.prevalence.joint import JointDesign, JointFit, fit_joint, terms
from reckon.prevalence.joint_search import refuse_if_not_estimable

Matrix = NDArray[np.float64]

LARGEST = 1e9
"""More people than this are not drawn: such an estimate says that there is none."""


@dataclass(frozen=True)
class Total:
    """People in one part of the table: observed, estimated (observed and never seen), and the interval at `level`.

    Limits are infinite where too many replicates had no estimate.
    """

    name: tuple[str, ...]
    observed: int
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class JointTotals:
    """What a model with covariates says. `levels` maps a covariate's name to a total for each of its levels.

    `not_estimable` is the share of replicates without an estimate. The strata add up to every level and to the whole.
    """

    terms: tuple[str, ...]
    whole: Total
    levels: dict[str, tuple[Total, ...]]
    strata: tuple[Total, ...]
    level: float
    replicates: int
    not_estimable: float


def totals(
    design: JointDesign, fit: JointFit, *, boot: int, seed: int | np.random.SeedSequence, level: float = 0.95
) -> JointTotals:
    """Totals of a fit and their percentile intervals from `boot` replicates. Raises NotEstimable."""
    refuse_if_not_estimable(fit)
    observed = _observed(design)
    estimate = observed + predicted(design, fit)
    draws = bootstrap(design, fit, boot, seed)
    tails = [(1 - level) / 2, (1 + level) / 2]

    def total(name: tuple[str, ...], inside: NDArray[np.bool_]) -> Total:
        lower, upper = _quantiles(draws[:, inside].sum(axis=1), tails)
        return Total(name, int(observed[inside].sum()), float(estimate[inside].sum()), lower, upper)

    strata = design.table.strata
    levels = {
        covariate.name: tuple(
            total((one,), np.array([stratum[place] == one for stratum in strata])) for one in covariate.levels
        )
        for place, covariate in enumerate(design.table.covariates)
    }
    each = tuple(total(stratum, np.arange(len(strata)) == place) for place, stratum in enumerate(strata))
    whole = total((), np.ones(len(strata), dtype=bool))
    lost = float(np.isinf(draws.sum(axis=1)).mean())
    return JointTotals(tuple(terms(design, fit.model)), whole, levels, each, level, boot, lost)


def _observed(design: JointDesign) -> NDArray[np.int64]:
    """People who count as observed, by stratum: those on the censored list only are not among them."""
    return np.asarray(design.counts.reshape(design.table.counts.shape).sum(axis=1), dtype=np.int64)


def predicted(design: JointDesign, fit: JointFit) -> Matrix:
    """People who were not observed, by stratum: never seen, and on the censored list only."""
    hidden = ~design.observable.reshape(fit.fitted.shape)
    return np.asarray((fit.fitted * hidden).sum(axis=1))


def bootstrap(design: JointDesign, fit: JointFit, boot: int, seed: int | np.random.SeedSequence) -> Matrix:
    """(boot, strata) totals of tables drawn from the fitted model, refitted; a row is infinite where there is no estimate.

    Each stratum keeps the size that the model gives it, rounded up or down by chance: what varies is who is seen.
    """
    if not fit.fitted.sum() < LARGEST:
        raise NotEstimable("not_finite", "The model's estimate has no bound; the lists share too few people.")
    rng = np.random.default_rng(seed)
    sizes = fit.fitted.sum(axis=1)
    shares = np.divide(fit.fitted, sizes[:, None], out=np.zeros_like(fit.fitted), where=sizes[:, None] > 0)
    shares[:, 0] = 1 - shares[:, 1:].sum(axis=1)
    draws = np.empty((boot, len(design.table.strata)))
    for row in range(boot):
        people = np.floor(sizes + rng.random(len(sizes))).astype(np.int64)
        counts = rng.multinomial(people, np.clip(shares, 0, 1))
        counts[:, 0] = 0
        draws[row] = _replicate(design, fit, counts)
    return draws


def _replicate(design: JointDesign, fit: JointFit, counts: NDArray[np.int64]) -> Matrix:
    table = JointTable(design.table.lists, design.table.covariates, counts)
    again = JointDesign(table, design.censored)
    refit = fit_joint(again, fit.model, near=fit.fitted)
    if refit.code:
        return np.full(len(counts), np.inf)
    return np.asarray(_observed(again) + predicted(again, refit))


def _quantiles(values: Matrix, tails: list[float]) -> tuple[float, float]:
    """Type 8 quantiles that may be infinite."""
    finite = np.where(np.isinf(values), np.finfo(float).max / 4, values)
    lower, upper = np.quantile(finite, tails, method="median_unbiased")
    return tuple(float(x) if x < 1e300 else float("inf") for x in (lower, upper))  # type: ignore[return-value]
