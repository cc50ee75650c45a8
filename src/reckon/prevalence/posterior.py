"""The posterior of a log-linear model of captures with normal priors, drawn by Metropolis chains.

Counts are Poisson with log mean X beta over all 2^m - 1 histories, zeros included; beta is normal about 0. The posterior is
log-concave, so it has one mode; proposals are multivariate t about that mode with the curvature there, whose tails are
heavier than the posterior's: each is independent of the last, and chains mix at once (Tierney, "Markov chains for exploring
posterior distributions", Annals of Statistics 22:1701, 1994, section 2.3.2).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

Numbers = npt.NDArray[np.float64]

FREEDOM = 6
NEWTON_STEPS = 500
CLOSE = 1e-12
BATCH = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """`draws` is (draws, chains, parameters); `acceptance` the share of proposals that were taken."""

    draws: Numbers
    acceptance: float


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The log posterior of beta, up to a constant. `precision` is the prior's, one number for each parameter."""

    design: Numbers
    counts: Numbers
    precision: Numbers

    def log_density(self, beta: Numbers) -> Numbers:
        """At each row (last axis: parameters)."""
        logs = beta @ self.design.T
        with np.errstate(over="ignore"):  # far out the expected counts are infinite and the density is nil
            expected = np.exp(logs).sum(axis=-1)
        return np.asarray(logs @ self.counts - expected - (beta * beta) @ self.precision / 2)

    def mode(self) -> tuple[Numbers, Numbers]:
        """The mode and minus the second derivatives there, by Newton's method with halved steps."""
        beta = np.zeros(self.design.shape[1])
        beta[0] = np.log(max(float(self.counts.mean()), CLOSE))
        value = float(self.log_density(beta))
        for _step in range(NEWTON_STEPS):
            gradient, curvature = self._derivatives(beta)
            step = linalg.solve(curvature, gradient, assume_a="pos")
            while (new := float(self.log_density(beta + step))) < value:
                if np.abs(step).max() < CLOSE:
                    return beta, curvature
                step /= 2
            beta, gained, value = beta + step, new - value, new
            if gained <= CLOSE * (1 + abs(value)) and np.abs(step).max() < 1e-6:
                break
        return beta, self._derivatives(beta)[1]

    def _derivatives(self, beta: Numbers) -> tuple[Numbers, Numbers]:
        expected = np.exp(self.design @ beta)
        gradient = self.design.T @ (self.counts - expected) - self.precision * beta
        return gradient, self.design.T @ (expected[:, None] * self.design) + np.diag(self.precision)


def sample(target: Target, rng: np.random.Generator, draws: int, chains: int) -> Sampled:
    """Chains of the posterior; each starts at a draw of the proposal, which is wider than the posterior."""
    mode, curvature = target.mode()
    # If curvature = L L', then L'^-1 z has the covariance curvature^-1.
    lower = linalg.cholesky(curvature, lower=True)
    taken = np.empty((draws, chains, len(mode)))
    state, weight, accepted = np.zeros((chains, len(mode))), np.full(chains, -np.inf), 0
    for start in range(0, draws, BATCH):
        size = min(BATCH, draws - start)
        z, log_proposal = _heavy_tailed(rng, (size, chains, len(mode)))
        offered = mode + linalg.solve_triangular(lower, z.reshape(-1, len(mode)).T, lower=True, trans="T").T.reshape(
            z.shape
        )
        weights = target.log_density(offered) - log_proposal
        hurdle = -rng.standard_exponential((size, chains))
        for row in range(size):
            better = hurdle[row] < weights[row] - weight
            state = np.where(better[:, None], offered[row], state)
            weight = np.where(better, weights[row], weight)
            taken[start + row] = state
            accepted += int(np.count_nonzero(better))
    return Sampled(taken, accepted / (draws * chains))


def _heavy_tailed(rng: np.random.Generator, shape: tuple[int, int, int]) -> tuple[Numbers, Numbers]:
    """Standard multivariate t numbers along the last axis and the logarithm of their density, up to a constant."""
    z = rng.standard_normal(shape) / np.sqrt(rng.chisquare(FREEDOM, shape[:2]) / FREEDOM)[:, :, None]
    return z, -(FREEDOM + shape[2]) / 2 * np.log1p((z * z).sum(axis=2) / FREEDOM)
