"""One of each thing that an address of the complaints may name: for the matrix of roles and addresses."""

from tests.complaints.accusing import a_complaint
from tests.world import World


def examples(world: World) -> dict[str, object]:
    """A complaint about Bruno's own agency, which nobody there may find."""
    found, _number = a_complaint()
    return {"complaint_id": found.pk}
