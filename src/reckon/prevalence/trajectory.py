"""Whether an estimate settles as the data grow: an estimate that jumps depends on a few people.

Source: Binette & Steorts, "On the reliability of multiple systems estimation for the quantification of modern slavery",
JRSS-A 185:640, 2022 (arXiv 2112.01594).
"""

import numpy as np

from reckon.prevalence.captures import Captures, Integers, NotEstimable, captures_from_masks
from reckon.prevalence.consistency import Estimator
from reckon.prevalence.preparing import prepared
from reckon.prevalence.results import TrajectoryPoint

POINTS = 16
"""Sizes at which the estimate is taken."""


def trajectory(
    captures: Captures, estimate: Estimator, rng: np.random.Generator, points: int = POINTS
) -> tuple[TrajectoryPoint, ...]:
    """Estimates from growing numbers of people, n/2 to 2n: two random orders of the data, one after the other.

    A share of the people seen stands for the same share of the population, so every estimate is brought to the n people
    of the data: multiplied by n / size. Beyond n the people of the second order count once more.
    """
    people = np.repeat(captures.masks, captures.counts)
    order = np.concatenate([rng.permutation(people), rng.permutation(people)])
    sizes = np.unique(np.linspace(captures.n / 2, 2 * captures.n, points).round().astype(int))
    return tuple(_point(captures, order[:size], estimate) for size in sizes)


def _point(captures: Captures, people: Integers, estimate: Estimator) -> TrajectoryPoint:
    try:
        total = estimate(prepared(captures_from_masks(captures.lists, people)).captures)
    except NotEstimable:
        return TrajectoryPoint(len(people), None)
    return TrajectoryPoint(len(people), total * captures.n / len(people))
