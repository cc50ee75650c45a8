"""What a person reads of her permits, return and follow-up on her own page: her own, and nothing of where."""

import pytest

from enlace.assistance.apps import permits_of_own_page
from enlace.assistance.queries import own_page
from enlace.base.errors import Forbidden
from tests.assistance.caring import a_permit, a_return, followed
from tests.portal.holding import herself
from tests.world import World, a_case, a_person


def test_she_sees_her_own_permits_and_when_she_is_asked(world: World) -> None:
    person_id, other = a_person(world.bruno), a_person(world.bruno)
    case_id = a_case(world.bruno, person_id)
    permit_id = a_permit(world.bruno, case_id, "inform", "apply")
    a_return(world.bruno, case_id)
    due = followed(world.bruno, case_id)[0].due_on
    a_permit(world.bruno, a_case(world.bruno, other))
    found = own_page(viewer=herself(world.bruno, person_id))
    assert ([row.pk for row in found.permits], found.returns, found.asked_on) == ([permit_id], ["preparing"], due)
    told = permits_of_own_page(herself(world.bruno, person_id), None)
    assert [str(name) for _row, name in told["permits"]] == ["Applied for"]


def test_nobody_else_opens_it_this_way(world: World) -> None:
    with pytest.raises(Forbidden):
        own_page(viewer=world.bruno)
