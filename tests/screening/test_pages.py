"""The pages of one screening, from its beginning to the decision, without script."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from enlace.screening.models import Answer, Screening
from tests.cases.pages import in_spanish, queries_of, send, signed_in, token_in, told
from tests.screening.talks import LITTLE, PRESUMED, a_screening, decided, finished, said
from tests.world import World, a_person

NOT_SAID = re.compile(r"not a victim|no es víctima|no víctima", re.IGNORECASE)


def shown(page: Any) -> dict[str, str]:
    """What the page sends along with the answers: which questions it shows, and at which revision."""
    found = dict(re.findall(r'name="(seen_\w+)" value="(\d+)"', page.text))
    found["shown"] = re.findall(r'name="shown" value="([^"]*)"', page.text)[0]
    return found


def fill(client: Client, screening_id: UUID, number: int, **typed: object) -> Any:
    """Open one section as a person does, fill it in and send it."""
    address = f"/screenings/{screening_id}/{number}/"
    page = client.get(address)
    return send(client, address, {**shown(page), **typed}, token_in(page))


def test_a_screening_is_walked_from_its_beginning_to_the_decision(world: World) -> None:
    client, person_id = signed_in("alma"), a_person(world.alma, birth_year=None)
    begun = send(client, f"/screenings/start/?person={person_id}", {"protocol": "first_talk", "state": "XX-N"})
    pk = Screening.objects.get().pk
    assert begun.url == f"/screenings/{pk}/safety/"
    assert send(client, begun.url, {"step_alone": "on"}).url == f"/screenings/{pk}/1/"
    assert fill(client, pk, 1, q_age="30", q_detained="no").url == f"/screenings/{pk}/2/"
    opened = fill(client, pk, 2, q_works="yes", q_promised=["work"])
    assert opened.url == f"/screenings/{pk}/2/", "its answers opened more questions"
    assert fill(client, pk, 2, q_works="yes", q_leave="never", q_hours="16").url == f"/screenings/{pk}/3/"
    assert fill(client, pk, 3, q_papers="boss", q_watched="yes", q_more="Algo más").url == f"/screenings/{pk}/4/"
    assert fill(client, pk, 4, q_act=["recruited"]).url == f"/screenings/{pk}/finish/"
    check = client.get(f"/screenings/{pk}/finish/")
    assert "Somebody I cannot ask for them" in check.text
    assert send(client, f"/screenings/{pk}/finish/", {}, token_in(check)).url == f"/screenings/{pk}/"
    page = client.get(f"/screenings/{pk}/")
    assert "Presumed: there are indications of trafficking" in told(page)
    assert "Could not leave the work" in told(page)
    send(client, f"/screenings/{pk}/decide/", {"class_code": "presumed", "reason": "All of it."})
    assert Screening.objects.get().decided_code == "presumed"


def test_without_a_person_the_page_leads_to_the_search(world: World) -> None:
    page = signed_in("alma").get("/screenings/start/")
    assert page.status_code == 200
    assert "/people/" in told(page)
    assert signed_in("alma").get("/screenings/start/?person=no-such").status_code == 404


def test_leaving_a_page_half_filled_saves_it_and_leads_back_to_the_screening(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    assert fill(client, pk, 2, q_works="yes", after="stop").url == f"/screenings/{pk}/"
    page = client.get(f"/screenings/{pk}/")
    assert f"/screenings/{pk}/1/" in page.text
    assert 'value="yes" id="id_q_works_0" checked' in client.get(f"/screenings/{pk}/2/").text.replace(" required", "")


def test_the_reasons_for_no_answer_are_kept_and_shown_again(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    fill(client, pk, 2, q_works="!prefers_not_to_say", q_promised=["!not_asked"])
    fill(client, pk, 1, n_age="does_not_know")
    states = dict(Answer.objects.values_list("question_code", "state"))
    assert states == {"works": "prefers_not_to_say", "promised": "not_asked", "age": "does_not_know"}
    assert "Prefers not to say" in client.get(f"/screenings/{pk}/finish/").text


def test_an_answer_and_a_reason_for_none_are_not_both_taken(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    for number, typed in ((1, {"q_age": "30", "n_age": "not_asked"}), (2, {"q_promised": ["work", "!not_asked"]})):
        page = fill(client, pk, number, **typed)
        assert page.status_code == 422
        assert "either an answer or the reason" in page.text
    assert not Answer.objects.exists()


def test_what_is_emptied_again_counts_as_not_asked(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    fill(client, pk, 1, q_age="30")
    fill(client, pk, 1, q_age="")
    assert list(Answer.objects.order_by("revision").values_list("value", "state")) == [
        (30, "given"),
        (None, "not_asked"),
    ]


def test_a_text_left_empty_stays_and_is_never_shown_on_the_page(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    fill(client, pk, 3, q_more="Nadie nos deja salir")
    page = client.get(f"/screenings/{pk}/3/")
    assert "Nadie nos deja salir" not in page.text
    assert "A text was sealed" in page.text
    fill(client, pk, 3, q_watched="yes")
    assert Answer.objects.filter(question_code="more").count() == 1


def test_who_comes_second_sees_the_other_answer_and_may_correct_it(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    page = client.get(f"/screenings/{pk}/2/")
    said(world.alma, pk, {"works": "no"})
    late = send(client, f"/screenings/{pk}/2/", {**shown(page), "q_works": "yes"}, token_in(page))
    assert late.status_code == 422
    assert "Somebody else has answered this meanwhile" in late.text
    again = send(client, f"/screenings/{pk}/2/", {**shown(late), "q_works": "yes"}, token_in(late))
    assert again.status_code == 302
    assert list(Answer.objects.order_by("revision").values_list("value", flat=True)) == ["no", "yes"]


def test_a_forged_question_changes_nothing(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    page = client.get(f"/screenings/{pk}/2/")
    forged = {**shown(page), "shown": "works papers no_such", "q_papers": "boss", "q_no_such": "x", "q_works": "no"}
    send(client, f"/screenings/{pk}/2/", forged, token_in(page))
    assert list(Answer.objects.values_list("question_code", flat=True)) == ["works"]


def test_an_answer_that_no_question_offers_is_refused_in_place(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    assert fill(client, pk, 1, q_age="400").status_code == 422
    assert fill(client, pk, 2, q_works="perhaps").status_code == 422
    assert not Answer.objects.exists()


def live(client: Client, pk: UUID, **typed: object) -> Any:
    page = client.get(f"/screenings/{pk}/2/")
    return client.post(f"/screenings/{pk}/2/questions/", {**shown(page), **typed}, headers={"HX-Request": "true"})


def test_the_questions_follow_what_is_chosen_before_anything_is_saved(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    assert live(client, pk, q_works="no").status_code == 204
    more = live(client, pk, q_works="yes", q_promised=["papers"])
    assert re.findall(r'id="place_(\w+)"', more.text) == ["leave", "hours"], "nothing else is touched"
    assert more.text.count('hx-swap-oob="true"') == 3
    assert shown(more)["shown"].split() == ["promised", "works", "leave", "hours"]
    assert not Answer.objects.exists()


def test_a_question_that_is_no_longer_asked_leaves_its_place_empty(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    fill(client, pk, 2, q_works="yes")
    less = live(client, pk, q_works="no")
    assert re.findall(r'id="place_(\w+)" hidden', less.text) == ["leave", "hours"]
    assert "q_leave" not in less.text


@pytest.mark.parametrize("values", [LITTLE, PRESUMED])
def test_no_page_says_that_somebody_is_not_a_victim(world: World, values: dict[str, object]) -> None:
    screening_id = finished(world.alma, values).screening_id
    client = signed_in("alma")
    for address in (f"/screenings/{screening_id}/", f"/screenings/{screening_id}/decide/", "/screenings/"):
        assert not NOT_SAID.search(client.get(address).text)
        with in_spanish(signed_in("alma")) as spanish:
            assert not NOT_SAID.search(spanish.get(address).text)


def test_what_is_decided_offers_no_decision_and_no_correction_any_more(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    client = signed_in("alma")
    assert client.get(f"/screenings/{screening_id}/correct/works/").status_code == 200
    decided(world.alma, screening_id, "presumed")
    for step in ("decide", "correct/works"):
        assert client.get(f"/screenings/{screening_id}/{step}/").status_code == 409


def test_a_correction_is_made_on_its_page(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    client = signed_in("alma")
    address = f"/screenings/{screening_id}/correct/papers/"
    assert send(client, address, {"q_papers": "me"}).status_code == 422
    assert send(client, address, {"q_papers": "me", "reason": "Misheard"}).status_code == 302
    assert "Misheard" in client.get(f"/screenings/{screening_id}/").text


def test_a_sealed_text_is_opened_for_a_purpose(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED | {"more": "Nadie nos deja salir"}).screening_id
    client = signed_in("alma")
    assert "Nadie nos deja salir" not in client.get(f"/screenings/{screening_id}/").text
    address = f"/screenings/{screening_id}/texts/"
    assert "Nadie nos deja salir" in client.post(address, {"purpose": "plan_care"}).text
    assert "Nadie nos deja salir" not in client.post(address, {"purpose": ""}).text


def test_the_pages_of_a_screening_take_few_queries(world: World) -> None:
    screening_id, under_way = finished(world.alma, PRESUMED).screening_id, a_screening(world.alma)
    said(world.alma, under_way, PRESUMED)
    client = signed_in("alma")
    assert queries_of(client, f"/screenings/{screening_id}/") <= 25
    assert queries_of(client, f"/screenings/{under_way}/2/") <= 20


def test_a_draft_brings_back_the_questions_that_it_had_opened(world: World) -> None:
    client, pk = signed_in("alma"), a_screening(world.alma)
    address = f"/screenings/{pk}/2/"
    typed = {**shown(client.get(address)), "q_works": "yes", "q_hours": "15"}
    client.post(f"{address}?do=draft", {**typed, "shown": "promised works leave hours"})
    page = client.get(address)
    assert 'name="q_hours" value="15"' in page.text
    assert not Answer.objects.exists()
