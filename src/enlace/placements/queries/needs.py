"""Reads of unmet needs: those of the own cases, and the counts that may be shown to who plans."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from enlace.base.actor import Actor
from enlace.placements.models import Stay, UnmetNeed
from enlace.placements.permissions import visible_needs
from enlace.placements.queries.seeking import lodging
from enlace.placements.rules.stays import IN_A_BED
from enlace.referrals.permissions import visible as visible_referrals
from enlace.referrals.rules import HELPED, INTERRUPTED

WATCHING = Actor.system("placements.needs")


def open_needs(*, viewer: Actor, limit: int) -> list[UnmetNeed]:
    """People of the own cases for whom no place was found, the longest wait first; rows with their case."""
    rows = visible_needs(viewer).filter(resolved_at__isnull=True, case__status="open").select_related("case")
    return list(rows.order_by("at")[:limit])


def needs_of_case(*, viewer: Actor, case_id: UUID) -> Sequence[UnmetNeed]:
    """The needs of a case that nobody met, and those that were met later; the newest first."""
    return list(visible_needs(viewer).filter(case_id=case_id).order_by("-at", "-id"))


def sought_since(*, case_ids: Collection[UUID], since: datetime) -> set[UUID]:
    """For the clock: the cases with an open need for which a place was sought, in vain, after an hour."""
    rows = UnmetNeed.objects.filter(case_id__in=case_ids, resolved_at__isnull=True, sought_at__gt=since)
    return set(rows.values_list("case_id", flat=True))


def ended_needs() -> dict[str, list[tuple[UUID, str]]]:
    """For the clock: how an open need ended meanwhile (placed, helped, closed) -> (case, service)."""
    rows = UnmetNeed.objects.filter(resolved_at__isnull=True)
    closed = list(rows.exclude(case__status="open").values_list("case_id", "service_code"))
    ids = set(rows.values_list("case_id", flat=True))
    beds = Stay.objects.filter(case_id__in=ids, status__in=IN_A_BED)
    housed = set(beds.values_list("case_id", flat=True))
    placed = list(rows.filter(case_id__in=housed, service_code__in=lodging()).values_list("case_id", "service_code"))
    helping = visible_referrals(WATCHING).filter(case_id__in=ids, status__in=HELPED).exclude(status=INTERRUPTED)
    given = helping.values_list("case_id", "answered_at", "service_codes")
    since = {(row.case_id, row.service_code): row.at for row in rows}
    helped = {
        (case_id, code)
        for case_id, at, codes in given
        for code in codes
        if (case_id, code) in since and at and at >= since[case_id, code]
    }
    return {"closed": closed, "placed": placed, "helped": sorted(helped, key=str)}
