"""How far Markov chains can be trusted: R-hat, effective draws, Monte Carlo error, modes.

Sources: Vehtari, Gelman, Simpson, Carpenter & Bürkner, "Rank-normalization, folding, and localization: an improved R-hat
for assessing convergence of MCMC", Bayesian Analysis 16:667, 2021; Geyer, "Practical Markov chain Monte Carlo",
Statistical Science 7:473, 1992 (where to stop summing autocorrelations).
Draws are arrays of (draws, chains), one number each.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import log10

import numpy as np
import numpy.typing as npt
from scipy import ndimage, special, stats

from reckon.prevalence.caution import Caution

Draws = npt.NDArray[np.float64]

RHAT_LIMIT = 1.05
"""Above it, chains that should tell the same story do not."""
FEWEST_EFFECTIVE = 400.0
"""Below it, R-hat and the ends of an interval are themselves uncertain (Vehtari et al., section 4)."""
BINS = 512
SMALLEST_MODE = 0.05
DEEP_VALLEY = 0.8


@dataclass(frozen=True, slots=True)
class Estimated:
    """A quantile of the draws with its Monte Carlo standard error."""

    probability: float
    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Mode:
    """A hill of the distribution: its top, and the share of the draws that lie on it."""

    at: float
    share: float


@dataclass(frozen=True, slots=True)
class Convergence:
    """`chain_medians` in the order of the chains; `modes` from the lowest number up. R-hat is of the logarithms."""

    rhat: float
    effective: float
    chain_medians: tuple[float, ...]
    modes: tuple[Mode, ...]

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What is wrong with the chains: `chains_disagree`, `several_modes`, `few_draws`."""
        found = []
        if self.rhat > RHAT_LIMIT:
            low, high = min(self.chain_medians), max(self.chain_medians)
            found.append(
                Caution(
                    "chains_disagree",
                    f"The chains have not come together (R-hat {self.rhat:.3f}; their medians run from {low:.0f} to "
                    f"{high:.0f}). The pooled numbers depend on where the chains began: draw longer, or do not use them.",
                )
            )
        found += about_modes(self.modes)
        if self.effective < FEWEST_EFFECTIVE:
            found.append(
                Caution(
                    "few_draws",
                    f"The chains hold only as much as {self.effective:.0f} independent draws; see the error beside "
                    "each limit, and draw longer for narrower ones.",
                )
            )
        return tuple(found)


def about_modes(modes: tuple[Mode, ...]) -> tuple[Caution, ...]:
    """The caution `several_modes` when there is more than one."""
    if len(modes) < 2:
        return ()
    places = ", ".join(f"{mode.at:.0f} ({mode.share:.0%})" for mode in modes)
    return (Caution("several_modes", f"The data fit several answers: {places}. A single number hides that."),)


def convergence(totals: Draws) -> Convergence:
    """Judges chains of positive totals."""
    logs = np.log(totals)
    medians = tuple(float(median) for median in np.median(totals, axis=0))
    tops = tuple(Mode(float(np.exp(mode.at)), mode.share) for mode in modes(logs))
    return Convergence(split_rhat(logs), effective_draws(logs), medians, tops)


def split_rhat(draws: Draws) -> float:
    """Rank-normalised split R-hat, the larger of the one for place and the one for spread; 1 for constant draws.

    Each chain counts as two, so that drift within a chain shows as well. Needs four draws or more.
    """
    halves = _halves(draws)
    folded = np.abs(halves - np.median(halves))
    return max(_rhat(_normal_scores(halves)), _rhat(_normal_scores(folded)))


def effective_draws(draws: Draws) -> float:
    """How many independent draws are worth as much for the mean; at most draws x chains x log10 of that."""
    halves = _halves(draws)
    size, chains = halves.shape
    within, pooled = _variances(halves)
    if not pooled > 0:
        return float(size * chains)
    correlation = 1 - (within - _autocovariances(halves).mean(axis=1)) / pooled
    pairs = correlation[0 : size - size % 2 : 2] + correlation[1:size:2]
    first_negative = int(np.argmax(pairs < 0)) if (pairs < 0).any() else len(pairs)
    monotone = np.minimum.accumulate(pairs[: max(first_negative, 1)])
    time = max(2 * float(monotone.sum()) - 1, 1 / log10(size * chains))
    return float(size * chains / time)


def quantile(draws: Draws, probability: float) -> Estimated:
    """A quantile of all draws, with its standard error from the effective draws at that very place."""
    value = float(np.quantile(draws, probability))
    below = (draws <= value).astype(np.float64)
    effective = effective_draws(below)
    beta = stats.beta(effective * probability + 1, effective * (1 - probability) + 1)
    low, high = np.quantile(draws, beta.ppf(special.ndtr([-1.0, 1.0])))
    return Estimated(probability, value, float(high - low) / 2)


def modes(draws: Draws) -> tuple[Mode, ...]:
    """The hills of a kernel density of the draws, from left to right.

    The kernel is Silverman's for as many draws as are effective within the chains (50 at least), so that lumps of slow
    chains are no hills, while chains that stay apart are. `hills` says when two hills count as two.
    """
    flat = draws.ravel()
    low, high = float(flat.min()), float(flat.max())
    if high <= low:
        return (Mode(low, 1.0),)
    effective = sum(effective_draws(chain[:, None]) for chain in draws.T)
    quarter, three = np.quantile(flat, [0.25, 0.75])
    spread = min(float(flat.std()), float(three - quarter) / 1.34) or float(flat.std())
    counts, edges = np.histogram(flat, bins=BINS, range=(low, high))
    width = 0.9 * spread * max(effective, 50.0) ** -0.2 / (edges[1] - edges[0])
    density = ndimage.gaussian_filter1d(counts.astype(np.float64), width, mode="constant")
    return hills((edges[:-1] + edges[1:]) / 2, density, counts / len(flat))


def hills(places: Draws, density: Draws, shares: Draws) -> tuple[Mode, ...]:
    """The hills of a density given at ascending places, each of which holds a share of all.

    Two hills count as two when the valley between them is lower than four fifths of the lower one and each holds 5 %.
    """
    borders = _valleys(density, shares)
    return tuple(
        Mode(float(places[start + int(np.argmax(density[start:end]))]), float(shares[start:end].sum()))
        for start, end in pairwise(borders)
    )


def _valleys(density: Draws, shares: Draws) -> list[int]:
    """The bins at which hills begin, and the end. The shallowest valley goes first, until all that remain are deep."""
    inner = (density[1:-1] <= density[:-2]) & (density[1:-1] < density[2:])
    borders = [0, *(int(place) + 1 for place in np.flatnonzero(inner)), len(density)]
    while len(borders) > 2:
        tops = [density[start:end].max() for start, end in pairwise(borders)]
        held = [shares[start:end].sum() for start, end in pairwise(borders)]
        depths = [density[at] / min(tops[k], tops[k + 1]) for k, at in enumerate(borders[1:-1])]
        small = [min(held[k], held[k + 1]) < SMALLEST_MODE for k in range(len(depths))]
        worst = max(range(len(depths)), key=lambda k: (small[k], depths[k]))
        if not small[worst] and depths[worst] < DEEP_VALLEY:
            break
        del borders[worst + 1]
    return borders


def _halves(draws: Draws) -> Draws:
    half = len(draws) // 2
    return np.concatenate([draws[:half], draws[-half:]], axis=1)


def _normal_scores(draws: Draws) -> Draws:
    ranks = stats.rankdata(draws, axis=None).reshape(draws.shape)
    return np.asarray(special.ndtri((ranks - 0.375) / (draws.size + 0.25)))


def _variances(draws: Draws) -> tuple[float, float]:
    """The mean variance within chains, and the variance that both within and between suggest for one draw."""
    size, chains = draws.shape
    within = float(draws.var(axis=0, ddof=1).mean())
    between = float(draws.mean(axis=0).var(ddof=1)) if chains > 1 else 0.0
    return within, within * (size - 1) / size + between


def _rhat(draws: Draws) -> float:
    within, pooled = _variances(draws)
    if not pooled > 0:
        return 1.0
    return float(np.sqrt(pooled / within)) if within > 0 else float("inf")


def _autocovariances(draws: Draws) -> Draws:
    """At every lag (rows), for every chain (columns), by fast Fourier transform."""
    size = len(draws)
    centred = draws - draws.mean(axis=0)
    spectrum = np.fft.rfft(centred, n=2 * size, axis=0)
    found = np.fft.irfft(spectrum * spectrum.conj(), axis=0)[:size]
    return np.asarray(found / (size - 1))
