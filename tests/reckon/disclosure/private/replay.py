"""Noise for tests: drawn with a seed, or repeated from a record while its exact probability is added up."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

import numpy as np

Record = list[list[int] | int]


class Seeded:
    """Discrete Laplace noise and noisy choices from a seed, with a record of what came out and at which scales."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.record: Record = []
        self.scales: list[tuple[str, Fraction, int]] = []

    def laplace(self, counts: Sequence[int], scale: Fraction) -> list[int]:
        stop = 1 - math.exp(-1 / float(scale))
        up, down = (self.random.geometric(stop, len(counts)) for _ in range(2))
        self.record.append([int(count) for count in np.asarray(counts) + up - down])
        self.scales.append(("laplace", scale, len(counts)))
        return self.record[-1]

    def largest(self, scores: Sequence[int], scale: Fraction) -> int:
        drawn = np.asarray(scores) + self.random.exponential(float(scale), len(scores))
        self.record.append(int(np.argmax(drawn)))
        self.scales.append(("largest", scale, len(scores)))
        return self.record[-1]


class Replayed:
    """Gives what a record holds and adds up, in `logarithm`, how probable that was, less what no data can change."""

    def __init__(self, record: Record) -> None:
        self.record = iter(record)
        self.logarithm = 0.0
        self.scales: list[tuple[str, Fraction, int]] = []

    def laplace(self, counts: Sequence[int], scale: Fraction) -> list[int]:
        given = next(self.record)
        assert isinstance(given, list)
        self.logarithm -= sum(abs(out - count) for out, count in zip(given, counts, strict=True)) / float(scale)
        self.scales.append(("laplace", scale, len(counts)))
        return given

    def largest(self, scores: Sequence[int], scale: Fraction) -> int:
        given = next(self.record)
        assert isinstance(given, int)
        self.logarithm += math.log(chance_of_largest(scores, given, float(scale)))
        self.scales.append(("largest", scale, len(scores)))
        return given


def chance_of_largest(scores: Sequence[int], wanted: int, scale: float) -> float:
    """Of the largest score with exponential noise: candidates in a random order, each taken with exp((score − best) / scale).

    The two are the same mechanism (permute and flip: McKenna and Sheldon, 2020; Ding and others, 2021).
    """
    take = [math.exp((score - max(scores)) / scale) for score in scores]
    total = 0.0
    for order in permutations(range(len(scores))):
        before = order[: order.index(wanted)]
        total += take[wanted] * math.prod(1 - take[other] for other in before)
    return total / math.factorial(len(scores))
