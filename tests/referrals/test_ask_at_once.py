"""Several are asked at the same time: the first to accept receives the person, for the others it is withdrawn."""

from uuid import UUID

import pytest
from django.db import IntegrityError

from enlace.audit.queries import verify
from enlace.base.errors import Refusal
from enlace.base.ids import new_id
from enlace.cases.models import CaseAgency
from enlace.referrals.actions import Answer, Request, answer_referrals, send_referrals, withdraw_referral
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.queries import came_back, referral, waiting_for_us
from enlace.vault.models import PersonKey
from tests.cases.pages import send, signed_in
from tests.own import savepoint
from tests.referrals.asking import INVENTED, SEVERAL, asked_at_once
from tests.world import World, a_case, a_person, a_referral, accepted


def decline(by: object, referral_id: UUID) -> None:
    answer = Answer(referral_id=referral_id, verb="decline", reason_code="no_capacity")
    answer_referrals(by=by, rows=[answer])


def test_the_first_acceptance_withdraws_the_others_and_takes_their_keys_back(world: World) -> None:
    case_id = a_case(world.bruno, a_person(world.bruno, identity=INVENTED))
    sent = asked_at_once(world.bruno, case_id, shares_identity=True)
    accepted(world.dora, sent[1].pk)
    status = {r.recipient_code: r.status for r in Referral.objects.all()}
    assert status == {"ngo-harbour": "withdrawn", "shelter-isles": "accepted", "health-south": "withdrawn"}
    steps = ReferralStep.objects.filter(verb="supersede").values_list("by", "agency_code")
    assert list(steps) == [("system:referrals", "")] * 2
    assert set(CaseAgency.objects.values_list("agency_code", flat=True)) == {"prosecutor-north", "shelter-isles"}
    assert set(PersonKey.objects.values_list("agency_code", flat=True)) == {"prosecutor-north", "shelter-isles"}
    assert came_back(viewer=world.bruno, limit=9) == []
    assert waiting_for_us(viewer=world.carla, limit=9) == []
    assert verify() == []


def test_whoever_comes_second_reads_that_the_person_has_help(world: World) -> None:
    sent = asked_at_once(world.bruno, a_case(world.bruno))
    accepted(world.dora, sent[1].pk)
    with pytest.raises(Refusal, match="Another place accepted first"):
        accepted(world.carla, sent[0].pk)
    page = send(signed_in("omar"), f"/referrals/{sent[2].pk}/accept/", {})
    assert page.status_code == 422
    assert "Another place accepted first" in page.text
    assert "Another place accepted first" in signed_in("bruno").get(f"/referrals/{sent[0].pk}/").text


def test_two_of_one_group_are_not_accepted_in_one_answer(world: World) -> None:
    first, second, _third = asked_at_once(world.bruno, a_case(world.bruno))
    Referral.objects.filter(pk=second.pk).update(recipient_code="ngo-harbour", site=None)
    rows = [Answer(referral_id=pk, verb="accept") for pk in (first.pk, second.pk)]
    with pytest.raises(Refusal):
        answer_referrals(by=world.carla, rows=rows)
    assert set(Referral.objects.values_list("status", flat=True)) == {"sent"}


def test_it_comes_back_once_and_only_when_the_last_has_said_no(world: World) -> None:
    sent = asked_at_once(world.bruno, a_case(world.bruno))
    decline(world.carla, sent[0].pk)
    decline(world.dora, sent[1].pk)
    assert came_back(viewer=world.bruno, limit=9) == []
    decline(world.omar, sent[2].pk)
    assert len(came_back(viewer=world.bruno, limit=9)) == 1


def test_one_of_them_can_be_taken_back_and_the_others_still_wait(world: World) -> None:
    sent = asked_at_once(world.bruno, a_case(world.bruno))
    withdraw_referral(by=world.bruno, referral_id=sent[0].pk)
    accepted(world.omar, sent[2].pk)
    assert Referral.objects.get(pk=sent[1].pk).status == "withdrawn"


def rows_of(*places: tuple[UUID, str], group_id: UUID) -> list[Request]:
    return [
        Request(case_id=case_id, recipient_code=code, service_codes=("LEGAL",), group_id=group_id)
        for case_id, code in places
    ]


def test_a_group_is_one_person_each_place_once_and_sent_together(world: World) -> None:
    case_id, other, group_id = a_case(world.bruno), a_case(world.bruno), new_id()
    send_referrals(
        by=world.bruno, rows=rows_of((case_id, "ngo-harbour"), (case_id, "shelter-isles"), group_id=group_id)
    )
    wrong = {
        "together": rows_of((case_id, "health-south"), group_id=group_id),
        "twice": rows_of((other, "ngo-harbour"), (other, "ngo-harbour"), group_id=new_id()),
        "one person": rows_of((other, "ngo-harbour"), (case_id, "shelter-isles"), group_id=new_id()),
    }
    for said, rows in wrong.items():
        with pytest.raises(Refusal, match=said):
            send_referrals(by=world.bruno, rows=rows)
    assert Referral.objects.count() == 2


def test_the_database_itself_holds_one_acceptance_of_a_group(world: World) -> None:
    sent = asked_at_once(world.bruno, a_case(world.bruno))
    accepted(world.carla, sent[0].pk)
    with pytest.raises(IntegrityError), savepoint():
        Referral.objects.filter(pk=sent[1].pk).update(status="started")


def test_the_page_asks_up_to_three_and_shows_the_sender_who_was_asked(world: World) -> None:
    case_id = a_case(world.bruno)
    said = {"services": ["MENTAL"], "recipient": SEVERAL[0], "also_1": SEVERAL[1], "also_2": SEVERAL[2]}
    answer = send(signed_in("bruno"), f"/cases/{case_id}/refer/", said)
    assert answer.status_code == 302
    sent = list(Referral.objects.order_by("sent_at", "pk"))
    assert {r.recipient_code for r in sent} == set(SEVERAL)
    assert len({r.group_id for r in sent}) == 1
    page = signed_in("bruno").get(f"/referrals/{sent[0].pk}/").text
    assert "Asked at the same time" in page
    asked = next(r for r in sent if r.recipient_code == "ngo-harbour")
    received = signed_in("carla").get(f"/referrals/{asked.pk}/").text
    assert "the first to accept receives the person" in received
    assert "Asked at the same time" not in received
    assert all(str(r.pk) not in received for r in sent if r != asked)
    same = send(signed_in("bruno"), f"/cases/{case_id}/refer/", said | {"also_2": SEVERAL[0]})
    assert same.status_code == 422
    assert Referral.objects.count() == 3


def test_one_that_was_asked_alone_is_of_no_group(world: World) -> None:
    found = referral(viewer=world.bruno, referral_id=a_referral(world.bruno, a_case(world.bruno)))
    assert (found.group_id, found.attempt, found.previous_id) == (None, 1, None)
