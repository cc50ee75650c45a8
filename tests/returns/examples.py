"""One of each thing that an address of returns may name: a return that Bruno's agency is filling in."""

from tests.returns.cast import opened
from tests.world import World


def examples(world: World) -> dict[str, object]:
    return {"periodic_return_id": opened(world.bruno).pk}
