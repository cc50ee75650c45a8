"""Who may see which referral: its sender and its recipient, as agencies, not as named users."""

from django.db.models import Q, QuerySet

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


def locked(rows: QuerySet[Referral], referral_id: object) -> Referral:
    found = rows.select_for_update().filter(pk=referral_id).first()
    if found is None:
        raise Missing("No such referral reached or left your agency.")
    return found
