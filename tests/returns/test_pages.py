"""The pages of returns: fill in, submit, read, judge, and the map of who has answered."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from enlace.accounts.models import User
from enlace.base.actor import Actor
from enlace.returns import queries
from enlace.returns.models import PeriodicReturn
from tests.accounts.entering import enter
from tests.returns.cast import accepted, filled, opened, submitted
from tests.world import World


def page(client: Client, actor: Actor, name: str, *args: object, **query: str) -> str:
    enter(client, User.objects.get(pk=actor.id))
    answer = client.get(reverse(f"returns:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, actor: Actor, name: str, *args: object, **data: Any) -> Any:
    enter(client, User.objects.get(pk=actor.id))
    return client.post(reverse(f"returns:{name}", args=args), data, follow=True)


def test_an_agency_sees_what_it_owes_and_begins_it(client: Client, world: World) -> None:
    shown = page(client, world.bruno, "list")
    assert "What your agency answers" in shown
    assert "Justice return of the regions" in shown
    answer = send(client, world.bruno, "open", template="crown_justice", period="2024-H2", state="XX-N")
    assert "Northmark, second half of 2024" in answer.content.decode()


def test_an_agency_answers_for_a_period_that_ended_long_ago(client: Client, world: World) -> None:
    shown = page(client, world.bruno, "list")
    assert "Answer for an earlier period" in shown
    assert "2023" not in shown
    assert 'name="state" value="XX-N"' in shown
    assert "Answer for an agency" not in shown
    answer = send(client, world.bruno, "open", template="crown_justice", period="2023-H1", state="XX-N")
    assert "Northmark, first half of 2023" in answer.content.decode()


def test_who_answers_for_all_chooses_the_state(client: Client, world: World) -> None:
    shown = page(client, world.elena, "list")
    assert "Answer for an agency" in shown
    assert '<select id="for-state" name="state">' in shown


def test_a_form_without_script_is_saved_and_submitted(client: Client, world: World) -> None:
    row = opened(world.bruno)
    numbers = {"inquiries|": "7", "inquiries|form=sexual_use": "7", "charged|": "2", "convicted|": "1"}
    fills = {"fill-inquiries": "zero", "fill-found": "no_data", "fill-compensation": "not_asked"}
    answer = send(client, world.bruno, "return", row.pk, saves="0", submit="1", note="By letter.", **numbers, **fills)
    row.refresh_from_db()
    assert (answer.status_code, row.status, row.note) == (200, "submitted", "By letter.")
    assert queries.answers_of(row)["inquiries", (("form", "forced_crime"),)].kind == "zero"
    assert queries.answers_of(row)["compensation", ()].kind == "not_asked"


def test_what_is_wrong_is_said_at_its_cell_and_linked_from_the_top(client: Client, world: World) -> None:
    return_id = filled(world.bruno, {"inquiries|": "many", "charged|": "1", "convicted|": "2"})
    shown = page(client, world.bruno, "return", return_id)
    assert 'value="many"' in shown
    assert shown.count("Write a number, 0, ND (no data) or NP (not asked).") == 2
    assert "Those convicted are part of those charged. (2 / 1)" in shown
    answer = send(client, world.bruno, "submit", return_id)
    assert (answer.status_code, "2 things must be put right" in answer.content.decode()) == (409, True)


def test_a_form_of_yesterday_loses_nothing_and_overwrites_nothing(client: Client, world: World) -> None:
    row = opened(world.bruno)
    send(client, world.lucas, "return", row.pk, saves="0", **{"charged|": "9"})
    answer = send(client, world.bruno, "return", row.pk, saves="0", **{"charged|": "5"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has saved this return" in shown
    assert 'name="charged|" value="5"' in shown
    assert queries.answers_of(row)["charged", ()].value == 9


def test_the_judge_sees_the_numbers_beside_and_accepts(client: Client, world: World) -> None:
    accepted(world.bruno, world.elena, {"inquiries|": "10"}, period="2023-H2")
    return_id = submitted(world.bruno, {"inquiries|": "40"}, period="2024-H1")
    shown = page(client, world.elena, "return", return_id)
    assert "before: 10" in shown
    assert "less than half or more than twice" in shown
    for step in ("check", "accept"):
        assert send(client, world.elena, step, return_id).status_code == 200
    assert PeriodicReturn.objects.get(pk=return_id).status == "accepted"


def test_given_back_it_tells_why_and_is_corrected(client: Client, world: World) -> None:
    return_id = submitted(world.bruno)
    assert send(client, world.elena, "give_back", return_id, because="Count persons.").status_code == 200
    assert "Count persons." in page(client, world.bruno, "return", return_id)
    answer = send(client, world.bruno, "revise", return_id, because="Counted persons.")
    assert "revision 2" in answer.content.decode()


def test_a_file_goes_out_and_comes_back_the_same(client: Client, world: World) -> None:
    return_id = filled(world.bruno, {"inquiries|": "1200", "compensation|": "10.50", "charged|": "0"})
    row = PeriodicReturn.objects.get(pk=return_id)
    before = queries.answers_of(row)
    for kind in ("csv", "xlsx"):
        enter(client, User.objects.get(pk=world.bruno.id))
        content = client.get(reverse("returns:download", args=[return_id, kind])).content
        row.values.all().delete()
        answer = send(client, world.bruno, "upload", return_id, file=SimpleUploadedFile(f"return.{kind}", content))
        assert answer.status_code == 200
        assert queries.answers_of(row) == before


def test_the_map_says_how_many_states_reported(client: Client, world: World) -> None:
    accepted(world.bruno, world.elena, {"charged|": "3"}, period="2024-H1")
    accepted(world.bruno, world.elena, {"charged|": "0"}, period="2024-H2")
    submitted(world.elena, {"charged|": "4"}, period="2024-H1", state="XX-S")
    shown = page(client, world.elena, "completeness", year="2024", of="crown_justice.charged")
    assert "1 of 3 states reported Persons charged for 2024." in shown
    assert "Nothing reported" in shown
    assert "<svg" in shown
    enter(client, User.objects.get(pk=world.elena.id))
    text = client.get(reverse("returns:completeness_file"), {"year": "2024"}).content.decode()
    assert "crown_justice,charged,person,XX-N,state,2024-H2,zero,no" in text
    assert "crown_justice,charged,person,XX-S,state,2024-H1,missing,no" in text


def test_the_list_is_narrowed_and_keeps_its_number_of_questions(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    for period in ("2022-H1", "2022-H2", "2023-H1"):
        opened(world.bruno, period=period)
    enter(client, User.objects.get(pk=world.bruno.id))
    address = reverse("returns:list")
    client.get(address)
    with django_assert_max_num_queries(24):
        assert client.get(address, {"template": "crown_justice", "state": "XX-N"}).content.count(b"Northmark") > 3
    assert "No return here" in client.get(address, {"status": "accepted"}).content.decode()
