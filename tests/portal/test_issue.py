"""Giving the number: asked first whether it can be kept safely, shown once, replaced, refused, closed, run out."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from enlace.audit.models import AuditEvent
from enlace.base.clocks import run_clocks
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.country.queries import current
from enlace.intake import receipts
from enlace.portal import actions, rules
from enlace.portal.actions import Giving
from enlace.portal.models import OwnPage
from tests.cases.pages import send, signed_in, token_in
from tests.intake.telling import everything_stored, hidden
from tests.own import together
from tests.portal.holding import SEEN, a_page, open_own
from tests.world import World, a_person

NUMBER = re.compile(r"data-number[^>]*>(\d{4} \d{4} \d{4} \d{4})<")


def given(world: World, person_id: Any, **said: str) -> Any:
    address = reverse("portal:issue", args=[person_id])
    return send(signed_in("bruno"), address, {"kept_as": "paper", "keeper": "person", **said})


def test_the_number_is_shown_once_and_only_its_digest_is_stored(world: World) -> None:
    person_id = a_person(world.bruno)
    found = NUMBER.search(given(world, person_id).text)
    assert found
    stored = everything_stored()
    assert found[1] not in stored
    assert receipts.read_number(found[1]) not in stored
    assert re.fullmatch(r"[0-9a-f]{64}", OwnPage.objects.get().digest)
    assert SEEN in open_own(found[1]).text


def test_the_same_form_sent_twice_gives_one_number(world: World) -> None:
    person_id = a_person(world.bruno)
    client, address = signed_in("bruno"), reverse("portal:issue", args=[person_id])
    token = token_in(client.get(address))
    said = {"kept_as": "paper", "keeper": "person"}
    assert NUMBER.search(send(client, address, said, token).text)
    assert send(client, address, said, token).status_code == 302
    assert OwnPage.objects.count() == 1


def test_giving_is_on_record_and_the_number_is_not(world: World) -> None:
    person_id = a_person(world.bruno)
    number = a_page(world.bruno, person_id)
    event = AuditEvent.objects.get(action="page.issued")
    assert (event.chain, event.actor_id, event.subject_id) == ("prosecutor-north", world.bruno.id, str(person_id))
    assert event.detail == {"kept_as": "paper", "keeper": "person", "replaced": 0}
    assert number not in str(event.detail)


def test_nothing_is_given_before_the_question_is_answered(world: World) -> None:
    person_id = a_person(world.bruno)
    page = send(signed_in("bruno"), reverse("portal:issue", args=[person_id]), {"keeper": "person"})
    assert page.status_code == 422
    with pytest.raises(Refusal, match="kept safely"):
        actions.issue_page(by=world.bruno, row=Giving(person_id=person_id, number="1" * 16, kept_as=rules.NOTHING))
    assert not OwnPage.objects.exists()


def test_a_person_may_refuse_and_that_is_kept_without_a_number(world: World) -> None:
    person_id = a_person(world.bruno)
    number = a_page(world.bruno, person_id)
    assert given(world, person_id, kept_as="nothing").status_code == 302
    assert list(OwnPage.objects.order_by("issued_at").values_list("status", flat=True)) == ["closed", "refused"]
    assert open_own(number).status_code == 422
    assert "did not want a number" in signed_in("bruno").get(reverse("vault:person", args=[person_id])).text


def test_a_second_number_replaces_the_first_whichever_agency_gave_it(world: World) -> None:
    from enlace.people.actions import make_known

    person_id = a_person(world.bruno)
    first = a_page(world.bruno, person_id)
    make_known(by=world.bruno, person_ids=[person_id], agency_code="ngo-harbour")
    second = a_page(world.carla, person_id)
    assert open_own(first).status_code == 422
    assert SEEN in open_own(second).text
    assert OwnPage.objects.get(status="replaced").ended_by == world.carla.id


def test_two_desks_at_once_leave_one_good_number(own_world: World) -> None:
    person_id = a_person(own_world.bruno)

    def work(number: int) -> str:
        return a_page(own_world.bruno, person_id)

    made = together(work, 8)
    assert [error for error in made if isinstance(error, Exception)] == []
    assert sum(SEEN in open_own(number).text for number in made) == 1


@pytest.mark.parametrize("facts", [{"birth_year": None}, {"birth_year": timezone.localdate().year - 10}])
def test_for_who_is_or_may_be_a_child_somebody_answers_who_may(world: World, facts: dict[str, Any]) -> None:
    person_id = a_person(world.bruno, **facts)
    page = given(world, person_id)
    assert page.status_code == 422
    assert "This may be a child" in page.text
    assert NUMBER.search(given(world, person_id, keeper="child_protection_authority").text)
    assert OwnPage.objects.get().keeper_code == "child_protection_authority"


def test_the_sheet_says_what_to_do_and_not_what_it_is(world: World) -> None:
    page = given(world, a_person(world.bruno))
    found = NUMBER.search(page.text)
    assert found
    pk = OwnPage.objects.get().person_id
    answer = signed_in("bruno").post(reverse("portal:sheet", args=[pk]), {"pass": hidden(page)["pass"]})
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join("".join(sheet.extract_text() for sheet in reader.pages).split())
    assert found[1].replace(" ", "") in text.replace(" ", "")
    assert reverse("portal:own") in text
    told = f"{text} {reader.metadata} {answer['Content-Disposition']}".lower()
    for word in ("enlace", "víctima", "victim", "trata", "traffick", "bruno", "prosecutor", "northmark"):
        assert word not in told
    assert AuditEvent.objects.filter(action="page.printed").count() == 1


@pytest.mark.parametrize("what", ["by heart", "closed", "forged", "of another"])
def test_no_sheet_is_printed_of(world: World, what: str) -> None:
    person_id, other = a_person(world.bruno), a_person(world.bruno)
    page = given(world, person_id)
    sheet = hidden(page)["pass"] if what != "forged" else "00" * 40
    if what == "by heart":
        page = given(world, person_id, kept_as="memory")
        assert "to print" not in page.text
    if what == "closed":
        actions.close_page(by=world.bruno, person_id=person_id)
    address = reverse("portal:sheet", args=[other if what == "of another" else person_id])
    assert signed_in("bruno").post(address, {"pass": sheet}).status_code == 409


def test_closing_at_the_desk_is_confirmed_and_stops_the_number_at_once(world: World) -> None:
    person_id = a_person(world.bruno)
    number = a_page(world.bruno, person_id)
    client, address = signed_in("bruno"), reverse("portal:close", args=[person_id])
    assert "stops working at once" in client.get(address).text
    assert send(client, address, {}).status_code == 302
    assert open_own(number).status_code == 422
    assert client.get(address).status_code == 409
    with pytest.raises(Refusal):
        actions.close_page(by=world.bruno, person_id=person_id)


def test_the_clock_marks_what_has_run_out_once(world: World) -> None:
    a_page(world.bruno, a_person(world.bruno))
    later = timezone.now() + current().limits["own_page"]
    assert run_clocks(later - timedelta(minutes=1))["own_pages"] == 0
    assert run_clocks(later)["own_pages"] == 1
    assert run_clocks(later)["own_pages"] == 0
    assert OwnPage.objects.get().status == "expired"


def test_only_who_may_give_it_and_knows_the_person(world: World) -> None:
    person_id = a_person(world.bruno)
    row = Giving(person_id=person_id, number="1" * 16)
    with pytest.raises(Forbidden):
        actions.issue_page(by=world.alma, row=row)
    with pytest.raises(Missing):
        actions.issue_page(by=world.omar, row=row)
    with pytest.raises(Missing):
        actions.refuse_page(by=world.omar, person_id=person_id)
    with pytest.raises(Refusal):
        actions.close_page(by=world.omar, person_id=person_id)
    with pytest.raises(Refusal, match="who keeps"):
        actions.issue_page(by=world.bruno, row=Giving(person_id=person_id, number="1" * 16, keeper_code="nobody"))
    assert "111111" not in repr(row)
