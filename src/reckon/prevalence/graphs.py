"""All decomposable (chordal) graphs over a few lists, with what a decomposable model needs of them.

The likelihood of a decomposable model is the product over its cliques divided by the product over its separators. Both
come out of any perfect elimination: taking away a vertex v whose remaining neighbours are all joined contributes v with
these neighbours and divides by the neighbours alone; what is not a clique or separator cancels. All graphs are handled at
once, as rows. Source: Lauritzen, Graphical Models, 1996, sections 2.1 and 4.4.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

MOST_LISTS = 6
"""Seven lists have 617,675 decomposable graphs; 2, 8, 61, 822, 18,154 for two to six."""


@dataclass(frozen=True, slots=True, eq=False)
class Graphs:
    """`powers[g, S - 1]` is +1 when the subset S of lists (a bit mask) is a clique of graph g, minus the times it separates.

    `edges[g]` has bit e set when the pair number e (12, 13, ..., 1m, 23, ...) is joined. Graphs ascend by `edges`.
    """

    edges: npt.NDArray[np.int64]
    powers: npt.NDArray[np.float64]

    def cliques(self, graph: int) -> tuple[int, ...]:
        """The cliques of one graph, as masks."""
        return tuple(int(place) + 1 for place in np.flatnonzero(self.powers[graph] > 0))


@lru_cache(maxsize=8)
def decomposable(m: int) -> Graphs:
    """The decomposable graphs over m lists. Raises ValueError outside 2 to 6."""
    if not 2 <= m <= MOST_LISTS:
        raise ValueError(f"decomposable graphs are listed for 2 to {MOST_LISTS} lists")
    edges = np.arange(1 << m * (m - 1) // 2, dtype=np.int64)
    joined = np.zeros((len(edges), m), dtype=np.int64)
    for number, (one, other) in enumerate(combinations(range(m), 2)):
        is_edge = edges >> number & 1
        joined[:, one] |= is_edge << other
        joined[:, other] |= is_edge << one
    powers = np.zeros((len(edges), 1 << m), dtype=np.float64)
    left = np.full(len(edges), (1 << m) - 1, dtype=np.int64)
    for _step in range(m):
        _eliminate(joined, left, powers)
    chordal = left == 0
    return Graphs(edges[chordal], np.ascontiguousarray(powers[chordal, 1:]))


def _eliminate(joined: npt.NDArray[np.int64], left: npt.NDArray[np.int64], powers: npt.NDArray[np.float64]) -> None:
    """Takes one vertex whose remaining neighbours are all joined from every graph that has one; changes the last two."""
    waiting = left > 0
    for vertex in range(joined.shape[1]):
        around = joined[:, vertex] & left
        fits = waiting & (left >> vertex & 1 == 1)
        for other in range(joined.shape[1]):
            closed = joined[:, other] | 1 << other
            fits &= (around >> other & 1 == 0) | (closed & around == around)
        rows = np.flatnonzero(fits)
        powers[rows, around[rows] | 1 << vertex] += 1
        powers[rows, around[rows]] -= 1
        left[rows] &= ~(1 << vertex)
        waiting &= ~fits
