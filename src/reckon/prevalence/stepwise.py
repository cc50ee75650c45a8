"""Stepwise selection of pairs of lists: by p-value (Chan, Silverman & Vincent 2021) and by AIC (Silverman 2014).

By p-value: from independence, add the pair whose observed overlap is least likely under the model fitted so far, as long
as that probability is below the threshold. Their simulations led to 0.02.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, pdtr, pdtrc

from reckon.prevalence.captures import Captures, Integers
from reckon.prevalence.existence import code, require_estimable
from reckon.prevalence.fit import Fit, fit, fit_rows
from reckon.prevalence.lattice import Floats, lists_in, padded, superset_sums, supports, table_of
from reckon.prevalence.models import Model, independence, pairs
from reckon.prevalence.selection import Selected

THRESHOLD = 0.02
THRESHOLDS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1.0)
"""The thresholds along which a report shows how far the answer depends on them."""

AIC_LEVEL = 0.05

SMALLEST = np.finfo(np.float64).tiny
"""Stands for a probability of zero, which has no logarithm."""


@dataclass(frozen=True, slots=True)
class Step:
    """A pair that was added, and what spoke for it: its p-value, or the AIC of the model with it."""

    term: int
    score: float


@dataclass(frozen=True, eq=False)
class Stepwise:
    """The selected model's fit, and the pairs in the order in which they came in."""

    path: tuple[Step, ...]
    fit: Fit

    @property
    def model(self) -> Model:
        return self.fit.model


def stepwise(captures: Captures, threshold: float = THRESHOLD) -> Stepwise:
    """Selection by p-value. Raises NotEstimable when independence of the lists, the start, has no estimate already."""
    table = table_of(captures)
    require_estimable(captures, independence(captures.m))
    selected, paths = _walk(table, threshold)
    (model,) = selected.models
    assert model is not None
    return Stepwise(tuple(paths[0]), fit(captures, model))


def stepwise_many(tables: Integers, threshold: float = THRESHOLD) -> Selected:
    """Selection by p-value on each table (row) of (B, 2^m - 1); one step is taken for all of them at a time."""
    return _walk(tables, threshold)[0]


def _walk(tables: Integers, threshold: float) -> tuple[Selected, list[list[Step]]]:
    m, histories = lists_in(tables), supports(tables)
    observed = superset_sums(padded(tables))
    totals = np.full(len(tables), np.inf)
    models: list[Model | None] = [None] * len(tables)
    paths: list[list[Step]] = [[] for _row in histories]
    start = independence(m)
    moved = {row: start for row, support in enumerate(histories) if not code(m, start, support)}
    while moved:
        rows = list(moved)
        fits = fit_rows(list(moved.values()), tables[rows])
        totals[rows] = fits.totals
        scores = dict(zip(rows, _p_values(m, observed[rows], fits.margins), strict=True))
        standing, moved = moved, {}
        for row, model in standing.items():
            models[row] = model
            if step := _next(m, model, histories[row], scores[row], threshold):
                paths[row].append(step)
                moved[row] = _larger(model, step.term)
    return Selected(totals, tuple(models)), paths


def _p_values(m: int, observed: Floats, expected: Floats) -> Floats:
    """How likely an overlap as small, or as large, as the observed one is, (B, pairs)."""
    places = list(pairs(m))
    count, mean = observed[:, places], expected[:, places]
    above = np.where(count > 0, pdtrc(np.maximum(count - 1, 0), mean), 1.0)
    values: Floats = np.minimum(pdtr(count, mean), above)
    return values


def _next(m: int, model: Model, support: int, values: Floats, threshold: float) -> Step | None:
    """The least likely pair below the threshold whose model has an estimate; the first in order among equals.

    Equal to nine digits is equal: what the last bits say differs between machines. Only candidates that could be chosen
    are checked for existence, least likely first: mostly one.
    """
    for place in np.argsort(np.round(np.log(np.maximum(values, SMALLEST)), 9), kind="stable"):
        if values[place] >= threshold:
            return None
        term = pairs(m)[place]
        if term not in model and not code(m, _larger(model, term), support):
            return Step(term, float(values[place]))
    return None


def _larger(model: Model, term: int) -> Model:
    return tuple(sorted((*model, term)))


def threshold_path(captures: Captures, thresholds: Sequence[float] = THRESHOLDS) -> tuple[Stepwise, ...]:
    """Selection by p-value at each threshold. Raises NotEstimable as `stepwise` does."""
    return tuple(stepwise(captures, threshold) for threshold in thresholds)


def aic_stepwise(captures: Captures, level: float = AIC_LEVEL) -> Stepwise:
    """Selection by AIC: add the pair with the lowest AIC while AIC falls and the new coefficient is significant.

    Silverman 2014; Bales, Hesketh & Silverman 2015. A pair that shares nobody counts as not significant (its coefficient
    is minus infinity): where it has the lowest AIC the selection ends. Raises NotEstimable when independence has no estimate.
    """
    best = fit(captures, independence(captures.m))
    path: list[Step] = []
    while True:
        candidates = [
            (term, fit(captures, model))
            for term in pairs(captures.m)
            if term not in best.model and not code(captures.m, model := _larger(best.model, term), captures.support)
        ]
        if not candidates:
            return Stepwise(tuple(path), best)
        term, lowest = min(candidates, key=lambda candidate: candidate[1].aic)
        if lowest.aic >= best.aic or _wald_p(lowest, term) > level:
            return Stepwise(tuple(path), best)
        best = lowest
        path.append(Step(term, lowest.aic))


def _wald_p(found: Fit, term: int) -> float:
    """The two-sided p-value of a coefficient."""
    if term not in found.errors:
        return 1.0
    return float(2 * ndtr(-abs(found.coefficients[term]) / found.errors[term]))
