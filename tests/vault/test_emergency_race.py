"""Many at once, on real connections: one answer counts, one access opens, and what is read was read before the end."""

import pytest
from django.utils import timezone

from enlace.audit import queries as audit
from enlace.audit.models import AuditEvent
from enlace.base.errors import Missing
from enlace.vault.actions import answer_emergency, end_emergencies, end_emergency
from enlace.vault.models import LentKey
from enlace.vault.queries import open_in_emergency
from tests.own import succeeded, together
from tests.vault.breaking import a_stranger, an_emergency, now_over, row_of
from tests.vault.material import rows_of
from tests.world import SYSTEM, World

pytestmark = pytest.mark.usefixtures("sees_all")


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_answer_at_once_one_counts(own_world: World, attempt: int) -> None:
    emergency_id = an_emergency(own_world.alma, a_stranger(own_world, is_protected=True))

    def answer(number: int) -> bool:
        by, approves = (own_world.bruno, own_world.lucas)[number % 2], (number + attempt) % 2 == 0
        answer_emergency(by=by, emergency_id=emergency_id, approves=approves)
        return approves

    (approved,) = succeeded(together(answer, 8), Missing)
    assert row_of(emergency_id).is_approved is approved
    assert len(rows_of(LentKey)) == int(approved)
    answers = AuditEvent.objects.filter(action__in=("emergency.approved", "emergency.declined"))
    assert answers.count() == 1


def test_one_account_opens_the_same_record_once(own_world: World) -> None:
    person_id = a_stranger(own_world)
    assert len(succeeded(together(lambda _: an_emergency(own_world.alma, person_id), 16), Missing)) == 1
    assert len(rows_of(LentKey)) == 1


@pytest.mark.parametrize("attempt", range(3))
def test_what_is_read_while_it_ends_was_read_before_its_end(own_world: World, attempt: int) -> None:
    """Each reading is either refused or stands in the record before the end: none comes after."""
    emergency_id = an_emergency(own_world.alma, a_stranger(own_world))

    def work(number: int) -> str:
        if number == 5:
            end_emergency(by=own_world.alma, emergency_id=emergency_id)
            return "ended"
        found = open_in_emergency(viewer=own_world.alma, emergency_id=emergency_id)
        return found.identity.given_names if found.identity else ""

    answers = succeeded(together(work, 16), Missing)
    events = AuditEvent.objects.filter(chain="police-north", detail__emergency=str(emergency_id))
    ended = events.get(action="emergency.ended")
    read = events.filter(action="identity.read")
    assert answers.count("ended") == 1
    assert answers.count("Persona") == read.count() == len(answers) - 1
    assert not read.filter(seq__gt=ended.seq).exists()
    assert audit.verify() == []


def test_clocks_that_ring_at_once_end_each_access_once(own_world: World) -> None:
    ids = [an_emergency(own_world.alma, a_stranger(own_world)) for _ in range(4)]
    for emergency_id in ids:
        now_over(emergency_id)
    at = timezone.now()
    counts = succeeded(together(lambda _: end_emergencies(by=SYSTEM, at=at), 8), Missing)
    assert sum(counts) == 4
    assert rows_of(LentKey) == []
