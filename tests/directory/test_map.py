"""The map of the supply and its table: what each state has, for anybody or for one kind of person."""

from django.test import Client

from tests.cases.pages import faulty, signed_in
from tests.directory.houses import some_supply
from tests.world import World


def numbers(browser: Client, query: str = "") -> dict[str, list[int]]:
    """The figures of each row of the table by the state's code."""
    rows = browser.get(f"/directory/map/?{query}").context["rows"]
    return {code: [supply.sites, supply.specialised, supply.beds] for _name, code, supply in rows}


def test_the_table_counts_places_and_beds_of_each_state(world: World) -> None:
    some_supply(world)
    found = numbers(faulty("bruno"))
    assert (found["XX-I"][0], found["XX-I"][2]) == (1, 3)
    assert (found["XX-S"][0], found["XX-S"][2]) == (2, 4)
    assert found["XX-N"] == [0, 0, 0]  # the lock-up is barred by law


def test_the_map_and_the_table_say_the_same(world: World) -> None:
    some_supply(world)
    page = faulty("bruno").get("/directory/map/")
    drawn = {area.code: area.value for area in page.context["map"].areas}
    assert drawn == {code: supply.sites for _name, code, supply in page.context["rows"]}
    assert "<svg" in page.text


def test_the_map_narrows_to_a_person_and_a_service(world: World) -> None:
    some_supply(world)
    browser = faulty("bruno")
    assert numbers(browser, "sex=male&age=30")["XX-I"][0] == 0
    assert numbers(browser, "sex=female&age=30")["XX-I"][0] == 1
    assert {code for code, row in numbers(browser, "service=LEGAL").items() if row[0]} == {"XX-S"}


def test_a_filter_that_cannot_be_read_filters_nothing(world: World) -> None:
    some_supply(world)
    browser = faulty("bruno")
    assert numbers(browser, "sex=castle&age=minus") == numbers(browser)


def test_who_does_not_read_the_directory_sees_no_map(world: World) -> None:
    assert signed_in("gema").get("/directory/map/").status_code == 403
