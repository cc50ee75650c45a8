"""One person against every site at once: the hard filters, the nearest unit of each site, and the points."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from enlace.directory.rules import AgreementFacts
from enlace.placements.rules.eligibility import Need, admits
from enlace.placements.rules.offers import CHANGES, LAW, Limits, Reason, Weights
from enlace.placements.rules.sites import NO_LIMIT, Numbers, Rows, SiteTable


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason, and the sites that it holds for."""

    reason: Reason
    rows: Rows


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is found of every site, as columns.

    ``first`` and ``last`` are the hard filters before and after the conditions and beds. ``fails`` and ``asks``: the
    conditions that keep the person out, and those that depend on something not known. ``missing``, ``is_stale``: beds
    missing in each unit, and whether its vacancies are stale. ``unit``: the unit that fits or is nearest to it, -1 for none.
    ``fixed``, ``changes``: how many of the hard filters failed cannot be changed, and how many changes the others take.
    """

    table: SiteTable
    need: Need
    first: tuple[Finding, ...]
    last: tuple[Finding, ...]
    ranking: tuple[Finding, ...]
    fails: Rows
    asks: Rows
    missing: Numbers
    is_stale: Rows
    unit: Numbers
    fixed: Numbers
    changes: Numbers
    score: Numbers

    @property
    def fits(self) -> Rows:
        fits: Rows = (self.fixed + self.changes) == 0
        return fits

    @property
    def barred(self) -> Rows:
        """The sites that the law closes to this person."""
        return _total(self.table, [finding for finding in self.first if finding.reason.code in LAW]) > 0

    @property
    def fits_unit(self) -> Rows:
        """The units, not only the nearest of each site, where the person could be taken today."""
        fits: Rows = (self.table.of_units.count(self.fails) + self.missing == 0) & self.fits[self.table.unit_row]
        return fits


def judge(need: Need, table: SiteTable, at: datetime, limits: Limits, weights: Weights) -> Judgement:
    """Hard filters first, then the ranking; see ``match``. Agreements are those of the table."""
    agreed = _agreed(need, table)
    found = [admits(one, need) for one in table.criteria]
    fails = np.array([one is False for one in found], dtype=np.bool_)
    asks = np.array([one is None for one in found], dtype=np.bool_)
    missing = np.maximum(need.beds - table.free, 0)
    is_stale = table.confirmed < (at - limits.vacancy_stale).timestamp()
    unit_cost = table.of_units.count(fails) + missing
    unit = _nearest_units(table, need, unit_cost, table.of_units.count(asks), is_stale)
    first, last = tuple(_filters_first(need, table)), tuple(_filters_last(need, table, limits, agreed))
    ranking = tuple(_ranking(need, table, limits, weights, agreed))
    changeable = [one for one in (*first, *last) if one.reason.code in CHANGES]
    fixed = [one for one in (*first, *last) if one.reason.code not in CHANGES]
    changes = table.of_sites.count(fails) + _total(table, changeable)
    changes[unit >= 0] += unit_cost[unit[unit >= 0]]
    return Judgement(
        table=table,
        need=need,
        first=first,
        last=last,
        ranking=ranking,
        fails=fails,
        asks=asks,
        missing=missing,
        is_stale=is_stale,
        unit=unit,
        fixed=_total(table, fixed),
        changes=changes,
        score=_points(table, ranking),
    )


def _total(table: SiteTable, findings: list[Finding]) -> Numbers:
    total = np.zeros(len(table.sites), dtype=np.int64)
    for finding in findings:
        total += finding.rows
    return total


def _points(table: SiteTable, ranking: tuple[Finding, ...]) -> Numbers:
    points = np.zeros(len(table.sites), dtype=np.int64)
    for finding in ranking:
        points += finding.rows * (finding.reason.weight or 0)
    return points


def _filters_first(need: Need, table: SiteTable) -> Iterator[Finding]:
    """The law, then what the house is: no change is ever proposed to either."""
    for (kind, article), rows in table.barred.items():
        yield Finding(Reason("barred_kind", detail={"kind": kind, "article": article}), rows)
    yield Finding(Reason("not_accepting"), ~table.accepting)
    for code in sorted(need.services):
        yield Finding(Reason("service", detail={"service": code}), ~table.in_any(table.services, [code]))
    for code in sorted(need.accessibility):
        yield Finding(
            Reason("accessibility", detail={"accessibility": code}), ~table.in_any(table.accessibility, [code])
        )
    if need.security is not None:
        yield Finding(Reason("security", detail={"level": str(need.security)}), table.security < need.security)
    if need.beds:
        yield Finding(Reason("no_unit"), ~table.has_units)


def _filters_last(need: Need, table: SiteTable, limits: Limits, agreed: Rows) -> Iterator[Finding]:
    yield Finding(Reason("ground"), ~_may_be_told(need, table))
    if limits.needs_agreement and need.state:
        for state, rows in table.states.items():
            if state != need.state:
                yield Finding(Reason("no_agreement", detail={"from": need.state, "to": state}), rows & ~agreed)
    yield Finding(Reason("area"), table.in_any(table.states, need.avoid_states))
    refused = table.none()
    refused[[table.row_of[site] for site in need.refused_sites if site in table.row_of]] = True
    yield Finding(Reason("refused"), refused)


def _may_be_told(need: Need, table: SiteTable) -> Rows:
    """What was said of one agency goes before what was said of all."""
    told = table.in_any(table.agencies, need.consented_agencies)
    if need.has_consent_or_ground:
        told |= ~table.in_any(table.agencies, need.refused_agencies)
    return told


def _agreed(need: Need, table: SiteTable) -> Rows:
    """The sites to which the person's state may send for what is needed."""
    agreed = table.none()
    for one in table.agreements:
        if one.from_state == need.state and (not one.service or one.service in need.services):
            agreed |= _covered(one, table)
    return agreed


def _covered(one: AgreementFacts, table: SiteTable) -> Rows:
    if one.site_id is None:
        return table.in_any(table.states, [one.to_state])
    only = table.none()
    if one.site_id in table.row_of:
        only[table.row_of[one.site_id]] = True
    return only


def _nearest_units(table: SiteTable, need: Need, cost: Numbers, questions: Numbers, is_stale: Rows) -> Numbers:
    """For each site the unit that takes the fewest changes, then questions, then confirmed lately, then with most free."""
    nearest = np.full(len(table.sites), -1, dtype=np.int64)
    if need.beds:
        order = np.lexsort((-table.free, is_stale, questions, cost, table.unit_row))  # stable: then by id
        is_first = np.diff(table.unit_row[order], prepend=-1) > 0
        nearest[table.unit_row[order[is_first]]] = order[is_first]
    return nearest


def _ranking(need: Need, table: SiteTable, limits: Limits, weights: Weights, agreed: Rows) -> Iterator[Finding]:
    """What speaks for and against a site that may be offered. What nobody has asked about speaks neither way."""
    yield from _either("specialised", table.specialised, weights.specialised, "not_specialised")
    if need.avoid_states:
        yield from _distance(need, table, limits, weights)
    if need.languages:
        yield from _either("language", table.in_any(table.languages, need.languages), weights.language, "no_language")
    if need.state:
        home = table.in_any(table.states, [need.state])
        yield Finding(Reason("same_state", weights.same_state), home)
        yield Finding(Reason("agreement", weights.agreement), agreed & ~home)
        yield Finding(Reason("other_state", 0), ~agreed & ~home)
    if need.days is not None:
        yield from _stay(need.days, table, weights)
    yield from _either("goes_out", table.goes_out, weights.goes_out, "no_going_out")
    yield from _either("not_tied", ~table.tied, weights.not_tied, "tied_to_trial")


def _either(code: str, rows: Rows, weight: int, otherwise: str) -> Iterator[Finding]:
    yield Finding(Reason(code, weight), rows)
    yield Finding(Reason(otherwise, 0), ~rows)


def _distance(need: Need, table: SiteTable, limits: Limits, weights: Weights) -> Iterator[Finding]:
    """Kilometres to the nearest of the states to avoid. Where one of them is not known, nothing is said."""
    for state, rows in table.states.items():
        away = [limits.kilometres.get((state, other)) for other in need.avoid_states if other != state]
        known = [km for km in away if km is not None]
        if len(known) == len(need.avoid_states):
            detail = {"km": f"{min(known):.0f}"}
            is_safe = min(known) >= limits.safe_km
            yield Finding(
                Reason("safe_distance", weights.safe_distance, detail) if is_safe else Reason("near", 0, detail), rows
            )


def _stay(days: int, table: SiteTable, weights: Weights) -> Iterator[Finding]:
    for longest in sorted(set(table.stay.tolist())):
        detail = {"days": "" if longest == NO_LIMIT else str(longest)}
        is_enough = longest >= days
        reason = Reason("long_enough", weights.long_enough, detail) if is_enough else Reason("too_short", 0, detail)
        yield Finding(reason, table.stay == longest)
