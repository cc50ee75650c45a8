"""Accepting and declining what reached the own inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.queries import case_detail
from enlace.people.queries import person
from enlace.referrals.actions import Answer, answer_referrals, take_step
from enlace.referrals.queries import came_back, referral, waiting_for_us
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.cases.pages import in_spanish, send, signed_in, token_in
from tests.world import World, a_case, a_person, a_referral, accepted


def answer(referral_id: object, verb: str = "accept", **changes: object) -> Answer:
    return Answer(referral_id=referral_id, verb=verb, **changes)


def test_before_accepting_the_recipient_reads_the_slice_and_nothing_else(world: World) -> None:
    person_id = a_person(world.bruno, identity=Identity(given_names="Xiomara"))
    case_id = a_case(world.bruno, person_id, forms=("sexual_use",))
    referral_id = a_referral(world.bruno, case_id, message="what they need", shares_identity=True)
    found = referral(viewer=world.carla, referral_id=referral_id)
    assert found.slice["forms"] == ["sexual_use"]
    page = signed_in("carla").get(f"/referrals/{referral_id}/").text
    assert "what they need" in page
    assert "Xiomara" not in page
    assert "Open the case" not in page
    for query, key in ((person, {"person_id": person_id}), (case_detail, {"case_id": case_id})):
        with pytest.raises(Missing):
            query(viewer=world.carla, **key)
    with pytest.raises(Missing):
        open_identity(viewer=world.carla, person_id=person_id, purpose="plan_care")


def test_only_the_recipient_answers_and_only_once(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    for by, expected in ((world.bruno, Missing), (world.dora, Missing), (world.alma, Forbidden)):
        with pytest.raises(expected):
            answer_referrals(by=by, rows=[answer(referral_id)])
    accepted(world.carla, referral_id)
    for verb, reason in (("accept", ""), ("decline", "no_capacity")):
        with pytest.raises(Refusal):
            answer_referrals(by=world.carla, rows=[answer(referral_id, verb, reason_code=reason)])


@pytest.mark.parametrize(
    ("verb", "reason"), [("decline", ""), ("decline", "no_such"), ("start", ""), ("expire", ""), ("no_such", "")]
)
def test_an_answer_without_its_reason_or_that_is_none_is_refused(world: World, verb: str, reason: str) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    with pytest.raises(Refusal):
        answer_referrals(by=world.carla, rows=[answer(referral_id, verb, reason_code=reason)])
    assert referral(viewer=world.carla, referral_id=referral_id).status == "sent"


def test_many_are_answered_together_or_not_at_all(world: World) -> None:
    ids = [a_referral(world.bruno, a_case(world.bruno)) for _ in range(3)]
    foreign = a_referral(world.bruno, a_case(world.bruno), to="shelter-isles")
    for rows in ([*ids, foreign], [*ids, ids[0]]):
        with pytest.raises(Missing):
            answer_referrals(by=world.carla, rows=[answer(pk) for pk in rows])
    assert len(waiting_for_us(viewer=world.carla, limit=9)) == 3
    answer_referrals(by=world.carla, rows=[answer(pk) for pk in ids])
    assert waiting_for_us(viewer=world.carla, limit=9) == []
    assert answer_referrals(by=world.carla, rows=[]) == []


def test_declined_it_comes_back_to_the_sender_with_the_reason(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    take_step(by=world.carla, row=answer(referral_id, "decline", reason_code="no_capacity", note="in May perhaps"))
    assert [r.pk for r in came_back(viewer=world.lucas, limit=9)] == [referral_id]
    page = signed_in("lucas").get(f"/referrals/{referral_id}/").text
    assert "No place free" in page
    assert "in May perhaps" in page
    assert "Came back without help" in signed_in("lucas").get("/").text


def test_a_double_click_on_accept_leads_to_the_referral(world: World) -> None:
    browser, referral_id = signed_in("carla"), a_referral(world.bruno, a_case(world.bruno))
    address = f"/referrals/{referral_id}/accept/"
    token = token_in(browser.get(address))
    answers = [send(browser, address, {"note": "welcome"}, token) for _ in range(2)]
    assert [a.headers.get("Location") for a in answers] == [f"/referrals/{referral_id}/"] * 2
    assert browser.get(address).status_code == 409


def test_a_note_typed_while_a_colleague_answered_is_kept_on_the_page(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    accepted(world.carla, referral_id)
    page = send(signed_in("carla"), f"/referrals/{referral_id}/decline/", {"reason": "other", "note": "long words"})
    assert page.status_code == 422
    assert "long words" in page.text
    assert "Something has changed since the page was opened." in page.text


def test_the_titles_follow_the_reader_whoever_came_first(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    english = signed_in("carla").get(f"/referrals/{referral_id}/accept/").text
    with in_spanish(signed_in("carla")) as browser:
        spanish = browser.get(f"/referrals/{referral_id}/accept/").text
    assert "Accept the referral" in english
    assert "Accept the referral" not in spanish
    assert "Your agency joins the case" not in spanish


def test_an_answer_is_not_dated_before_its_question(world: World) -> None:
    from django.db import IntegrityError, transaction

    referral_id = a_referral(world.bruno, a_case(world.bruno))
    early = answer(referral_id, at=timezone.now() - timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: TID251 - the constraint itself is asked
        answer_referrals(by=world.carla, rows=[early])
