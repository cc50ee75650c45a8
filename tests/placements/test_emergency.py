"""Where somebody stays, in an emergency: with a second person, on record, and for nobody else."""

from uuid import UUID

import pytest
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.directory.actions import Reach, save_contacts
from enlace.people.actions import ask_second
from enlace.placements.queries import stays_in_emergency
from enlace.vault.actions import answer_emergency, end_emergency
from tests.cases.pages import signed_in
from tests.directory.houses import a_house, a_unit
from tests.placements.living import admitted, held, left, referred
from tests.vault.breaking import an_emergency, now_over
from tests.world import World, a_case, a_person


def somebody_in_the_house(world: World) -> tuple[UUID, UUID]:
    """The person, of Bruno's agency, and her stay in Dora's house."""
    person_id = a_person(world.bruno)
    case_id, referral_id = referred(world, a_case(world.bruno, person_id))
    site_id = a_house(world.dora, is_secret=False)
    save_contacts(by=world.dora, site_id=site_id, rows=[Reach("phone", "555 000 1234")])
    stay_id = held(world.dora, case_id, a_unit(world.dora, site_id), referral_id=referral_id)
    return person_id, admitted(world.dora, stay_id)


def agreed(world: World, emergency_id: UUID, *, approves: bool = True) -> None:
    ask_second(by=world.alma, emergency_id=emergency_id)
    answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=approves)


def test_the_house_shows_after_a_second_person_agreed_and_the_reading_is_on_record(world: World) -> None:
    person_id, _stay = somebody_in_the_house(world)
    emergency_id = an_emergency(world.alma, person_id)
    page = f"/emergencies/{emergency_id}/"
    before = signed_in("alma").get(page).text
    assert "House of the Tide" not in before
    assert "Where the person stays" not in before
    assert not AuditEvent.objects.filter(action="stay.read").exists(), "nothing was read"
    agreed(world, emergency_id)
    after = signed_in("alma").get(page).text
    assert "House of the Tide" in after
    assert "555 000 1234" in after
    (event,) = AuditEvent.objects.filter(action="stay.read")
    assert (event.data_class, event.subject_id, event.detail["emergency"]) == ("B", str(person_id), str(emergency_id))


def test_a_no_of_the_second_person_shows_nothing(world: World) -> None:
    emergency_id = an_emergency(world.alma, somebody_in_the_house(world)[0])
    agreed(world, emergency_id, approves=False)
    assert stays_in_emergency(viewer=world.alma, emergency_id=emergency_id) is None


def test_over_or_given_back_nothing_is_read_any_more(world: World) -> None:
    person_id, _stay = somebody_in_the_house(world)
    emergency_id = an_emergency(world.alma, person_id)
    agreed(world, emergency_id)
    now_over(emergency_id)
    assert stays_in_emergency(viewer=world.alma, emergency_id=emergency_id) is None
    again = an_emergency(world.alma, person_id)
    agreed(world, again)
    assert stays_in_emergency(viewer=world.alma, emergency_id=again)
    end_emergency(by=world.alma, emergency_id=again)
    assert stays_in_emergency(viewer=world.alma, emergency_id=again) is None


def test_a_colleague_reads_nothing_under_it(world: World) -> None:
    emergency_id = an_emergency(world.alma, somebody_in_the_house(world)[0])
    agreed(world, emergency_id)
    colleague = Actor(id="colleague", agency_code=world.alma.agency_code, role_code="R02", can=world.alma.can)
    assert stays_in_emergency(viewer=colleague, emergency_id=emergency_id) is None


@pytest.mark.parametrize("name", ["hilda", "carla", "omar"])
def test_nobody_else_reads_it_by_its_number(world: World, name: str) -> None:
    emergency_id = an_emergency(world.alma, somebody_in_the_house(world)[0])
    agreed(world, emergency_id)
    page = signed_in(name).get(f"/emergencies/{emergency_id}/")
    assert page.status_code in (403, 404)
    assert "House of the Tide" not in page.text


def test_who_left_stays_nowhere(world: World) -> None:
    person_id, stay_id = somebody_in_the_house(world)
    left(world.dora, stay_id, at=timezone.now())
    emergency_id = an_emergency(world.alma, person_id)
    agreed(world, emergency_id)
    assert stays_in_emergency(viewer=world.alma, emergency_id=emergency_id) == []
    assert "No stay in a place of this system" in signed_in("alma").get(f"/emergencies/{emergency_id}/").text
