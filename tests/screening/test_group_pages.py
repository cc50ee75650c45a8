"""The pages of a group: open the event, answer for all, add people by code and people met for the first time."""

from uuid import UUID

from enlace.people.models import Person
from enlace.screening.models import Answer, GroupScreening, Screening
from tests.cases.pages import send, signed_in, token_in
from tests.screening.test_pages import shown
from tests.world import World, a_person


def opened(world: World) -> UUID:
    send(signed_in("alma"), "/screenings/groups/start/", {"protocol": "group_visit", "state": "XX-N"})
    return GroupScreening.objects.get().pk


def test_an_event_is_opened_answered_for_all_and_joined(world: World) -> None:
    client, pk = signed_in("alma"), opened(world)
    address = f"/screenings/groups/{pk}/1/"
    page = client.get(address)
    assert "Each person is asked apart" not in page.text
    answer = send(client, address, {**shown(page), "q_state": "XX-N", "q_locked": "yes"}, token_in(page))
    assert answer.url == f"/screenings/groups/{pk}/"
    code = Person.objects.get(pk=a_person(world.alma)).code
    joined = {"codes": f" {code.lower()} \n", "count": "2", "sex": "female", "age_group": "", "citizenship": "MX"}
    assert send(client, f"/screenings/groups/{pk}/people/", joined).url == f"/screenings/groups/{pk}/"
    assert Screening.objects.filter(group=pk).count() == 3
    assert Answer.objects.filter(copied_from__isnull=False).count() == 6
    assert code in client.get(f"/screenings/groups/{pk}/").text


def test_a_member_sees_that_an_answer_is_the_groups_and_may_say_otherwise(world: World) -> None:
    client, pk = signed_in("alma"), opened(world)
    address = f"/screenings/groups/{pk}/1/"
    page = client.get(address)
    send(client, address, {**shown(page), "q_locked": "yes"}, token_in(page))
    send(client, f"/screenings/groups/{pk}/people/", {"count": "1", "sex": "male"})
    member = Screening.objects.get(group=pk)
    send(client, f"/screenings/{member.pk}/safety/", {"step_apart": "on"})
    own = client.get(f"/screenings/{member.pk}/1/")
    assert "Answered for the whole group: Yes" in own.text
    send(client, f"/screenings/{member.pk}/1/", {**shown(own), "q_locked": "no"}, token_in(own))
    newest = Answer.objects.filter(screening=member, question_code="locked").order_by("-revision")[0]
    assert (newest.value, newest.copied_from) == ("no", None)


def test_an_unknown_code_is_told_by_its_line_and_nobody_is_added(world: World) -> None:
    client, pk = signed_in("alma"), opened(world)
    foreign = Person.objects.get(pk=a_person(world.bruno)).code
    mine = Person.objects.get(pk=a_person(world.alma)).code
    before = Person.objects.count()
    page = send(
        client, f"/screenings/groups/{pk}/people/", {"codes": f"{mine}\n{foreign}", "count": "1", "sex": "male"}
    )
    assert page.status_code == 422
    assert "line 2" in page.text
    assert foreign not in page.text.split("summary-box")[1].split("</div>")[0]
    assert (Screening.objects.count(), Person.objects.count()) == (0, before)


def test_adding_nobody_is_no_step(world: World) -> None:
    client, pk = signed_in("alma"), opened(world)
    for data in ({}, {"count": "1"}, {"count": "51", "sex": "male"}):
        assert send(client, f"/screenings/groups/{pk}/people/", data).status_code == 422


def test_a_group_of_another_agency_is_not_there(world: World) -> None:
    pk = opened(world)
    client = signed_in("bruno")
    for address in ("", "1/", "people/"):
        assert client.get(f"/screenings/groups/{pk}/{address}").status_code == 404
