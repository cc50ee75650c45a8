"""Many people at once: one assignment of all to the beds that are free, instead of one person after another.

People alone are assigned by the Hungarian method on the free beds (shortest augmenting paths: Crouse, IEEE Transactions on
Aerospace and Electronic Systems 52, 2016, as in SciPy). Who belong together makes the problem one of packing, so then it is
an integer program (HiGHS): exact too, and slower.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from enlace.placements.rules.eligibility import Need
from enlace.placements.rules.judging import judge
from enlace.placements.rules.offers import STANDARD, Limits, Weights
from enlace.placements.rules.sites import Numbers, Rows, SiteTable


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person goes, and the points of that site for that person."""

    site_id: UUID
    agency_code: str
    unit_id: UUID
    score: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """A place for each need, in their order; ``None`` where there is none. ``score`` sums the points of all placed."""

    places: tuple[Place | None, ...]
    placed: int
    score: int


@dataclass(frozen=True, slots=True)
class _Groups:
    """Who go together (people by number), and for each group and unit whether they may live there and their points in all."""

    members: tuple[tuple[int, ...], ...]
    beds: Numbers
    fits: Rows
    score: Numbers

    def worth(self) -> Numbers:
        """One person more is worth more than all the points there are."""
        people = np.array([len(each) for each in self.members], dtype=np.int64)
        most = int(self.score.max(axis=1, initial=0).sum()) + 1
        worth: Numbers = self.fits * (people[:, None] * most + self.score)
        return worth


def assign_many(
    needs: Sequence[Need],
    table: SiteTable,
    at: datetime,
    limits: Limits,
    weights: Weights = STANDARD,
    families: Sequence[Hashable] | None = None,
) -> Assignment:
    """The assignment that places most people and, of those, the one with most points in all.

    Where a person may go is decided by the hard filters of ``match``, the points are its points. ``families``: a key for
    each need; those with the same key live in one unit or are not placed (``None``: alone). Among equal people the order
    of ``needs`` decides. Raises ValueError when a need asks for no bed.
    """
    if any(need.beds < 1 for need in needs):
        raise ValueError("an assignment is of beds: every need must ask for one or more")
    fits = np.zeros((len(needs), len(table.units)), dtype=np.bool_)
    score = np.zeros(fits.shape, dtype=np.int64)
    for person, need in enumerate(needs):
        found = judge(need, table, at, limits, weights)
        fits[person], score[person] = found.fits_unit, found.score[table.unit_row]
    groups = _gather(needs, fits, score, families or [None] * len(needs))
    pairs = _assign(groups, table.free)
    unit_of = {person: unit for group, unit in pairs for person in groups.members[group]}
    places = [_place(table, score, person, unit_of.get(person)) for person in range(len(needs))]
    return Assignment(tuple(places), len(unit_of), sum(place.score for place in places if place))


def _gather(needs: Sequence[Need], fits: Rows, score: Numbers, families: Sequence[Hashable]) -> _Groups:
    """In the order in which the first of each group comes. A unit fits when it fits every one of them."""
    members: dict[Hashable, list[int]] = {}
    for person, family in enumerate(families):
        members.setdefault((family is None, person if family is None else family), []).append(person)
    people = list(members.values())
    return _Groups(
        members=tuple(map(tuple, people)),
        beds=np.array([sum(needs[person].beds for person in group) for group in people], dtype=np.int64),
        fits=np.array([fits[group].all(axis=0) for group in people], dtype=np.bool_).reshape(
            len(people), fits.shape[1]
        ),
        score=np.array([score[group].sum(axis=0) for group in people], dtype=np.int64).reshape(
            len(people), fits.shape[1]
        ),
    )


def _assign(groups: _Groups, free: Numbers) -> list[tuple[int, int]]:
    """Pairs of a group and its unit: first who need several beds, with everybody in view; then one bed for each other."""
    together, alone = np.flatnonzero(groups.beds > 1), np.flatnonzero(groups.beds == 1)
    pairs = _packed(groups, free) if together.size else []
    left = free.copy()
    for group, unit in pairs:
        left[unit] -= groups.beds[group]
    return pairs + _one_to_one(groups, alone, left)


def _packed(groups: _Groups, free: Numbers) -> list[tuple[int, int]]:
    """The units of those who need several beds. A yes or no for each group and unit; one unit for a group; no bed twice.

    Once they have their units, the rest is a transport problem, whose best corners are whole by themselves.
    """
    rows, units = np.nonzero(groups.fits & (groups.beds[:, None] <= free))
    if not rows.size:
        return []
    each = np.arange(rows.size)
    once = sparse.csr_array((np.ones(rows.size), (rows, each)), shape=(len(groups.members), rows.size))
    beds = sparse.csr_array((groups.beds[rows].astype(np.float64), (units, each)), shape=(len(free), rows.size))
    room = np.concatenate([np.ones(len(groups.members)), free])
    found = milp(
        -groups.worth()[rows, units].astype(np.float64),
        constraints=LinearConstraint(sparse.vstack([once, beds]), -np.inf, room),
        integrality=groups.beds[rows] > 1,
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    chosen = np.flatnonzero((found.x > 0.5) & (groups.beds[rows] > 1))
    return list(zip(rows[chosen].tolist(), units[chosen].tolist(), strict=True))


def _one_to_one(groups: _Groups, alone: Numbers, free: Numbers) -> list[tuple[int, int]]:
    """One column for each free bed, but no more of a unit than there are people for it."""
    worth, fits = groups.worth()[alone], groups.fits[alone]
    units = np.repeat(np.arange(len(free)), np.minimum(free, fits.sum(axis=0)))
    rows, columns = linear_sum_assignment(worth[:, units], maximize=True)
    pairs = zip(rows.tolist(), units[columns].tolist(), strict=True)
    return [(int(alone[row]), unit) for row, unit in pairs if fits[row, unit]]


def _place(table: SiteTable, score: Numbers, person: int, unit: int | None) -> Place | None:
    if unit is None:
        return None
    site = table.sites[table.unit_row[unit]]
    return Place(site.site_id, site.agency_code, table.units[unit].unit_id, int(score[person, unit]))
