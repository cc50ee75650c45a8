"""How fine the tables of one indicator are: their codes as groups of leaves, each table as one grid per level.

A level of a dimension is written as one number for each leaf, the position of the first leaf of its group: states are
(0, 1, 2, 3), two regions of two states (0, 0, 2, 2).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from reckon.disclosure.hierarchy import Hierarchy, leaves_of
from reckon.disclosure.structure import Group, Token
from reckon.tables import InputError

Indices = npt.NDArray[np.int64]
Level = tuple[int, ...]
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One level of each dimension of a table: which cells (positions in the flat table) it takes, and how fine it is.

    `cells` has one axis for each of `levels`, in the order of `names`. A dimension taken as a whole has no axis.
    """

    names: tuple[str, ...]
    levels: tuple[Level, ...]
    cells: Indices

    @property
    def tokens(self) -> Group:
        """The levels, as a set."""
        return frozenset(zip(self.names, self.levels, strict=True))


class Frame:
    """The leaves of every dimension of a set of tables."""

    def __init__(self, lists: Iterable[tuple[str, Codes]], hierarchies: Sequence[Hierarchy]) -> None:
        self.hierarchies = hierarchies
        self.leaves: dict[str, dict[str, int]] = {}
        for name, codes in lists:
            known = self.leaves.setdefault(name, {})
            for code in codes:
                for leaf in sorted(leaves_of(name, code, hierarchies)):
                    known.setdefault(leaf, len(known))

    def group(self, name: str, code: str) -> frozenset[int]:
        """The leaves of a code, by their numbers."""
        return frozenset(self.leaves[name][leaf] for leaf in leaves_of(name, code, self.hierarchies))

    def spot(self, dimensions: Sequence[str], codes: Sequence[str]) -> frozenset[tuple[str, frozenset[int]]]:
        """The place of a cell, the same in every table; what spans a dimension is left out."""
        pairs = ((name, self.group(name, code)) for name, code in zip(dimensions, codes, strict=True))
        return frozenset((name, group) for name, group in pairs if len(group) < len(self.leaves[name]))

    def beyond(self, name: str, codes: Codes) -> Codes:
        """The leaves that a list of codes does not know."""
        known = {leaf for code in codes for leaf in leaves_of(name, code, self.hierarchies)}
        return tuple(leaf for leaf in self.leaves[name] if leaf not in known)

    def levels(self, name: str, codes: Codes) -> list[tuple[list[int], Level]]:
        """The levels in a list of codes, coarsest first: the positions of their codes, and the level itself."""
        groups = [self.group(name, code) for code in codes]
        found = []
        first = [i for i, group in enumerate(groups) if groups.index(group) == i]
        part = [i for i in first if not any(groups[i] < other for other in groups)]
        while True:
            part.sort(key=lambda i: min(groups[i]))
            found.append((part, self._level(name, [groups[i] for i in part])))
            inner = {i: _within(i, groups) for i in part}
            if not any(inner.values()):
                return found
            part = [j for i in part for j in (inner[i] or [i]) if j in first]

    def _level(self, name: str, groups: list[frozenset[int]]) -> Level:
        level = [-1] * len(self.leaves[name])
        for group in groups:
            for leaf in group:
                if level[leaf] >= 0:
                    raise InputError(f"the codes of {name} in one table overlap")
                level[leaf] = min(group)
        if min(level, default=0) < 0:
            raise InputError(f"the tables list different categories of {name}")
        return tuple(level)

    def grids(self, dimensions: Sequence[str], categories: Sequence[Codes]) -> list[Grid]:
        """All grids of a table."""
        cells = np.arange(int(np.prod([len(codes) for codes in categories], dtype=np.int64)))
        shaped = cells.reshape([len(codes) for codes in categories])
        choices = [self.levels(name, codes) for name, codes in zip(dimensions, categories, strict=True)]
        grids = []
        for choice in product(*choices):
            part = shaped[np.ix_(*(positions for positions, _ in choice))] if choice else shaped
            whole = tuple(axis for axis, (_, level) in enumerate(choice) if max(level) == 0)
            kept = [axis for axis in range(len(dimensions)) if axis not in whole]
            levels = tuple(choice[axis][1] for axis in kept)
            grids.append(Grid(tuple(dimensions[axis] for axis in kept), levels, part.squeeze(axis=whole)))
        return grids


def _within(i: int, groups: list[frozenset[int]]) -> list[int]:
    inner = [j for j, group in enumerate(groups) if group < groups[i]]
    return [j for j in inner if not any(groups[j] < groups[k] for k in inner)]


def closure(own: Group, every: Iterable[Token]) -> Group:
    """The levels of a grid and all coarser ones among `every`: who knows the state knows the region."""
    return frozenset(token for token in every if any(token[0] == n and is_coarser(token[1], level) for n, level in own))


def finest(tokens: Group) -> Group:
    """The levels of a set without those that a finer one implies."""
    return frozenset(
        (name, level)
        for name, level in tokens
        if not any(name == n and level != other and is_coarser(level, other) for n, other in tokens)
    )


def is_coarser(coarse: Level, fine: Level) -> bool:
    """Whether each group of `fine` lies within one of `coarse`."""
    return all(coarse[leaf] == coarse[first] for leaf, first in enumerate(fine))


def refined(one: Level, other: Level) -> Level:
    """The coarsest level finer than both."""
    first: dict[tuple[int, int], int] = {}
    return tuple(first.setdefault(pair, leaf) for leaf, pair in enumerate(zip(one, other, strict=True)))


def onto(names: Sequence[str], levels: Sequence[Level], coarse: Grid) -> Indices:
    """For each cell of a grid of these levels, flattened, its position in the coarser grid, flattened."""
    shape = [len(set(level)) for level in levels]
    position = np.zeros(shape, dtype=np.int64)
    for name, level in zip(coarse.names, coarse.levels, strict=True):
        axis = list(names).index(name)
        heads, own = sorted(set(level)), sorted(set(levels[axis]))
        step = np.array([heads.index(level[first]) for first in own], dtype=np.int64)
        position = position * len(heads) + step.reshape([-1 if a == axis else 1 for a in range(len(shape))])
    return position.ravel()
