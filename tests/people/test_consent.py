"""Recording what a person answered about sharing."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.people.actions import Consent, make_known, record_consents
from enlace.people.queries import answers, consent_stands, consents, consents_by_person
from enlace.vault.rules import Identity
from tests.cases.pages import send, signed_in
from tests.world import World, a_person


def answer(person_id: object, **changes: object) -> Consent:
    said = {"purpose_code": "referral", "given_by_code": "person", "given_on": timezone.localdate()}
    return Consent(person_id=person_id, **(said | changes))


def stands_now(world: World, person_id: object) -> bool:
    return consent_stands(
        viewer=world.bruno,
        person_id=person_id,
        purpose_code="referral",
        recipient_code="ngo-harbour",
        on=timezone.localdate(),
    )


def test_who_changes_their_mind_on_the_same_day_is_heard(world: World) -> None:
    person_id = a_person(world.bruno, consents=None)
    assert not stands_now(world, person_id)
    record_consents(by=world.bruno, rows=[answer(person_id)])
    assert stands_now(world, person_id)
    record_consents(by=world.bruno, rows=[answer(person_id, is_refusal=True)])
    assert not stands_now(world, person_id)
    by_person = consents_by_person(viewer=world.bruno, person_ids=[person_id], purpose_code="referral")
    assert by_person == {person_id: False}


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose_code": "no_such"},
        {"given_by_code": "no_such"},
        {"given_on": timezone.localdate() + timedelta(days=2)},
        {"given_on": date(2025, 5, 2), "expires_on": date(2025, 5, 1)},
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(world: World, changes: dict[str, object]) -> None:
    person_id = a_person(world.bruno, consents=None)
    with pytest.raises(Refusal):
        record_consents(by=world.bruno, rows=[answer(person_id, **changes)])
    assert not consents(viewer=world.bruno, person_id=person_id).exists()


def test_only_people_the_agency_knows_and_roles_that_may(world: World) -> None:
    with pytest.raises(Missing):
        record_consents(by=world.bruno, rows=[answer(uuid4())])
    with pytest.raises(Missing):
        record_consents(by=world.omar, rows=[answer(a_person(world.bruno))])
    with pytest.raises(Forbidden):
        record_consents(by=world.elena, rows=[answer(a_person(world.bruno))])


def test_a_page_with_an_end_before_its_start_keeps_what_was_typed(world: World) -> None:
    person_id = a_person(world.bruno, consents=None)
    said = {
        "purpose": "referral",
        "answer": "yes",
        "given_by": "person",
        "given_on": "2/5/2025",
        "expires_on": "1/5/2025",
    }
    page = send(signed_in("bruno"), f"/people/{person_id}/consent/", said)
    assert page.status_code == 422
    assert "The end is before the start." in page.text
    assert 'value="2/5/2025"' in page.text


CHILD = {"birth_year": timezone.localdate().year - 9}


def test_who_answers_for_a_child_writes_what_the_child_says(world: World) -> None:
    child, adult = a_person(world.bruno, consents=None, **CHILD), a_person(world.bruno, consents=None)
    by_guardian = {"given_by_code": "guardian", "relation_code": "parent"}
    with pytest.raises(Refusal, match="what the child says"):
        record_consents(by=world.bruno, rows=[answer(child, **by_guardian)])
    rows = [answer(child, **by_guardian, child_view_code="disagrees"), answer(adult, **by_guardian)]
    said, _ = record_consents(by=world.bruno, rows=rows)
    assert (said.relation_code, said.child_view_code) == ("parent", "disagrees")
    own = record_consents(by=world.bruno, rows=[answer(child, relation_code="parent", child_view_code="agrees")])[0]
    assert (own.relation_code, own.child_view_code) == ("", "")


@pytest.mark.parametrize(
    "changes", [{"relation_code": "no_such"}, {"child_view_code": "no_such"}, {"recipient_code": "no-such-agency"}]
)
def test_a_relation_a_view_or_an_agency_that_is_in_no_list_is_refused(world: World, changes: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        record_consents(by=world.bruno, rows=[answer(a_person(world.bruno), given_by_code="guardian", **changes)])


def test_the_page_tells_what_stands_for_each_purpose_and_recipient(world: World) -> None:
    person_id, today = a_person(world.bruno, consents=None), timezone.localdate()
    rows = [
        answer(person_id, given_on=today - timedelta(days=3)),
        answer(person_id, recipient_code="ngo-harbour", is_refusal=True, given_on=today - timedelta(days=2)),
        answer(person_id, purpose_code="justice", expires_on=today - timedelta(days=1), given_on=date(2025, 5, 1)),
    ]
    record_consents(by=world.bruno, rows=rows)
    found = {(a.purpose_code, a.recipient_code): a for a in answers(viewer=world.bruno, person_id=person_id, on=today)}
    assert found["referral", ""].stands
    assert not found["referral", "ngo-harbour"].stands
    over = found["justice", ""]
    assert (over.stands, over.row is not None) == (False, True)
    assert (found["research", ""].stands, found["research", ""].row) == (False, None)
    page = signed_in("bruno").get(f"/people/{person_id}/consents/").text
    assert "Over" in page
    assert "Not asked yet" in page


def test_who_signed_is_sealed_and_opens_for_the_own_agency_with_a_purpose(world: World) -> None:
    person_id = a_person(world.bruno, consents=None, **CHILD)
    said = {
        "purpose": "referral",
        "answer": "yes",
        "given_by": "guardian",
        "relation": "parent",
        "signer": "Tutora Inventada",
        "child_view": "agrees",
        "child_words": "quiero ir",
        "given_on": timezone.localdate().isoformat(),
    }
    browser = signed_in("bruno")
    assert send(browser, f"/people/{person_id}/consent/", said).status_code == 302
    row = consents(viewer=world.bruno, person_id=person_id).get()
    assert row.is_signed
    assert "Inventada" not in str(row.__dict__)
    listed = browser.get(f"/people/{person_id}/consents/").text
    assert "Inventada" not in listed
    assert "The child agrees" in listed
    address = f"/people/{person_id}/consent/{row.pk}/signature/"
    assert "Inventada" not in browser.get(address).text
    opened = browser.post(address, {"purpose": "verify_identity"}).text
    assert "Tutora Inventada" in opened
    assert "quiero ir" in opened
    make_known(by=world.bruno, person_ids=[person_id], agency_code="police-north")
    assert signed_in("alma").post(address, {"purpose": "verify_identity"}).status_code == 404


def test_the_sheet_to_sign_is_a_document_that_names_nobody(world: World) -> None:
    identity = Identity(given_names="Persona", family_names="Inventada Ocho")
    for facts in ({}, CHILD):
        person_id = a_person(world.bruno, identity=identity, **facts)
        sheet = signed_in("bruno").get(f"/people/{person_id}/consents/sheet/")
        assert sheet["Content-Type"] == "application/pdf"
        assert sheet.content.startswith(b"%PDF")
        assert signed_in("omar").get(f"/people/{person_id}/consents/sheet/").status_code == 404
