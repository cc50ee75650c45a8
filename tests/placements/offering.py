"""The offer that the rules make to one person, told briefly."""

from typing import Any

from hypothesis import HealthCheck, settings

from enlace.directory.rules import AgreementFacts, Criterion, SiteFacts
from enlace.placements.rules import (
    Limits,
    Need,
    Offer,
    Ranked,
    Reason,
    match,
)
from tests.placements.invented import AT, LIMITS, site

often = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seldom = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ranked(
    need: Need, *sites: SiteFacts, limits: Limits = LIMITS, agreements: tuple[AgreementFacts, ...] = ()
) -> Ranked:
    return match(need, sites, agreements, AT, limits)


def only(need: Need, one: SiteFacts, **options: Any) -> Offer:
    """The single site, wherever it stands in the answer."""
    found = ranked(need, one, **options)
    (offer,) = (*found.offers, *found.barred_by_law)
    return offer


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


def refusing(**criterion: Any) -> SiteFacts:
    return site(criteria=(Criterion(**{"must": False, **criterion}),))
