"""The boxes: received and sent, narrowed and paged on the server."""

import re

import pytest

from enlace.base.errors import Forbidden
from enlace.referrals.queries import ReferralFilter, referral_page
from tests.cases.pages import faulty, queries_of, signed_in
from tests.world import World, a_case, a_referral, accepted


def shown(page: object) -> list[str]:
    return re.findall(r'href="/referrals/([0-9a-f-]{36})/"', page.text)


def test_each_agency_has_its_two_boxes(world: World) -> None:
    case_id = a_case(world.bruno)
    first, second = a_referral(world.bruno, case_id), a_referral(world.bruno, case_id, to="shelter-isles")
    accepted(world.carla, first)
    for name, query, expected in (
        ("bruno", "box=out", [second, first]),
        ("bruno", "box=out&status=accepted", [first]),
        ("bruno", "", []),
        ("carla", "", [first]),
        ("carla", "status=sent", []),
        ("dora", "box=in", [second]),
        ("omar", "", []),
    ):
        page = signed_in(name).get(f"/referrals/?{query}")
        assert shown(page) == [str(pk) for pk in expected], (name, query)


@pytest.mark.parametrize("query", ["box=both", "status=no_such", "box=%00&status=%F1"])
def test_a_filter_that_does_not_exist_is_no_fault(world: World, query: str) -> None:
    assert faulty("carla").get(f"/referrals/?{query}").status_code == 200


def test_every_referral_stands_on_one_page(world: World) -> None:
    case_id = a_case(world.bruno)
    sent = {a_referral(world.bruno, case_id) for _ in range(7)}
    found, cursor = [], ""
    for _ in range(3):
        page = referral_page(viewer=world.carla, wanted=ReferralFilter(), cursor=cursor, size=3)
        found += [row.pk for row in page.rows]
        cursor = page.older
    assert cursor == ""
    assert len(found) == 7
    assert set(found) == sent
    with pytest.raises(Forbidden):
        referral_page(viewer=world.elena, wanted=ReferralFilter())


def test_the_list_and_the_queue_take_as_many_queries_for_sixty_as_for_three(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("carla")
    for _ in range(3):
        a_referral(world.bruno, case_id)
    few = {address: queries_of(browser, address) for address in ("/referrals/", "/")}
    for _ in range(57):
        a_referral(world.bruno, case_id)
    assert {address: queries_of(browser, address) for address in few} == few
    assert few["/referrals/"] <= 20
