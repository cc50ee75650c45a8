"""One of each thing that an address of the vault names: a legal ground, and an emergency that Bruno opened."""

from uuid import UUID

from django.utils import timezone

from enlace.people.actions import Breaking, Grounded, record_ground
from enlace.vault.actions import open_emergency
from tests.world import World, a_person


def a_ground(world: World, person_id: UUID) -> UUID:
    row = Grounded(
        person_id=person_id,
        purpose_code="justice",
        ground_code="court_order",
        article="s. 31",
        decided_by="Invented court",
        decided_on=timezone.localdate(),
    )
    return record_ground(by=world.bruno, row=row).pk


def examples(world: World, person_id: UUID) -> dict[str, object]:
    stranger = a_person(world.hilda)
    row = Breaking(person_id=stranger, reason_code="medical", words="Invented: cannot wait.")
    return {"ground_id": a_ground(world, person_id), "emergency_id": open_emergency(by=world.bruno, row=row)}
