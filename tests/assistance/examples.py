"""One of each thing that an address of assistance may name, all of them of Bruno's agency."""

from uuid import UUID

from tests.assistance.caring import cared_for
from tests.world import World, a_case


def examples(world: World) -> dict[str, object]:
    return {
        **cared_for(world.bruno, a_case(world.bruno)),
        "plan_verb": "finish",
        "goal_verb": "reach",
        "permit_verb": "inform",
        "return_verb": "cancel",
        "half": "2024-H1",
        "paper_id": UUID(int=1),
    }
