"""Revoking consent stops disclosure at once."""

from datetime import date

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.people.actions import revoke_consent
from enlace.people.queries import consents
from enlace.referrals.actions import send_referrals
from enlace.referrals.queries import referral
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.cases.pages import signed_in
from tests.world import World, a_case, a_person, a_referral, accepted

INVENTED = Identity(given_names="Persona", family_names="Inventada Dos")


def grant_of(world: World, person_id: object, purpose: str = "referral") -> object:
    return consents(viewer=world.bruno, person_id=person_id).get(purpose_code=purpose).pk  # type: ignore[arg-type]


def revoke(world: World, person_id: object) -> None:
    revoke_consent(
        by=world.bruno,
        person_id=person_id,  # type: ignore[arg-type]
        consent_id=grant_of(world, person_id),  # type: ignore[arg-type]
        on=timezone.localdate(),
    )


def test_what_was_sent_and_not_yet_accepted_discloses_nothing_more(world: World) -> None:
    """The identity travels sealed until the agency accepts; consent revoked in between keeps it sealed."""
    person_id = a_person(world.bruno, identity=INVENTED)
    referral_id = a_referral(world.bruno, a_case(world.bruno, person_id), shares_identity=True)
    revoke(world, person_id)
    accepted(world.carla, referral_id)
    assert referral(viewer=world.carla, referral_id=referral_id).status == "accepted"
    with pytest.raises(Missing):
        open_identity(viewer=world.carla, person_id=person_id, purpose="plan_care")
    assert open_identity(viewer=world.bruno, person_id=person_id, purpose="plan_care").given_names == "Persona"


def test_what_was_disclosed_before_stays_and_nothing_new_goes_out(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    case_id = a_case(world.bruno, person_id)
    accepted(world.carla, a_referral(world.bruno, case_id, shares_identity=True))
    revoke(world, person_id)
    assert open_identity(viewer=world.carla, person_id=person_id, purpose="plan_care").given_names == "Persona"
    with pytest.raises(Refusal, match="consent"):
        a_referral(world.bruno, case_id, to="shelter-isles")
    assert send_referrals(by=world.bruno, rows=[]) == []


def test_it_is_revoked_once_and_not_before_it_was_given(world: World) -> None:
    person_id = a_person(world.bruno)
    consent_id = grant_of(world, person_id)
    with pytest.raises(Refusal, match="before"):
        revoke_consent(by=world.bruno, person_id=person_id, consent_id=consent_id, on=date(2025, 1, 9))  # type: ignore[arg-type]
    revoke(world, person_id)
    with pytest.raises(Refusal, match="already"):
        revoke(world, person_id)


def test_another_agency_another_person_or_another_role_revokes_nothing(world: World) -> None:
    person_id, other_id = a_person(world.bruno), a_person(world.bruno)
    consent_id, on = grant_of(world, person_id), timezone.localdate()
    for by, whose, expected in (
        (world.omar, person_id, Missing),
        (world.bruno, other_id, Missing),
        (world.elena, person_id, Forbidden),
    ):
        with pytest.raises(expected):
            revoke_consent(by=by, person_id=whose, consent_id=consent_id, on=on)  # type: ignore[arg-type]
    assert consents(viewer=world.bruno, person_id=person_id).filter(revoked_on=None).count() == 2


def test_the_button_revokes_and_comes_back_to_the_person(world: World) -> None:
    person_id = a_person(world.bruno)
    consent_id = grant_of(world, person_id)
    browser = signed_in("bruno")
    assert browser.get(f"/people/{person_id}/consent/{consent_id}/revoke/").status_code == 405
    answer = browser.post(f"/people/{person_id}/consent/{consent_id}/revoke/")
    assert answer.headers["Location"] == f"/people/{person_id}/"
    assert browser.post(f"/people/{person_id}/consent/{consent_id}/revoke/").status_code == 409
