"""Everything that ties the counts of published tables together, written down as sums that must agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from scipy import sparse

from reckon.disclosure.attacker.polytope import Matrix, Polytope, Vector
from reckon.disclosure.attacker.reading import Atlas, Partition, Shape, Spot, Stand
from reckon.tables import InputError

JOINT_LIMIT = 50_000
"""Cells of the largest unpublished joint table that is modelled."""

Sums = dict[Spot, tuple[list[int], int]]
"""For each place of a margin: the unknown cells in it and the sum of the others."""


class Equations:
    """The unknown counts of all stands of one indicator, numbered, and the equations between them.

    The withheld cells come first, then counts that nobody published but everybody knows to exist: shared margins, the
    joint table behind tables that hang together in a circle, and what was added between two stands.
    """

    def __init__(self, stands: Sequence[Stand], atlas: Atlas, lowest: int) -> None:
        self.atlas = atlas
        self.rows: list[tuple[list[int], list[int], int]] = []
        self.unknown: list[dict[Spot, int]] = [{} for _ in stands]
        self.lower: list[int] = []
        for numbers, stand in zip(self.unknown, stands, strict=True):
            for spot, value in stand.known.items():
                if value is None:
                    numbers[spot] = self._new(lowest)
        self.cells = len(self.lower)
        for numbers, stand in zip(self.unknown, stands, strict=True):
            self._tie(stand, numbers)
        for later, earlier in zip(range(len(stands)), range(1, len(stands)), strict=False):
            if stands[earlier].later_holds_more:
                self._grow(stands, earlier, later)

    def matrix(self) -> tuple[Matrix, Vector]:
        """One row for each equation, one column for each unknown, and the right sides."""
        columns = [cell for plus, minus, _ in self.rows for cell in (*plus, *minus)]
        signs = [sign for plus, minus, _ in self.rows for sign in (*[1.0] * len(plus), *[-1.0] * len(minus))]
        pointers = np.cumsum([0, *(len(plus) + len(minus) for plus, minus, _ in self.rows)])
        full = sparse.csr_array((signs, columns, pointers), (len(self.rows), len(self.lower)), dtype=np.float64)
        full.sum_duplicates()
        full.eliminate_zeros()  # a cell that is its own margin
        return full, np.array([rhs for *_, rhs in self.rows], dtype=np.float64)

    def polytope(self) -> Polytope:
        """All counts that fit."""
        matrix, rhs = self.matrix()
        return Polytope(matrix.tocsc(), rhs, np.array(self.lower, dtype=np.float64))

    def _new(self, lower: int) -> int:
        self.lower.append(lower)
        return len(self.lower) - 1

    def _tie(self, stand: Stand, numbers: dict[Spot, int]) -> None:
        """The equations within one stand."""
        shapes = closed(stand.shapes)
        joint = joint_shape(closed(stand.shapes))
        if joint:
            _check_size(joint)
            shapes = closed({*shapes, joint})
        filled = {shape: list(self.atlas.grid(shape)) for shape in shapes}
        if joint and joint not in stand.shapes:
            filled[joint] = self._possible(filled[joint], joint, stand)
        for shape in shapes - stand.shapes:
            for spot in filled[shape]:
                if spot not in stand.known and spot not in numbers:
                    numbers[spot] = self._new(0)
        for fine, coarse in covers(shapes):
            onto = self.atlas.onto(fine, coarse)
            same: dict[int, int | None] = {number: number for spot in filled[coarse] for number in spot}
            parts = _sums(filled[fine], onto, stand, numbers)
            self._equate(parts, _sums(filled[coarse], same, stand, numbers))

    def _possible(self, spots: list[Spot], joint: Shape, stand: Stand) -> list[Spot]:
        """The cells of the joint table that can hold somebody: none of their published sums is empty."""
        for shape in [shape for shape in stand.shapes if is_coarser(shape, joint)]:
            onto = self.atlas.onto(joint, shape)
            spots = [spot for spot in spots if stand.known.get(_projected(spot, onto), 0) != 0]
        return spots

    def _grow(self, stands: Sequence[Stand], earlier: int, later: int) -> None:
        """Every count that both stands know: the later is the earlier and what was added."""
        for spot, before in stands[earlier].known.items():
            if spot not in stands[later].known:
                continue
            after = stands[later].known[spot]
            if before is not None and after is not None:
                continue
            plus = [] if after is not None else [self.unknown[later][spot]]
            minus = [] if before is not None else [self.unknown[earlier][spot]]
            self.rows.append((plus, [*minus, self._new(0)], (before or 0) - (after or 0)))

    def _equate(self, one: Sums, other: Sums) -> None:
        for spot in one.keys() | other.keys():
            plus, known_plus = one.get(spot, ([], 0))
            minus, known_minus = other.get(spot, ([], 0))
            if plus or minus:
                self.rows.append((plus, minus, known_minus - known_plus))
            elif known_plus != known_minus:
                raise InputError("the published tables contradict one another")


def _sums(spots: Iterable[Spot], onto: dict[int, int | None], stand: Stand, numbers: dict[Spot, int]) -> Sums:
    sums: Sums = defaultdict(lambda: ([], 0))
    for spot in spots:
        place = _projected(spot, onto)
        cells, known = sums[place]
        more = [numbers[spot]] if spot in numbers else []
        sums[place] = (cells + more, known + (stand.known.get(spot) or 0))
    return sums


def _projected(spot: Spot, onto: dict[int, int | None]) -> Spot:
    return frozenset(above for number in spot if (above := onto[number]) is not None)


def _check_size(joint: Shape) -> None:
    size = int(np.prod([len(partition) for _, partition in joint]))
    if size > JOINT_LIMIT:
        names = ", ".join(sorted(name for name, _ in joint))
        raise InputError(
            f"the tables by {names} come from a joint table of {size} cells, too many to check"
            f" (limit {JOINT_LIMIT}): publish fewer of these cross tables together"
        )


def is_coarser(coarse: Shape, fine: Shape) -> bool:
    """Whether a table of the one shape is a sum of a table of the other."""
    finer = dict(fine)
    return all(name in finer and refines(finer[name], partition) for name, partition in coarse)


def refines(fine: Partition, coarse: Partition) -> bool:
    """Whether every group of the one lies within a group of the other."""
    return fine == coarse or all(any(group <= whole for whole in coarse) for group in fine)


def covers(shapes: Iterable[Shape]) -> list[tuple[Shape, Shape]]:
    """Pairs (table, its margin) with no third one between."""
    every = list(shapes)
    pairs = [(fine, coarse) for fine in every for coarse in every if fine != coarse and is_coarser(coarse, fine)]
    below = set(pairs)
    return [(f, c) for f, c in pairs if not any((f, m) in below and (m, c) in below for m in every)]


def closed(shapes: Iterable[Shape]) -> set[Shape]:
    """The shapes and all that two of them share: readers can sum to a margin that was not printed."""
    every = set(shapes)
    fresh = set(every)
    while fresh:
        fresh = {_shared(one, other) for one in fresh for other in every} - every
        every |= fresh
    return every


def _shared(one: Shape, other: Shape) -> Shape:
    others = dict(other)
    common = ((name, _joined(partition, others[name])) for name, partition in one if name in others)
    return frozenset((name, partition) for name, partition in common if len(partition) > 1)


def _joined(one: Partition, other: Partition) -> Partition:
    """The finest groups that both can be summed to."""
    groups = list(one)
    for whole in other:
        touching = [group for group in groups if group & whole]
        groups = [group for group in groups if not group & whole] + [frozenset[str]().union(*touching)]
    return frozenset(groups)


def joint_shape(shapes: set[Shape]) -> Shape:
    """The table behind those that hang together in a circle; without dimensions when there is none.

    Tables whose margins agree come from some joint table of counts when they form an acyclic hypergraph (Beeri, Fagin,
    Maier, Yannakakis, J. ACM 30, 1983). It is acyclic when ears can be removed until one table is left; an ear meets
    the rest within one other table. A table by region counts as part of one by state.
    """
    tops = [shape for shape in shapes if not any(shape != other and is_coarser(shape, other) for other in shapes)]
    core = tops if _overlap(tops) else _without_ears(tops)
    names = [name for shape in core for name, _ in shape]
    shared: dict[str, Partition] = {}
    for name, partition in (pair for shape in core for pair in shape):
        if names.count(name) > 1:
            before = shared.get(name, partition)
            shared[name] = frozenset(one & other for one in before for other in partition if one & other)
    return frozenset(shared.items())


def _overlap(shapes: list[Shape]) -> bool:
    """Whether two tables divide a dimension in ways of which neither is finer."""
    pairs = ((dict(one), dict(other)) for one, other in combinations(shapes, 2))
    return any(
        not refines(one[name], other[name]) and not refines(other[name], one[name])
        for one, other in pairs
        for name in one.keys() & other.keys()
    )


def _without_ears(shapes: list[Shape]) -> list[Shape]:
    every = {pair for shape in shapes for pair in shape}
    left = {
        shape: {(name, p) for name, p in every for own, fine in shape if own == name and refines(fine, p)}
        for shape in shapes
    }
    while ear := next((shape for shape in left if _is_ear(shape, left)), None):
        del left[ear]
    return list(left) if len(left) > 1 else []


def _is_ear(shape: Shape, left: dict[Shape, set[tuple[str, Partition]]]) -> bool:
    others = [tokens for other, tokens in left.items() if other != shape]
    shared = left[shape] & set().union(*others)
    return any(shared <= tokens for tokens in others)
