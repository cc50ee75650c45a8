"""What agencies offer, with or without a place of their own."""

from collections.abc import Collection

from django.db.models import QuerySet

from enlace.base.actor import Actor
from enlace.directory.models import BedUnit, ServiceOffer
from enlace.directory.permissions import visible


def offers(*, viewer: Actor, service_code: str = "", state_code: str = "") -> QuerySet[ServiceOffer]:
    """Open offers, the agency at hand; a state filter keeps national offers too."""
    rows = visible(viewer).filter(is_open=True).select_related("agency").order_by("agency__name", "service_code")
    if service_code:
        rows = rows.filter(service_code=service_code)
    if state_code:
        rows = rows.filter(state_code__in=[state_code, ""])
    return rows


def agencies_offering(*, viewer: Actor, service_codes: Collection[str]) -> dict[str, str]:
    """Agencies that offer at least one of the services: code -> name, own agency left out."""
    rows = visible(viewer).filter(is_open=True, service_code__in=service_codes).exclude(agency_id=viewer.agency_code)
    return dict(rows.order_by("agency__name").values_list("agency_id", "agency__name").distinct())


def agencies_that_house() -> frozenset[str]:
    """Agencies where people live or have lived: whose name alone may tell where somebody is."""
    offering = ServiceOffer.objects.filter(service_code="SHELTER").values_list("agency_id", flat=True)
    keeping = BedUnit.objects.values_list("site__agency_id", flat=True)
    return frozenset(offering) | frozenset(keeping)
