"""Selection by BIC where there are too many models to fit them all: step to the best neighbour while BIC falls.

The neighbours of a model have one term more (all its subsets being in) or one maximal interaction less. The search can
end in a local minimum, which is why `criterion` is preferred up to five lists.
"""

from dataclasses import dataclass, field

import numpy as np

from reckon.prevalence.captures import Captures, Integers
from reckon.prevalence.existence import code, require_estimable
from reckon.prevalence.fit import Fit, fit, fit_rows
from reckon.prevalence.lattice import lists_in, supports, table_of
from reckon.prevalence.models import Model, independence, neighbours
from reckon.prevalence.selection import DIGITS, Selected

DEFAULT_ORDER = 2


@dataclass(frozen=True, eq=False)
class Downhill:
    """The fit at which no neighbour has a lower BIC."""

    fit: Fit

    @property
    def model(self) -> Model:
        return self.fit.model


@dataclass
class _Walker:
    """One table's place in the search. `known` remembers (BIC, total) of the models it has looked at."""

    support: int
    model: Model
    known: dict[Model, tuple[float, float]] = field(default_factory=dict)


def downhill(captures: Captures, max_order: int = DEFAULT_ORDER) -> Downhill:
    """The search on one table. Raises NotEstimable when independence, its start, has no estimate."""
    require_estimable(captures, independence(captures.m))
    (model,) = downhill_many(table_of(captures), max_order).models
    assert model is not None
    return Downhill(fit(captures, model))


def downhill_many(tables: Integers, max_order: int = DEFAULT_ORDER) -> Selected:
    """The search on each table (row), all in lock-step so that a model is fitted to many tables at once."""
    m = lists_in(tables)
    start = independence(m)
    walkers = [_Walker(support, start) for support in supports(tables)]
    moving = [row for row, walker in enumerate(walkers) if not code(m, start, walker.support)]
    estimable = set(moving)
    _look(tables, walkers, [(row, start) for row in moving])
    while moving:
        around = ((row, model) for row in moving for model in neighbours(walkers[row].model, m, max_order))
        _look(tables, walkers, [(row, model) for row, model in around if model not in walkers[row].known])
        moving = [row for row in moving if _move(walkers[row], m, max_order)]
    models = tuple(walker.model if row in estimable else None for row, walker in enumerate(walkers))
    totals = [walker.known[walker.model][1] if row in estimable else np.inf for row, walker in enumerate(walkers)]
    return Selected(np.array(totals), models)


def _look(tables: Integers, walkers: list[_Walker], wanted: list[tuple[int, Model]]) -> None:
    """Fits the models that are wanted for a table (row) and have an estimate there."""
    m = lists_in(tables)
    passing = []
    for row, model in wanted:
        walkers[row].known[model] = (np.inf, np.inf)
        if not code(m, model, walkers[row].support):
            passing.append((row, model))
    found = fit_rows([model for _row, model in passing], tables[[row for row, _model in passing]])
    for (row, model), bic, total in zip(passing, found.bics, found.totals, strict=True):
        walkers[row].known[model] = (float(bic), float(total))


def _move(walker: _Walker, m: int, max_order: int) -> bool:
    """One step to the best neighbour, the first in order among equals; False at the bottom."""
    options = (walker.model, *neighbours(walker.model, m, max_order))
    best = min(options, key=lambda model: round(walker.known[model][0], DIGITS))
    moved = best != walker.model
    walker.model = best
    return moved
