"""One of each thing that an address of the own page's desk may name, all of them of Bruno's agency."""

from uuid import UUID

from enlace.portal.actions import ask
from tests.portal.holding import QUESTION, a_page, herself
from tests.world import World


def examples(world: World, person_id: UUID) -> dict[str, object]:
    """A number for a person who is known already, and what she asked."""
    a_page(world.bruno, person_id)
    asked = ask(by=herself(world.bruno, person_id), kind_code="question", text=QUESTION)
    return {"person_request_id": asked.pk}
