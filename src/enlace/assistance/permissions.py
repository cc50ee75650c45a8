"""Who may see which services: what the own agency gave, and what was given in cases it leads."""

from django.db.models import Q, QuerySet

from enlace.assistance.models import ServiceGiven
from enlace.base.actor import Actor
from enlace.base.permissions import check


def visible(viewer: Actor) -> QuerySet[ServiceGiven]:
    check(viewer, "SERVICE_READ")
    if viewer.is_system:
        return ServiceGiven.objects.all()
    return ServiceGiven.objects.filter(Q(agency_code=viewer.agency_code) | Q(case__lead_agency_code=viewer.agency_code))
