"""One of each thing that an address of placements may name, of Bruno's agency and Dora's house."""

from tests.placements.living import a_shelter, a_stay
from tests.world import World


def examples(world: World) -> dict[str, object]:
    return {"stay_id": a_stay(world, a_shelter(world, beds=3)), "stay_verb": "confirm"}
