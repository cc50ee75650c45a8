"""The Gibbs sampler of the latent class model of captures, all chains side by side.

A person belongs to class k with probability nu_k and is then met by list j with probability lambda_kj, independently.
nu is made by breaking a stick, V_k ~ Beta(1, alpha), alpha ~ Gamma(shape, rate); lambda_kj ~ Uniform(0, 1); p(N) = 1/N,
with at most `bound` times as many unseen as seen. Source: Manrique-Vallier, "Bayesian population size estimation using
Dirichlet process mixtures", Biometrics 72:1246, 2016. Classes are relabelled at random in every sweep, which keeps chains
from resting in a poor order of the stick: Papaspiliopoulos & Roberts, Biometrika 95:169, 2008, section 3.4.
Arrays are (chains, classes, ...). Probabilities are kept as logarithms.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from reckon.prevalence.captures import Captures

Numbers = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

REDRAWS = 10
SMALLEST = 1e-280
WINDOW = 50.0
"""In factors e: a weight that is so much smaller is none."""
NEARLY_ONE = -1e-15
REPORT_EVERY = 1_000
FIRST_CLASSES, JITTER = (0.98, 0.8), 0.5


@dataclass(frozen=True, slots=True)
class Options:
    """The model and the length of the run. `sweeps` are kept, after `burn_in` that are not."""

    classes: int = 10
    chains: int = 10
    sweeps: int = 30_000
    burn_in: int = 20_000
    bound: float = 20.0
    shape: float = 0.25
    rate: float = 0.25
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.classes, self.chains) < 1 or self.sweeps < 100 or self.burn_in < 0:
            raise ValueError("at least one class, one chain and 100 sweeps are needed, and no negative burn-in")
        if min(self.bound, self.shape, self.rate) <= 0:
            raise ValueError("bound, shape and rate must be positive")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """`unseen` and `occupied` (classes with people in them) are (sweeps, chains); `held_back`: draws over the bound."""

    unseen: npt.NDArray[np.int64]
    occupied: npt.NDArray[np.int64]
    held_back: float


def draw(captures: Captures, options: Options, progress: Progress | None = None) -> Drawn:
    """Runs all chains. The same captures and options give the same bits; `progress` is told (done, all) sweeps."""
    chains = _Chains(captures, options)
    unseen = np.empty((options.sweeps, options.chains), dtype=np.int64)
    occupied = np.empty_like(unseen)
    length = options.burn_in + options.sweeps
    for sweep in range(length):
        if sweep == options.burn_in:
            chains.held_back = 0
        chains.sweep()
        if sweep >= options.burn_in:
            unseen[sweep - options.burn_in] = chains.counts[:, -1]
            occupied[sweep - options.burn_in] = chains.occupied
        if progress and (sweep + 1) % REPORT_EVERY == 0:
            progress(sweep + 1, length)
    return Drawn(unseen, occupied, chains.held_back / unseen.size)


class _Chains:
    """The state of all chains, and one sweep of them."""

    def __init__(self, captures: Captures, options: Options) -> None:
        self.rng = np.random.default_rng(options.seed)
        self.options = options
        self.n = captures.n
        # The last history is that of the unseen, on no list.
        member = np.vstack([captures.membership, np.zeros(captures.m, dtype=bool)]).astype(np.float64)
        self.member_and_one = np.column_stack([member, np.ones(len(member))])
        self.met_or_missed = np.ascontiguousarray(np.column_stack([member, 1 - member]).T)
        self.counts = np.empty((options.chains, len(member)), dtype=np.int64)
        self.counts[:, :-1] = captures.counts
        self.held_back = 0
        self.occupied = np.zeros(options.chains, dtype=np.int64)
        self._start(np.array(captures.list_sizes, dtype=np.float64))

    def _start(self, sizes: Numbers) -> None:
        """Far apart: totals from little above n to half the bound, the first class with 98 % to 80 % of the people."""
        chains, classes = self.options.chains, self.options.classes
        totals = self.n * np.geomspace(1.1, 1.1 + self.options.bound / 2, chains)
        chances = np.clip(sizes / totals[:, None], 1e-6, 1 - 1e-6)[:, None, :]
        chances = chances * self.rng.uniform(JITTER, 1.0, size=(chains, classes, len(sizes)))
        self.log_chances = np.concatenate([np.log(chances), np.log1p(-chances)], axis=2)
        self.alpha = np.full(chains, self.options.shape / self.options.rate)
        first = self.rng.permutation(np.linspace(*FIRST_CLASSES, chains))
        pieces = np.minimum(np.arange(classes), 8) * np.log(1 - first)[:, None]
        self.log_shares = pieces - special.logsumexp(pieces, axis=1, keepdims=True)

    def sweep(self) -> None:
        """One step of everything: the unseen, the classes of all people, the chances, the shares, alpha."""
        logs = self.log_shares[:, :, None] + self.log_chances @ self.met_or_missed
        top = logs.max(axis=1, keepdims=True)
        weights = np.exp(logs - top)
        sums = weights.sum(axis=1, keepdims=True)
        self.counts[:, -1] = self._draw_unseen(np.log(sums[:, 0, -1]) + top[:, 0, -1])
        split = self.rng.multinomial(self.counts, (weights / sums).swapaxes(1, 2))
        held = split.swapaxes(1, 2).astype(np.float64) @ self.member_and_one
        self._relabel(held)
        met, people = held[:, :, :-1], held[:, :, -1:]
        self._draw_chances(met, people - met)
        self._draw_shares(people[:, :, 0])
        self.occupied = np.count_nonzero(people[:, :, 0], axis=1)

    def _draw_unseen(self, log_missed: Numbers) -> npt.NDArray[np.int64]:
        """Negative binomial given the seen and the probability of being missed, cut at the bound."""
        log_missed = np.minimum(log_missed, NEARLY_ONE)
        odds = np.exp(log_missed) / -np.expm1(log_missed)
        limit = int(self.options.bound * self.n)
        drawn = self._negative_binomial(odds, limit)
        over = np.flatnonzero(drawn > limit)
        self.held_back += len(over)
        for _attempt in range(REDRAWS):
            if not len(over):
                return drawn
            drawn[over] = self._negative_binomial(odds[over], limit)
            over = over[drawn[over] > limit]
        for chain in over.tolist():
            drawn[chain] = self._cut_negative_binomial(float(log_missed[chain]), limit)
        return drawn

    def _negative_binomial(self, odds: Numbers, limit: int) -> npt.NDArray[np.int64]:
        means = self.rng.standard_gamma(self.n, len(odds)) * odds
        return self.rng.poisson(np.minimum(means, 2.0 * limit + 100.0))

    def _cut_negative_binomial(self, log_missed: float, limit: int) -> int:
        """By its distribution function, for the rare state whose draws nearly all lie beyond the bound."""
        seen = -float(np.expm1(log_missed))
        held = float(special.betainc(self.n, limit + 1, seen))
        if held < SMALLEST:
            return self._near_bound(log_missed, limit)
        aim, low, high = self.rng.random() * held, -1, limit
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if special.betainc(self.n, middle + 1, seen) >= aim else (middle, high)
        return high

    def _near_bound(self, log_missed: float, limit: int) -> int:
        """Where all below the bound has no weight to speak of, the weights fall from the bound down, ever faster."""
        fall = log_missed + np.log((self.n + limit - 1) / max(limit, 1))
        unseen = np.arange(max(0, limit - int(WINDOW / fall)), limit + 1, dtype=np.float64)
        logs = special.gammaln(self.n + unseen) - special.gammaln(unseen + 1) + unseen * log_missed
        below = np.cumsum(np.exp(logs - logs.max()))
        place = int(np.searchsorted(below, self.rng.random() * below[-1]))
        return int(unseen[min(place, len(unseen) - 1)])

    def _relabel(self, held: Numbers) -> None:
        """Offers two random classes of each chain to exchange their people, by Metropolis, given the shares."""
        chains, classes = self.log_shares.shape
        if classes == 1:
            return
        rows = np.arange(chains)
        one = self.rng.integers(classes, size=chains)
        other = (one + self.rng.integers(1, classes, size=chains)) % classes
        people = held[:, :, -1]
        gain = self.log_shares[rows, one] - self.log_shares[rows, other]
        accepted = -self.rng.standard_exponential(chains) < gain * (people[rows, other] - people[rows, one])
        rows, one, other = rows[accepted], one[accepted], other[accepted]
        held[rows, one], held[rows, other] = held[rows, other], held[rows, one]

    def _draw_chances(self, met: Numbers, missed: Numbers) -> None:
        """Beta draws as two gammas, so that both the logarithm and that of the complement are exact."""
        logs = np.log(self.rng.standard_gamma(1 + np.concatenate([met, missed], axis=2)))
        m = met.shape[2]
        norm = np.logaddexp(logs[:, :, :m], logs[:, :, m:])
        logs[:, :, :m] -= norm
        logs[:, :, m:] -= norm
        self.log_chances = logs

    def _draw_shares(self, people: Numbers) -> None:
        """Breaks the stick anew, then draws alpha given the last piece."""
        after = (people.sum(axis=1, keepdims=True) - np.cumsum(people, axis=1))[:, :-1]
        shapes = self.alpha[:, None] + after
        kept = np.log(self.rng.standard_gamma(1 + people[:, :-1]))
        # log Gamma(a) = log Gamma(a + 1) + log(U) / a: a draw itself can be too small for a number when a is near 0.
        passed = np.log(self.rng.standard_gamma(1 + shapes)) - self.rng.standard_exponential(shapes.shape) / shapes
        norm = np.logaddexp(kept, passed)
        self.log_shares = np.zeros_like(people)
        self.log_shares[:, :-1] = kept - norm
        self.log_shares[:, 1:] += np.cumsum(passed - norm, axis=1)
        chains, classes = people.shape
        rate = self.options.rate - self.log_shares[:, -1]
        self.alpha = self.rng.standard_gamma(self.options.shape + classes - 1, chains) / rate
