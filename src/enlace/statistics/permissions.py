"""Tables are for whoever may read statistics; there is no way from them to a row."""

from django.db.models import QuerySet

from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.statistics.models import MechanismTable, NationalTable


def visible(viewer: Actor) -> QuerySet[NationalTable]:
    check(viewer, "STATISTICS_READ")
    return NationalTable.objects.all()


def visible_mechanism(viewer: Actor) -> QuerySet[MechanismTable]:
    check(viewer, "STATISTICS_READ")
    return MechanismTable.objects.all()
