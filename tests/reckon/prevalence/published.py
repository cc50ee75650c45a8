"""The published tables, read from the folder of shared data, and the slow and obvious twin that judges the fast code.

The twin works cell by cell with plain loops, finds the maximum with `scipy.optimize`, asks about existence through
directions instead of margins, and lists models by trying every set of terms. It is meant for up to four lists.
"""

import csv
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import exp, lgamma
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from reckon.prevalence import Captures, captures_from_masks, read_captures
from reckon.prevalence.models import Model, independence


def table(shared_data: Path, name: str) -> Captures:
    """One of the published tables."""
    return read_captures(shared_data / "mse" / f"{name}.csv")


def fixture(shared_data: Path, name: str) -> list[dict[str, str]]:
    """The rows of a file of reference results."""
    with (shared_data / "mse" / "fixtures" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def term(captures: Captures, text: str) -> int:
    """The mask of lists named like "LA:NG"."""
    return sum(1 << captures.position(name) for name in text.split(":"))


def from_counts(counts: Sequence[int]) -> Captures:
    """Captures of lists a, b, ... from the counts of the histories 1, 2, 3, ..."""
    m = (len(counts) + 1).bit_length() - 1
    return captures_from_masks([chr(ord("a") + place) for place in range(m)], range(1, 1 << m), counts)


def finite_part(captures: Captures, model: Model) -> tuple[list[int], list[int]]:
    """The terms with people in their margin (the intercept first), and the histories without an empty term."""
    full = [int(mask) for mask in captures.masks]
    empty = [t for t in model if not any(w & t == t for w in full)]
    kept = [w for w in range(1, 1 << captures.m) if not any(w & t == t for t in empty)]
    return [0, *(t for t in model if t not in empty)], kept


def exists(captures: Captures, model: Model) -> bool:
    """Whether no direction leaves the observed histories alone, raises none of the others and moves one of them.

    For each unobserved history in turn: how far can it be moved when none may move the other way?
    """
    terms, kept = finite_part(captures, model)
    rows = {w: [1.0 if w & t == t else 0.0 for t in terms] for w in kept}
    seen = [rows[w] for w in kept if captures.count_of(w)]
    unseen = [rows[w] for w in kept if not captures.count_of(w)]
    for row in unseen:
        found = optimize.linprog(
            [-value for value in row],
            A_eq=seen,
            b_eq=[0.0] * len(seen),
            A_ub=[[-value for value in other] for other in unseen] + [row],
            b_ub=[0.0] * len(unseen) + [1.0],
            bounds=(None, None),
        )
        if -found.fun > 0.5:
            return False
    return True


def is_identifiable(captures: Captures, model: Model) -> bool:
    """Whether the design has full rank, by elimination in fractions."""
    terms, kept = finite_part(captures, model)
    rows = [[Fraction(int(w & t == t)) for t in terms] for w in kept]
    for place in range(len(terms)):
        pivot = next((row for row in rows if row[place]), None)
        if pivot is None:
            return False
        rows.remove(pivot)
        rows = [[a - b * row[place] / pivot[place] for a, b in zip(row, pivot, strict=True)] for row in rows]
    return True


def slow_code(captures: Captures, model: Model) -> int:
    return (not exists(captures, model)) + 2 * (not is_identifiable(captures, model))


def slow_means(captures: Captures, model: Model) -> tuple[float, dict[int, float]]:
    """The total and the fitted counts of the histories that can have somebody."""
    terms, kept = finite_part(captures, model)
    rows = np.array([[float(w & t == t) for t in terms] for w in kept])
    counts = np.array([float(captures.count_of(w)) for w in kept])

    def loss(beta: npt.NDArray[np.float64]) -> float:
        return sum(exp(min(700.0, row @ beta)) - count * (row @ beta) for row, count in zip(rows, counts, strict=True))

    def slope(beta: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return rows.T @ (np.exp(np.minimum(700.0, rows @ beta)) - counts)

    def curve(beta: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return (rows.T * np.exp(np.minimum(700.0, rows @ beta))) @ rows

    start = np.linalg.lstsq(rows, np.log(counts + 0.5), rcond=None)[0]
    found = optimize.minimize(loss, start, jac=slope, hess=curve, method="trust-exact", options={"gtol": 1e-10})
    means = {w: exp(row @ found.x) for w, row in zip(kept, rows, strict=True)}
    return captures.n + exp(found.x[0]), means


def slow_bic(captures: Captures, model: Model) -> float:
    _total, means = slow_means(captures, model)
    counts = {w: captures.count_of(w) for w in means}
    value = sum(counts[w] * np.log(means[w]) - means[w] - lgamma(counts[w] + 1) for w in means)
    return float((len(model) + 1) * np.log(captures.n) - 2 * value)


def slow_stepwise(captures: Captures, threshold: float) -> tuple[float, list[int]]:
    """The total and the pairs in the order in which they came in."""
    model, added = independence(captures.m), list[int]()
    while True:
        total, means = slow_means(captures, model)
        best, chosen = threshold, 0
        for first, second in combinations(range(captures.m), 2):
            pair = 1 << first | 1 << second
            larger = tuple(sorted((*model, pair)))
            if pair in model or slow_code(captures, larger):
                continue
            expected = sum(mean for w, mean in means.items() if w & pair == pair)
            count = sum(captures.count_of(w) for w in range(1, 1 << captures.m) if w & pair == pair)
            p = min(stats.poisson.cdf(count, expected), stats.poisson.sf(count - 1, expected))
            if p < best * (1 - 1e-9):
                best, chosen = float(p), pair
        if not chosen:
            return total, added
        model = tuple(sorted((*model, chosen)))
        added.append(chosen)


def slow_models(m: int) -> set[Model]:
    """Every set of interactions (not of all lists) that holds the subsets of each of its terms."""
    terms = [t for t in range(1, (1 << m) - 1) if t.bit_count() > 1]
    found = set()
    for size in range(len(terms) + 1):
        for chosen in combinations(terms, size):
            if all(s in chosen for t in chosen for s in terms if s & t == s):
                found.add(tuple(sorted((*independence(m), *chosen))))
    return found
