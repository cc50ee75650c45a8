"""What is prepared is for whoever may read releases; what two people let go is for everybody."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.releases.models import Release
from enlace.releases.rules import APPROVED


def visible(viewer: Actor) -> QuerySet[Release]:
    """Every release, decided or not."""
    check(viewer, "RELEASE_READ")
    return Release.objects.select_related("decision")


def published() -> QuerySet[Release]:
    """The releases that two people let go: nobody needs an account for them, and nothing else is reachable without one."""
    return Release.objects.filter(decision__outcome=APPROVED).select_related("decision")


def found(rows: QuerySet[Release], number: int) -> Release:
    """The release with a number among those. Raises ``Missing``."""
    row = rows.filter(number=number).first()
    if row is None:
        raise Missing(_("There is no such release."))
    return row
