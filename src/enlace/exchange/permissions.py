"""Who may bring files in and take them out: collections apart are read by those who read statistics."""

from django.db.models import Q, QuerySet

from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.exchange.models import ImportBatch, MonthlyFigure


def batches(viewer: Actor) -> QuerySet[ImportBatch]:
    """Open data, and the files of cases that the viewer's own agency brought in."""
    check(viewer, "EXCHANGE_IMPORT")
    if viewer.is_system:
        return ImportBatch.objects.all()
    return ImportBatch.objects.filter(Q(agency_code="") | Q(agency_code=viewer.agency_code))


def figures(viewer: Actor) -> QuerySet[MonthlyFigure]:
    check(viewer, "STATISTICS_READ")
    return MonthlyFigure.objects.all()
