"""What came back is sent on in the name of its sender, once; or it is said that nobody is left."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from enlace.accounts.queries import agency_names
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from enlace.people.actions import revoke_consent
from enlace.people.queries import consents
from enlace.referrals.actions import (
    Answer,
    Onward,
    answer_referrals,
    expire_referrals,
    mark_unplaced,
    reroute_referrals,
)
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.queries import asked_before, came_back, sent_onward, without_help
from enlace.vault.models import PersonKey
from tests.cases.pages import send, signed_in
from tests.referrals.asking import INVENTED, asked_at_once
from tests.world import SYSTEM, World, a_case, a_person, a_referral, accepted


def declined(world: World, **facts: object) -> UUID:
    person_id = a_person(world.bruno, identity=INVENTED)
    referral_id = a_referral(world.bruno, a_case(world.bruno, person_id), message="a word", **facts)
    no = Answer(referral_id=referral_id, verb="decline", reason_code="no_capacity")
    answer_referrals(by=world.carla, rows=[no])
    return referral_id


def onward(previous_id: UUID, to: str = "shelter-isles", **changes: object) -> list[Referral]:
    row = Onward(previous_id=previous_id, recipient_code=to, **changes)
    return reroute_referrals(by=SYSTEM, rows=[row])


def test_the_next_place_is_asked_for_the_same_in_the_name_of_the_sender(world: World) -> None:
    first = declined(world, shares_identity=True)
    (sent,) = onward(first, alternatives=(("health-south", None),))
    assert (sent.sender_code, sent.sent_by, sent.recipient_code) == (
        "prosecutor-north",
        "system:referrals",
        "shelter-isles",
    )
    assert (sent.previous_id, sent.attempt, sent.message, sent.is_consented) == (first, 2, "a word", True)
    assert sent.alternatives == [["health-south", ""]]
    assert without_help(viewer=SYSTEM) == []
    accepted(world.dora, sent.pk)
    assert set(PersonKey.objects.values_list("agency_code", flat=True)) == {"prosecutor-north", "shelter-isles"}


def test_nobody_is_asked_twice_in_the_stead_of_one(world: World) -> None:
    first = declined(world)
    assert len(onward(first)) == 1
    assert onward(first, "health-south") == []
    with pytest.raises(Refusal, match="already asked in its stead"):
        a_referral(world.bruno, Referral.objects.get(pk=first).case_id, to="health-south", previous_id=first)


def test_a_chain_counts_its_attempts_and_knows_where_it_asked(world: World) -> None:
    link = declined(world)
    for number, (to, by) in enumerate((("shelter-isles", world.dora), ("health-south", world.omar)), start=2):
        (sent,) = onward(link, to)
        assert sent.attempt == number
        no = Answer(referral_id=sent.pk, verb="decline", reason_code="no_capacity")
        answer_referrals(by=by, rows=[no])
        link = sent.pk
    assert [r.pk for r in without_help(viewer=SYSTEM)] == [link]
    assert asked_before(viewer=SYSTEM, referral=Referral.objects.get(pk=link)) == frozenset()


def test_what_waits_is_of_a_closed_case_or_was_answered_is_not_sent_on(world: World) -> None:
    waiting = a_referral(world.bruno, a_case(world.bruno))
    assert onward(waiting) == []
    back = declined(world)
    close_case(by=world.bruno, case_id=Referral.objects.get(pk=back).case_id, reason_code="moved")
    assert onward(back) == []
    assert without_help(viewer=SYSTEM) == []
    with pytest.raises(Missing):
        onward(uuid4())
    with pytest.raises(Forbidden):
        reroute_referrals(by=world.elena, rows=[])


def test_without_consent_for_the_next_place_nothing_is_told_and_it_is_asked_all_the_same(world: World) -> None:
    first = declined(world, shares_identity=True)
    person_id = Referral.objects.get(pk=first).case.person_id
    given = consents(viewer=world.bruno, person_id=person_id).get(purpose_code="referral")
    revoke_consent(by=world.bruno, person_id=person_id, consent_id=given.pk, on=timezone.localdate())
    (sent,) = onward(first)
    assert (sent.is_anonymous, sent.message, sent.slice, sent.shares_identity) == (True, "", {}, False)


def test_of_a_group_one_stands_for_all_and_is_followed_for_all(world: World) -> None:
    sent = asked_at_once(world.bruno, a_case(world.bruno), to=("ngo-harbour", "shelter-isles"))
    expire_referrals(by=SYSTEM, at=timezone.now() + timedelta(days=30))
    (left,) = without_help(viewer=SYSTEM)
    assert left.pk in {r.pk for r in sent}
    onward(left.pk, "health-south")
    assert without_help(viewer=SYSTEM) == []
    for row in sent:
        with pytest.raises(Refusal, match="in its stead"):
            a_referral(world.bruno, row.case_id, to="children-north", previous_id=row.pk)


def test_that_nobody_is_left_is_written_once_and_said_to_the_sender(world: World) -> None:
    first = declined(world)
    assert [mark_unplaced(by=SYSTEM, referral_ids=[first]) for _ in range(2)] == [1, 0]
    assert ReferralStep.objects.filter(verb="unplaced").count() == 1
    now = timezone.now()
    assert [r.pk for r in without_help(viewer=SYSTEM)] == [first]
    assert without_help(viewer=SYSTEM, unplaced_before=now - timedelta(hours=1)) == []
    assert [r.pk for r in without_help(viewer=SYSTEM, unplaced_before=now + timedelta(seconds=1))] == [first]
    page = signed_in("bruno").get("/").text
    assert "No place free; no other place was found" in page
    assert "no other place was found" in signed_in("bruno").get(f"/referrals/{first}/").text
    assert len(onward(first)) == 1  # a bed became free later


def test_the_queue_says_why_it_came_back_and_what_happened_next(world: World) -> None:
    first = declined(world)
    page = signed_in("lucas").get("/").text
    assert "No place free; nobody else has been asked" in page
    (sent,) = onward(first)
    page = signed_in("lucas").get("/").text
    assert "nobody else has been asked" not in page
    name = agency_names()["shelter-isles"]
    assert f"No place free; {name} is asked instead" in page
    assert [r.pk for r in sent_onward(viewer=world.lucas, limit=9)] == [sent.pk]
    accepted(world.dora, sent.pk)
    assert "is asked instead" not in signed_in("lucas").get("/").text
    assert "Asked instead" in signed_in("lucas").get(f"/referrals/{first}/").text


def test_the_sender_asks_the_next_from_the_page_of_what_came_back(world: World) -> None:
    first = declined(world)
    browser, case_id = signed_in("bruno"), Referral.objects.get(pk=first).case_id
    page = browser.get(f"/referrals/{first}/").text
    address = f"/cases/{case_id}/refer/?previous={first}&amp;service=MENTAL"
    assert address in page
    form = browser.get(address.replace("&amp;", "&")).text
    assert f'name="previous" value="{first}"' in form
    said = {"services": ["MENTAL"], "recipient": "shelter-isles", "previous": str(first)}
    assert send(browser, f"/cases/{case_id}/refer/", said).status_code == 302
    assert Referral.objects.get(previous_id=first).attempt == 2
    assert came_back(viewer=world.bruno, limit=9) == []
    assert "attempt 2" in browser.get(f"/referrals/{Referral.objects.get(previous_id=first).pk}/").text


def test_nothing_is_sent_in_the_stead_of_another_case_or_another_agency_s(world: World) -> None:
    first, other = declined(world), a_case(world.bruno)
    with pytest.raises(Missing):
        a_referral(world.bruno, other, to="shelter-isles", previous_id=first)
    foreign = a_case(world.alma)
    with pytest.raises(Missing):
        a_referral(world.alma, foreign, previous_id=first)
    waiting = a_referral(world.bruno, other)
    with pytest.raises(Refusal, match="has not come back"):
        a_referral(world.bruno, other, to="shelter-isles", previous_id=waiting)
