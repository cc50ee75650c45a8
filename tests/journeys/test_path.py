"""The main job: registered, identified, referred, accepted, assisted; each agency sees its part and no more."""

from datetime import date

import pytest
from django.utils import timezone

from enlace.assistance.actions import Given, record_services
from enlace.audit.queries import reads_of
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case, reopen_case, write_note
from enlace.cases.queries import case_detail
from enlace.people.queries import person
from enlace.referrals.queries import read_referral, referral
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.world import World, a_case, a_person, a_referral, accepted, identified

INVENTED = Identity(given_names="Persona", family_names="Inventada Uno", phones=("5550001111",))


def test_a_person_walks_from_registration_to_assistance(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    case_id = a_case(world.bruno, person_id)
    identified(world.bruno, case_id)
    referral_id = a_referral(world.bruno, case_id, shares_identity=True)

    with pytest.raises(Missing):
        case_detail(viewer=world.carla, case_id=case_id)
    accepted(world.carla, referral_id)
    assert case_detail(viewer=world.carla, case_id=case_id).agency_codes == ["prosecutor-north", "ngo-harbour"]
    assert open_identity(viewer=world.carla, person_id=person_id, purpose="plan_care").given_names == "Persona"

    record_services(
        by=world.carla,
        rows=[
            Given(
                case_id=case_id,
                service_code="MENTAL",
                started_on=timezone.localdate(),
                referral_id=referral_id,
                completes=True,
            )
        ],
    )
    assert referral(viewer=world.bruno, referral_id=referral_id).status == "completed"
    with pytest.raises(Missing):
        person(viewer=world.omar, person_id=person_id)


def test_without_consent_the_person_is_helped_but_only_need_is_disclosed(world: World) -> None:
    case_id = a_case(world.bruno, a_person(world.bruno, consents=False))
    with pytest.raises(Refusal, match="consent"):
        a_referral(world.bruno, case_id)
    sent = referral(viewer=world.carla, referral_id=a_referral(world.bruno, case_id, ground_code="emergency"))
    assert set(sent.slice) == {"age_group_code", "sex_code", "needs_interpreter"}
    assert not sent.shares_identity


def test_notes_stay_in_the_agency_unless_shared(world: World) -> None:
    case_id = a_case(world.bruno)
    accepted(world.carla, a_referral(world.bruno, case_id))
    write_note(by=world.bruno, case_id=case_id, text="para la casa")
    write_note(by=world.bruno, case_id=case_id, text="para todos", is_shared=True)
    assert [n.text for n in case_detail(viewer=world.carla, case_id=case_id).notes] == ["para todos"]


def test_a_closed_case_takes_nothing_until_it_is_reopened(world: World) -> None:
    case_id = a_case(world.bruno)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        write_note(by=world.bruno, case_id=case_id, text="tarde")
    reopen_case(by=world.bruno, case_id=case_id)
    write_note(by=world.bruno, case_id=case_id, text="a tiempo")


def test_a_role_does_only_what_it_may(world: World) -> None:
    case_id = a_case(world.bruno)
    with pytest.raises(Forbidden):
        identified(world.alma, case_id)
    with pytest.raises(Forbidden):
        case_detail(viewer=world.fidel, case_id=case_id)


def test_re_exploitation_returns_to_presumed(world: World) -> None:
    from enlace.cases.actions import Ruling, decide_cases

    case_id = a_case(world.bruno)
    identified(world.bruno, case_id)
    decide_cases(by=world.bruno, rows=[Ruling(case_id=case_id, verb="re_exploited", ground_code="prosecutor")])
    assert case_detail(viewer=world.bruno, case_id=case_id).case.identification == "presumed"


def test_consent_given_later_for_one_agency_opens_only_to_it(world: World) -> None:
    from enlace.people.actions import Consent, record_consents

    person_id = a_person(world.bruno, consents=False)
    case_id = a_case(world.bruno, person_id)
    record_consents(
        by=world.bruno,
        rows=[
            Consent(
                person_id=person_id,
                purpose_code="referral",
                given_by_code="person",
                given_on=date(2025, 2, 1),
                recipient_code="ngo-harbour",
            )
        ],
    )
    assert referral(viewer=world.carla, referral_id=a_referral(world.bruno, case_id)).is_consented
    with pytest.raises(Refusal):
        a_referral(world.bruno, case_id, to="shelter-isles")


def test_reading_what_was_said_in_confidence_leaves_a_record(world: World) -> None:
    case_id = a_case(world.bruno)
    referral_id = a_referral(world.bruno, case_id)
    case_detail(viewer=world.bruno, case_id=case_id)
    read_referral(viewer=world.carla, referral_id=referral_id)
    with pytest.raises(Missing):
        case_detail(viewer=world.omar, case_id=case_id)
    assert [row.actor_id for row in reads_of(case_id).filter(action="case.read")] == [world.bruno.id]
    assert [row.actor_id for row in reads_of(referral_id).filter(data_class="D")] == [world.carla.id]
