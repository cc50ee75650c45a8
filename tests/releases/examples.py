"""One of each thing that an address of releases may name: a release that two people let go."""

from enlace.releases import files
from tests.releases.closing import closed, second
from tests.world import World


def examples(world: World) -> dict[str, object]:
    return {"number": closed(world, second(world), size=30).number, "name": files.CSV, "indicator": "identified"}
