"""Which pair of columns to count next: the one that the rows invented so far get most wrong, drawn in a private way.

A pair's score is by how many persons its real table differs from the invented one, less what the noise of counting it would
add. The invented rows come from noisy counts only, so they are the same whoever is added, and one person changes a score by one
at most (after McKenna and others, AIM, VLDB 2022, with pure epsilon). "None of them" is always one of the candidates.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from math import log

import numpy as np

from reckon.disclosure.private.noise import Noise
from reckon.disclosure.private.people import Codes, Column

CELLS_LIMIT = 100_000
Pair = tuple[int, int]


def pairs_of(columns: tuple[Column, ...]) -> list[Pair]:
    """All pairs of columns whose table is not too large to be counted with noise."""
    pairs = combinations(range(len(columns)), 2)
    return [(first, second) for first, second in pairs if len(columns[first]) * len(columns[second]) <= CELLS_LIMIT]


def mismatch(real: Codes, invented: Codes) -> int:
    """Σ |real − invented| over two tables of counts. One person more in the real one changes it by one."""
    return int(np.abs(real - invented).sum())


def choose(
    real: Mapping[Pair, Codes], invented: Mapping[Pair, Codes], expected_noise: Fraction, scale: Fraction, noise: Noise
) -> Pair | None:
    """The pair to count next, or None when what noise would add outweighs what is wrong; costs 2 / scale.

    `expected_noise` is what one cell's noise adds to a mismatch.
    """
    pairs = list(real)
    scores = [mismatch(real[pair], invented[pair]) - int(expected_noise * real[pair].size) for pair in pairs]
    # The largest of n draws stands this much above what it is drawn around; so does "none of them".
    none = int(float(scale) * log(len(pairs)))
    place = noise.largest([*scores, none], scale)
    return pairs[place] if place < len(pairs) else None
