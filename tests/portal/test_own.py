"""What she sees and does on her page: her permissions, what is recorded, who read it; and nothing of anybody else."""

import re
from uuid import UUID

import pytest
from django.utils import timezone

from enlace.audit.actions import record_read
from enlace.base.errors import Forbidden, Missing
from enlace.base.ids import new_id
from enlace.cases.queries import case_detail
from enlace.people import queries as people
from enlace.people.actions import make_known, revoke_consent
from enlace.people.models import ConsentGrant
from enlace.people.queries import consent_stands
from enlace.portal import actions, queries
from enlace.portal.permissions import visible_requests
from enlace.referrals.queries import read_referral
from enlace.vault.actions import grant_keys
from enlace.vault.models import PersonKey
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.portal.holding import QUESTION, SEEN, a_page, herself, open_own, press
from tests.world import World, a_case, a_person, a_referral

NAME = "Inventada Novena"


@pytest.fixture
def person_id(world: World) -> UUID:
    return a_person(world.bruno, identity=Identity(given_names="Persona", family_names=NAME))


def grant_of(person_id: UUID) -> ConsentGrant:
    return ConsentGrant.objects.filter(person_id=person_id, purpose_code="referral").get()


def test_a_permission_is_withdrawn_at_once_by_the_person_herself(world: World, person_id: UUID) -> None:
    page = open_own(a_page(world.bruno, person_id))
    grant, today = grant_of(person_id), timezone.localdate()
    done = press(page, "revoke", chosen=str(grant.pk))
    assert "nothing more is shared" in done.text
    grant.refresh_from_db()
    assert grant.revoked_on == today
    assert grant.revoked_by == herself(world.bruno, person_id).id
    assert grant.revoked_by.startswith("own:P-")
    asked = {"purpose_code": "referral", "recipient_code": "ngo-harbour", "on": today}
    assert not consent_stands(viewer=world.bruno, person_id=person_id, **asked)
    again = press(done, "revoke", chosen=str(grant.pk))
    assert again.status_code == 409
    assert "already revoked" in again.text
    assert SEEN in again.text


def test_a_key_that_waits_for_another_agency_is_taken_back_with_the_permission(world: World, person_id: UUID) -> None:
    grant_keys(by=world.bruno, grants=[(person_id, "ngo-harbour")], purpose_code="referral")
    assert PersonKey.objects.filter(person_id=person_id, agency_code="ngo-harbour").exists()
    press(open_own(a_page(world.bruno, person_id)), "revoke", chosen=str(grant_of(person_id).pk))
    assert not PersonKey.objects.filter(person_id=person_id, agency_code="ngo-harbour").exists()


def test_she_sees_who_opened_her_name_as_agencies_and_never_a_name_of_anybody(world: World, person_id: UUID) -> None:
    for _time in range(2):
        open_identity(viewer=world.bruno, person_id=person_id, purpose="verify_identity")
    text = open_own(a_page(world.bruno, person_id)).text
    line = re.search(
        r"Northmark Prosecutor[^<]*: Opened your name and how to reach you · Confirm identity · 2 times", text
    )
    assert line, text
    for hidden in (NAME, "Bruno", "bruno", world.bruno.id, "R06"):
        assert hidden not in text


def test_what_is_recorded_is_there_and_no_place_is(world: World) -> None:
    person_id = a_person(world.bruno, origin_state_code="XX-S", language_code="", children_count=2)
    text = open_own(a_page(world.bruno, person_id)).text
    assert "Female" in text
    assert "Children" in text
    assert "Southmark" not in text


def test_an_agency_where_people_live_is_called_by_its_kind_only(world: World, person_id: UUID) -> None:
    make_known(by=world.bruno, person_ids=[person_id], agency_code="shelter-isles")
    names = queries.names_on_own_page()
    assert names["shelter-isles"] == "Shelter"
    assert names["prosecutor-north"] == "Northmark Prosecutor"
    text = open_own(a_page(world.bruno, person_id)).text
    known = text[text.index("Who knows you") :]
    assert "Shelter ·" in known
    assert "Isles" not in text


def test_a_page_says_nothing_of_another_person(world: World, person_id: UUID) -> None:
    other = a_person(world.bruno, consents=None)
    actions.ask(by=_given(world, other), kind_code="question", text=QUESTION)
    page = open_own(a_page(world.bruno, person_id))
    assert "You have not been asked yet" not in page.text
    assert "You have not been asked yet" in open_own(a_page(world.bruno, other)).text
    asked = queries.requests_of_own(viewer=herself(world.bruno, other))[0]
    for do in ("read", "withdraw", "revoke"):
        answer = press(page, do, chosen=str(asked.pk))
        assert answer.status_code == 404, do
        assert QUESTION not in answer.text
    assert queries.requests_of_own(viewer=herself(world.bruno, other))[0].status == "received"


def test_a_permission_of_another_person_stays(world: World, person_id: UUID) -> None:
    grant = grant_of(a_person(world.bruno))
    page = open_own(a_page(world.bruno, person_id))
    for chosen in (str(grant.pk), "", "not an id"):
        assert press(page, "revoke", chosen=chosen).status_code == 404
    grant.refresh_from_db()
    assert grant.revoked_on is None
    with pytest.raises(Missing):
        revoke_consent(
            by=herself(world.bruno, person_id),
            person_id=grant.person_id,
            consent_id=grant.pk,
            on=timezone.localdate(),
        )


def test_an_opening_in_an_emergency_is_called_so_and_a_writing_is_no_reading(world: World, person_id: UUID) -> None:
    about = ("person", person_id)
    record_read(by=world.alma, action="identity.read", subject=about, data_class="A", emergency="some id")
    record_read(by=world.alma, action="case.edited", subject=about, data_class="C")
    record_read(by=world.gema, action="identity.read", subject=("person", new_id()), data_class="A")
    found = queries.readings(viewer=herself(world.bruno, person_id), person=None)
    assert [(line.agency, line.action, line.in_emergency) for line in found] == [
        ("Northmark Police", "identity.read", True)
    ]
    assert "in an emergency" in open_own(a_page(world.bruno, person_id)).text


def test_she_is_told_who_opened_her_case_and_her_referral(world: World, person_id: UUID) -> None:
    case_id = a_case(world.bruno, person_id)
    referral_id = a_referral(world.bruno, case_id)
    case_detail(viewer=world.bruno, case_id=case_id)
    read_referral(viewer=world.carla, referral_id=referral_id)
    text = open_own(a_page(world.bruno, person_id)).text
    assert "Northmark Prosecutor: Opened your case" in text
    assert "Safe Harbour (NGO): Opened a request for help made for you" in text
    shown = text[text.index("Help that was asked for you") :]
    assert "Safe Harbour (NGO) ·" in shown
    assert "They were asked and have to answer" in shown
    assert "Nobody has been asked" in open_own(a_page(world.bruno, a_person(world.bruno))).text


def test_the_page_she_reads_is_her_own(world: World, person_id: UUID) -> None:
    other = a_person(world.bruno)
    for one in (other, person_id, a_person(world.bruno)):
        a_page(world.bruno, one)
    for one in (person_id, other):
        assert queries.own_page(viewer=herself(world.bruno, one)).person_id == one


def test_with_her_number_she_is_nobody_in_the_house(world: World, person_id: UUID) -> None:
    case_id, viewer = a_case(world.bruno, person_id), herself(world.bruno, person_id)
    assert people.person(viewer=viewer, person_id=person_id).pk == person_id
    with pytest.raises(Missing):
        people.person(viewer=viewer, person_id=a_person(world.bruno))
    with pytest.raises(Forbidden):
        open_identity(viewer=viewer, person_id=person_id, purpose="verify_identity")
    with pytest.raises(Forbidden):
        visible_requests(viewer)
    with pytest.raises(Forbidden):
        actions.issue_page(by=viewer, row=actions.Giving(person_id=person_id, number="1" * 16))
    assert case_id


def test_she_closes_her_page_after_being_asked(world: World, person_id: UUID) -> None:
    number = a_page(world.bruno, person_id)
    asked = press(open_own(number), "ask_end")
    assert "Close your page for good?" in asked.text
    assert "You can destroy the paper" in press(asked, "end").text
    assert open_own(number).status_code == 422


def _given(world: World, person_id: UUID):
    a_page(world.bruno, person_id)
    return herself(world.bruno, person_id)
