"""What a person reads of her stays on her own page: how they stand and until when; never where."""

from dataclasses import dataclass
from datetime import datetime

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.placements.models import Stay
from enlace.portal.permissions import own_id

FOR_HER = Actor.system("placements.own")
FIELDS = ("status", "requested_at", "held_until", "admitted_at", "limit_at", "ended_at")


@dataclass(frozen=True)
class OwnStay:
    """One stay as the person reads it. No site, no bed, no agency, no state: whoever looks on must not learn where she is."""

    status: str
    requested_at: datetime
    held_until: datetime | None
    admitted_at: datetime | None
    limit_at: datetime | None
    ended_at: datetime | None


def stays_of_own(*, viewer: Actor) -> list[OwnStay]:
    """Her stays, the newest first; for the person herself and for nobody else."""
    hers = {"case__person_id": own_id(viewer), "companion_of": None}
    with seeing_as(FOR_HER):
        return [OwnStay(*row) for row in Stay.objects.filter(**hers).order_by("-requested_at").values_list(*FIELDS)]
