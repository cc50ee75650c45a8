"""Fits one hierarchical model: to one table with everything a report needs, or to many tables at once.

Extended maximum likelihood on sparse tables (Chan, Silverman & Vincent 2021): terms whose margin is zero get the
coefficient minus infinity, still counted as parameters. The dark figure is exp(intercept).
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtri

from reckon.prevalence.captures import BadCaptures, Captures, Integers
from reckon.prevalence.existence import require_estimable
from reckon.prevalence.lattice import (
    Design,
    Floats,
    design_on,
    lists_in,
    padded,
    subset_sums,
    superset_sums,
    supports,
    table_of,
)
from reckon.prevalence.models import Model, is_hierarchical
from reckon.prevalence.poisson import ENOUGH, maximise

STEPS = 30
BATCH = 2048
"""Tables that step together: enough to forget what each call costs, few enough to stay in the processor's memory."""


@dataclass(frozen=True, eq=False)
class Fit:
    """One model fitted to one table.

    `coefficients` and `errors` (their standard errors) are by term, 0 being the intercept; a coefficient may be minus
    infinity, and then has no error. `means` are the fitted counts, place w - 1 for history w. `parameters` counts the
    intercept and the coefficients at minus infinity too; BIC takes log of the number of people, not of cells.
    """

    model: Model
    n: int
    unseen: float
    log_likelihood: float
    deviance: float
    coefficients: Mapping[int, float]
    errors: Mapping[int, float]
    means: Floats

    @property
    def total(self) -> float:
        """The size of the population: seen and unseen."""
        return self.n + self.unseen

    @property
    def parameters(self) -> int:
        return len(self.model) + 1

    @property
    def aic(self) -> float:
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        return float(np.log(self.n)) * self.parameters - 2 * self.log_likelihood

    def wald(self, level: float = 0.95) -> tuple[float, float]:
        """The interval of the total that is symmetric for the logarithm of the dark figure; the model is taken as true."""
        reach = float(ndtri((1 + level) / 2)) * self.errors[0]
        return self.n + self.unseen * float(np.exp(-reach)), self.n + self.unseen * float(np.exp(reach))


def fit(captures: Captures, model: Model) -> Fit:
    """The model's fit. Raises NotEstimable (not_finite, not_identifiable), BadCaptures for a model that is none."""
    table = table_of(captures)[0]
    if not is_hierarchical(model, captures.m) or model != tuple(sorted(set(model))):
        raise BadCaptures("A model must hold every list, and every subset of each of its terms, in ascending order.")
    require_estimable(captures, model)
    shape = design_on(captures.m, model, captures.support)
    found = maximise(shape.matrix, table[shape.kept - 1].astype(np.float64))
    means = np.zeros(len(table))
    means[shape.kept - 1] = found.means
    finite = [int(term) for term in shape.terms]
    errors = np.sqrt(np.diag(found.covariance))
    return Fit(
        model=model,
        n=captures.n,
        unseen=float(np.exp(found.beta[0])),
        log_likelihood=found.log_likelihood,
        deviance=found.deviance,
        coefficients={
            **dict(zip(finite, map(float, found.beta), strict=True)),
            **{int(term): -np.inf for term in shape.infinite},
        },
        errors=dict(zip(finite, map(float, errors), strict=True)),
        means=means,
    )


@dataclass(frozen=True, eq=False)
class Fits:
    """Fits to B tables: `totals`, `log_likelihoods`, `bics` (B,) and the fitted margins (B, 2^m).

    Column t of `margins` is the fitted number of people seen by all lists of t (column 0: by any list).
    """

    totals: Floats
    log_likelihoods: Floats
    bics: Floats
    margins: Floats


def fit_many(model: Model, tables: Integers) -> Fits:
    """The model fitted to each table (row) of `tables`, (B, 2^m - 1); the estimate must exist for every one of them."""
    return fit_rows([model] * len(tables), tables)


def fit_rows(models: Sequence[Model], tables: Integers) -> Fits:
    """To each table (row) of `tables`, (B, 2^m - 1), the model of its place; the estimates must exist.

    Tables whose models have as many finite terms take their Newton steps together. What does not come to rest is fitted
    alone, through QR. A row's result is the same to the last bit whichever rows it is fitted with.
    """
    m = lists_in(tables)
    counts = padded(tables)
    sums = superset_sums(counts)
    shapes = [design_on(m, model, support) for model, support in zip(models, supports(tables), strict=True)]
    sizes = np.array([len(shape.terms) for shape in shapes])
    intercepts, linear = np.empty(len(shapes)), np.empty_like(counts)
    for size in np.unique(sizes):
        of_size = np.flatnonzero(sizes == size)
        for rows in np.split(of_size, range(BATCH, len(of_size), BATCH)):
            batch = _Batch([shapes[row] for row in rows])
            beta = _newton(batch, counts[rows], sums[rows])
            intercepts[rows] = beta[:, 0]
            linear[rows] = batch.linear(beta)
    means = np.exp(linear) * np.array([shape.is_kept for shape in shapes]).reshape(counts.shape)
    people = sums[:, 0]
    log_likelihoods = np.sum(counts * linear - means - gammaln(counts + 1), axis=1)
    return Fits(
        totals=people + np.exp(intercepts),
        log_likelihoods=log_likelihoods,
        bics=np.log(people) * np.array([len(model) + 1 for model in models]) - 2 * log_likelihoods,
        margins=superset_sums(means),
    )


class _Batch:
    """The designs of several tables that have the same number of finite terms."""

    def __init__(self, shapes: Sequence[Design]) -> None:
        self.shapes = shapes
        self.kept = np.array([shape.is_kept for shape in shapes])
        first = np.arange(len(shapes))[:, None] * self.kept.shape[1]
        terms = np.array([shape.terms for shape in shapes])
        self.places = first + terms
        self.unions = first[:, :, None] + (terms[:, :, None] | terms[:, None, :])

    def linear(self, beta: Floats) -> Floats:
        """log mu of every history (B, 2^m); 0 where nobody can be."""
        dense = np.zeros(self.kept.shape)
        dense.reshape(-1)[self.places] = beta
        return np.where(self.kept > 0, subset_sums(dense), 0.0)


def _newton(batch: _Batch, counts: Floats, sums: Floats) -> Floats:
    """The coefficients (B, terms). X'WX and X'y are margins, so that no matrix product depends on the number of rows."""
    target: Floats = sums.reshape(-1)[batch.places]
    means = (counts + 0.1) * batch.kept
    start = np.log(means, out=np.zeros_like(means), where=means > 0)
    gradient = superset_sums(means * start + counts - means).reshape(-1)[batch.places]
    beta: Floats = np.zeros_like(target)
    resting = np.zeros(len(counts), dtype=bool)
    with np.errstate(all="ignore"):  # a row that overflows is fitted alone
        for step in range(STEPS):
            change = _solved(superset_sums(means).reshape(-1)[batch.unions], gradient)
            beta += np.where(resting[:, None], 0.0, change)
            resting |= (np.abs(np.sum(change * gradient, axis=1)) < ENOUGH) & (step > 0)
            if resting.all():
                return beta
            means = np.exp(batch.linear(beta)) * batch.kept
            gradient = target - superset_sums(means).reshape(-1)[batch.places]
    for row in map(int, np.flatnonzero(~resting)):
        shape = batch.shapes[row]
        beta[row] = maximise(shape.matrix, counts[row, shape.kept]).beta
    return beta


def _solved(matrices: Floats, values: Floats) -> Floats:
    """The solution for each table; where a matrix is singular, not a number, so that the table is fitted alone."""
    try:
        solutions = np.asarray(np.linalg.solve(matrices, values[..., None])[..., 0], dtype=np.float64)
    except np.linalg.LinAlgError:
        solutions = np.full(values.shape, np.nan)
        for row, matrix in enumerate(matrices):
            with contextlib.suppress(np.linalg.LinAlgError):
                solutions[row] = np.linalg.solve(matrix, values[row])
    return solutions
