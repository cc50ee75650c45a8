"""Whether a model has a finite and unique maximum on a table: two linear-algebra questions about its support.

Fienberg & Rinaldo 2012; Chan, Silverman & Vincent 2021, sections 2.6 and 2.7. The answer depends only on which
histories were observed, so it is remembered by model and support across the replicates of a bootstrap.

A model that passes takes all its hierarchical sub-models with it. A direction in which the likelihood never falls and
that moves no observed history is a direction of the larger model too, where it can only be zero; leaving out a term
whose margin is zero adds histories without observations, that is further conditions on such directions. So one check of
the model with all pairs can settle every model of pairs.
"""

from functools import lru_cache

import numpy as np
from scipy.optimize import linprog

from reckon.prevalence.captures import Captures, NotEstimable
from reckon.prevalence.lattice import Booleans, Floats, design_on, observed
from reckon.prevalence.models import Model, all_pairs, generators, independence

NOT_FINITE, NOT_IDENTIFIABLE = 1, 2

SMALLEST = 1e-7
"""The slack of the linear program below which it counts as zero, relative to the mean margin (HiGHS works to 1e-7)."""


@lru_cache(maxsize=1 << 18)
def code(m: int, model: Model, support: int) -> int:
    """0 when the estimate exists and is unique, 1 not finite, 2 not identifiable, 3 both.

    `support` has bit w set when history w was observed (`Captures.support`).
    """
    shape = design_on(m, model, support)
    if not support:
        return NOT_FINITE + NOT_IDENTIFIABLE
    seen = np.isin(shape.kept, observed(support))
    if np.linalg.matrix_rank(shape.matrix[seen]) == len(shape.terms):
        return 0  # no direction leaves all observed histories where they are
    return NOT_FINITE * (not is_finite(shape.matrix, seen)) + NOT_IDENTIFIABLE * (not shape.identifiable)


def is_finite(matrix: Floats, seen: Booleans) -> bool:
    """Whether the Poisson log-linear model with this design has a finite maximum when exactly `seen` cells have counts.

    The margins must be those of some table that is positive everywhere: maximise s subject to X'x = X'y, x >= s. With
    y = `seen` (any counts with that support give the same answer). Works for any design, e.g. with covariates.
    """
    margins = matrix.T @ np.asarray(seen, dtype=np.float64)
    cells, terms = matrix.shape
    # x = s + rest with rest >= 0, so that the only bounds left are zeros
    equations = np.hstack([matrix.T, matrix.T.sum(axis=1, keepdims=True)])
    cost = np.zeros(cells + 1)
    cost[-1] = -1.0
    found = linprog(cost, A_eq=equations, b_eq=margins, bounds=(0, None), method="highs")
    if found.status != 0:
        raise RuntimeError(f"the existence check of {terms} terms ended without an answer: {found.message}")
    return bool(-found.fun > SMALLEST * max(1.0, float(margins.mean())))


def require_estimable(captures: Captures, model: Model) -> None:
    """Raises NotEstimable with the reason when the model has no finite, unique estimate on these counts."""
    found = code(captures.m, model, captures.support)
    name = "Independence of the lists" if model == independence(captures.m) else f"The model {generators(model)}"
    if found & NOT_FINITE:
        raise NotEstimable(
            "not_finite",
            f"{name} has no finite estimate on these counts: too many combinations of lists share nobody, or one list "
            "holds everybody.",
        )
    if found & NOT_IDENTIFIABLE:
        raise NotEstimable(
            "not_identifiable",
            f"{name} has more unknowns than these overlaps can tell apart, so many totals fit equally well.",
        )


def at_infinity(captures: Captures, model: Model) -> Model:
    """The terms of the model whose coefficient is minus infinity because their lists share nobody."""
    return tuple(int(term) for term in design_on(captures.m, model, captures.support).infinite)


def every_pair_model_exists(m: int, support: int) -> bool:
    """Whether each of the 2^(m(m-1)/2) models of pairs has a finite and unique estimate; one check settles all."""
    return code(m, all_pairs(m), support) == 0


def has_triangle(captures: Captures) -> bool:
    """Whether some three lists overlap pairwise; without, the model of all pairs is not identifiable."""
    overlap = (captures.overlaps > 0).astype(np.int64)
    np.fill_diagonal(overlap, 0)
    return bool(np.trace(overlap @ overlap @ overlap) > 0)
