"""How the levels of a set of tables hang together: which margins they share, and whether margins say everything.

Works on sets of (dimension, level) pairs only, one for each grid; a set holds every level that it implies.
"""

from collections.abc import Collection
from itertools import combinations

Token = tuple[str, tuple[int, ...]]
Group = frozenset[Token]


def unshared(groups: Collection[Group]) -> Group | None:
    """A margin that two of the tables share and that is no table itself; None when there is none.

    Such a margin can be worked out from either table without anyone having looked whether it may be shown.
    """
    present = set(groups)
    for one, other in combinations(present, 2):
        if one & other not in present:
            return one & other
    return None


def covers(groups: Collection[Group]) -> list[tuple[Group, Group]]:
    """Pairs (table, its margin) with no third table between them, in a fixed order."""
    ordered = sorted(set(groups), key=lambda group: (len(group), sorted(group)))
    return [
        (table, margin)
        for table in ordered
        for margin in ordered
        if margin < table and not any(margin < between < table for between in ordered)
    ]


def cyclic_core(groups: Collection[Group]) -> list[Group]:
    """What is left of the tables after Graham's reduction: empty when shared margins say all there is to know.

    Tables whose dimensions form an acyclic hypergraph (e.g. by state, by sex, and by sex and age) fit together
    whenever their shared margins agree. Others (A x B, B x C and A x C) come from one joint table, and that such a
    table of counts exists tells more: its cells then have to be part of the attacker's model.
    Source: Graham's reduction; Beeri, Fagin, Maier, Yannakakis, "On the desirability of acyclic database schemes",
    J. ACM 30 (1983).
    """
    left = [set(group) for group in set(groups)]
    while True:
        names = [name for group in left for name in group]
        lone = {name for name in names if names.count(name) == 1}
        for group in left:
            group -= lone
        kept = [g for i, g in enumerate(left) if g and not any(g < h or (g == h and j < i) for j, h in enumerate(left))]
        if not lone and len(kept) == len(left):
            return sorted((frozenset(group) for group in kept), key=sorted)
        left = kept
