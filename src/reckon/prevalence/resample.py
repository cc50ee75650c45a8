"""Bootstrap and jackknife with the whole selection repeated each time, so that intervals include the choice of model.

Replicates are multinomial: as many people as were seen, drawn from the observed histories (nothing is ever drawn in a
history that nobody had). The jackknife leaves out one person of each history in turn. A replicate without an estimate
counts as infinity: it stays in the order, and its share is reported.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from reckon.prevalence.captures import Captures, Integers, NotEstimable
from reckon.prevalence.existence import require_estimable
from reckon.prevalence.lattice import Floats, table_of
from reckon.prevalence.models import Model, independence
from reckon.prevalence.runner import CHUNK, Progress, seeds, spread
from reckon.prevalence.selection import Method, Selected

REPLICATES = 1000


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """A selected estimate and how it varies.

    `totals` (B,) and `models` of the replicates; `jackknife` the total without one person of each observed history and
    `weights` how many people have that history. `seed` and `digest` (of the captures) say how to do it again.
    """

    total: float
    model: Model | None
    totals: Floats
    models: tuple[Model | None, ...]
    jackknife: Floats
    weights: Integers
    seed: int
    digest: str

    @property
    def share_not_estimable(self) -> float:
        """The share of replicates without an estimate."""
        return float(np.mean(np.isinf(self.totals)))

    @property
    def share_below(self) -> float:
        """The share of replicates below the estimate; one half when there is no bias."""
        return float(np.mean(self.totals < self.total))

    def model_shares(self) -> dict[Model, float]:
        """How often each model was chosen, most often first; without those that had no estimate."""
        counts = Counter(model for model in self.models if model is not None)
        return {model: count / len(self.models) for model, count in counts.most_common()}


@dataclass(frozen=True)
class _Draw:
    """A chunk of replicates: its seed and their number."""

    seed: np.random.SeedSequence
    size: int


Methods = Callable[[Integers], tuple[Selected, ...]]
"""Several ways of choosing at once, where they share their work."""


def bootstrap(
    captures: Captures,
    method: Method,
    replicates: int = REPLICATES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Bootstrap:
    """The estimate by `method` (e.g. `partial(stepwise_many, threshold=0.02)`), its replicates and its jackknife.

    The same bits for the same seed, whatever the executor. Raises NotEstimable when the data themselves have no
    estimate.
    """
    (found,) = bootstrap_each(captures, partial(_alone, method), replicates, seed, executor, progress)
    return found


def bootstrap_each(
    captures: Captures,
    methods: Methods,
    replicates: int = REPLICATES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Bootstrap, ...]:
    """As `bootstrap`, for several ways of choosing on the same replicates, e.g. `lowest_of_first_many`."""
    require_estimable(captures, independence(captures.m))
    sizes = [min(CHUNK, replicates - first) for first in range(0, replicates, CHUNK)]
    draws = [_Draw(child, size) for child, size in zip(seeds(seed, len(sizes)), sizes, strict=True)]
    data, *chunks = spread(partial(_task, captures, methods), [None, *draws], executor, progress)
    return tuple(_gathered(captures, seed, *parts) for parts in zip(data, *chunks, strict=True))


def _alone(method: Method, tables: Integers) -> tuple[Selected, ...]:
    return (method(tables),)


def _task(captures: Captures, methods: Methods, draw: _Draw | None) -> tuple[Selected, ...]:
    """The data and the jackknife where nothing is to be drawn, else one chunk of replicates."""
    if draw is None:
        return methods(np.concatenate([table_of(captures), without_one(captures)]))
    return methods(resampled(captures, np.random.default_rng(draw.seed), draw.size))


def _gathered(captures: Captures, seed: int, data: Selected, *chunks: Selected) -> Bootstrap:
    if np.isinf(data.totals[0]):
        raise NotEstimable("not_finite", "None of the models considered has a finite estimate on these counts.")
    return Bootstrap(
        total=float(data.totals[0]),
        model=data.models[0],
        totals=np.concatenate([np.empty(0), *(chunk.totals for chunk in chunks)]),
        models=tuple(model for chunk in chunks for model in chunk.models),
        jackknife=data.totals[1:],
        weights=captures.counts,
        seed=seed,
        digest=captures.digest(),
    )


def resampled(captures: Captures, rng: np.random.Generator, size: int) -> Integers:
    """`size` replicates as dense tables (size, 2^m - 1)."""
    tables = np.zeros((size, (1 << captures.m) - 1), dtype=np.int64)
    tables[:, captures.masks - 1] = rng.multinomial(captures.n, captures.counts / captures.n, size=size)
    return tables


def without_one(captures: Captures) -> Integers:
    """For each observed history the table without one of its people, (histories, 2^m - 1)."""
    tables = np.repeat(table_of(captures), len(captures.masks), axis=0)
    tables[np.arange(len(captures.masks)), captures.masks - 1] -= 1
    return tables
