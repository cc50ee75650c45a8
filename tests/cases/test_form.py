"""A working form loses nothing: drafts, faults, double clicks, sessions that ended, and strange bytes."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from enlace.accounts.models import SignIn
from enlace.cases.models import Note
from enlace.vault.models import SealedDraft
from enlace.vault.queries import drafts
from tests.cases.pages import faulty, in_spanish, send, signed_in, token_in
from tests.world import World, a_case, a_person

PLANTED = "Palabra Secreta Plantada"


def note_address(world: World) -> str:
    return f"/cases/{a_case(world.bruno)}/note/"


def test_a_draft_comes_back_to_its_writer_on_its_own_page_only(world: World) -> None:
    browser, address, other = signed_in("bruno"), note_address(world), note_address(world)
    saved = send(browser, f"{address}?do=draft", {"text": PLANTED, "is_shared": "on"})
    assert re.fullmatch(r"\d\d:\d\d", saved.json()["saved_at"])
    page = browser.get(address)
    assert PLANTED in page.text
    assert "checked" in page.text
    assert PLANTED not in browser.get(other).text
    assert PLANTED not in signed_in("lucas").get(address).text
    assert PLANTED.encode() not in bytes(SealedDraft.objects.get().ciphertext)


def test_a_draft_is_found_in_the_queue_and_goes_with_the_sending(world: World) -> None:
    browser, address = signed_in("bruno"), note_address(world)
    assert send(browser, address, {"text": "begun", "form_do": "draft"}).status_code == 302
    assert [d.values["path"] for d in drafts(viewer=world.bruno)] == [address]
    assert address in browser.get("/").text
    send(browser, address, {"text": "begun and finished"})
    assert drafts(viewer=world.bruno) == []
    assert Note.objects.get().text == "begun and finished"


def test_a_draft_can_be_replaced_and_discarded(world: World) -> None:
    browser, address = signed_in("bruno"), note_address(world)
    for text in ("one", "two"):
        send(browser, f"{address}?do=draft", {"text": text})
    assert [d.values["fields"]["text"] for d in drafts(viewer=world.bruno)] == [["two"]]
    assert send(browser, address, {"form_do": "discard"}).status_code == 302
    assert drafts(viewer=world.bruno) == []
    assert not Note.objects.exists()


def test_a_draft_with_fields_the_form_does_not_have_is_no_fault(world: World) -> None:
    browser, person_id = faulty("bruno"), a_person(world.bruno)
    address = f"/people/{person_id}/case/"
    odd = {"no_such": ["1", "2"], "exploitation_form": ["sexual_use", "gone"], "age_when_trafficked": "x", "state": []}
    assert send(browser, f"{address}?do=draft", odd).status_code == 200
    page = browser.get(address)
    assert page.status_code == 200
    assert 'value="x"' in page.text


def test_a_confirmation_keeps_no_draft_and_is_not_carried_out_by_mistake(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    for page in (
        send(browser, f"/cases/{case_id}/close/?do=draft", {"reason": "moved"}),
        send(browser, f"/cases/{case_id}/close/", {"reason": "moved", "form_do": "draft"}),
        send(browser, f"/cases/{case_id}/close/", {"reason": "moved", "form_do": "discard"}),
    ):
        assert page.status_code == 200
    assert drafts(viewer=world.bruno) == []
    assert "This case is closed" not in browser.get(f"/cases/{case_id}/note/").text


def test_a_form_with_a_fault_comes_back_filled_and_its_token_stays_good(world: World) -> None:
    browser, person_id = signed_in("bruno"), a_person(world.bruno)
    address = f"/people/{person_id}/case/"
    token = token_in(browser.get(address))
    page = send(browser, address, {"age_when_trafficked": "140", "exploitation_form": ["sexual_use"]}, token)
    assert page.status_code == 422
    assert token_in(page) == token
    assert 'value="140"' in page.text
    assert re.search(r'value="sexual_use"[^>]*checked', page.text)
    assert "Please check what follows" in page.text
    sent = send(browser, address, {"age_when_trafficked": "14", "origin": "self"}, token)
    assert sent.status_code == 302


def test_sent_twice_a_form_acts_once_and_without_a_token_it_still_works(world: World) -> None:
    browser, address = signed_in("bruno"), note_address(world)
    token = str(uuid4())
    for _ in range(3):
        assert send(browser, address, {"text": "once"}, token).status_code == 302
    assert Note.objects.count() == 1
    for odd in ("", "not a token", "\x00"):
        assert browser.post(address, {"text": "odd", "form_token": odd}).status_code == 302
    assert Note.objects.count() == 4


def test_a_token_of_somebody_else_leads_nowhere_of_theirs(world: World) -> None:
    bruno, lucas, address = signed_in("bruno"), signed_in("lucas"), note_address(world)
    token = str(uuid4())
    first = send(bruno, address, {"text": "by Bruno"}, token)
    other = f"/cases/{a_case(world.bruno)}/note/"
    again = send(lucas, other, {"text": "by Lucas"}, token)
    assert again.status_code == 302
    assert again.headers["Location"] not in first.headers["Location"]
    assert [n.text for n in Note.objects.all()] == ["by Bruno"]


def test_what_was_typed_when_the_session_ran_out_comes_back_after_signing_in(world: World) -> None:
    browser, address = signed_in("bruno"), note_address(world)
    page = browser.get(address)
    owner = re.search(r'name="form_owner" value="([^"]+)"', page.text)
    assert owner
    SignIn.objects.update(ended_at=timezone.now(), ended_by="x")
    gone = browser.post(address, {"text": PLANTED, "form_owner": owner[1], "form_token": token_in(page)})
    assert gone.headers["Location"].startswith("/account/login/")
    assert not Note.objects.exists()
    back = enter_again(browser)
    assert PLANTED in back.get(address).text
    assert PLANTED not in back.get(address).text


def enter_again(browser: Client) -> Client:
    from enlace.accounts.models import User
    from tests.accounts.entering import enter

    kept = dict(browser.session.items())
    enter(browser, User.objects.get(username="bruno"))
    session = browser.session
    for name, value in kept.items():
        if name not in session:
            session[name] = value
    session.save()
    return browser


@pytest.mark.parametrize(
    "body", [b"text=a%F1o", b"text=a\xf1o%F1", b"text=%ED%A0%80", b"text=%ff%fe%00", b"text=\xc3\x28%80"]
)
def test_bytes_that_are_no_text_are_told_and_not_stored(world: World, body: bytes) -> None:
    browser, address = faulty("bruno"), note_address(world)
    page = browser.post(address, body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 422
    assert not Note.objects.exists()


def test_the_fault_is_told_in_spanish(world: World) -> None:
    address = note_address(world)
    with in_spanish(faulty("bruno")) as browser:
        page = browser.post(address, b"text=a%F1o", content_type="application/x-www-form-urlencoded")
    assert "Some characters did not arrive" not in page.text


def test_too_much_is_refused_as_a_page_and_nothing_is_stored(world: World) -> None:
    browser, address = faulty("bruno"), note_address(world)
    huge = browser.post(address, {"text": "a" * (6 * 1024 * 1024)})
    assert huge.status_code in (400, 413)
    wide = b"&".join(b"f%d=1" % n for n in range(2100))
    fields = browser.post(address, wide, content_type="application/x-www-form-urlencoded")
    assert fields.status_code in (400, 413)
    odd = browser.post(address, b"text=x", content_type="application/x-www-form-urlencoded; charset=latin-1")
    assert odd.status_code == 400
    assert all("Nothing was changed." in answer.text for answer in (huge, fields))
    assert not Note.objects.exists()
