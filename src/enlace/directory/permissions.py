"""The directory is open to everyone who may refer; an agency edits its own offers."""

from django.db.models import QuerySet

from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.directory.models import ServiceOffer


def visible(viewer: Actor) -> QuerySet[ServiceOffer]:
    check(viewer, "DIRECTORY_READ")
    return ServiceOffer.objects.filter(agency__is_active=True)
