"""One of each thing that an address of screening may name, all of them known to Bruno's agency only."""

from django.utils import timezone

from enlace.base.ids import new_code
from enlace.country.queries import current
from enlace.screening.models import DetentionAlert, GroupScreening
from tests.screening.talks import PRESUMED, VISIT, finished
from tests.world import World


def examples(world: World) -> dict[str, object]:
    """A finished screening of a detained person, and an event."""
    finding = finished(world.bruno, PRESUMED | {"detained": "yes"})
    return {
        "screening_id": finding.screening_id,
        "alert_id": DetentionAlert.objects.get(screening_id=finding.screening_id).pk,
        "group_id": a_group_of(world).pk,
        "question": "works",
        "number": 1,
        "version": 1,
        "lang": "es",
    }


def a_group_of(world: World) -> GroupScreening:
    """Made below the actions: Xandoria offers a prosecutor's office no protocol for groups."""
    return GroupScreening.objects.create(
        code=new_code("G"),
        protocol_code=VISIT,
        protocol_version=1,
        protocol_digest=current().protocol(VISIT, 1).digest,
        agency_code=world.bruno.agency_code,
        opened_by=world.bruno.id,
        opened_at=timezone.now(),
    )
