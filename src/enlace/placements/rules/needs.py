"""The unmet need: what nobody could give, to whom, and what stood nearest in the way. The measure of the gap."""

from dataclasses import dataclass

from enlace.cases.rules import SEVERAL
from enlace.placements.rules.eligibility import Need, Span
from enlace.placements.rules.offers import LAW, Change, Ranked, Reason

NO_SITE = Reason("no_site")


@dataclass(frozen=True, slots=True)
class Unmet:
    """One service that one person did not get. ``form`` is ``several`` for more than one, ``""`` when not known (ADR 8).

    ``reason``: the first hard filter against the nearest site; ``no_site`` where there is none at all. ``changes``: the
    least set that would have met the need, empty when no decision about the existing sites could.
    """

    service: str
    sex: str
    age: int | None
    age_span: Span
    state: str
    form: str
    reason: Reason
    changes: tuple[Change, ...]


def unmet_needs(need: Need, ranked: Ranked) -> tuple[Unmet, ...]:
    """One for each service asked for, in the order of their codes; none when something fits."""
    if ranked.best:
        return ()
    form = SEVERAL if len(need.forms) > 1 else "".join(need.forms)
    return tuple(
        Unmet(
            service=service,
            sex=need.sex,
            age=need.age,
            age_span=need.age_span,
            state=need.state,
            form=form,
            reason=nearest_reason(ranked),
            changes=ranked.nearest_changes,
        )
        for service in sorted(need.services)
    )


def nearest_reason(ranked: Ranked) -> Reason:
    """What stands against the site that is nearest to fitting; the law's reason only where the law bars every site."""
    if ranked.offers:
        return ranked.offers[0].barriers[0]
    barred = [reason for offer in ranked.barred_by_law for reason in offer.barriers if reason.code in LAW]
    return barred[0] if barred else NO_SITE
