"""One of each thing that an address of intake may name, all of them of Bruno's agency."""

from tests.intake.contacts import a_contact, a_notice, at_risk
from tests.intake.telling import report_examples
from tests.world import World


def examples(world: World) -> dict[str, object]:
    someone = at_risk()
    contact_id = a_contact(world.bruno, channel_code="prosecutor", people=(someone,), told={"told": "invented"})
    return {
        "contact_id": contact_id,
        "row_id": someone.id,
        "channel_code": "prosecutor",
        "kind_code": "child",
        "notice_id": a_notice(world.hilda),
        "step": "take",
        "year": 2025,
        **report_examples(world.bruno),
    }
