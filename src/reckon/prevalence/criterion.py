"""Selection by BIC among hierarchical models, and among the first of a ranking (Silverman, Chan & Vincent 2024).

In a replicate the model is chosen among those that rank first on the data (`n_top`). Few of them make the interval far
too narrow (one is inference as if the model had been known); 20 for four lists and 100 for five are close to all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reckon.prevalence.captures import Captures, Integers, NotEstimable
from reckon.prevalence.existence import code, require_estimable
from reckon.prevalence.fit import fit_many, fit_rows
from reckon.prevalence.lattice import Floats, lists_in, supports, table_of
from reckon.prevalence.models import Model, hierarchical, independence
from reckon.prevalence.selection import DIGITS, Selected

DEFAULT_ORDER = {2: 1, 3: 2, 4: 3, 5: 3}
"""The largest terms by number of lists where nothing else is asked; from six lists on, pairs."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A model with a finite, unique estimate on the data. `parameters` counts the intercept."""

    model: Model
    total: float
    bic: float
    log_likelihood: float
    parameters: int


@dataclass(frozen=True, eq=False)
class Scores:
    """Totals and BIC of M models on B tables, (B, M); both infinite where the model has no estimate."""

    totals: Floats
    bics: Floats


def rank(captures: Captures, max_order: int | None = None) -> tuple[Ranked, ...]:
    """All hierarchical models that have an estimate, lowest BIC first; equals in the order of enumeration.

    Raises NotEstimable when not even independence has one, BadCaptures when there are too many models.
    """
    order = max_order if max_order is not None else DEFAULT_ORDER.get(captures.m, 2)
    require_estimable(captures, independence(captures.m))
    table = table_of(captures)
    models = [model for model in hierarchical(captures.m, order) if not code(captures.m, model, captures.support)]
    found = fit_rows(models, np.repeat(table, len(models), axis=0))
    columns = (found.totals, found.bics, found.log_likelihoods)
    ranked = [
        Ranked(model, float(total), float(bic), float(log_likelihood), len(model) + 1)
        for model, total, bic, log_likelihood in zip(models, *columns, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda entry: round(entry.bic, DIGITS)))


def scores(tables: Integers, models: Sequence[Model]) -> Scores:
    """Every model on every table (row); only those that pass the check of existence are fitted."""
    m, histories = lists_in(tables), supports(tables)
    totals = np.full((len(tables), len(models)), np.inf)
    bics = totals.copy()
    for place, model in enumerate(models):
        rows = [row for row, support in enumerate(histories) if not code(m, model, support)]
        if rows:
            found = fit_many(model, tables[rows])
            totals[rows, place] = found.totals
            bics[rows, place] = found.bics
    return Scores(totals, bics)


def lowest_many(tables: Integers, models: tuple[Model, ...]) -> Selected:
    """The model with the lowest BIC on each table; the first in the order given among equals."""
    return _lowest(scores(tables, models), models, len(models))


def lowest_of_first_many(tables: Integers, models: tuple[Model, ...], tops: tuple[int, ...]) -> tuple[Selected, ...]:
    """The same among the first `top` models of a ranking, for each `top`: all of them at the cost of the largest."""
    found = scores(tables, models[: max(tops)])
    return tuple(_lowest(found, models, top) for top in tops)


def _lowest(found: Scores, models: Sequence[Model], top: int) -> Selected:
    best = np.argmin(np.round(found.bics[:, :top], DIGITS), axis=1)
    totals = found.totals[np.arange(len(best)), best]
    chosen = tuple(models[place] if np.isfinite(total) else None for place, total in zip(best, totals, strict=True))
    return Selected(totals, chosen)


def first_models(ranking: Sequence[Ranked], count: int) -> tuple[Model, ...]:
    """The first models of a ranking. Raises NotEstimable when the ranking is empty."""
    if not ranking:
        raise NotEstimable("not_finite", "No model has a finite estimate on these counts.")
    return tuple(entry.model for entry in ranking[:count])
