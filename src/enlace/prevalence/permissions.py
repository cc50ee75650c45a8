"""Estimates are counts, not people: whoever may read them sees all, and nobody gets from them to a row."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.prevalence.models import Estimation


def visible(viewer: Actor) -> QuerySet[Estimation]:
    check(viewer, "PREVALENCE_READ")
    return Estimation.objects.all()


def locked(by: Actor, estimation_id: UUID) -> Estimation:
    """The estimation, for writing; ``Missing`` when there is none."""
    row = visible(by).select_for_update().filter(pk=estimation_id).first()
    if row is None:
        raise Missing(_("There is no such estimate."))
    return row
