"""What statistics read of referrals: pseudonymous rows with what came of each."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from enlace.referrals.actions import (
    Answer,
    Feedback,
    Onward,
    answer_referrals,
    expire_referrals,
    give_feedback,
    reroute_referrals,
    take_step,
)
from enlace.referrals.facts import ReferralFact, referrals_sent
from enlace.referrals.models import Referral
from tests.referrals.asking import a_package, asked_at_once
from tests.world import SYSTEM, World, a_case, a_person, a_referral, accepted


def facts(**wanted: Any) -> list[ReferralFact]:
    today = timezone.localdate()
    found = list(referrals_sent(today - timedelta(days=30), today))
    return [fact for fact in found if all(getattr(fact, name) == value for name, value in wanted.items())]


def test_a_row_names_agencies_and_codes_and_holds_no_text_and_no_identity() -> None:
    kinds = {field.name: field.type for field in fields(ReferralFact)}
    assert not {"message", "feedback", "note", "slice", "sent_by"} & set(kinds)
    assert kinds["feedback_code"] is str


def test_how_long_an_answer_took_and_what_it_was(world: World) -> None:
    sent_at = timezone.now() - timedelta(hours=40)
    case_id = a_case(world.bruno, opened_at=sent_at)
    said: list[tuple[str, str, datetime]] = [
        ("accept", "", sent_at + timedelta(hours=6)),
        ("decline", "no_capacity", sent_at + timedelta(hours=30)),
    ]
    for verb, reason, at in said:
        referral_id = a_referral(world.bruno, case_id, sent_at=sent_at)
        answer = Answer(referral_id=referral_id, verb=verb, reason_code=reason, at=at)
        answer_referrals(by=world.carla, rows=[answer])
    yes, no = facts(was_accepted=True)[0], facts(was_accepted=False)[0]
    assert (yes.hours_to_answer, no.hours_to_answer) == (6.0, 30.0)
    assert (yes.decline_reason_code, no.decline_reason_code) == ("", "no_capacity")
    assert (yes.sender_kind, yes.sender_state, yes.recipient_kind) == ("prosecutor", "XX-N", "ngo")
    assert (yes.rests_on, yes.service_codes, yes.was_answered) == ("consent", ("MENTAL",), True)


def test_what_expired_was_not_answered_and_its_successor_is_the_second_attempt(world: World) -> None:
    sent_at = timezone.now() - timedelta(days=9)
    case_id = a_case(world.bruno, opened_at=sent_at)
    first = a_referral(world.bruno, case_id, sent_at=sent_at)
    expire_referrals(by=SYSTEM, at=timezone.now())
    reroute_referrals(by=SYSTEM, rows=[Onward(previous_id=first, recipient_code="shelter-isles")])
    (expired,) = facts(was_expired=True)
    assert (expired.was_answered, expired.hours_to_answer, expired.attempt) == (False, None, 1)
    (after,) = facts(attempt=2)
    assert (after.recipient_kind, after.status, after.sender_code) == ("shelter", "sent", "prosecutor-north")


def test_those_asked_at_the_same_time_can_be_counted_as_one_question(world: World) -> None:
    sent = asked_at_once(world.bruno, a_case(world.bruno))
    accepted(world.dora, sent[1].pk)
    rows = facts(group_id=sent[0].group_id)
    assert sorted(fact.status for fact in rows) == ["accepted", "withdrawn", "withdrawn"]
    assert {fact.about.person_id for fact in rows} == {Referral.objects.get(pk=sent[0].pk).case.person_id}


def test_a_partner_is_a_recipient_with_its_kind_and_its_feedback_is_counted(world: World) -> None:
    made = a_package(world)
    take_step(by=world.bruno, row=Answer(referral_id=made.package.referral_id, verb="accept"))
    give_feedback(by=world.bruno, row=Feedback(referral_id=made.package.referral_id, result_code="not_arrived"))
    (fact,) = facts(is_to_partner=True)
    assert (fact.recipient_kind, fact.recipient_state, fact.feedback_code) == ("ngo", "", "not_arrived")


def test_on_what_each_rests(world: World) -> None:
    for consents, changes in ((True, {}), (False, {"ground_code": "emergency"}), (None, {"is_anonymous": True})):
        a_referral(world.bruno, a_case(world.bruno, a_person(world.bruno, consents=consents)), **changes)
    assert sorted(fact.rests_on for fact in facts()) == ["consent", "ground", "nothing"]
