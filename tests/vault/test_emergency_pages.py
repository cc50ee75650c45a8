"""The pages of an emergency: found by code or by a match, opened with words, read under a banner, answered, reviewed."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from enlace.people import queries as people
from enlace.vault.actions import reseal_identity
from enlace.vault.rules import Identity
from tests.cases.pages import send, signed_in, told
from tests.vault.breaking import a_stranger, an_emergency, now_over, row_of
from tests.world import World, a_person

SAID = {"reason": "medical", "words": "Invented: it cannot wait."}


def found(browser: Client, code: str) -> str:
    """The address to which finding the person leads."""
    answer = browser.post("/people/emergency/", {"code": code})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def opened(world: World, browser: Client, person_id: UUID, **said: str) -> str:
    """The address of the record after all steps."""
    code = people.person(viewer=world.bruno, person_id=person_id).code
    page = browser.get(found(browser, code))
    token = re.search(r'name="found" value="([^"]+)"', page.text)
    assert token
    answer = send(browser, "/people/emergency/open/", {"found": token[1], **SAID, **said})
    assert answer.status_code == 302, told(answer)
    return str(answer.headers["Location"])


def test_from_the_code_to_the_record_under_a_banner(world: World) -> None:
    browser = signed_in("alma")
    address = opened(world, browser, a_stranger(world))
    page = browser.get(address)
    assert "Emergency access" in page.text
    assert "Each reading is recorded and reviewed." in page.text
    assert "Siete" not in page.text
    shown = browser.post(f"{address}identity/").text
    assert "Inventada Siete" in shown
    assert "Emergency access" in shown
    assert "Imaginaria" not in shown
    fragment = browser.post(f"{address}identity/", headers={"HX-Request": "true"})
    assert "Inventada Siete" in fragment.text
    assert "<html" not in fragment.text
    assert address in browser.get("/").text, "it stands in the work queue"


def test_a_code_of_the_own_agency_leads_to_the_record_itself_and_a_wrong_one_says_so(world: World) -> None:
    code = people.person(viewer=world.bruno, person_id=a_stranger(world)).code
    assert found(signed_in("lucas"), code).startswith("/people/")
    wrong = signed_in("alma").post("/people/emergency/", {"code": "P-2222-2222-2"})
    assert wrong.status_code == 422
    assert "There is no person with this code." in wrong.text


def test_without_having_found_anybody_nothing_opens(world: World) -> None:
    answer = send(signed_in("alma"), "/people/emergency/open/", SAID)
    assert answer.status_code == 422
    assert "Look for the person again" in answer.text


def test_a_match_offers_it_to_who_may_and_tells_nothing_more(world: World) -> None:
    identity = Identity(given_names="Persona", documents=(("passport", "INVENTED 77"), ("national_id", "MADE UP 77")))
    person_id = a_person(world.bruno, identity=identity, birth_year=1996)
    reseal_identity(by=world.bruno, person_id=person_id, identity=Identity(birth_date=date(1996, 3, 9)))
    asked = {
        "document_type": "passport",
        "document_number": "INVENTED 77",
        "birth_date": "1996-03-09",
        "purpose": "safety",
    }
    browser = signed_in("hilda")
    page = browser.post("/people/elsewhere/", asked).text
    link = re.search(r'href="(/people/emergency/open/\?found=[^"]+)"', page)
    assert link
    assert str(person_id) not in page
    form = browser.get(link[1])
    token = re.search(r'name="found" value="([^"]+)"', form.text)
    assert token
    answer = send(browser, "/people/emergency/open/", {"found": token[1], **SAID})
    assert row_of(UUID(answer.headers["Location"].split("/")[2])).person_id == person_id


def test_the_second_person_answers_on_a_page_of_the_work_queue(world: World) -> None:
    browser, second = signed_in("alma"), signed_in("bruno")
    address = opened(world, browser, a_stranger(world))
    assert "Ask for a second person" in browser.get(address).text
    assert browser.post(f"{address}ask/").status_code == 302
    assert f"{address}answer/" in second.get("/").text
    page = second.get(f"{address}answer/")
    assert SAID["words"] in page.text
    assert "Siete" not in page.text
    assert send(second, f"{address}answer/", {"answer": "yes"}).status_code == 302
    assert "Imaginaria" in browser.post(f"{address}identity/").text
    assert "Nobody waits for this answer any more" in second.get(f"{address}answer/").text


def test_over_every_page_of_it_is_gone(world: World) -> None:
    browser, emergency_id = signed_in("alma"), an_emergency(world.alma, a_stranger(world))
    address = f"/emergencies/{emergency_id}/"
    assert browser.get(address).status_code == 200
    now_over(emergency_id)
    assert [browser.get(address).status_code, browser.post(f"{address}identity/").status_code] == [404, 404]
    assert browser.post(f"{address}ask/").status_code == 409
    assert address not in browser.get("/").text


def test_given_back_by_its_button(world: World) -> None:
    browser, emergency_id = signed_in("alma"), an_emergency(world.alma, a_stranger(world))
    assert browser.post(f"/emergencies/{emergency_id}/end/").status_code == 302
    assert browser.get(f"/emergencies/{emergency_id}/").status_code == 404


@pytest.mark.parametrize("name", ["hilda", "bruno", "lucas", "omar", "carla", "gema"])
def test_nobody_else_opens_its_pages(world: World, name: str) -> None:
    address = f"/emergencies/{an_emergency(world.alma, a_stranger(world))}/"
    browser = signed_in(name)
    answers = [browser.get(address), *(browser.post(f"{address}{step}/") for step in ("identity", "ask", "end"))]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert row_of(UUID(address.split("/")[2])).ended_at is None


def test_the_officer_sees_what_was_read_and_judges_and_the_agency_in_charge_sees_that_it_happened(world: World) -> None:
    person_id = a_stranger(world)
    emergency_id = an_emergency(world.alma, person_id)
    signed_in("alma").post(f"/emergencies/{emergency_id}/identity/")
    officer, address = signed_in("gema"), f"/emergencies/{emergency_id}/review/"
    assert address in officer.get("/").text
    assert address in officer.get("/emergencies/").text
    page = officer.get(address).text
    for sentence in ("Read who the person is", "Opened the record", SAID["words"], "This access still runs"):
        assert sentence in page
    assert "Siete" not in page
    assert send(officer, address, {"verdict": "raised", "words": "Invented: no emergency."}).status_code == 302
    assert "Invented: no emergency." in officer.get(address).text
    assert signed_in("alma").get(f"/emergencies/{emergency_id}/").status_code == 404
    in_charge = signed_in("lucas").get(f"/people/{person_id}/").text
    assert "Opened by others in an emergency" in in_charge
    assert SAID["words"] in in_charge
    assert f"/people/{person_id}/#emergencies-title" in signed_in("lucas").get("/").text
