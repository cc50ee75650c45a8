"""How an estimate holds when it is put to the test with the data's own lists.

Internal consistency: the members of one list are a population of known size; the other lists estimate it. Over five
trafficking data sets Binette & Steorts (2022) found estimates too low on average, and every interval that missed the
truth lay below it. Leaving out a list, or merging two: Sharifi Far et al. 2021.
"""

from collections.abc import Callable
from itertools import combinations
from typing import Literal

from reckon.prevalence.captures import Captures, NotEstimable
from reckon.prevalence.preparing import prepared
from reckon.prevalence.results import Consistency, Variant

Estimator = Callable[[Captures], float]
IntervalEstimator = Callable[[Captures], tuple[float, float, float]]
"""Total, lower and upper limit. Raises NotEstimable."""


def internal_consistency(captures: Captures, estimate: IntervalEstimator) -> tuple[Consistency, ...]:
    """For each list, its known size beside the estimate that the other lists give of it."""
    return tuple(_known(captures, name, estimate) for name in captures.lists)


def _known(captures: Captures, name: str, estimate: IntervalEstimator) -> Consistency:
    size = captures.list_sizes[captures.position(name)]
    dropped: tuple[str, ...] = ()
    try:
        usable = prepared(captures.only_members_of(name))
        dropped = tuple(one.name for one in usable.dropped)
        return Consistency(name, size, *estimate(usable.captures), dropped)
    except NotEstimable as reason:
        return Consistency(name, size, None, None, None, dropped, reason.code)


def leave_one_out(captures: Captures, estimate: Estimator) -> tuple[Variant, ...]:
    """The estimate without each list in turn. With two lists there is nothing left to compare."""
    if captures.m < 3:
        return ()
    return tuple(_variant("without", (name,), captures.without(name), estimate) for name in captures.lists)


def pair_merges(captures: Captures, estimate: Estimator) -> tuple[Variant, ...]:
    """The estimate with each pair of lists taken as one."""
    if captures.m < 3:
        return ()
    return tuple(
        _variant("merged", pair, captures.merged(*pair, "+".join(pair)), estimate)
        for pair in combinations(captures.lists, 2)
    )


def _variant(
    what: Literal["without", "merged"], names: tuple[str, ...], captures: Captures, estimate: Estimator
) -> Variant:
    try:
        total = estimate(prepared(captures).captures)
    except NotEstimable as reason:
        return Variant(what, names, captures.n, None, reason.code)
    return Variant(what, names, captures.n, total)
