"""Correcting what is known of the exploitation, and adding places and times."""

from datetime import date

import pytest

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import Coded, Stretch, add_episode, close_case, edit_case
from enlace.cases.queries import case_detail
from tests.cases.pages import send, signed_in
from tests.world import World, a_case, a_referral, accepted, identified


def edit(by: object, case_id: object, *codes: Coded) -> None:
    edit_case(by=by, case_id=case_id, codes=codes, relationship_code="", age_when_trafficked=None)


def test_decisions_keep_the_form_they_were_made_on(world: World) -> None:
    case_id = a_case(world.bruno, forms=("sexual_use",))
    identified(world.bruno, case_id)
    edit(world.bruno, case_id, Coded(list_name="exploitation_form", code="bonded_work"))
    detail = case_detail(viewer=world.bruno, case_id=case_id)
    assert [c.code for c in detail.codes["exploitation_form"]] == ["bonded_work"]
    assert [d.form_code for d in detail.decisions] == ["sexual_use"]


def test_the_standard_s_own_code_survives_an_edit_that_does_not_know_it(world: World) -> None:
    case_id = a_case(world.bruno)
    edit(world.bruno, case_id, Coded(list_name="means", code="physical_threats", standard="Threats"))
    edit(world.bruno, case_id, Coded(list_name="means", code="physical_threats"))
    assert [c.standard for c in case_detail(viewer=world.bruno, case_id=case_id).codes["means"]] == ["Threats"]


def test_a_closed_case_another_agency_and_another_role_change_nothing(world: World) -> None:
    case_id = a_case(world.bruno)
    with pytest.raises(Missing):
        edit(world.bruno, a_case(world.alma))
    with pytest.raises(Forbidden):
        edit(world.alma, case_id)
    with pytest.raises(Refusal):
        edit(world.bruno, case_id, Coded(list_name="means", code="no_such"))
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        edit(world.bruno, case_id)
    with pytest.raises(Refusal, match="closed"):
        add_episode(by=world.bruno, case_id=case_id, episode=Stretch(kind_code="transit"))


def test_a_stretch_ends_after_it_began(world: World) -> None:
    case_id = a_case(world.bruno)
    wrong = Stretch(kind_code="transit", started_on=date(2024, 2, 2), ended_on=date(2024, 2, 1))
    with pytest.raises(Refusal, match="before"):
        add_episode(by=world.bruno, case_id=case_id, episode=wrong)
    add_episode(by=world.bruno, case_id=case_id, episode=Stretch(kind_code="transit", started_on=date(2024, 2, 2)))
    assert len(case_detail(viewer=world.bruno, case_id=case_id).episodes) == 1


def test_the_pages_save_and_keep_what_was_typed_on_a_fault(world: World) -> None:
    browser, case_id = signed_in("bruno"), a_case(world.bruno)
    said = {"kind": "transit", "started_on": "5/3/2024", "ended_on": "4/3/2024", "place": "A small town"}
    page = send(browser, f"/cases/{case_id}/episode/", said)
    assert page.status_code == 422
    assert "A small town" in page.text
    assert "The end is before the start." in page.text
    assert send(browser, f"/cases/{case_id}/episode/", said | {"ended_on": "6/3/2024"}).status_code == 302
    saved = send(browser, f"/cases/{case_id}/edit/", {"age_when_trafficked": "15", "vulnerability": []})
    assert saved.headers["Location"] == f"/cases/{case_id}/"
    shown = browser.get(f"/cases/{case_id}/").text
    assert "A small town" in shown
    assert "Age when it began" in shown


def test_a_partner_with_the_right_role_works_on_the_same_case(world: World) -> None:
    case_id = a_case(world.bruno)
    accepted(world.carla, a_referral(world.bruno, case_id))
    with pytest.raises(Forbidden):
        edit(world.carla, case_id)
    edit(world.lucas, case_id)
