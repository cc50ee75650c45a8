"""Beds: numbered, out of service with a reason and back, and vacancies that somebody vouches for."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.country.queries import current
from enlace.directory.actions import add_beds, confirm_units, return_to_service, save_unit, take_out_of_service
from enlace.directory.models import Bed, BedUnit
from enlace.directory.queries import beds_of, kept_unit, stale_units, units
from enlace.directory.rules import is_stale
from tests.directory.houses import a_house, a_unit
from tests.own import together
from tests.world import SYSTEM, World

LIMIT = timedelta(hours=30)  # of Xandoria


def test_beds_are_numbered_on_and_whoever_adds_them_vouches_for_the_unit(world: World) -> None:
    unit_id = a_unit(world.dora, a_house(world.dora), beds=2)
    add_beds(by=world.dora, unit_id=unit_id, count=3)
    assert [bed.number for bed in beds_of(viewer=world.dora, unit_id=unit_id)] == [1, 2, 3, 4, 5]
    assert kept_unit(viewer=world.dora, unit_id=unit_id).confirmed_by == world.dora.id


@pytest.mark.parametrize("count", [0, -1, 499])
def test_a_unit_has_a_possible_number_of_beds(world: World, count: int) -> None:
    unit_id = a_unit(world.dora, a_house(world.dora), beds=2)
    with pytest.raises(Refusal):
        add_beds(by=world.dora, unit_id=unit_id, count=count)
    assert Bed.objects.count() == 2


def test_a_bed_goes_out_of_service_with_its_reason_and_comes_back(world: World) -> None:
    site_id = a_house(world.dora)
    unit_id = a_unit(world.dora, site_id, beds=3)
    first, *_others = beds_of(viewer=world.dora, unit_id=unit_id)
    with pytest.raises(Refusal):
        take_out_of_service(by=world.dora, bed_ids=[first.pk], reason_code="tired")
    with pytest.raises(Refusal, match="in service"):
        return_to_service(by=world.dora, bed_ids=[first.pk])
    take_out_of_service(by=world.dora, bed_ids=[first.pk], reason_code="flood")
    with pytest.raises(Refusal, match="already"):
        take_out_of_service(by=world.dora, bed_ids=[first.pk], reason_code="flood")
    (row,) = units(viewer=world.dora, site_ids=[site_id])[site_id]
    assert (row.in_service, row.out_of_service) == (2, 1)
    return_to_service(by=world.dora, bed_ids=[first.pk])
    (row,) = units(viewer=world.dora, site_ids=[site_id])[site_id]
    assert (row.in_service, row.out_of_service) == (3, 0)


def test_only_the_house_keeps_its_beds(world: World) -> None:
    site_id = a_house(world.dora)
    unit_id = a_unit(world.dora, site_id)
    bed = beds_of(viewer=world.dora, unit_id=unit_id)[0].pk
    for who in (world.bruno, world.carla, world.fidel):
        for act in (
            lambda who=who: confirm_units(by=who, unit_ids=[unit_id]),
            lambda who=who: add_beds(by=who, unit_id=unit_id, count=1),
            lambda who=who: take_out_of_service(by=who, bed_ids=[bed], reason_code="repair"),
            lambda who=who: return_to_service(by=who, bed_ids=[bed]),
            lambda who=who: save_unit(by=who, site_id=site_id, name="Mine"),
        ):
            with pytest.raises(Forbidden):
                act()
    elsewhere = a_house(SYSTEM, agency_code="ngo-harbour")
    foreign = a_unit(SYSTEM, elsewhere)
    with pytest.raises(Missing):
        confirm_units(by=world.dora, unit_ids=[unit_id, foreign])
    with pytest.raises(Missing):
        save_unit(by=world.dora, site_id=elsewhere, name="Mine")
    with pytest.raises(Missing):
        save_unit(by=world.dora, site_id=site_id, unit_id=foreign, name="Mine")
    with pytest.raises(Missing):
        take_out_of_service(by=world.dora, bed_ids=[], reason_code="repair")
    with pytest.raises(Missing):
        save_unit(by=world.dora, site_id=a_house(world.dora, name="Other"), unit_id=unit_id, name="Mine")


def test_a_unit_is_renamed_and_closed_and_its_name_is_its_own(world: World) -> None:
    site_id = a_house(world.dora)
    unit_id = a_unit(world.dora, site_id, name="East")
    a_unit(world.dora, site_id, name="West")
    save_unit(by=world.dora, site_id=site_id, unit_id=unit_id, name="North", is_open=False)
    assert not kept_unit(viewer=world.dora, unit_id=unit_id).is_open
    for name in ("West", "  ", "x" * 61):
        with pytest.raises(Refusal):
            save_unit(by=world.dora, site_id=site_id, unit_id=unit_id, name=name)


def aged(unit_id: UUID, hours: float | None) -> None:
    """As if the unit had been confirmed that long ago, or never."""
    at = None if hours is None else timezone.now() - timedelta(hours=hours)
    BedUnit.objects.filter(pk=unit_id).update(confirmed_at=at, confirmed_by="" if at is None else "somebody")


def test_old_vacancies_are_listed_oldest_first_until_somebody_vouches(world: World) -> None:
    site_id = a_house(world.dora)
    ages: dict[str, float | None] = {"never": None, "fresh": 1, "old": 31, "older": 90, "just": 29.9}
    made = {name: a_unit(world.dora, site_id, name=name) for name in ages}
    for name, hours in ages.items():
        aged(made[name], hours)
    at = timezone.now()

    def listed() -> list[str]:
        return [row.name for row in stale_units(viewer=world.dora, at=at, limit=10)]

    judged = {row.name for row in BedUnit.objects.all() if is_stale(row.confirmed_at, at, LIMIT)}
    assert current().limits["vacancy_stale"] == LIMIT
    assert listed() == ["never", "older", "old"]
    assert set(listed()) == judged
    assert confirm_units(by=world.dora, unit_ids=[made["older"], made["never"]]) == 2
    assert listed() == ["old"]


def test_units_that_take_nobody_are_not_asked_about(world: World) -> None:
    site_id = a_house(world.dora)
    empty, closed, broken = (a_unit(world.dora, site_id, name=name, beds=1) for name in ("empty", "closed", "broken"))
    Bed.objects.filter(unit=empty).delete()
    save_unit(by=world.dora, site_id=site_id, unit_id=closed, name="closed", is_open=False)
    bed = beds_of(viewer=world.dora, unit_id=broken)[0].pk
    take_out_of_service(by=world.dora, bed_ids=[bed], reason_code="repair")
    for unit_id in (empty, closed, broken):
        aged(unit_id, None)
    assert stale_units(viewer=world.dora, at=timezone.now(), limit=10) == []


def test_a_bed_that_the_database_holds_for_somebody_stays_in_service(world: World) -> None:
    """The guard of the stays is theirs; here any refusal of the database becomes a sentence."""
    a_unit(world.dora, a_house(world.dora), beds=1)
    guard = (
        "CREATE TRIGGER held BEFORE UPDATE ON directory_bed BEGIN SELECT RAISE(ABORT, 'held'); END"
        if connection.vendor == "sqlite"
        else "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation'; END $$; "
        "CREATE TRIGGER held BEFORE UPDATE ON directory_bed FOR EACH ROW EXECUTE FUNCTION held()"
    )
    with connection.cursor() as cursor:
        cursor.execute(guard)
    with pytest.raises(Refusal, match="Somebody has this bed"):
        take_out_of_service(by=world.dora, bed_ids=[Bed.objects.get().pk], reason_code="repair")
    assert Bed.objects.get().out_of_service_since is None


@pytest.mark.slow
def test_beds_added_at_the_same_moment_have_numbers_of_their_own(own_world: World) -> None:
    unit_id = a_unit(own_world.dora, a_house(own_world.dora), beds=0)
    answers = together(lambda _number: add_beds(by=own_world.dora, unit_id=unit_id, count=2), 8)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(Bed.objects.values_list("number", flat=True)) == list(range(1, 17))
