"""Sending a referral: named services, to an agency's inbox, on consent or a recorded ground."""

from uuid import uuid4

import pytest

from enlace.accounts.models import Agency
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from enlace.referrals.actions import Request, send_referrals
from enlace.referrals.models import Referral
from enlace.referrals.queries import referral, referrals_of_case
from tests.cases.pages import send, signed_in, token_in
from tests.world import World, a_case, a_person, a_referral


def request(case_id: object, **changes: object) -> Request:
    said = {"recipient_code": "ngo-harbour", "service_codes": ("MENTAL",)}
    return Request(case_id=case_id, **(said | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient_code": "no-such"},
        {"recipient_code": "prosecutor-north"},
        {"service_codes": ()},
        {"service_codes": ("MENTAL", "NO_SUCH")},
        {"ground_code": "no_such"},
        {"reason_code": "no_such"},
    ],
)
def test_a_batch_with_one_fault_sends_nothing(world: World, changes: dict[str, object]) -> None:
    case_id = a_case(world.bruno)
    with pytest.raises(Refusal):
        send_referrals(by=world.bruno, rows=[request(case_id), request(case_id, **changes)])
    assert not Referral.objects.exists()


def test_an_agency_that_is_closed_receives_nothing(world: World) -> None:
    Agency.objects.filter(pk="ngo-harbour").update(is_active=False)
    with pytest.raises(Refusal, match="directory"):
        a_referral(world.bruno, a_case(world.bruno))


def test_an_agency_may_be_asked_for_what_the_directory_does_not_list(world: World) -> None:
    """A directory is never complete: who is asked for what it does not offer declines, and the gap is counted."""
    sent = a_referral(world.bruno, a_case(world.bruno), to="health-south")
    assert referral(viewer=world.omar, referral_id=sent).service_codes == ["MENTAL"]


def test_a_service_asked_for_twice_is_asked_for_once(world: World) -> None:
    row = request(a_case(world.bruno), service_codes=("MENTAL", "LEGAL", "MENTAL"), message="  hello ")
    (sent,) = send_referrals(by=world.bruno, rows=[row])
    assert sent.service_codes == ["MENTAL", "LEGAL"]
    assert sent.message == "hello"


def test_only_from_cases_of_one_s_own_that_are_open(world: World) -> None:
    case_id = a_case(world.bruno)
    for by, which, expected in (
        (world.omar, case_id, Missing),
        (world.bruno, uuid4(), Missing),
        (world.elena, case_id, Forbidden),
    ):
        with pytest.raises(expected):
            send_referrals(by=by, rows=[request(which, recipient_code="shelter-isles")])
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        send_referrals(by=world.bruno, rows=[request(case_id)])


def test_without_consent_the_ground_is_kept_and_with_it_none_is_needed(world: World) -> None:
    refused = a_case(world.bruno, a_person(world.bruno, consents=False))
    sent = referral(viewer=world.bruno, referral_id=a_referral(world.bruno, refused, ground_code="emergency"))
    assert (sent.is_consented, sent.ground_code, sent.shares_identity) == (False, "emergency", False)
    agreed = a_referral(world.bruno, a_case(world.bruno), ground_code="emergency")
    assert referral(viewer=world.bruno, referral_id=agreed).ground_code == ""


def test_nobody_asked_is_no_consent_and_identity_stays_behind(world: World) -> None:
    case_id = a_case(world.bruno, a_person(world.bruno, consents=None))
    with pytest.raises(Refusal, match="consent"):
        a_referral(world.bruno, case_id)
    row = request(case_id, ground_code="court_order", shares_identity=True)
    assert send_referrals(by=world.bruno, rows=[row])[0].shares_identity is False


def test_the_page_sends_once_keeps_what_was_typed_and_says_why_not(world: World) -> None:
    browser = signed_in("bruno")
    case_id = a_case(world.bruno, a_person(world.bruno, consents=False))
    address = f"/cases/{case_id}/refer/"
    said = {"services": ["MENTAL", "LEGAL"], "recipient": "ngo-harbour", "message": "Un mensaje largo"}
    token = token_in(browser.get(address))
    page = send(browser, address, said, token)
    assert page.status_code == 422
    assert "There is no consent for this recipient." in page.text
    assert "Un mensaje largo" in page.text
    token = token_in(page)
    answers = [send(browser, address, said | {"ground": "emergency"}, token) for _ in range(2)]
    sent = referrals_of_case(viewer=world.bruno, case_id=case_id).get()
    assert {a.headers["Location"] for a in answers} == {f"/referrals/{sent.pk}/"}


def test_the_page_can_be_opened_with_a_service_in_mind(world: World) -> None:
    page = signed_in("bruno").get(f"/cases/{a_case(world.bruno)}/refer/?service=LEGAL").text
    assert page.count("checked") == 1
