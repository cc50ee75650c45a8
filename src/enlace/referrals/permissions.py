"""Who may see which referral: its sender and its recipient, as agencies, not as named users."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.referrals.models import Referral


def visible(viewer: Actor) -> QuerySet[Referral]:
    check(viewer, "REFERRAL_READ")
    if viewer.is_system:
        return Referral.objects.all()
    return Referral.objects.filter(Q(sender_code=viewer.agency_code) | Q(recipient_code=viewer.agency_code))


def inbox(viewer: Actor) -> QuerySet[Referral]:
    check(viewer, "REFERRAL_READ")
    return Referral.objects.filter(recipient_code=viewer.agency_code)


def outbox(viewer: Actor) -> QuerySet[Referral]:
    check(viewer, "REFERRAL_READ")
    return Referral.objects.filter(sender_code=viewer.agency_code)


def locked(rows: QuerySet[Referral], ids: Sequence[UUID]) -> list[Referral]:
    """The referrals, for writing, in the order asked; ``Missing`` unless every one is there and may be seen."""
    found: dict[UUID, Referral] = {}
    for start in range(0, len(ids), 500):
        found |= {r.pk: r for r in rows.select_for_update().filter(pk__in=ids[start : start + 500]).order_by("pk")}
    if len(found) != len(set(ids)) or len(ids) != len(set(ids)):
        raise Missing(_("No such referral reached or left your agency."))
    return [found[pk] for pk in ids]
