"""Where screenings are found again: the list, the work queue, the pages of the person and of the case."""

from enlace.accounts.views.home import queue
from enlace.base.actor import Actor
from tests.cases.pages import queries_of, signed_in, told
from tests.screening.talks import LITTLE, PRESUMED, a_screening, decided, finished, row_of
from tests.world import World, a_case, a_person


def waits(viewer: Actor) -> dict[str, list[str]]:
    """The groups of the work queue that have something in them, with the codes."""
    return {group.name: [item.code for item in group.items] for group in queue(viewer) if group.items}


def test_the_list_shows_the_agencys_own_and_narrows_them(world: World) -> None:
    mine, open_one = finished(world.alma, PRESUMED).screening_id, a_screening(world.alma)
    theirs = finished(world.bruno, LITTLE).screening_id
    client = signed_in("alma")
    everything = told(client.get("/screenings/"))
    assert row_of(mine).code in everything
    assert row_of(open_one).code in everything
    assert row_of(theirs).code not in everything
    for query, wanted in (("status=draft", open_one), ("result=presumed", mine)):
        page = told(client.get(f"/screenings/?{query}"))
        assert [row_of(pk).code in page for pk in (mine, open_one)] == [pk == wanted for pk in (mine, open_one)]
    assert row_of(mine).code in told(client.get("/screenings/?whose=mine"))


def test_a_page_costs_the_same_however_many_rows_it_has(world: World) -> None:
    client = signed_in("alma")
    a_screening(world.alma)
    one = queries_of(client, "/screenings/")
    for _ in range(5):
        a_screening(world.alma)
    assert queries_of(client, "/screenings/") == one


def test_the_work_queue_says_what_waits_and_stops_when_it_is_done(world: World) -> None:
    under_way = a_screening(world.alma)
    little, held = finished(world.alma, LITTLE), finished(world.alma, PRESUMED | {"detained": "yes"})
    codes = {name: row_of(pk).person.code for name, pk in (("under", under_way), ("little", little.screening_id))}
    code = row_of(held.screening_id).person.code
    found = waits(world.alma)
    assert (found["asking"], found["seconds"], found["detained"]) == ([codes["under"]], [codes["little"]], [code])
    assert set(found["screenings"]) == {codes["little"], code}
    decided(world.alma, held.screening_id, "presumed")
    assert waits(world.alma)["screenings"] == [codes["little"]]


def test_nothing_of_it_waits_for_another_agency(world: World) -> None:
    finished(world.alma, PRESUMED | {"detained": "yes"})
    assert not {"asking", "seconds", "detained", "screenings"} & set(waits(world.bruno))


def test_the_person_and_the_case_show_what_was_screened(world: World) -> None:
    person_id = a_person(world.bruno)
    case_id = a_case(world.bruno, person_id)
    finding = finished(world.bruno, PRESUMED, person_id)
    decided(world.bruno, finding.screening_id, "presumed")
    client = signed_in("bruno")
    for address in (f"/people/{person_id}/", f"/cases/{case_id}/"):
        assert f"/screenings/{finding.screening_id}/" in client.get(address).text
    assert "Screening decided" in client.get(f"/cases/{case_id}/?kind=screening").text
    assert f"/screenings/start/?person={person_id}" in client.get(f"/people/{person_id}/").text
