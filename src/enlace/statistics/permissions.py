"""Tables are for whoever may read statistics; there is no way from them to a row."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.statistics.models import MechanismTable, NationalTable, SavedTable


def visible(viewer: Actor) -> QuerySet[NationalTable]:
    check(viewer, "STATISTICS_READ")
    return NationalTable.objects.all()


def visible_mechanism(viewer: Actor) -> QuerySet[MechanismTable]:
    check(viewer, "STATISTICS_READ")
    return MechanismTable.objects.all()


def saved_tables(viewer: Actor) -> QuerySet[SavedTable]:
    """The questions of the viewer's agency: what its analysts asked and were answered."""
    check(viewer, "FACTS_QUERY")
    if viewer.is_system:
        return SavedTable.objects.all()
    return SavedTable.objects.filter(agency_code=viewer.agency_code)


def saved_table(viewer: Actor, table_id: UUID) -> SavedTable:
    """One of them. Raises ``Missing``, in the same words for one of another agency."""
    row = saved_tables(viewer).filter(pk=table_id).first()
    if row is None:
        raise Missing(_("There is no such table."))
    return row
