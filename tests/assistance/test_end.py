"""The last day of a service, and the list of what the own agency gave."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.assistance.actions import Given, end_service, record_services
from enlace.assistance.queries import own_service, service_page
from enlace.base.errors import Forbidden, Missing, Refusal
from tests.cases.pages import faulty, queries_of, send, signed_in, token_in
from tests.world import World, a_case


def begun(world: World, days_ago: int = 3, service: str = "MENTAL", case_id: object = None) -> object:
    on = timezone.localdate() - timedelta(days=days_ago)
    row = Given(case_id=case_id or a_case(world.bruno), service_code=service, started_on=on)
    return record_services(by=world.bruno, rows=[row])[0].pk


def test_it_ends_once_and_not_before_it_began(world: World) -> None:
    service_id, today = begun(world), timezone.localdate()
    with pytest.raises(Refusal, match="before"):
        end_service(by=world.bruno, service_id=service_id, on=today - timedelta(days=4))
    end_service(by=world.bruno, service_id=service_id, on=today)
    assert own_service(viewer=world.bruno, service_id=service_id).ended_on == today
    with pytest.raises(Refusal, match="already"):
        end_service(by=world.bruno, service_id=service_id, on=today)


def test_only_the_agency_that_gave_it_ends_it(world: World) -> None:
    service_id, today = begun(world), timezone.localdate()
    for by, expected in ((world.carla, Missing), (world.alma, Forbidden)):
        with pytest.raises(expected):
            end_service(by=by, service_id=service_id, on=today)
    assert signed_in("carla").get(f"/services/{service_id}/end/").status_code == 404


def test_the_page_ends_it_and_a_double_click_is_one(world: World) -> None:
    service_id, browser = begun(world), signed_in("bruno")
    address = f"/services/{service_id}/end/"
    assert send(browser, address, {"on": "pronto"}).status_code == 422
    token = token_in(browser.get(address))
    answers = [send(browser, address, {"on": "ayer"}, token) for _ in range(2)]
    assert {a.status_code for a in answers} == {302}
    assert len({a.headers["Location"] for a in answers}) == 1
    assert send(browser, address, {"on": "ayer"}).status_code == 422


def test_the_list_shows_the_own_agency_s_newest_first_and_can_be_narrowed(world: World) -> None:
    first, second = begun(world, 9, "LEGAL"), begun(world, 2)
    assert [row.pk for row in service_page(viewer=world.bruno).rows] == [second, first]
    page = signed_in("bruno").get("/services/?service=LEGAL").text
    assert re.findall(r"/services/([0-9a-f-]{36})/end/", page) == [str(first)]
    assert service_page(viewer=world.carla).rows == []
    with pytest.raises(Forbidden):
        service_page(viewer=world.alma)


@pytest.mark.parametrize("query", ["service=NO_SUCH", "service=%00", "service=%F1&service="])
def test_a_filter_that_does_not_exist_is_no_fault(world: World, query: str) -> None:
    begun(world)
    assert faulty("bruno").get(f"/services/?{query}").status_code == 200


def test_the_list_takes_as_many_queries_for_sixty_as_for_three(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    for _ in range(3):
        begun(world, case_id=case_id)
    few = queries_of(browser, "/services/")
    for _ in range(57):
        begun(world, case_id=case_id)
    assert queries_of(browser, "/services/") == few <= 20
