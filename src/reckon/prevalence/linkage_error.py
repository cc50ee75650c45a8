"""How errors of record linkage move an estimate: matches missed make two people of one, false matches one of two.

Estimates go roughly as one over the overlap, so a few per cent of wrong matches can move them by as much or more. Two
questions are answered: "x % of the matches found are false" (they are undone) and "x % of the true matches were missed"
(they are made, alike to those found). For several imputed linkages see `pooled`.
Source: Binette & Steorts 2022 (arXiv 2112.01594), section on linkage; Rubin, Multiple Imputation, 1987.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, log, sqrt
from statistics import mean, median, variance

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from reckon.prevalence.captures import BadCaptures, Captures, Integers, NotEstimable, captures_from_masks
from reckon.prevalence.preparing import prepared
from reckon.prevalence.stepwise import stepwise

Estimator = Callable[[Captures], float]


@dataclass(frozen=True)
class LinkageWhatIf:
    """Estimates if `share` of the matches were false ("false") or missed ("missed"): median and range of several draws.

    `not_estimable` draws gave no estimate; with more than half of them the median is infinite.
    """

    kind: str
    share: float
    median: float
    lowest: float
    highest: float
    draws: int
    not_estimable: int


def links(captures: Captures) -> int:
    """Matches that the table rests on: a person on k lists holds k - 1."""
    return int(((captures.membership.sum(axis=1) - 1) * captures.counts).sum())


def with_false_undone(captures: Captures, share: float, rng: np.random.Generator) -> Captures:
    """The table if each match were false with probability `share`, and undone. Raises BadCaptures outside 0 to 1."""
    _check(share)
    parts = [
        _broken(mask, rng.random((count, mask.bit_count() - 1)) < share, rng).ravel()
        for mask, count in zip(captures.masks.tolist(), captures.counts.tolist(), strict=True)
    ]
    found = np.concatenate(parts)
    return captures_from_masks(captures.lists, found[found > 0])


def with_missed_made(captures: Captures, share: float, rng: np.random.Generator) -> Captures:
    """The table if `share` of the true matches had been missed, and were now made.

    Each new match copies one that was found: it is chosen at random, the record is cut there, and two records like the two
    halves become one person, as long as there are such records. Lists that share nobody stay apart.
    """
    _check(share)
    left = dict(zip(captures.masks.tolist(), captures.counts.tolist(), strict=True))
    made = rng.poisson(links(captures) * share / (1 - share))
    for one, other, wanted in _copied(captures, made, rng):
        people = min(wanted, left.get(one, 0), left.get(other, 0))
        for mask, change in ((one, -people), (other, -people), (one | other, people)):
            left[mask] = left.get(mask, 0) + change
    return captures_from_masks(captures.lists, list(left), list(left.values()))


def _copied(captures: Captures, made: int, rng: np.random.Generator) -> list[tuple[int, int, int]]:
    """`made` matches like those found, as (one half, other half, how many), in a fixed order."""
    joints = captures.membership.sum(axis=1) - 1
    masks, weights = captures.masks[joints > 0], (captures.counts * joints)[joints > 0]
    if not len(masks):
        return []
    halves = []
    for mask, times in zip(masks.tolist(), rng.multinomial(made, weights / weights.sum()).tolist(), strict=True):
        cuts = np.zeros((times, mask.bit_count() - 1), dtype=bool)
        cuts[np.arange(times), rng.integers(cuts.shape[1], size=times)] = True
        halves.append(np.sort(_broken(mask, cuts, rng), axis=1)[:, -2:])
    pairs, counts = np.unique(np.concatenate(halves), axis=0, return_counts=True)
    return [(int(one), int(other), int(count)) for (one, other), count in zip(pairs, counts, strict=True)]


def _check(share: float) -> None:
    if not 0 <= share < 1:
        raise BadCaptures("The share of wrong matches must be 0 or more and less than 1.")


def _broken(mask: int, cuts: NDArray[np.bool_], rng: np.random.Generator) -> Integers:
    """The histories that people's records fall into when their lists, in random order, are cut at these places.

    `cuts` is (people, lists of the mask - 1); the answer (people, lists of the mask), 0 where there is no further part.
    """
    people, joints = cuts.shape
    bits = np.array([1 << place for place in range(mask.bit_length()) if mask >> place & 1], dtype=np.int64)
    order = np.tile(bits, (people, 1))
    if joints > 1:  # two lists can only be cut in one way
        order = rng.permuted(order, axis=1)
    part = np.concatenate([np.zeros((people, 1), dtype=np.int64), np.cumsum(cuts, axis=1)], axis=1)
    return np.stack([(order * (part == number)).sum(axis=1) for number in range(joints + 1)], axis=1)


def what_if(
    captures: Captures, kind: str, share: float, estimate: Estimator, *, draws: int, seed: int | np.random.SeedSequence
) -> LinkageWhatIf:
    """The estimates of `draws` tables in which wrong matches have been put right; `kind` is "false" or "missed"."""
    change = {"false": with_false_undone, "missed": with_missed_made}[kind]
    rng = np.random.default_rng(seed)
    found = sorted(_or_infinite(estimate, change(captures, share, rng)) for _ in range(draws))
    lost = sum(not isfinite(value) for value in found)
    return LinkageWhatIf(kind, share, median(found), found[0], found[-1], draws, lost)


def _or_infinite(estimate: Estimator, captures: Captures) -> float:
    try:
        return estimate(captures)
    except NotEstimable:
        return float("inf")


@dataclass(frozen=True)
class Pooled:
    """One estimate from several imputed linkages: interval at `level`, and the share of the variance due to linkage."""

    total: float
    lower: float
    upper: float
    level: float
    linkage_share: float
    totals: tuple[float, ...]


def imputed(tables: Sequence[Captures], threshold: float, level: float = 0.95) -> Pooled:
    """One estimate from several linkages of the same records, by stepwise selection on each. Raises as `pooled` does.

    The variance within a linkage is that of the selected model (the delta method on log(n + dark figure)).
    """
    fits = [stepwise(prepared(table).captures, threshold).fit for table in tables]
    variances = [(fit.unseen * fit.errors[0] / fit.total) ** 2 for fit in fits]
    return pooled([fit.total for fit in fits], variances, level)


def pooled(totals: Sequence[float], variances: Sequence[float], level: float = 0.95) -> Pooled:
    """Rubin's rules on the logarithm of the total. `variances` are those of the log total, one for each linkage.

    Raises NotEstimable when a linkage has no estimate, BadCaptures for fewer than two.
    """
    if len(totals) < 2 or len(totals) != len(variances):
        raise BadCaptures("Give two or more imputed linkages.")
    if not all(isfinite(value) for value in (*totals, *variances)):
        raise NotEstimable("not_finite", "One of the imputed linkages has no estimate, so neither have they together.")
    logs = [log(total) for total in totals]
    within, between = mean(variances), variance(logs) * (1 + 1 / len(logs))
    whole = within + between
    share = between / whole if whole else 0.0
    freedom = (len(logs) - 1) / share**2 if share else inf
    reach = sqrt(whole) * float(student.ppf((1 + level) / 2, freedom))
    centre = mean(logs)
    return Pooled(exp(centre), exp(centre - reach), exp(centre + reach), level, share, tuple(totals))
