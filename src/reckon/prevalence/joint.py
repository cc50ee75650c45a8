"""Log-linear models of lists and covariates together: design, extended maximum likelihood, existence.

A model has the main effects of all lists and covariates and a set of two-way terms (list and list, list and covariate,
covariate and covariate). Counts are Poisson with log mean X beta over the cells that can be observed. As in tables
without covariates, a margin of a term that counts nobody makes its cells zero; the rest is fitted, and whether the
estimate exists and is identified is decided by a linear program and by rank (Fienberg & Rinaldo, Ann. Stat. 40:996, 2012).
Margins are taken over all levels, the reference level too, so that the order of levels changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.special import gammaln, xlogy

from reckon.prevalence.covariates import Covariate, JointTable
from reckon.prevalence.existence import NOT_FINITE, NOT_IDENTIFIABLE, is_finite

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]
Pair = tuple[int, int]
"""Two factors: lists are 0 .. m-1, covariates follow."""
JointModel = frozenset[Pair]

ITERATIONS = 200
TOLERANCE = 1e-10
SMALL_START = 1e-3
RANK = 1e-9


@dataclass(frozen=True, eq=False)
class JointDesign:
    """The matrix pieces of a table: main-effect columns and level indicators of each factor over all cells.

    Cells are strata x histories, flattened; `observable` marks those that the likelihood uses (a history on no list is
    not, nor is a history on the censored list only).
    """

    table: JointTable
    censored: int | None = None

    @cached_property
    def observable(self) -> Flags:
        seen = np.ones(2**self.table.m, dtype=bool)
        seen[0] = False
        if self.censored is not None:
            seen[1 << self.censored] = False
        return np.tile(seen, len(self.table.strata))

    @cached_property
    def counts(self) -> Matrix:
        return self.table.counts.reshape(-1).astype(float) * self.observable

    @property
    def pairs(self) -> list[Pair]:
        """Every two-way term that the table allows."""
        return list(combinations(range(len(self.columns)), 2))

    @cached_property
    def columns(self) -> list[Matrix]:
        """Main-effect columns of each factor: (cells, 1) for a list, (cells, levels - 1) or (cells, degree) otherwise."""
        return [indicators[:, 1:] if basis is None else indicators @ basis for indicators, basis in self._factors]

    @cached_property
    def margins(self) -> list[Matrix]:
        """Indicators whose sums with another factor's are margins of the model: being on the list, having the level.

        A polynomial has no such margins: (cells, 0).
        """
        lists = [indicators[:, 1:] for indicators, _ in self._factors[: self.table.m]]
        return lists + [
            indicators if basis is None else indicators[:, :0] for indicators, basis in self._factors[self.table.m :]
        ]

    @cached_property
    def _factors(self) -> list[tuple[Matrix, Matrix | None]]:
        strata, histories = len(self.table.strata), 2**self.table.m
        shape = [len(covariate.levels) for covariate in self.table.covariates]
        where = np.unravel_index(np.arange(strata), shape) if shape else ()
        lists = [np.tile(np.arange(histories) >> j & 1, strata) for j in range(self.table.m)]
        factors: list[tuple[Matrix, Matrix | None]] = [(np.eye(2)[index], None) for index in lists]
        for covariate, index in zip(self.table.covariates, where, strict=True):
            factors.append((np.eye(len(covariate.levels))[np.repeat(index, histories)], _polynomial(covariate)))
        return factors

    def matrix(self, model: JointModel) -> Matrix:
        """(cells, parameters): intercept, main effects, two-way terms in order."""
        blocks = [np.ones((len(self.counts), 1)), *self.columns]
        for a, b in sorted(model):
            blocks.append((self.columns[a][:, :, None] * self.columns[b][:, None, :]).reshape(len(self.counts), -1))
        return np.hstack(blocks)

    def impossible(self, model: JointModel) -> Flags:
        """Cells in a margin of the model that counts nobody: their mean is zero (extended maximum likelihood)."""
        empty = np.zeros(len(self.counts), dtype=bool)
        singles = [column for margin in self.margins for column in margin.T]
        both = [x * y for a, b in sorted(model) for x, y in product(self.margins[a].T, self.margins[b].T)]
        for indicator in (*singles, *both):
            if not self.counts @ indicator:
                empty |= indicator > 0
        return empty


def _polynomial(covariate: Covariate) -> Matrix | None:
    """(levels, degree): orthonormal polynomials in the level's number; None when each level has its own effect."""
    if not covariate.degree:
        return None
    numbers = np.array([int(level) for level in covariate.levels], dtype=float)
    powers = np.vander(numbers - numbers.mean(), covariate.degree + 1, increasing=True)
    basis, upper = np.linalg.qr(powers)
    return np.asarray(basis * np.sign(np.diag(upper)))[:, 1:]


@dataclass(frozen=True, eq=False)
class JointFit:
    """A fitted model: `fitted` (strata, histories) are the means of all cells, the never-seen and censored included.

    `n` persons enter the likelihood. `parameters` counts those at minus infinity too, as AIC and BIC do.
    """

    model: JointModel
    fitted: Matrix
    observable: Flags
    log_likelihood: float
    parameters: int
    n: int
    code: int

    @property
    def aic(self) -> float:
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        return float(self.parameters * np.log(self.n) - 2 * self.log_likelihood)

    @property
    def unseen(self) -> Matrix:
        """Predicted persons on no list, by stratum."""
        return self.fitted[:, 0]


def fit_joint(design: JointDesign, model: JointModel, *, judge: bool = True, near: Matrix | None = None) -> JointFit:
    """Fit by Newton's method. `code` is 0 when the estimate exists, 1 not finite, 2 not identified, 3 both.

    With `judge` false existence is not asked and the code is 0: for ranking candidates. `near` are the fitted means of a
    similar model or table, from which to start.
    """
    full = design.matrix(model)
    impossible = design.impossible(model)
    kept = design.observable & ~impossible
    basis = _independent(full[kept])
    x, y = full[np.ix_(kept, basis)], design.counts[kept]
    start = y + 0.1 if near is None else np.maximum(near.reshape(-1)[kept], SMALL_START)
    beta = _newton(x, y, start)
    mu = np.exp(x @ beta)
    fitted = np.where(impossible, 0.0, np.exp(np.minimum(full[:, basis] @ beta, 700.0)))
    code = 0
    if judge:
        hidden = full[~design.observable & ~impossible]
        code = NOT_FINITE * (not _exists(x, y > 0))
        code += NOT_IDENTIFIABLE * (len(basis) < full.shape[1] and not _spans(full[kept], hidden))
    likelihood = float(np.sum(xlogy(y, mu) - mu - gammaln(y + 1)))
    shape = design.table.counts.shape
    observable = design.observable.reshape(shape)
    return JointFit(model, fitted.reshape(shape), observable, likelihood, full.shape[1], int(y.sum()), code)


def _independent(x: Matrix) -> NDArray[np.int64]:
    """Columns that are independent over the kept cells; all of them unless whole margins are empty."""
    gram = x.T @ x
    if np.linalg.eigvalsh(gram)[0] > RANK * np.trace(gram):
        return np.arange(x.shape[1])
    upper, pivots = qr(x, mode="r", pivoting=True)
    diagonal = np.abs(np.diag(upper[: x.shape[1]]))
    return np.sort(pivots[: len(diagonal)][diagonal > np.sqrt(RANK) * diagonal.max(initial=1e-300)])


def _spans(x: Matrix, hidden: Matrix) -> bool:
    """Whether the kept cells say what every hidden one is (never seen, or censored): their rows span its row."""
    weights = np.linalg.lstsq(x.T, hidden.T, rcond=None)[0]
    return bool(np.abs(x.T @ weights - hidden.T).max(initial=0.0) < 1e-6)


def _newton(x: Matrix, y: Matrix, mu: Matrix) -> Matrix:
    """Coefficients of the Poisson regression of y on x from the means mu; diverging ones end far out (see `_exists`)."""
    beta = _weighted(x, mu, np.log(mu) + (y - mu) / mu)
    deviance = _deviance(y, np.exp(x @ beta))
    for _ in range(ITERATIONS):
        mu = np.exp(x @ beta)
        step = _weighted(x, mu, (y - mu) / np.maximum(mu, 1e-300))
        before = deviance
        for _ in range(30):
            deviance = _deviance(y, np.exp(x @ (beta + step)))
            if deviance <= before + TOLERANCE * (abs(before) + 0.1):
                break
            step = step / 2
        beta = beta + step
        if abs(deviance - before) < TOLERANCE * (abs(deviance) + 0.1):
            break
    return beta


def _weighted(x: Matrix, weights: Matrix, target: Matrix) -> Matrix:
    """Weighted least squares by normal equations: the gradient is exact, so that rounding only slows Newton's method."""
    weighted = x * weights[:, None]
    gram, right = weighted.T @ x, weighted.T @ target
    try:
        lower = np.linalg.cholesky(gram)
        return np.asarray(np.linalg.solve(lower.T, np.linalg.solve(lower, right)))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(gram, right, rcond=None)[0])


def _deviance(y: Matrix, mu: Matrix) -> float:
    with np.errstate(over="ignore"):
        return float(2 * np.sum(xlogy(y, y) - xlogy(y, np.maximum(mu, 1e-300)) - (y - mu)))


def _exists(x: Matrix, seen: Flags) -> bool:
    """Whether the maximum is finite: surely when the cells with people already fix every parameter, else by program."""
    return bool(np.linalg.matrix_rank(x[seen]) == x.shape[1]) or is_finite(x, seen)


def terms(design: JointDesign, model: JointModel) -> Iterator[str]:
    """The two-way terms by name, `A:B`."""
    names = [*design.table.lists, *(covariate.name for covariate in design.table.covariates)]
    return (f"{names[a]}:{names[b]}" for a, b in sorted(model))
