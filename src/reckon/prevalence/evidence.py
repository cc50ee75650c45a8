"""What the reliability panel is computed from, item by item (see `panel` for the verdicts).

The yardstick (items 5, 6, 7, 10) is stepwise selection, whatever the headline's method, because it can be repeated hundreds
of times; for two lists it is Chapman's estimate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import isfinite

import numpy as np

from reckon.prevalence import bounds, intervals, linkage_error, resample
from reckon.prevalence.captures import Captures, NotEstimable
from reckon.prevalence.censored import censored_cells, censored_design, table_of
from reckon.prevalence.consistency import internal_consistency, leave_one_out, pair_merges
from reckon.prevalence.criterion import rank
from reckon.prevalence.dependence import WhatIf, what_ifs
from reckon.prevalence.existence import at_infinity, code
from reckon.prevalence.joint_search import search
from reckon.prevalence.joint_totals import predicted
from reckon.prevalence.linkage_error import LinkageWhatIf, Pooled
from reckon.prevalence.methods import SHOWN_MODELS
from reckon.prevalence.models import MOST_ENUMERATED, Model, all_pairs, generators, independence, lists_of
from reckon.prevalence.panel import SMALL_LIST
from reckon.prevalence.results import (
    Adequacy,
    CensoredResult,
    Consistency,
    ModelCheck,
    ModelPoint,
    Options,
    PathPoint,
    TrajectoryPoint,
    Variant,
)
from reckon.prevalence.stepwise import THRESHOLDS, stepwise, stepwise_many
from reckon.prevalence.trajectory import trajectory

CONSISTENCY_REPLICATES = 200
LINKAGE_SHARES = (0.02, 0.05, 0.1)
LINKAGE_DRAWS = 20

Told = Callable[[str, int, int], None]
"""Told the stage (a code that `wording` knows), and how much of it is done of how much."""


@dataclass(frozen=True)
class Evidence:
    """Everything computed for the panel, before any verdict. `yardstick` is None where it has no estimate."""

    yardstick: float | None
    adequacy: Adequacy
    checks: tuple[ModelCheck, ...]
    path: tuple[PathPoint, ...]
    models: tuple[ModelPoint, ...]
    variants: tuple[Variant, ...] = ()
    consistency: tuple[Consistency, ...] = ()
    trajectory: tuple[TrajectoryPoint, ...] = ()
    linkage: tuple[LinkageWhatIf, ...] = ()
    what_ifs: tuple[WhatIf, ...] = ()
    pooled: Pooled | None = None
    imputed: int = 0


def gather(captures: Captures, options: Options, told: Told, imputed: Sequence[Captures] = ()) -> Evidence:
    """All of it for prepared captures. Raises nothing where there is no estimate: that is evidence.

    `imputed` are other linkages of the same records, taken together with this one.
    """
    estimate = partial(yardstick, threshold=options.threshold)
    told("models", 0, 1)
    base = Evidence(
        _or_none(estimate, captures),
        adequacy(captures),
        checks(captures, options.threshold),
        threshold_totals(captures),
        best_models(captures, options.max_order),
    )
    if base.yardstick is None:
        return base
    told("lists", 0, 1)
    variants = (*leave_one_out(captures, estimate), *pair_merges(captures, estimate))
    told("consistency", 0, 1)
    known = internal_consistency(captures, partial(_with_interval, options=options))
    told("trajectory", 0, 1)
    grown = trajectory(captures, estimate, np.random.default_rng(seed_of(options, "trajectory")))
    told("linkage", 0, 1)
    moved = linkage(captures, estimate, options)
    assumed = what_ifs(captures.n, base.yardstick - captures.n, captures.list_sizes)
    return replace(
        base,
        variants=variants,
        consistency=known,
        trajectory=grown,
        linkage=moved,
        what_ifs=assumed,
        pooled=_pooled([captures, *imputed], options) if imputed else None,
        imputed=len(imputed) + 1 if imputed else 0,
    )


def seed_of(options: Options, purpose: str) -> int:
    """A seed of its own for each purpose, so that leaving one thing out changes no other number."""
    words = [options.seed, *purpose.encode()]
    return int(np.random.SeedSequence(words).generate_state(1)[0])


def yardstick(captures: Captures, threshold: float) -> float:
    """Stepwise selection, or Chapman's estimate for two lists. Raises NotEstimable."""
    if captures.m == 2:
        return bounds.chapman(captures).total
    return stepwise(captures, threshold).fit.total


def _or_none(estimate: Callable[[Captures], float], captures: Captures) -> float | None:
    try:
        return estimate(captures)
    except NotEstimable:
        return None


def _with_interval(captures: Captures, options: Options) -> tuple[float, float, float]:
    """Total and limits of the yardstick; BCa from few replicates, percentiles where it cannot be had."""
    if captures.m == 2:
        found = bounds.chapman(captures, options.level)
        return found.total, found.low, found.high
    drawn = resample.bootstrap(
        captures,
        partial(stepwise_many, threshold=options.threshold),
        min(options.boot, CONSISTENCY_REPLICATES),
        seed_of(options, "consistency"),
    )
    try:
        limits = intervals.bca(drawn, options.level).limits
    except NotEstimable:
        limits = intervals.percentile(drawn, options.level).limits
    return drawn.total, *limits


def _pooled(tables: Sequence[Captures], options: Options) -> Pooled | None:
    try:
        return linkage_error.imputed(tables, options.threshold, options.level)
    except NotEstimable:
        return None


def adequacy(captures: Captures) -> Adequacy:
    """Item 1."""
    overlaps = captures.overlaps
    apart = tuple(
        (captures.lists[a], captures.lists[b]) for a, b in combinations(range(captures.m), 2) if not overlaps[a, b]
    )
    small = tuple(name for name, size in zip(captures.lists, captures.list_sizes, strict=True) if size < SMALL_LIST)
    rows = tuple(tuple(int(count) for count in row) for row in overlaps)
    return Adequacy(captures.n, captures.lists, captures.by_number, rows, apart, small)


def checks(captures: Captures, threshold: float) -> tuple[ModelCheck, ...]:
    """Item 2: the model that stepwise selection chooses (independence where it cannot start), and all pairs."""
    try:
        chosen = stepwise(captures, threshold).model if captures.m > 2 else independence(2)
    except NotEstimable:
        chosen = independence(captures.m)
    found = [_check(captures, "chosen", chosen)]
    if captures.m > 2:
        found.append(_check(captures, "all_pairs", all_pairs(captures.m)))
    return tuple(found)


def _check(captures: Captures, what: str, model: Model) -> ModelCheck:
    number = code(captures.m, model, captures.support)
    names = [":".join(captures.lists[place - 1] for place in lists_of(term)) for term in at_infinity(captures, model)]
    return ModelCheck(what, generators(model), number, tuple(names))


def threshold_totals(captures: Captures) -> tuple[PathPoint, ...]:
    """Item 3: the stepwise estimate over the thresholds of the literature; every one stands by itself."""
    if captures.m == 2:
        return ()
    points = []
    for threshold in THRESHOLDS:
        try:
            found = stepwise(captures, threshold)
            points.append(PathPoint(threshold, found.fit.total, generators(found.model)))
        except NotEstimable:
            points.append(PathPoint(threshold, None, ""))
    return tuple(points)


def best_models(captures: Captures, max_order: int | None) -> tuple[ModelPoint, ...]:
    """Items 3 and 4: the models of lowest BIC, where they can be enumerated (three to five lists)."""
    if not 3 <= captures.m <= MOST_ENUMERATED:
        return ()
    try:
        ranked = rank(captures, max_order)
    except NotEstimable:
        return ()
    return tuple(ModelPoint(generators(one.model), one.total, one.bic) for one in ranked[:SHOWN_MODELS])


def linkage(captures: Captures, estimate: Callable[[Captures], float], options: Options) -> tuple[LinkageWhatIf, ...]:
    """Item 10."""
    return tuple(
        linkage_error.what_if(
            captures, kind, share, estimate, draws=LINKAGE_DRAWS, seed=seed_of(options, f"{kind} {share}")
        )
        for kind in ("false", "missed")
        for share in LINKAGE_SHARES
    )


def censored(captures: Captures, name: str) -> CensoredResult | None:
    """Item 11: the estimate with the cell "on this list only" predicted; None where there is none.

    Pairs are chosen by BIC. There is none for a list that was left out, or beside fewer than two others.
    """
    if name not in captures.lists or captures.m < 3:
        return None
    design = censored_design(table_of(captures), name)
    try:
        fit = search(design, ("bic",)).selected
    except NotEstimable:
        return None
    (cell,) = censored_cells(design, fit)
    total = float(fit.n + predicted(design, fit).sum())
    return CensoredResult(name, cell.bound, cell.predicted, total) if isfinite(total) else None
