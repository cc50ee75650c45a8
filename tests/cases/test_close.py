"""Closing with a reason, and reopening."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case, reopen_case
from enlace.cases.queries import case, case_detail
from tests.cases.pages import in_spanish, send, signed_in, token_in
from tests.world import World, a_case, a_referral, accepted


def test_closing_keeps_the_reason_and_reopening_keeps_the_story(world: World) -> None:
    case_id = a_case(world.bruno)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    closed = case(viewer=world.bruno, case_id=case_id)
    assert (closed.status, closed.closure_reason_code, closed.closed_at is not None) == ("closed", "moved", True)
    reopen_case(by=world.bruno, case_id=case_id)
    opened = case_detail(viewer=world.bruno, case_id=case_id)
    assert (opened.case.status, opened.case.closure_reason_code, opened.case.closed_at) == ("open", "", None)
    assert [(t.verb, t.reason_code) for t in opened.turns] == [("reopen", ""), ("close", "moved")]


def test_what_is_refused(world: World) -> None:
    case_id = a_case(world.bruno)
    with pytest.raises(Refusal):
        reopen_case(by=world.bruno, case_id=case_id)
    for wrong in (
        {"reason_code": "no_such"},
        {"reason_code": ""},
        {"reason_code": "moved", "pending_referrals": lambda: 1},
        {"reason_code": "moved", "at": timezone.now() - timedelta(days=1)},
    ):
        with pytest.raises(Refusal):
            close_case(by=world.bruno, case_id=case_id, **wrong)
    with pytest.raises(Forbidden):
        close_case(by=world.alma, case_id=case_id, reason_code="moved")
    with pytest.raises(Missing):
        close_case(by=world.bruno, case_id=a_case(world.alma), reason_code="moved")
    assert case(viewer=world.bruno, case_id=case_id).status == "open"


def test_no_case_closes_over_a_referral_that_waits(world: World) -> None:
    browser, case_id = signed_in("bruno"), a_case(world.bruno)
    referral_id = a_referral(world.bruno, case_id)
    page = send(browser, f"/cases/{case_id}/close/", {"reason": "moved"})
    assert page.status_code == 422
    assert "A referral is waiting for an answer." in page.text
    accepted(world.carla, referral_id)
    assert send(browser, f"/cases/{case_id}/close/", {"reason": "moved"}).status_code == 302


def test_a_double_click_closes_once(world: World) -> None:
    browser, case_id = signed_in("bruno"), a_case(world.bruno)
    address = f"/cases/{case_id}/close/"
    token = token_in(browser.get(address))
    answers = [send(browser, address, {"reason": "moved"}, token) for _ in range(2)]
    assert [a.headers.get("Location") for a in answers] == [f"/cases/{case_id}/"] * 2
    assert len(case_detail(viewer=world.bruno, case_id=case_id).turns) == 1


def test_two_people_who_close_at_once_are_told_in_words(world: World) -> None:
    """Lucas had the page open when Bruno closed the case."""
    case_id = a_case(world.bruno)
    bruno, lucas = signed_in("bruno"), signed_in("lucas")
    address = f"/cases/{case_id}/close/"
    lucas.get(address)
    send(bruno, address, {"reason": "moved"})
    page = send(lucas, address, {"reason": "moved"})
    assert page.status_code == 422
    assert "Something has changed since the page was opened." in page.text
    assert "possible:" not in page.text


def test_a_refusal_is_told_in_the_reader_s_language(world: World) -> None:
    case_id, closed = a_case(world.bruno), a_case(world.bruno)
    a_referral(world.bruno, case_id)
    close_case(by=world.bruno, case_id=closed, reason_code="moved")
    with in_spanish(signed_in("bruno")) as browser:
        assert "A referral is waiting" not in send(browser, f"/cases/{case_id}/close/", {"reason": "moved"}).text
        for part in ("note", "decide", "close", "refer", "service"):
            page = browser.get(f"/cases/{closed}/{part}/")
            assert page.status_code == 409
            assert "This case is closed" not in page.text
