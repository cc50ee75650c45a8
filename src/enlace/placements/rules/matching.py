"""Finding the right place: ``match`` ranks every site for one person, and says why."""

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from enlace.directory.rules import AgreementFacts, SiteFacts
from enlace.placements.rules.eligibility import Need
from enlace.placements.rules.explaining import cautions, cons, pros
from enlace.placements.rules.judging import Judgement, judge
from enlace.placements.rules.offers import CHANGES, STANDARD, Change, Limits, Offer, Ranked, Weights
from enlace.placements.rules.sites import Numbers, SiteTable


def match(
    need: Need,
    sites: Iterable[SiteFacts],
    agreements: Iterable[AgreementFacts],
    at: datetime,
    limits: Limits,
    weights: Weights = STANDARD,
) -> Ranked:
    """Every site, ranked and explained. Pure, and the same whatever the order of the sites.

    Hard filters, in the order of ``FILTERS``: the law's, what the house is, the conditions of the site and of its unit,
    free beds, consent or ground, agreement (where it is required), the known trafficker's area, the sites refused. What is
    not known excludes nothing: it is a question among the warnings. Sites that fit are ranked by points, then fewest
    warnings, then most free beds, then agency and id; no number of points outweighs a hard filter.
    """
    return match_in(need, SiteTable(sites, agreements), at, limits, weights)


def match_in(need: Need, table: SiteTable, at: datetime, limits: Limits, weights: Weights = STANDARD) -> Ranked:
    """The same, with a table made once for many people."""
    found = judge(need, table, at, limits, weights)
    size = len(table.sites)
    warnings = list(cautions(found, at).by_row(size))
    units = [table.unit_ids[unit] for unit in found.unit.tolist()]
    results = (found.score.tolist(), found.fits.tolist(), pros(found).by_row(size), cons(found).by_row(size), warnings)
    offers = list(map(Offer, table.site_ids, table.agency_codes, units, *results))
    order = _order(found, np.array([len(each) for each in warnings], dtype=np.int64))
    is_barred = found.barred[order]
    allowed, barred = (tuple([offers[row] for row in order[chosen].tolist()]) for chosen in (~is_barred, is_barred))
    return Ranked(allowed, barred, least_changes(allowed))


def least_changes(offers: tuple[Offer, ...]) -> tuple[Change, ...]:
    """The least set of changes that would make one site fit: of ``Ranked.offers``, so the nearest is the first.

    A missing bed counts as one change, a condition as one, whoever set it. Empty when something fits, and when every
    site also fails what no decision can change.
    """
    barriers = offers[0].barriers if offers else ()
    if not all(reason.code in CHANGES for reason in barriers):
        return ()
    return tuple(
        Change(CHANGES[reason.code], offers[0].site_id, offers[0].agency_code, offers[0].unit_id, reason)
        for reason in barriers
    )


def _order(found: Judgement, warnings: Numbers) -> Numbers:
    """Those that fit have nothing fixed and nothing to change, and so come first. Rows are in the order of agency and id."""
    free = np.zeros(len(found.table.sites), dtype=np.int64)
    free[found.unit >= 0] = found.table.free[found.unit[found.unit >= 0]]
    return np.lexsort((-free, warnings, -found.score, found.changes, found.fixed))
