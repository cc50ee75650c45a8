"""Where a place is: sealed by its agency, opened by nobody else, each reading on record with its purpose."""

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.directory.actions import Place, save_sites, seal_place
from enlace.directory.models import Site
from enlace.directory.queries import open_place
from enlace.vault.models import RecordKey, RecordPart
from tests.directory.houses import a_house
from tests.world import SYSTEM, World

TOLD = {"address": "1 Invented Street", "directions": "blue door", "contact": "", "colour": "not kept"}


def test_the_house_seals_its_address_and_opens_it_for_a_purpose(world: World) -> None:
    site_id = a_house(world.dora)
    seal_place(by=world.dora, site_id=site_id, content=TOLD)
    told = open_place(viewer=world.dora, site_id=site_id, purpose="safety")
    assert told == {"address": "1 Invented Street", "directions": "blue door"}
    read = AuditEvent.objects.get(action="place.read")
    assert (read.actor_id, read.subject_id, read.data_class, read.purpose) == (
        world.dora.id, str(site_id), "B", "safety",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["bruno", "nadia"])
def test_another_agency_is_told_nothing_and_asking_is_on_record(world: World, name: str) -> None:
    site_id, unsealed = a_house(world.dora), a_house(world.dora, name="Other")
    seal_place(by=world.dora, site_id=site_id, content=TOLD)
    said = set()
    for asked in (site_id, unsealed):
        with pytest.raises(Missing) as refused:
            open_place(viewer=getattr(world, name), site_id=asked, purpose="safety")
        said.add(str(refused.value))
    assert len(said) == 1, "sealed and not sealed are told in the same words"
    assert AuditEvent.objects.filter(action="place.refused", actor_id=getattr(world, name).id).count() == 2
    assert not AuditEvent.objects.filter(action="place.read").exists()


def test_opening_needs_the_permission_and_a_purpose_of_the_list(world: World) -> None:
    site_id = a_house(world.dora)
    seal_place(by=world.dora, site_id=site_id, content=TOLD)
    for viewer in (world.carla, world.fidel):  # a provider, an administrator
        with pytest.raises(Forbidden):
            open_place(viewer=viewer, site_id=site_id, purpose="safety")
    with pytest.raises(Refusal):
        open_place(viewer=world.dora, site_id=site_id, purpose="curiosity")


def test_a_new_address_destroys_the_earlier_one(world: World) -> None:
    site_id = a_house(world.dora)
    seal_place(by=world.dora, site_id=site_id, content=TOLD)
    before = Site.objects.get(pk=site_id).place_record_id
    seal_place(by=world.dora, site_id=site_id, content={"address": "2 Invented Street"})
    assert open_place(viewer=world.dora, site_id=site_id, purpose="safety") == {"address": "2 Invented Street"}
    assert not RecordKey.objects.filter(record_id=before).exists()
    assert not RecordPart.objects.filter(record_id=before).exists()


def test_only_its_agency_writes_the_address_the_administrator_of_the_country_does_not(world: World) -> None:
    site_id = a_house(world.dora)
    for by in (world.carla, world.fidel):
        with pytest.raises(Missing):
            seal_place(by=by, site_id=site_id, content=TOLD)
    with pytest.raises(Forbidden):
        seal_place(by=world.bruno, site_id=site_id, content=TOLD)
    with pytest.raises(Refusal):
        seal_place(by=world.dora, site_id=site_id, content={"address": "  ", "directions": "blue door"})
    seal_place(by=SYSTEM, site_id=site_id, content=TOLD)
    assert open_place(viewer=world.dora, site_id=site_id, purpose="safety")["address"] == "1 Invented Street"


def test_changing_a_place_keeps_its_address(world: World) -> None:
    site_id = a_house(world.dora)
    seal_place(by=world.dora, site_id=site_id, content=TOLD)
    row = Place(
        id=site_id, agency_code="shelter-isles", name="New name", kind_code="safe_house", state_code="XX-I",
        security_code="open",
    )  # fmt: skip
    save_sites(by=world.fidel, rows=[row])
    assert open_place(viewer=world.dora, site_id=site_id, purpose="safety")["directions"] == "blue door"


def test_the_address_stands_in_no_table_and_no_record(world: World) -> None:
    site_id = a_house(world.dora)
    seal_place(by=world.dora, site_id=site_id, content=TOLD)
    open_place(viewer=world.dora, site_id=site_id, purpose="safety")
    assert not any("Invented" in str(values) for values in AuditEvent.objects.values())
    assert not any("Invented" in str(values) for values in Site.objects.values())
