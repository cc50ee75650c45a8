"""One of each thing that an address of prevalence may name: an estimate that is done."""

from enlace.prevalence import tasks
from reckon.prevalence.results import Options
from tests.prevalence.material import asked
from tests.world import World

# The least that is an estimate with its resampling.
SMALL = Options(methods=("chao",), boot=60, seed=7)


def examples(world: World) -> dict[str, object]:
    row = asked(world.elena, options=SMALL)
    tasks.compute.call(str(row.pk))
    return {"estimation_id": row.pk, "source": "table"}
