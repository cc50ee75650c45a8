"""Revoking consent stops disclosure at once."""

from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone

from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.rows import seeing_as
from enlace.people.actions import Grounded, record_ground, revoke_consent
from enlace.people.queries import consents
from enlace.referrals.actions import send_referrals
from enlace.referrals.queries import referral
from enlace.vault.actions import grant_key, stop_sharing
from enlace.vault.models import PersonKey
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.cases.pages import send, signed_in
from tests.vault.material import rows_of
from tests.world import SYSTEM, World, a_case, a_person, a_referral, accepted

INVENTED = Identity(given_names="Persona", family_names="Inventada Dos")


def grant_of(world: World, person_id: object, purpose: str = "referral") -> object:
    return consents(viewer=world.bruno, person_id=person_id).get(purpose_code=purpose).pk


def revoke(world: World, person_id: object) -> None:
    revoke_consent(
        by=world.bruno,
        person_id=person_id,
        consent_id=grant_of(world, person_id),
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
        revoke_consent(by=world.bruno, person_id=person_id, consent_id=consent_id, on=date(2025, 1, 9))
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
            revoke_consent(by=by, person_id=whose, consent_id=consent_id, on=on)
    assert consents(viewer=world.bruno, person_id=person_id).filter(revoked_on=None).count() == 2


def test_it_is_asked_first_what_stops_and_comes_back_to_what_was_disclosed(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    a_referral(world.bruno, a_case(world.bruno, person_id), shares_identity=True)
    waits(person_id)
    address = f"/people/{person_id}/consent/{grant_of(world, person_id)}/revoke/"
    browser = signed_in("bruno")
    page = browser.get(address)
    for sentence in ("From now on nothing is disclosed to any agency", "is taken back", "The help goes on"):
        assert sentence in page.text
    assert consents(viewer=world.bruno, person_id=person_id).filter(revoked_on=None).count() == 2
    answer = send(browser, address, {})
    assert answer.headers["Location"].startswith(f"/people/{person_id}/consents/")
    assert rows_of(PersonKey, person_id=person_id, released_at=None) == []
    assert send(browser, address, {}).status_code == 422
    assert browser.get(address).status_code == 409


def waits(person_id: UUID) -> None:
    """The key waits for the purpose of referrals, whichever way it was granted."""
    with seeing_as(SYSTEM):
        PersonKey.objects.filter(person_id=person_id, released_at=None).update(purpose_code="referral")


def test_keys_that_wait_for_the_purpose_are_taken_back_and_no_others(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    for to, purpose in (("ngo-harbour", "referral"), ("shelter-isles", "services"), ("health-south", "")):
        grant_key(by=world.bruno, person_id=person_id, to_agency=to, purpose_code=purpose)
    consent_id, on = grant_of(world, person_id), timezone.localdate()
    stopped = stop_sharing(by=world.bruno, person_id=person_id, consent_id=consent_id, on=on)
    assert (stopped.purpose_code, stopped.withdrawn) == ("referral", ("ngo-harbour",))
    left = rows_of(PersonKey, person_id=person_id)
    assert {row.agency_code for row in left} == {"prosecutor-north", "shelter-isles", "health-south"}


def test_a_key_stays_where_a_legal_ground_still_allows_it(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    grant_key(by=world.bruno, person_id=person_id, to_agency="ngo-harbour", purpose_code="referral")
    on = timezone.localdate()
    row = Grounded(
        person_id=person_id,
        purpose_code="referral",
        recipient_code="ngo-harbour",
        ground_code="court_order",
        article="s. 31",
        decided_by="Invented court",
        decided_on=on,
    )
    record_ground(by=world.bruno, row=row)
    consent_id = grant_of(world, person_id)
    stopped = stop_sharing(by=world.bruno, person_id=person_id, consent_id=consent_id, on=on)
    assert stopped.withdrawn == ()
    assert rows_of(PersonKey, person_id=person_id, agency_code="ngo-harbour")


def test_what_waits_for_two_purposes_one_revocation_does_not_take_back(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    for purpose in ("referral", "services"):
        grant_key(by=world.bruno, person_id=person_id, to_agency="ngo-harbour", purpose_code=purpose)
    consent_id, on = grant_of(world, person_id), timezone.localdate()
    stopped = stop_sharing(by=world.bruno, person_id=person_id, consent_id=consent_id, on=on)
    assert stopped.withdrawn == ()


def test_the_person_revokes_on_her_own_page_and_nobody_elses(world: World) -> None:
    mine, others = a_person(world.bruno, identity=INVENTED), a_person(world.bruno)
    grant_key(by=world.bruno, person_id=mine, to_agency="ngo-harbour", purpose_code="referral")
    herself = Actor(id=f"person:{mine}", can=frozenset({"PORTAL_OWN"}), person_id=str(mine))
    on = timezone.localdate()
    with pytest.raises(Missing):
        stop_sharing(by=herself, person_id=others, consent_id=grant_of(world, others), on=on)
    stopped = stop_sharing(by=herself, person_id=mine, consent_id=grant_of(world, mine), on=on)
    assert stopped.withdrawn == ("ngo-harbour",)
