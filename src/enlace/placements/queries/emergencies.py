"""Where somebody is, for whoever opened the record in an emergency and a second person agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.directory.queries import contacts
from enlace.people.permissions import standing_emergencies
from enlace.people.queries import access_of, hold_emergency
from enlace.people.rules import opens_whereabouts
from enlace.placements.models import Stay
from enlace.placements.rules.stays import IN_A_BED

IN_EMERGENCY = Actor.system("placements.emergency")  # the wall shows the stays of a house to it and to the lead only


@dataclass(frozen=True)
class StayInEmergency:
    """The house where somebody stays or is awaited, and how it is reached; its address stays sealed with the house."""

    status: str
    since: datetime
    site_name: str
    state_code: str
    agency_code: str
    reached_by: Sequence[tuple[str, str]]


def stays_in_emergency(*, viewer: Actor, emergency_id: UUID) -> list[StayInEmergency] | None:
    """Where the person of an access of the viewer's own stays now. The reading is on record, with the access.

    ``None`` until a second person agreed: nothing is read then. Raises ``Missing`` once the access has ended.
    """
    found = standing_emergencies(viewer).filter(pk=emergency_id).first()
    if found is None or not opens_whereabouts(access_of(found), timezone.now()):
        return None
    with audited(by=viewer, action="stay.read", data_class="B") as event:
        emergency = hold_emergency(viewer=viewer, emergency_id=emergency_id)
        event.about("person", emergency.person_id)
        event.detail["emergency"] = str(emergency.pk)
        with seeing_as(IN_EMERGENCY):
            rows = Stay.objects.filter(case__person_id=emergency.person_id, status__in=IN_A_BED, companion_of=None)
            return [_told(row) for row in rows.select_related("site").order_by("-occupied_from")]


def _told(row: Stay) -> StayInEmergency:
    reached = contacts(viewer=IN_EMERGENCY, site_id=row.site_id)
    return StayInEmergency(
        status=row.status,
        since=row.admitted_at or row.requested_at,
        site_name=row.site.name,
        state_code=row.site.state_code,
        agency_code=row.agency_code,
        reached_by=[(contact.kind, contact.value) for contact in reached],
    )
