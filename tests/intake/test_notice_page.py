"""Notices in a browser: sent from a contact, taken up from the queue, and what came of it back on the contact."""

import re

import pytest
from django.utils import timezone

from enlace.intake.models import Notice
from enlace.people.actions import Consent, record_consents
from tests.cases.pages import queries_of, send, signed_in, told
from tests.intake.contacts import a_contact, a_notice, at_risk
from tests.world import World, a_person


def test_a_tip_goes_from_the_contact_to_the_inbox_and_its_end_comes_back(world: World) -> None:
    contact_id = a_contact(world.hilda)
    desk, office = signed_in("hilda"), signed_in("bruno")
    send(desk, f"/contacts/{contact_id}/notify/tip/", {"state": "XX-N", "note": "an invented tip"})
    pk = Notice.objects.get().pk
    assert "Notices to take up" in told(office.get("/"))
    assert f'href="/notices/{pk}/"' in office.get("/notices/").text
    assert "an invented tip" not in office.get(f"/notices/{pk}/").text
    assert "an invented tip" in office.post(f"/notices/{pk}/words/", {"purpose": "safety"}).text
    send(office, f"/notices/{pk}/take/", {})
    send(office, f"/notices/{pk}/close/", {"outcome": "investigation_opened"})
    page = told(desk.get(f"/contacts/{contact_id}/"))
    assert "Investigation opened" in page
    assert f'href="/notices/{pk}/"' in page


def test_an_extract_is_prepared_only_with_consent_and_asks_only_what_may_leave(world: World) -> None:
    person_id = a_person(world.hilda)
    address = f"/contacts/{a_contact(world.hilda, people=(at_risk(person_id),))}/notify/finance/"
    browser = signed_in("hilda")
    assert 'name="note"' not in browser.get(address).text
    said = {"person": str(person_id), "accounts": "0000 invented"}
    refused = send(browser, address, said)
    assert refused.status_code == 422
    assert "consent for this purpose is missing" in refused.text
    assert "0000 invented" in refused.text
    agreed = Consent(person_id=person_id, purpose_code="finance", given_by_code="person", given_on=timezone.localdate())
    record_consents(by=world.hilda, rows=[agreed])
    assert send(browser, address, said).status_code == 302
    analyst = signed_in("tomas")
    pk = Notice.objects.get().pk
    assert "0000 invented" in analyst.post(f"/notices/{pk}/words/", {"purpose": "safety"}).text


def test_the_same_notice_again_says_that_it_waits_already(world: World) -> None:
    person_id = a_person(world.hilda)
    address = f"/contacts/{a_contact(world.hilda, people=(at_risk(person_id),))}/notify/child/"
    said = {"person": str(person_id), "state": "XX-N"}
    assert send(signed_in("hilda"), address, said).status_code == 302
    again = send(signed_in("hilda"), address, said)
    assert again.status_code == 422
    assert "waiting there already" in again.text


def test_steps_are_offered_to_whom_they_belong_and_by_the_state(world: World) -> None:
    pk = a_notice(world.hilda)
    desk, office = signed_in("hilda"), signed_in("bruno")
    assert "/take/" in office.get(f"/notices/{pk}/").text
    assert "/take/" not in desk.get(f"/notices/{pk}/").text
    assert office.get(f"/notices/{pk}/close/").status_code == 409
    send(office, f"/notices/{pk}/return/", {"reason": "not_competent"})
    assert f'href="/notices/{pk}/"' in desk.get("/").text
    assert "/settle/" in desk.get(f"/notices/{pk}/").text
    send(desk, f"/notices/{pk}/settle/", {})
    assert f'href="/notices/{pk}/"' not in desk.get("/").text


def test_taking_up_a_child_s_notice_leads_to_the_child_s_page(world: World) -> None:
    person_id = a_person(world.hilda, consents=None)
    pk = a_notice(world.hilda, kind="child", person_id=person_id)
    browser = signed_in("nadia")
    assert str(person_id) not in browser.get(f"/notices/{pk}/").text
    send(browser, f"/notices/{pk}/take/", {})
    assert f'href="/people/{person_id}/"' in browser.get(f"/notices/{pk}/").text
    assert browser.get(f"/people/{person_id}/").status_code == 200


@pytest.mark.parametrize("box", ["in", "out"])
def test_the_boxes_take_the_same_queries_however_full(world: World, box: str) -> None:
    browser = signed_in("bruno" if box == "in" else "hilda")
    a_notice(world.hilda)
    few = queries_of(browser, f"/notices/?box={box}")
    for _ in range(8):
        a_notice(world.hilda)
    page = browser.get(f"/notices/?box={box}&status=sent").text
    assert len(re.findall(r'href="/notices/[0-9a-f-]{36}/"', page)) == 9
    assert queries_of(browser, f"/notices/?box={box}") == few


def test_a_kind_that_does_not_exist_is_not_there(world: World) -> None:
    assert signed_in("hilda").get(f"/contacts/{a_contact(world.hilda)}/notify/nonsense/").status_code == 404
