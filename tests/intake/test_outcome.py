"""The desk learns what came of its contacts from the actions of the modules above."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from enlace.base.errors import Refusal
from enlace.cases.actions import Ruling, decide_cases
from enlace.intake.actions import Result, record_outcomes
from enlace.intake.models import Outcome
from enlace.intake.queries import contact_detail
from enlace.referrals.actions import Request, send_referrals
from tests.intake.contacts import a_contact, at_risk
from tests.world import SYSTEM, World, a_case, a_person, a_referral, accepted, identified


def told(world: World, contact_id: UUID) -> list[tuple[str, str]]:
    found = contact_detail(viewer=world.hilda, contact_id=contact_id)
    return [(outcome.kind, outcome.agency_code) for outcome in found.outcomes]


def test_opening_referring_and_deciding_come_back_to_the_desk(world: World) -> None:
    person_id = a_person(world.hilda)
    contact_id = a_contact(world.hilda, people=(at_risk(person_id),))
    case_id = a_case(world.hilda, person_id)
    referral_id = a_referral(world.hilda, case_id, to="prosecutor-north")
    accepted(world.bruno, referral_id)
    identified(world.bruno, case_id)
    assert told(world, contact_id) == [
        ("case_opened", "helpline"),
        ("referred", "helpline"),
        ("victim_identified", "prosecutor-north"),
    ]
    assert Outcome.objects.get(kind="referred").service_codes == ["MENTAL"]


def test_a_decision_not_to_confirm_comes_back_and_a_renewed_presumption_is_no_outcome(world: World) -> None:
    person_id = a_person(world.bruno)
    a_contact(world.bruno, channel_code="prosecutor", people=(at_risk(person_id),))
    case_id = a_case(world.bruno, person_id)
    for verb in ("not_confirm", "presume_again"):
        decide_cases(by=world.bruno, rows=[Ruling(case_id=case_id, verb=verb, ground_code="prosecutor")])
    assert set(Outcome.objects.values_list("kind", flat=True)) == {"case_opened", "not_confirmed"}


def test_every_contact_of_the_person_before_it_is_told_and_none_after(world: World) -> None:
    person_id, now = a_person(world.hilda), timezone.now()
    before = [a_contact(world.hilda, opened_at=now - timedelta(days=n), people=(at_risk(person_id),)) for n in (30, 20)]
    a_contact(world.hilda, opened_at=now - timedelta(days=5), people=(at_risk(person_id),))
    a_contact(world.hilda, people=(at_risk(a_person(world.hilda)),))
    row = Result(kind="screened_presumed", person_id=person_id, at=now - timedelta(days=10))
    record_outcomes(by=world.hilda, rows=[row])
    assert set(Outcome.objects.values_list("contact_id", flat=True)) == set(before)


def test_people_without_a_contact_leave_nothing(world: World) -> None:
    identified(world.bruno, a_case(world.bruno))
    assert not Outcome.objects.exists()


def test_a_named_contact_is_told_once_even_if_the_person_takes_part_in_it(world: World) -> None:
    person_id = a_person(world.hilda)
    contact_id = a_contact(world.hilda, people=(at_risk(person_id),))
    row = Result(kind="screened_presumed", person_id=person_id, contact_id=contact_id)
    assert len(record_outcomes(by=world.hilda, rows=[row])) == 1


@pytest.mark.parametrize(
    "row",
    [
        Result(kind="no_such"),
        Result(kind="victim_identified"),
        Result(kind="investigation_opened"),
    ],
)
def test_what_cannot_be_told_is_refused(world: World, row: Result) -> None:
    with pytest.raises(Refusal):
        record_outcomes(by=SYSTEM, rows=[row])


def test_an_outcome_is_never_changed(world: World) -> None:
    contact_id = a_contact(world.hilda)
    record_outcomes(by=world.hilda, rows=[Result(kind="investigation_opened", contact_id=contact_id)])
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE intake_outcome SET kind = 'other'")


def test_a_referral_is_told_with_its_services_and_its_date(world: World) -> None:
    person_id, now = a_person(world.hilda), timezone.now()
    a_contact(world.hilda, opened_at=now - timedelta(days=9), people=(at_risk(person_id),))
    case_id = a_case(world.hilda, person_id, opened_at=now - timedelta(days=8))
    sent_at = now - timedelta(days=7)
    services = ("MENTAL", "LEGAL")
    row = Request(case_id=case_id, recipient_code="ngo-harbour", service_codes=services, sent_at=sent_at)
    send_referrals(by=world.hilda, rows=[row])
    found = Outcome.objects.get(kind="referred")
    assert (found.service_codes, found.at) == (["LEGAL", "MENTAL"], sent_at)
