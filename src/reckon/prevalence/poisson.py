"""Maximum likelihood of a Poisson log-linear model by iteratively reweighted least squares, one table at a time.

McCullagh & Nelder 1989, section 2.5. Least squares go through QR, which forgives designs near rank deficiency.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import gammaln, xlogy

from reckon.prevalence.captures import NotEstimable
from reckon.prevalence.lattice import Floats

STEPS = 100
ENOUGH = 1e-11
"""A Newton step this small (squared, in standard errors) is the last: the next would be of the order of its square."""

CLOSE = 1e-6
"""The relative error of fitted margins at which a fit has failed; at the maximum they are those of the data."""


SINGULAR = 1e-14
"""Columns this near to depending on each other, relative to the longest, cannot be told apart in floats."""


@dataclass(frozen=True, eq=False)
class Solution:
    """`beta` maximises the likelihood; `means` are the fitted counts; `covariance` is (X' diag(means) X)^-1."""

    beta: Floats
    means: Floats
    covariance: Floats
    log_likelihood: float
    deviance: float


def maximise(matrix: Floats, counts: Floats) -> Solution:
    """The maximum of sum(y log mu - mu - log y!) with log mu = matrix @ beta; the maximum must exist.

    Raises NotEstimable (`not_converged`) when the steps do not come to rest, which a check of existence rules out.
    """
    means = counts + 0.1
    response = np.log(means) + (counts - means) / means
    beta, root = _least_squares(matrix, means, response)
    value = _log_likelihood(matrix, counts, beta)
    for _step in range(STEPS):
        means = np.exp(matrix @ beta)
        change, root = _least_squares(matrix, means, (counts - means) / means)
        beta, value = _climbed(matrix, counts, beta, change, value)
        if float(np.sum((root @ change) ** 2)) < ENOUGH:
            break
    solution = _solution(matrix, counts, beta)
    margins = matrix.T @ counts
    if not np.allclose(matrix.T @ solution.means, margins, rtol=CLOSE, atol=0):
        raise NotEstimable("not_converged", "The fit does not come to rest on these counts, so there is no estimate.")
    return solution


def _least_squares(matrix: Floats, weights: Floats, response: Floats) -> tuple[Floats, Floats]:
    """The weighted least squares solution and the triangle R of its QR decomposition."""
    scale = np.sqrt(weights)
    orthogonal, triangle = np.linalg.qr(matrix * scale[:, None])
    size = np.abs(np.diag(triangle))
    if size.min() <= SINGULAR * size.max():
        raise NotEstimable("not_identifiable", "Different answers fit these counts equally well.")
    return np.asarray(solve_triangular(triangle, orthogonal.T @ (scale * response))), triangle


def _climbed(matrix: Floats, counts: Floats, beta: Floats, change: Floats, value: float) -> tuple[Floats, float]:
    """The step, halved until the likelihood does not fall; the likelihood is concave, so that a part always helps."""
    for _half in range(60):
        after = _log_likelihood(matrix, counts, beta + change)
        if after >= value - 1e-13 * abs(value):
            break
        change = change / 2
    return beta + change, after


def _log_likelihood(matrix: Floats, counts: Floats, beta: Floats) -> float:
    """Without log y!, which no step changes."""
    linear = matrix @ beta
    with np.errstate(over="ignore"):  # minus infinity then: as far from the maximum as can be
        return float(counts @ linear - np.exp(linear).sum())


def _solution(matrix: Floats, counts: Floats, beta: Floats) -> Solution:
    means = np.exp(matrix @ beta)
    triangle = np.linalg.qr(matrix * np.sqrt(means)[:, None], mode="r")
    inverse = solve_triangular(triangle, np.eye(len(beta)))
    return Solution(
        beta=beta,
        means=means,
        covariance=inverse @ inverse.T,
        log_likelihood=float(counts @ (matrix @ beta) - means.sum() - gammaln(counts + 1).sum()),
        deviance=float(2 * (xlogy(counts, counts / means) - (counts - means)).sum()),
    )
