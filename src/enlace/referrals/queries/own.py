"""What a person reads of her referrals on her own page: never where she is, nor anybody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.portal.permissions import own_id
from enlace.portal.queries import names_on_own_page
from enlace.referrals.models import Referral
from enlace.referrals.permissions import SYSTEM


@dataclass(frozen=True)
class OwnReferral:
    """One referral as the person it is about reads it. ``recipient`` is a name, or only a kind where people live."""

    status: str
    service_codes: Sequence[str]
    recipient: str
    sent_at: datetime
    due_at: datetime
    shares_identity: bool


def referrals_of_own(*, viewer: Actor) -> list[OwnReferral]:
    """Her referrals, the newest first; for the person herself and for nobody else."""
    with seeing_as(SYSTEM):
        rows = list(_hers(viewer).order_by("-sent_at", "-id")[:50])
    names, outside = names_on_own_page() if rows else {}, _("An organisation outside this system")
    return [
        OwnReferral(
            row.status,
            row.service_codes,
            names.get(row.recipient_code, outside),
            row.sent_at,
            row.due_at,
            row.shares_identity,
        )
        for row in rows
    ]


def ids_of_own(*, viewer: Actor) -> list[UUID]:
    """The ids of her referrals, so that she is told who opened them."""
    with seeing_as(SYSTEM):
        return list(_hers(viewer).values_list("pk", flat=True))


def _hers(viewer: Actor) -> QuerySet[Referral]:
    return Referral.objects.filter(case__person_id=own_id(viewer))
