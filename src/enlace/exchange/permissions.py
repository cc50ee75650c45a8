"""Who may bring files in and take them out: collections apart are read by those who read statistics."""

from django.db.models import QuerySet

from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.exchange.models import ImportBatch, MonthlyFigure


def batches(viewer: Actor) -> QuerySet[ImportBatch]:
    check(viewer, "EXCHANGE_IMPORT")
    return ImportBatch.objects.all()


def figures(viewer: Actor) -> QuerySet[MonthlyFigure]:
    check(viewer, "STATISTICS_READ")
    return MonthlyFigure.objects.all()
