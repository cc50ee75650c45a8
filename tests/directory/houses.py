"""Invented places of the cast: Dora keeps the beds of Isles House, Carla edits the day centre of Safe Harbour."""

from typing import Any
from uuid import UUID

from enlace.base.actor import Actor
from enlace.directory.actions import Place, add_beds, save_criteria, save_programmes, save_sites, save_unit
from enlace.directory.rules import Criterion
from tests.world import SYSTEM, World

WOMEN = Criterion(True, "sex", frozenset({"female"}))
ADULTS = Criterion(True, "age", least=16)


def a_house(
    by: Actor, *, services: tuple[str, ...] = ("SHELTER",), rows: tuple[Criterion, ...] = (), **facts: Any
) -> UUID:
    """A safe house of the actor's agency, or of ``agency_code`` when the system makes it."""
    given: dict[str, Any] = {
        "agency_code": by.agency_code or "shelter-isles",
        "name": "House of the Tide",
        "kind_code": "safe_house",
        "state_code": "XX-I",
        "security_code": "watched",
        **facts,
    }
    site = save_sites(by=by, rows=[Place(**given)])[0]
    save_programmes(by=by, site_id=site.pk, service_codes=services)
    if rows:
        save_criteria(by=by, site_id=site.pk, rows=rows)
    return site.pk


def a_unit(by: Actor, site_id: UUID, *, beds: int = 2, name: str = "East", rows: tuple[Criterion, ...] = ()) -> UUID:
    """A unit with beds in service, confirmed now."""
    unit = save_unit(by=by, site_id=site_id, name=name)
    if beds:
        add_beds(by=by, unit_id=unit.pk, count=beds)
    if rows:
        save_criteria(by=by, site_id=site_id, unit_id=unit.pk, rows=rows)
    return unit.pk


def some_supply(world: World) -> dict[str, UUID]:
    """A refuge for women with beds, a day centre, a children's home, and a lock-up that the law bars."""
    refuge = a_house(world.dora, rows=(WOMEN, ADULTS))
    a_unit(world.dora, refuge, beds=3)
    centre = a_house(
        world.carla, services=("MENTAL", "LEGAL"), name="Harbour Door", kind_code="day_centre", state_code="XX-S",
        is_secret=False, security_code="open",
    )  # fmt: skip
    child = a_house(
        SYSTEM, rows=(Criterion(True, "boys_age", most=12), Criterion(True, "age", most=15)),
        name="Little Home", kind_code="child_home", agency_code="ngo-harbour", state_code="XX-S",
    )  # fmt: skip
    a_unit(SYSTEM, child, beds=4)
    lockup = a_house(SYSTEM, name="Cells", kind_code="lockup", agency_code="health-south", state_code="XX-N")
    return {"refuge": refuge, "centre": centre, "child": child, "lockup": lockup}
