"""Where new places would close most unmet needs: a small integer program, and everything it takes for granted.

A location model of maximal covering with capacities (Church and ReVelle, Papers of the Regional Science Association 32, 1974;
Pirkul and Schilling, Management Science 37, 1991), solved exactly by HiGHS.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from enlace.directory.rules import AgreementFacts, SiteFacts, UnitFacts
from enlace.placements.rules.eligibility import Need
from enlace.placements.rules.judging import judge
from enlace.placements.rules.offers import STANDARD, Limits, Reason
from enlace.placements.rules.sites import Numbers, Reals, Rows, SiteTable

ASSUMPTIONS = ("period", "turnover", "repeats", "evenly", "existing", "not_known", "travel")


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of place that could be made: ``house`` says whom it takes and what it gives (its state and units are ignored).

    ``stay_days``: how long people stay on average, which decides how many can use one place in a period.
    """

    code: str
    house: SiteFacts
    stay_days: int

    def stays(self, days: int) -> int:
        """Whole stays in one place in so many days; one at least, because a new place is free at the start."""
        return max(1, days // self.stay_days)


@dataclass(frozen=True, slots=True)
class NewPlaces:
    """So many places of a profile in a state; how many needs they close, and how many of these of people in that state."""

    state: str
    profile: str
    places: int
    closes: int
    at_home: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The places that close most needs. ``assumptions``: all that was taken for granted, by the codes of ``ASSUMPTIONS``."""

    places: tuple[NewPlaces, ...]
    needs: int
    closed: int
    assumptions: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Demand:
    """Needs that are alike to the plan: how many, from which state, for how many beds, and which candidates fit."""

    state: str
    beds: int
    count: int
    fits: Rows


@dataclass(frozen=True, slots=True)
class _Program:
    """One variable for each pair (demand, candidate) that fits, then one for the places of each candidate."""

    demand: Numbers
    candidate: Numbers
    beds: Numbers
    at_home: Rows
    most: Numbers
    constraints: tuple[LinearConstraint, ...]


def plan_capacity(
    needs: Sequence[Need],
    profiles: Sequence[Profile],
    states: Iterable[str],
    k: int,
    *,
    days: int,
    at: datetime,
    limits: Limits,
    agreements: Iterable[AgreementFacts] = (),
) -> Plan:
    """Which ``k`` new places, of which profile and in which state, close most of the needs left unmet in the last ``days``.

    Whom a place fits is decided by the hard filters of ``match``. Among the best plans: the one that serves most people in
    their own state, then the one with fewest places (exact while needs times ``k`` stays below 100,000). Raises ValueError
    when there is nothing to choose from or a number makes no sense.
    """
    _check(needs, profiles, k)
    candidates = [(state, one) for state in sorted(set(states)) for one in sorted(profiles, key=lambda one: one.code)]
    if not candidates:
        raise ValueError("a plan needs at least one profile and one state")
    demands = _demands(needs, candidates, at, limits, agreements)
    stays = np.array([profile.stays(days) for _, profile in candidates], dtype=np.int64)
    program = _program(demands, [state for state, _ in candidates], stays, k)
    served, places = _solve(program, len(needs), k)
    rows = [
        NewPlaces(
            state=state,
            profile=profile.code,
            places=int(places[number]),
            closes=int(served[program.candidate == number].sum()),
            at_home=int(served[(program.candidate == number) & program.at_home].sum()),
        )
        for number, (state, profile) in enumerate(candidates)
        if places[number]
    ]
    return Plan(tuple(rows), len(needs), int(served.sum()), tuple(_assumptions(profiles, days, limits)))


def _check(needs: Sequence[Need], profiles: Sequence[Profile], k: int) -> None:
    if any(need.beds < 1 for need in needs):
        raise ValueError("a plan is of beds: every need must ask for one or more")
    if any(profile.stay_days < 1 for profile in profiles):
        raise ValueError("people stay for a day or more on average")
    if k < 0:
        raise ValueError("the number of new places is zero or more")


def _assumptions(profiles: Sequence[Profile], days: int, limits: Limits) -> Iterable[Reason]:
    """In words: the period repeats itself; arrivals are spread evenly; existing houses stay as they are; what is not known
    of a person excludes nobody; who may go to another state."""
    yield Reason("period", detail={"days": str(days)})
    for one in sorted(profiles, key=lambda one: one.code):
        detail = {"profile": one.code, "stay_days": str(one.stay_days), "stays": str(one.stays(days))}
        yield Reason("turnover", detail=detail)
    yield from (Reason("repeats"), Reason("evenly"), Reason("existing"), Reason("not_known"))
    yield Reason("travel", detail={"needs_agreement": "yes" if limits.needs_agreement else "no"})


def _demands(
    needs: Sequence[Need],
    candidates: Sequence[tuple[str, Profile]],
    at: datetime,
    limits: Limits,
    agreements: Iterable[AgreementFacts],
) -> list[_Demand]:
    """Like needs together, but each need for several beds by itself; sorted, so that their order decides nothing."""
    room = max((need.beds for need in needs), default=0)
    houses = [_house(number, state, profile, room) for number, (state, profile) in enumerate(candidates)]
    table = SiteTable(houses, agreements)
    found: dict[tuple[str, int, bytes, int], list[Rows]] = {}
    for number, need in enumerate(needs):
        fits = judge(need, table, at, limits, STANDARD).fits
        alike = 0 if need.beds == 1 else number
        found.setdefault((need.state, need.beds, fits.tobytes(), alike), []).append(fits)
    return [_Demand(key[0], key[1], len(found[key]), found[key][0]) for key in sorted(found)]


def _house(number: int, state: str, profile: Profile, room: int) -> SiteFacts:
    """The candidate as a site: sorted as it is numbered, with a unit that has room for anybody."""
    unit = UnitFacts(UUID(int=number), total=room, confirmed_at=None, free=room)
    return replace(profile.house, site_id=UUID(int=number), agency_code="", state=state, units=(unit,))


def _program(demands: Sequence[_Demand], states: Sequence[str], stays: Numbers, k: int) -> _Program:
    pairs = [(row, column) for row, one in enumerate(demands) for column in np.flatnonzero(one.fits).tolist()]
    demand, candidate = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    beds = np.array([one.beds for one in demands], dtype=np.int64)[demand]
    counts = np.array([one.count for one in demands], dtype=np.int64)
    return _Program(
        demand=demand,
        candidate=candidate,
        beds=beds,
        at_home=np.array([demands[row].state == states[column] for row, column in pairs], dtype=np.bool_),
        most=np.concatenate([counts[demand], np.full(len(states), k)]),
        constraints=_constraints(demand, candidate, beds, counts, stays, k),
    )


def _constraints(
    demand: Numbers, candidate: Numbers, beds: Numbers, counts: Numbers, stays: Numbers, k: int
) -> tuple[LinearConstraint, ...]:
    """No need is closed twice; no place takes more stays than it can; ``k`` places; beds for a family are there at once."""
    pairs, every = np.arange(demand.size), demand.size + np.arange(stays.size)
    width = demand.size + stays.size

    def matrix(rows: Numbers, columns: Numbers, values: Numbers, height: int) -> sparse.csr_array:
        return sparse.csr_array((values.astype(np.float64), (rows, columns)), shape=(height, width))

    once = matrix(demand, pairs, np.ones_like(pairs), counts.size)
    used = matrix(candidate, pairs, beds, stays.size) - matrix(np.arange(stays.size), every, stays, stays.size)
    families = np.flatnonzero(beds > 1)
    rows = np.arange(families.size)
    at_once = matrix(rows, families, beds[families], rows.size)
    at_once -= matrix(rows, every[candidate[families]], np.ones_like(rows), rows.size)
    total = matrix(np.zeros_like(every), every, np.ones_like(every), 1)
    limited = ((once, counts), (used, 0), (at_once, 0), (total, k))
    return tuple(LinearConstraint(rows, -np.inf, limit) for rows, limit in limited if rows.shape[0])


def _solve(program: _Program, needs: int, k: int) -> tuple[Numbers, Numbers]:
    """How many of each pair are served, and the places of each candidate.

    First the places, and who needs several beds; the others, as shares. Then, with those decided, the others as whole people:
    a transport problem, which loses nothing by that (Hoffman and Kruskal, Annals of Mathematics Studies 38, 1956).
    """
    pairs = program.demand.size
    # One need more is worth more than all of them at home, one at home more than all places; 1e-6 is what HiGHS tells apart.
    at_home, place = 1 / (needs + 1), 1 / ((needs + 1) * (k + 1))
    worth = np.concatenate([1 + at_home * program.at_home, np.full(program.most.size - pairs, -place)])
    decided = np.concatenate([program.beds > 1, np.ones(program.most.size - pairs, dtype=np.bool_)])
    nothing = np.zeros_like(program.most)
    found = _best(worth, decided, nothing, program.most, program.constraints)
    low, high = np.where(decided, found, nothing), np.where(decided, found, program.most)
    found = _best(worth, ~decided, low, high, program.constraints)
    return found[:pairs], found[pairs:]


def _best(worth: Reals, whole: Rows, low: Numbers, high: Numbers, constraints: tuple[LinearConstraint, ...]) -> Numbers:
    found = milp(
        -worth, constraints=constraints, integrality=whole, bounds=Bounds(low, high), options={"mip_rel_gap": 0}
    )
    rounded: Numbers = np.round(found.x).astype(np.int64)
    return rounded
