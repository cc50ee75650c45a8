"""What came of a referral is told back to who sent it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.referrals.actions import Answer, Feedback, deliver_referrals, give_feedback
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.queries import told_lately
from tests.cases.pages import send, signed_in
from tests.own import savepoint
from tests.world import World, a_case, a_referral, accepted


def told(by: object, referral_id: object, code: str = "helped", **changes: object) -> Referral:
    return give_feedback(by=by, row=Feedback(referral_id=referral_id, result_code=code, **changes))


def test_the_sender_finds_it_in_the_queue_and_on_the_page(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    accepted(world.carla, referral_id)
    browser = signed_in("carla")
    assert "Tell what came of it" in browser.get(f"/referrals/{referral_id}/").text
    answer = send(browser, f"/referrals/{referral_id}/feedback/", {"result": "partly_helped", "text": "two sessions"})
    assert answer.headers["Location"] == f"/referrals/{referral_id}/"
    for name in ("bruno", "lucas"):
        assert "Received a part of the help" in signed_in(name).get("/").text
    page = signed_in("bruno").get(f"/referrals/{referral_id}/").text
    assert "two sessions" in page
    assert "Tell what came of it" not in page
    assert "What came of your referrals" not in signed_in("omar").get("/").text


def test_said_again_the_later_counts_and_both_stand_among_the_steps(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    accepted(world.carla, referral_id)
    told(world.carla, referral_id, "not_arrived", text="nobody came")
    found = told(world.carla, referral_id, "helped", text="came on Monday")
    assert (found.feedback_code, found.feedback) == ("helped", "came on Monday")
    notes = ReferralStep.objects.filter(verb="feedback").order_by("at", "id").values_list("note", flat=True)
    assert list(notes) == ["nobody came", "came on Monday"]


def test_it_leaves_the_queue_after_a_week(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    accepted(world.carla, referral_id)
    told(world.carla, referral_id, at=timezone.now() - timedelta(days=6))
    assert len(told_lately(viewer=world.bruno, limit=9)) == 1
    told(world.carla, referral_id, at=timezone.now() - timedelta(days=8))
    assert told_lately(viewer=world.bruno, limit=9) == []


def test_only_who_received_the_person_tells_and_only_once_it_did(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    with pytest.raises(Refusal, match="accepted"):
        told(world.carla, referral_id)
    assert signed_in("carla").get(f"/referrals/{referral_id}/feedback/").status_code == 409
    accepted(world.carla, referral_id)
    for by, expected in ((world.bruno, Missing), (world.omar, Missing), (world.elena, Forbidden)):
        with pytest.raises(expected):
            told(by, referral_id)
    for code in ("", "no_such"):
        with pytest.raises(Refusal, match="Choose"):
            told(world.carla, referral_id, code)


@pytest.mark.parametrize("verbs", [("start",), ("start", "complete"), ("interrupt",)])
def test_it_can_be_told_whatever_came_of_the_help(world: World, verbs: tuple[str, ...]) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    accepted(world.carla, referral_id)
    for verb in verbs:
        row = Answer(referral_id=referral_id, verb=verb, reason_code="moved" if verb == "interrupt" else "")
        deliver_referrals(by=world.carla, rows=[row])
    assert told(world.carla, referral_id).feedback_code == "helped"


def test_words_without_a_result_cannot_be_stored(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    with pytest.raises(IntegrityError, match="referrals_feedback_whole"), savepoint():
        Referral.objects.filter(pk=referral_id).update(feedback="words")
