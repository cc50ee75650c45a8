"""The desk in a browser: a contact on one screen, kept while it is typed, and what can be done from its page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from enlace.intake import actions
from enlace.intake.models import Contact, ContactPerson, ContactStep
from enlace.intake.queries import contact_detail
from enlace.people.models import Person
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.cases.pages import in_spanish, queries_of, send, signed_in, token_in, told
from tests.intake.contacts import a_contact, at_risk
from tests.world import World, a_case, a_person

ADDRESS = "/contacts/new/hotline_call/"
SAID = {"disposition": "possible_trafficking", "risk": "high", "precision": "state", "state": "XX-N"}


def record(client: Any, **changes: object) -> Any:
    return send(client, ADDRESS, SAID | changes)


def test_a_call_is_recorded_on_one_screen_with_its_time_and_its_people(world: World) -> None:
    browser = signed_in("hilda")
    opened = re.search(r'name="opened_at" value="([^"]+)"', browser.get(ADDRESS).text)
    assert opened
    begun = (timezone.localtime() - timedelta(minutes=7)).isoformat()
    people = {"p0_role": "caller", "p1_role": "at_risk", "p1_count": "3", "p1_sex": "female", "p1_nation": "méxico"}
    answer = record(browser, opened_at=begun, told="an invented story", own_heard_of="poster", **people)
    found = Contact.objects.get()
    assert answer.headers["Location"] == f"/contacts/{found.pk}/"
    assert 415 <= found.seconds <= 425
    assert (found.state_code, found.risk_code, found.fields) == ("XX-N", "high", {"heard_of": "poster"})
    rows = ContactPerson.objects.values_list("role_code", "sex_code", "citizenship_codes")
    assert sorted(rows) == [("at_risk", "female", ["MX"])] * 3 + [("caller", "", [])]


@pytest.mark.parametrize(
    "begun", ["", "no time", "2020-01-01T10:00:00+00:00", "2999-01-01T10:00:00+00:00", "2026-01-01T10:00"]
)
def test_a_time_that_cannot_be_is_now(world: World, begun: str) -> None:
    record(signed_in("hilda"), opened_at=begun)
    found = Contact.objects.get()
    assert found.seconds == 0
    assert timezone.now() - found.opened_at < timedelta(minutes=1)


def test_other_doors_say_themselves_when_it_was_and_ask_their_own_fields(world: World) -> None:
    said = SAID | {"begun_on": "3/2/2025", "begun_at": "14:30", "own_people_found": "12", "own_informant": "yes"}
    send(signed_in("alma"), "/contacts/new/police/", said)
    found = Contact.objects.get()
    assert timezone.localtime(found.opened_at).strftime("%Y-%m-%d %H:%M") == "2025-02-03 14:30"
    assert (found.fields, found.is_sealed) == ({"people_found": 12}, True)


def test_a_channel_of_another_kind_of_agency_is_not_there(world: World) -> None:
    assert signed_in("hilda").get("/contacts/new/police/", follow=True).status_code == 404
    assert signed_in("alma").get(ADDRESS).status_code == 404
    assert signed_in("hilda").get("/contacts/new/").headers["Location"] == ADDRESS


def test_what_is_typed_is_kept_and_the_clock_goes_on(world: World) -> None:
    browser = signed_in("hilda")
    begun = (timezone.localtime() - timedelta(minutes=3)).isoformat()
    said = SAID | {"opened_at": begun, "told": "half a sentence", "p2_role": "at_risk", "own_heard_of": "friend"}
    assert browser.post(f"{ADDRESS}?do=draft", said).status_code == 200
    page = browser.get(ADDRESS).text
    assert "half a sentence" in page
    assert begun.replace("+", "&#x2B;") in page or begun in page
    assert re.search(r'name="p2_role".*?<option value="at_risk" selected', page, re.DOTALL)
    assert "half a sentence" not in signed_in("hilda").get("/contacts/new/hotline_chat/").text


def test_a_refused_form_keeps_every_field_and_names_what_is_wrong(world: World) -> None:
    wrong = {
        "disposition": "",
        "told": "a long story",
        "p0_sex": "female",
        "p1_role": "caller",
        "p1_nation": "Atlantis",
    }
    page = record(signed_in("hilda"), **wrong, place="by the mill", follow_up_at="10:00")
    assert page.status_code == 422
    for sentence in ("a long story", "in what role", "This country is not in the list", "only when the person allows"):
        assert sentence in page.text
    assert "Say on which day" in page.text
    assert not Contact.objects.exists()


def test_a_call_sent_twice_is_recorded_once(world: World) -> None:
    browser = signed_in("hilda")
    token = token_in(browser.get(ADDRESS))
    answers = [send(browser, ADDRESS, SAID, token) for _ in range(2)]
    assert {a.headers["Location"] for a in answers} == {f"/contacts/{Contact.objects.get().pk}/"}


def test_what_was_told_opens_only_for_a_reason(world: World) -> None:
    pk = a_contact(world.hilda, told={"told": "una casa azul", "code_word": "girasol"})
    browser = signed_in("hilda")
    assert "una casa azul" not in browser.get(f"/contacts/{pk}/").text
    assert browser.post(f"/contacts/{pk}/told/", {"purpose": ""}).status_code == 422
    page = browser.post(f"/contacts/{pk}/told/", {"purpose": "safety"}).text
    assert "una casa azul" in page
    assert "girasol" in page


def test_another_agency_finds_no_such_contact(world: World) -> None:
    pk = a_contact(world.hilda)
    for address in ("", "edit/", "add/", "people/", "close/", "notify/tip/"):
        assert signed_in("bruno").get(f"/contacts/{pk}/{address}").status_code == 404


def test_somebody_is_found_before_anybody_is_registered(world: World) -> None:
    known = a_person(world.hilda, identity=Identity(given_names="Persona", family_names="Inventada Uno"))
    someone = at_risk()
    pk = a_contact(world.hilda, people=(someone,))
    browser, address = signed_in("hilda"), f"/contacts/{pk}/people/{someone.id}/"
    name = {"given_names": "Persona", "family_names": "Inventada Uno"}
    page = send(browser, address, name | {"do": "search"})
    assert str(known) in page.text
    send(browser, address, name | {"do": "choose", "person": str(known)})
    assert ContactPerson.objects.get().person_id == known
    assert Person.objects.count() == 1


def test_who_is_not_found_is_registered_sealed_and_linked_at_once(world: World) -> None:
    someone = at_risk(age_group_code="unknown", citizenship_codes=("MX",))
    pk = a_contact(world.hilda, people=(someone,))
    browser, address = signed_in("hilda"), f"/contacts/{pk}/people/{someone.id}/"
    said = {"given_names": "Persona", "family_names": "Inventada Dos", "phone": "555 000 1234", "do": "register"}
    token = token_in(browser.get(address))
    for _ in range(2):
        assert send(browser, address, said, token).headers["Location"] == f"/contacts/{pk}/"
    person = Person.objects.get()
    assert (person.sex_code, person.citizenship_codes) == ("female", ["MX"])
    assert ContactPerson.objects.get().person_id == person.pk
    assert open_identity(viewer=world.hilda, person_id=person.pk, purpose="safety").family_names == "Inventada Dos"


def test_a_search_without_anything_to_search_by_is_refused(world: World) -> None:
    someone = at_risk()
    address = f"/contacts/{a_contact(world.hilda, people=(someone,))}/people/{someone.id}/"
    assert send(signed_in("hilda"), address, {"do": "search"}).status_code == 422
    assert send(signed_in("hilda"), address, {"do": "choose", "given_names": "x"}).status_code == 422


def test_the_steps_of_a_contact_are_offered_by_its_state(world: World) -> None:
    pk = a_contact(world.hilda)
    browser = signed_in("hilda")
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert send(browser, f"/contacts/{pk}/schedule/", {"on": "1/1/2020"}).status_code == 422
    send(browser, f"/contacts/{pk}/schedule/", {"on": f"{tomorrow:%d/%m/%Y}", "at": "16:00"})
    found = Contact.objects.get()
    assert found.status == "follow_up"
    assert found.follow_up_due
    assert timezone.localtime(found.follow_up_due).strftime("%H:%M") == "16:00"
    assert browser.get(f"/contacts/{pk}/reopen/").status_code == 409
    send(browser, f"/contacts/{pk}/reach/", {"told": "she is well"})
    send(browser, f"/contacts/{pk}/close/", {})
    assert Contact.objects.get().status == "closed"
    send(browser, f"/contacts/{pk}/reopen/", {})
    assert Contact.objects.get().status == "open"
    assert "she is well" in browser.post(f"/contacts/{pk}/told/", {"purpose": "safety"}).text


def test_who_calls_back_sees_first_how_it_is_safe_and_what_was_said_last_counts(world: World) -> None:
    due = timezone.now() + timedelta(hours=2)
    told = {"told": "said first", "number": "old number", "when": "after ten", "code_word": "lavender"}
    pk = a_contact(world.hilda, follow_up_due=due, told=told)
    browser, address = signed_in("hilda"), f"/contacts/{pk}/"
    page = browser.get(address).text
    assert page.index("Before you call") < page.index("Read what is sealed") < page.index("Nobody is recorded")
    assert "lavender" not in page
    send(browser, f"{address}add/", {"number": "new number"})
    opened = browser.post(f"{address}told/", {"purpose": "safety"}).text
    terms = opened[opened.index("How to reach the person safely") :]
    assert terms.index("new number") < terms.index("after ten") < terms.index("lavender") < terms.index("said first")
    assert terms.index("old number") > terms.index("lavender")


def test_every_promised_call_and_what_became_of_it_stays_on_the_page(world: World) -> None:
    now = timezone.now()
    pk = a_contact(world.hilda, follow_up_due=now + timedelta(hours=2))
    actions.schedule_follow_up(by=world.hilda, contact_id=pk, due=now + timedelta(hours=3))
    actions.reach_contact(by=world.hilda, contact_id=pk)
    actions.close_contact(by=world.hilda, contact_id=pk)
    steps = contact_detail(viewer=world.hilda, contact_id=pk).steps
    assert [step.verb for step in steps] == ["schedule", "schedule", "reach", "close"]
    assert [step.due is None for step in steps] == [False, False, True, True]
    page = signed_in("hilda").get(f"/contacts/{pk}/").text
    assert page.index("Calls and steps") < page.rindex("The call took place") < page.rindex("Contact closed")
    with pytest.raises(DatabaseError):
        ContactStep.objects.filter(contact_id=pk).delete()


def test_a_correction_starts_from_what_is_there_and_keeps_the_place_coarse(world: World) -> None:
    pk = a_contact(world.hilda, precision_code="municipality", state_code="XX-N", municipality="Villanueva")
    browser, address = signed_in("hilda"), f"/contacts/{pk}/edit/"
    assert 'value="Villanueva"' in browser.get(address).text
    said = {"disposition": "emergency", "risk": "immediate", "precision": "state", "state": "XX-N"}
    send(browser, address, said | {"municipality": "Villanueva"})
    found = Contact.objects.get()
    assert (found.disposition_code, found.risk_code, found.municipality) == ("emergency", "immediate", "")


def test_many_people_are_added_in_few_rows(world: World) -> None:
    pk = a_contact(world.hilda)
    said = {"p0_role": "at_risk", "p0_count": "40", "p0_sex": "male", "p1_role": "at_risk", "p1_count": "20"}
    send(signed_in("hilda"), f"/contacts/{pk}/people/", said)
    assert ContactPerson.objects.filter(contact=pk).count() == 60
    assert send(signed_in("hilda"), f"/contacts/{pk}/people/", {}).status_code == 422


def test_a_case_is_opened_from_a_contact_with_its_origin_and_its_state(world: World) -> None:
    person_id = a_person(world.hilda)
    pk = a_contact(world.hilda, people=(at_risk(person_id),), state_code="XX-S", precision_code="state")
    browser = signed_in("hilda")
    link = re.search(rf'href="(/people/{person_id}/case/[^"]*)"', browser.get(f"/contacts/{pk}/").text)
    assert link
    page = browser.get(link[1].replace("&amp;", "&")).text
    assert re.search(r'<option value="hotline" selected', page)
    assert re.search(r'<option value="XX-S" selected', page)


def test_the_contact_stands_on_the_pages_of_the_person_and_of_the_case(world: World) -> None:
    person_id = a_person(world.hilda)
    pk = a_contact(world.hilda, people=(at_risk(person_id),))
    case_id = a_case(world.hilda, person_id)
    browser = signed_in("hilda")
    for address in (f"/people/{person_id}/", f"/cases/{case_id}/"):
        assert f'href="/contacts/{pk}/"' in browser.get(address).text, address


def test_the_queue_holds_danger_promised_calls_and_notices(world: World) -> None:
    a_contact(world.hilda, follow_up_due=timezone.now() + timedelta(hours=2))
    a_contact(world.hilda, risk_code="immediate", opened_at=timezone.now() - timedelta(days=3), seconds=60)
    page = told(signed_in("hilda").get("/"))
    assert "Calls promised" in page
    assert "Open contacts" in page
    assert "overdue" in page


def test_a_contact_leaves_the_queue_when_somebody_has_seen_to_it(world: World) -> None:
    person_id = a_person(world.hilda)
    pk = a_contact(world.hilda, people=(at_risk(person_id),))
    browser, link = signed_in("hilda"), f'href="/contacts/{pk}/"'
    assert link in browser.get("/").text
    case_id = a_case(world.hilda, person_id)
    assert link not in browser.get("/").text
    page = browser.get(f"/contacts/{pk}/").text
    assert f'href="/cases/{case_id}/"' in page
    assert f'href="/cases/{case_id}/refer/"' in page


def test_a_contact_takes_the_same_queries_with_one_person_or_with_many(world: World) -> None:
    few = a_contact(world.hilda, people=(at_risk(a_person(world.hilda)),))
    many = a_contact(world.hilda, people=tuple(at_risk(a_person(world.hilda)) for _ in range(20)))
    browser = signed_in("hilda")
    assert queries_of(browser, f"/contacts/{few}/") == queries_of(browser, f"/contacts/{many}/")


def test_the_desk_speaks_spanish(world: World) -> None:
    with in_spanish(signed_in("hilda")) as browser:
        assert "Posible situación de trata" in browser.get(ADDRESS).text
