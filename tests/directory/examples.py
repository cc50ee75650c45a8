"""One of each thing that an address of the directory may name, kept by Dora's house."""

from datetime import date

from enlace.directory.actions import Agreed, save_agreements
from enlace.directory.models import Bed
from tests.directory.houses import a_house, a_unit
from tests.world import SYSTEM, World


def examples(world: World) -> dict[str, object]:
    site_id = a_house(world.dora, name="House of examples")
    unit_id = a_unit(world.dora, site_id)
    row = Agreed(from_state="XX-N", to_state="XX-I", valid_from=date(2025, 1, 10), basis="Invented treaty")
    save_agreements(by=SYSTEM, rows=[row])
    return {
        "site_id": site_id,
        "unit_id": unit_id,
        "bed_id": Bed.objects.filter(unit_id=unit_id).values_list("pk", flat=True)[0],
        "agreement_id": row.id,
    }
