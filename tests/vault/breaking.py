"""Emergencies of the tests: invented people of one agency, opened by somebody of another."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.people.actions import Breaking
from enlace.people.models import Emergency
from enlace.vault.actions import open_emergency
from enlace.vault.rules import Identity
from tests.world import SYSTEM, World, a_case, a_person

INVENTED = Identity(
    given_names="Persona", family_names="Inventada Siete", phones=("5550007777",), addresses=("Calle Imaginaria 7",)
)


def a_stranger(world: World, **facts: object) -> UUID:
    """Somebody whom only Bruno's agency knows, with a sealed identity and a case."""
    person_id = a_person(world.bruno, identity=INVENTED, **facts)
    a_case(world.bruno, person_id)
    return person_id


def breaking(person_id: UUID, **said: object) -> Breaking:
    given: dict[str, object] = {"reason_code": "medical", "words": "Invented: it cannot wait.", **said}
    return Breaking(person_id=person_id, **given)


def an_emergency(by: Actor, person_id: UUID, **said: object) -> UUID:
    return open_emergency(by=by, row=breaking(person_id, **said))


def row_of(emergency_id: UUID) -> Emergency:
    with seeing_as(SYSTEM):
        return Emergency.objects.get(pk=emergency_id)


def passed(emergency_id: UUID, hours: float) -> None:
    """As if it had been opened so many hours earlier."""
    row, earlier = row_of(emergency_id), timedelta(hours=hours)
    with seeing_as(SYSTEM):
        asked = row.asked_at - earlier if row.asked_at else None
        answered = row.answered_at - earlier if row.answered_at else None
        times = {"opened_at": row.opened_at - earlier, "ends_at": row.ends_at - earlier}
        Emergency.objects.filter(pk=emergency_id).update(**times, asked_at=asked, answered_at=answered)


def now_over(emergency_id: UUID) -> None:
    """Its time is over since a moment ago, and nothing has ended it."""
    row = row_of(emergency_id)
    left = row.ends_at - timezone.now()
    passed(emergency_id, left.total_seconds() / 3600 + 0.001)
