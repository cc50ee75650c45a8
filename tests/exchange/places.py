"""Invented places with all that a file can carry, and secrets planted where no file may find them."""

from pathlib import Path
from uuid import UUID

from enlace.directory.actions import Reach, save_contacts, save_unit, seal_place
from enlace.directory.models import Bed, BedUnit, Criterion, Programme, ServiceOffer, Site, SiteContact
from enlace.directory.rules import Criterion as Condition
from enlace.exchange.actions import take_directory
from tests.directory.houses import ADULTS, WOMEN, a_house, a_unit
from tests.world import SYSTEM, World

PLANTED = "Calle Inventada 123"
SEALED = "+52 55 0000 4321"


def rich_supply(world: World) -> dict[str, UUID]:
    """A secret refuge with its sealed address, an open home with every part, and a plain centre."""
    refuge = a_house(world.dora, rows=(WOMEN, ADULTS), name="House of the Tide", hours=f"ring at {PLANTED}")
    a_unit(world.dora, refuge, beds=3, name=f"{PLANTED} wing")
    seal_place(by=world.dora, site_id=refuge, content={"address": PLANTED, "directions": PLANTED, "contact": SEALED})
    home = a_house(
        world.dora, services=("SHELTER", "LEGAL"), name="=Open, “Home”", is_secret=False, max_stay_days=90,
        extension_days=30, language_codes=("eng",), hours="-9 to 5; daily", may_go_out_alone=False,
        rows=(WOMEN, Condition(False, "age", least=12, most=15, basis="art. 1"), Condition(False, "pregnancy")),
    )  # fmt: skip
    a_unit(world.dora, home, beds=2, name="North", rows=(Condition(True, "family"),))
    save_unit(by=world.dora, site_id=home, name="Closed", is_open=False)
    reaches = [
        Reach("phone", "+52 55 1111 2222", "public"),
        Reach("email", "home@example.org", "agencies"),
        Reach("web", "https://example.org/home", "public"),
    ]
    save_contacts(by=world.dora, site_id=home, rows=reaches)
    seal_place(by=world.dora, site_id=home, content={"address": PLANTED, "contact": SEALED})
    centre = a_house(SYSTEM, services=(), name="Harbour Door", agency_code="ngo-harbour", is_secret=False)
    return {"refuge": refuge, "home": home, "centre": centre}


def empty_directory() -> None:
    """As on a new machine: agencies, but no place."""
    for model in (Bed, Criterion, BedUnit, SiteContact, Programme, ServiceOffer, Site):
        model.objects.all().delete()


def taken(path: Path, layout: str, *, is_public: bool = False) -> Path:
    path.write_text(take_directory(by=SYSTEM, layout=layout, is_public=is_public), encoding="utf-8", newline="")
    return path
