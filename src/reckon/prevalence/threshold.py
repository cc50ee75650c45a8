"""Bayesian thresholding: fit all pairs of lists, keep the terms that stand out from zero, fit again with these.

Source: Silverman, "Multiple-systems analysis for the quantification of modern slavery: classical and Bayesian approaches",
JRSS-A 183:691, 2020, section 6. Priors: variance 10,000 for the intercept and the lists, 1 for every interaction. A term is
kept when its posterior mean is two posterior standard deviations or more from zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reckon.prevalence import posterior
from reckon.prevalence.captures import Captures, NotEstimable
from reckon.prevalence.caution import TWO_LISTS, Caution, about_dropped
from reckon.prevalence.chains import Convergence, Estimated, convergence, effective_draws, quantile
from reckon.prevalence.models import Model, generators, independence, lists_of, order_of, pairs, subsets, with_terms
from reckon.prevalence.preparing import Prepared, prepared

Numbers = npt.NDArray[np.float64]

MOST_LISTS = 10
"""Ten lists have 1,023 histories and 45 pairs; beyond, the first fit says little and takes long."""
THRESHOLD = 2.0
WIDE, NARROW = 1e-4, 1.0
CLOSE_CALL = 3.0
KEPT_DRAWS = 1_000


@dataclass(frozen=True, slots=True)
class Term:
    """An interaction (a mask) in the fit that decided about it. `strength` is |mean| / sd, `error` its Monte Carlo error."""

    mask: int
    mean: float
    sd: float
    strength: float
    error: float
    kept: bool

    @property
    def lists(self) -> tuple[int, ...]:
        """The lists it joins, numbered from 1."""
        return lists_of(self.mask)

    @property
    def is_close(self) -> bool:
        """Whether another seed might decide otherwise."""
        return abs(self.strength - THRESHOLD) < CLOSE_CALL * self.error


@dataclass(frozen=True, slots=True, eq=False)
class Thresholded:
    """The posterior of N under the terms that were kept. Masks stand for `lists`, those that were not left out.

    `acceptance` is the lowest of the fits; `draws` are thinned.
    """

    lists: tuple[str, ...]
    n: int
    level: float
    max_order: int
    model: Model
    terms: tuple[Term, ...]
    median: Estimated
    low: Estimated
    high: Estimated
    mean: float
    chains: Convergence
    acceptance: float
    seed: int
    draws: Numbers
    warnings: tuple[Caution, ...]

    @property
    def total(self) -> float:
        """The number to show: the median."""
        return self.median.value

    @property
    def generators(self) -> str:
        """The model as text, like "[12,35,4]"."""
        return generators(self.model)


def thresholded(
    captures: Captures,
    *,
    max_order: int = 2,
    level: float = 0.95,
    chains: int = 4,
    draws: int = 10_000,
    seed: int = 0,
) -> Thresholded:
    """Selects the terms and draws the posterior of N. With `max_order` 3, a triple stands for choice if its pairs were kept.

    Pairs inside a kept triple stay. The same arguments give the same bits. Raises NotEstimable as `prepared` does and for
    more than ten lists (`too_many_lists`); ValueError for an order other than 2 or 3, fewer than two chains or 100 draws.
    """
    if max_order not in (2, 3) or chains < 2 or draws < 100:
        raise ValueError("the order is 2 or 3, with at least two chains and 100 draws")
    ready = _ready(captures)
    usable = ready.captures
    fits = _Fits(usable, np.random.default_rng(seed), draws, chains)
    model, terms = _select(fits, usable.m, max_order)
    final = fits.fit(model)
    totals = usable.n + np.exp(final[:, :, 0])
    judged = convergence(totals)
    return Thresholded(
        lists=usable.lists,
        n=usable.n,
        level=level,
        max_order=max_order,
        model=model,
        terms=terms,
        median=quantile(totals, 0.5),
        low=quantile(totals, (1 - level) / 2),
        high=quantile(totals, (1 + level) / 2),
        mean=float(totals.mean()),
        chains=judged,
        acceptance=fits.acceptance,
        seed=seed,
        draws=totals[:: max(1, draws // KEPT_DRAWS)],
        warnings=(*about_dropped(ready.dropped), *judged.cautions, *_cautions(terms, usable.m)),
    )


def _ready(captures: Captures) -> Prepared:
    ready = prepared(captures)
    if ready.captures.m > MOST_LISTS:
        raise NotEstimable(
            "too_many_lists",
            f"There are {ready.captures.m} lists; Bayesian thresholding goes to {MOST_LISTS}. Merge lists that meet people "
            "in the same way, or use stepwise selection.",
        )
    return ready


class _Fits:
    """Fits of one table, one after the other from the same generator."""

    def __init__(self, captures: Captures, rng: np.random.Generator, draws: int, chains: int) -> None:
        self.rng, self.draws, self.chains = rng, draws, chains
        self.histories = np.arange(1, 1 << captures.m)
        self.counts = captures.cells().astype(np.float64)
        self.acceptance = 1.0

    def fit(self, model: Model) -> Numbers:
        """Draws of the intercept and the model's coefficients: (draws, chains, 1 + terms)."""
        masks = np.array(model)
        design = np.column_stack([np.ones(len(self.histories)), (self.histories[:, None] & masks) == masks])
        precision = np.array([WIDE, *(WIDE if order_of(mask) == 1 else NARROW for mask in model)])
        target = posterior.Target(design.astype(np.float64), self.counts, precision)
        sampled = posterior.sample(target, self.rng, self.draws, self.chains)
        self.acceptance = min(self.acceptance, sampled.acceptance)
        return sampled.draws


def _select(fits: _Fits, m: int, max_order: int) -> tuple[Model, tuple[Term, ...]]:
    """The kept model, and every interaction as it stood when it was decided about."""
    couples = _judged(fits, with_terms(m, *pairs(m)), pairs(m))
    kept = {term.mask for term in couples if term.kept}
    triples = [mask for mask in range(1 << m) if order_of(mask) == 3 and _pairs_in(mask) <= kept]
    if max_order == 2 or not triples:
        return with_terms(m, *kept), couples
    second = _judged(fits, tuple(sorted({*independence(m), *kept, *triples})), [*sorted(kept), *triples])
    chosen = with_terms(m, *(term.mask for term in second if term.kept))
    latest = {term.mask: term for term in (*couples, *second)}
    return chosen, tuple(latest.values())


def _pairs_in(mask: int) -> set[int]:
    return {part for part in subsets(mask) if order_of(part) == 2}


def _judged(fits: _Fits, model: Model, asked: Sequence[int]) -> tuple[Term, ...]:
    """Fits the model and compares the terms asked about with their posterior spread."""
    draws = fits.fit(model)
    places = {mask: place + 1 for place, mask in enumerate(model)}
    return tuple(_term(mask, draws[:, :, places[mask]]) for mask in asked)


def _term(mask: int, draws: Numbers) -> Term:
    """The error of mean / sd by the delta method for a normal posterior: sqrt((1 + r² / 2) / effective draws)."""
    mean, sd = float(draws.mean()), float(draws.std(ddof=1))
    strength = abs(mean) / sd
    error = float(np.sqrt((1 + strength**2 / 2) / effective_draws(draws)))
    return Term(mask, mean, sd, strength, error, strength >= THRESHOLD)


def _cautions(terms: Sequence[Term], m: int) -> tuple[Caution, ...]:
    found = [TWO_LISTS] if m == 2 else []
    close = [" and ".join(map(str, term.lists)) for term in terms if term.is_close]
    if close:
        found.append(
            Caution(
                "close_call",
                f"Whether the interaction of lists {'; '.join(close)} is kept was decided by less than the Monte Carlo "
                "error: another seed may keep other terms. Draw longer to know.",
            )
        )
    return tuple(found)
