"""Without consent and without a ground the person is helped and counted, and nothing is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.base.errors import Missing, Refusal
from enlace.cases.models import CaseAgency
from enlace.cases.queries import case
from enlace.people.actions import revoke_consent
from enlace.people.models import Disclosure, PersonAgency
from enlace.people.queries import consents
from enlace.referrals.actions import (
    Answer,
    Request,
    deliver_referrals,
    expire_referrals,
    send_referrals,
    take_step,
)
from enlace.referrals.facts import referrals_sent
from enlace.referrals.models import Referral
from enlace.referrals.queries import ReferralFilter, referral, referral_page
from enlace.vault.models import PersonKey
from tests.cases.pages import send, signed_in
from tests.referrals.asking import INVENTED
from tests.world import SYSTEM, World, a_case, a_person, a_referral, accepted


def anonymous(world: World, **facts: object) -> Referral:
    person_id = a_person(world.bruno, consents=False, identity=INVENTED)
    sent = a_referral(world.bruno, a_case(world.bruno, person_id), is_anonymous=True, **facts)
    return Referral.objects.get(pk=sent)


def test_the_recipient_reads_the_help_that_is_needed_and_nothing_else(world: World) -> None:
    sent = anonymous(world)
    page = signed_in("carla").get(f"/referrals/{sent.pk}/").text
    assert "Somebody with these needs will come" in page
    assert "Psychological or psychiatric care" in page
    assert (sent.slice, sent.message, sent.shares_identity, sent.is_consented) == ({}, "", False, False)
    assert not Disclosure.objects.exists()
    assert set(PersonKey.objects.values_list("agency_code", flat=True)) == {"prosecutor-north"}


def test_accepting_opens_neither_case_nor_person_and_help_goes_on(world: World) -> None:
    sent = anonymous(world)
    accepted(world.carla, sent.pk)
    for verb in ("start", "complete"):
        deliver_referrals(by=world.carla, rows=[Answer(referral_id=sent.pk, verb=verb)])
    assert not CaseAgency.objects.filter(agency_code="ngo-harbour").exists()
    assert not PersonAgency.objects.filter(agency_code="ngo-harbour").exists()
    with pytest.raises(Missing):
        case(viewer=world.carla, case_id=sent.case_id)
    page = signed_in("carla").get(f"/referrals/{sent.pk}/").text
    assert f"/cases/{sent.case_id}/" not in page
    today = timezone.localdate()
    (fact,) = referrals_sent(today, today)
    assert (fact.rests_on, fact.was_accepted, fact.status) == ("nothing", True, "completed")


def test_no_word_and_no_identity_go_along(world: World) -> None:
    case_id = a_case(world.bruno, a_person(world.bruno, consents=None))
    row = Request(case_id=case_id, recipient_code="ngo-harbour", service_codes=("MENTAL",), is_anonymous=True)
    for changes in ({"message": "she is tall"}, {"shares_identity": True}):
        with pytest.raises(Refusal, match="nothing is told"):
            send_referrals(by=world.bruno, rows=[replace(row, **changes)])
    said = {"services": ["MENTAL"], "recipient": "ngo-harbour", "ground": "anonymous", "message": "she is tall"}
    page = send(signed_in("bruno"), f"/cases/{case_id}/refer/", said)
    assert page.status_code == 422
    assert "she is tall" in page.text
    assert send(signed_in("bruno"), f"/cases/{case_id}/refer/", said | {"message": ""}).status_code == 302
    assert Referral.objects.get().is_anonymous


def test_consent_revoked_since_the_sending_hides_what_was_told_at_once(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    referral_id = a_referral(world.bruno, a_case(world.bruno, person_id), message="a word", shares_identity=True)
    assert referral(viewer=world.carla, referral_id=referral_id).message == "a word"
    given = consents(viewer=world.bruno, person_id=person_id).get(purpose_code="referral")
    revoke_consent(by=world.bruno, person_id=person_id, consent_id=given.pk, on=timezone.localdate())
    read = referral(viewer=world.carla, referral_id=referral_id)
    assert (read.slice, read.message) == ({}, "")
    (row,) = referral_page(viewer=world.carla, wanted=ReferralFilter()).rows
    assert (row.slice, row.message) == ({}, "")
    assert referral(viewer=world.bruno, referral_id=referral_id).message == "a word"
    accepted(world.carla, referral_id)
    after = Referral.objects.get(pk=referral_id)
    assert (after.status, after.is_anonymous, after.slice, after.message) == ("accepted", True, {}, "")
    assert not CaseAgency.objects.filter(agency_code="ngo-harbour").exists()
    assert not Disclosure.objects.filter(kind="identity").exists()


@pytest.mark.parametrize("verb", ["decline", "withdraw", "expire"])
def test_who_did_not_receive_the_person_no_longer_reads_about_it(world: World, verb: str) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno), message="a word")
    if verb == "expire":
        expire_referrals(by=SYSTEM, at=timezone.now() + timedelta(days=30))
    else:
        by = world.carla if verb == "decline" else world.bruno
        take_step(by=by, row=Answer(referral_id=referral_id, verb=verb, reason_code="no_capacity"))
    read = referral(viewer=world.carla, referral_id=referral_id)
    assert (read.slice, read.message) == ({}, "")
    assert "no longer shown" in signed_in("carla").get(f"/referrals/{referral_id}/").text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    consents=st.sampled_from([True, False, None]),
    ground=st.sampled_from(["", "emergency", "no_such"]),
    is_anonymous=st.booleans(),
    shares=st.booleans(),
    message=st.sampled_from(["", "a word"]),
)
def test_no_referral_goes_out_without_a_ground_and_none_tells_more_than_its_ground(
    world: World, consents: bool | None, ground: str, is_anonymous: bool, shares: bool, message: str
) -> None:
    case_id = a_case(world.bruno, a_person(world.bruno, consents=consents))
    row = Request(
        case_id=case_id,
        recipient_code="ngo-harbour",
        service_codes=("MENTAL",),
        ground_code=ground,
        is_anonymous=is_anonymous,
        shares_identity=shares,
        message=message,
    )
    rests = consents is True or ground == "emergency" or is_anonymous
    may = rests and ground != "no_such" and not (is_anonymous and (shares or message))
    try:
        (sent,) = send_referrals(by=world.bruno, rows=[row])
    except Refusal:
        assert not may
        assert not Referral.objects.filter(pk=row.id).exists()
        return
    assert may
    assert sent.is_consented or sent.ground_code or sent.is_anonymous
    on_ground = {"age_group_code", "sex_code", "needs_interpreter"}
    told = Disclosure.objects.filter(source_id=sent.pk)
    if is_anonymous:
        assert (sent.slice, sent.message, told.count()) == ({}, "", 0)
    elif consents is not True:
        assert set(sent.slice) <= on_ground
        assert not sent.shares_identity
        assert set(told.get().fields) - {"message"} == set(sent.slice)
    else:
        assert set(told.get().fields) - {"message"} == set(sent.slice)
