"""One more wrapped copy of a key: granted by one agency, released by the other, taken back."""

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.vault.actions import (
    grant_key,
    grant_keys,
    release_key,
    release_keys,
    reseal_identity,
    seal_identities,
    withdraw_key,
)
from enlace.vault.models import BlindToken, PersonKey
from enlace.vault.queries import open_identity, search_own
from enlace.vault.rules import Identity
from tests.vault.material import PURPOSE, ROSA, SYSTEM, actor, new_id, rows_of

HARBOUR = "ngo-harbour"


def test_a_key_opens_nothing_until_the_recipient_releases_it(bruno: Actor, carla: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    assert grant_key(by=bruno, person_id=person_id, to_agency=HARBOUR) == 1
    with pytest.raises(Missing):
        open_identity(viewer=carla, person_id=person_id, purpose=PURPOSE)
    assert rows_of(BlindToken, agency_code=HARBOUR) == []
    assert release_key(by=carla, person_id=person_id) == 1
    assert open_identity(viewer=carla, person_id=person_id, purpose=PURPOSE).family_names == ROSA.family_names


def test_the_recipient_finds_the_person_too_and_again_after_a_correction(bruno: Actor) -> None:
    dora = actor("dora", HARBOUR, "R06")
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    grant_key(by=bruno, person_id=person_id, to_agency=HARBOUR)
    release_key(by=dora, person_id=person_id)
    assert [c.person_id for c in search_own(viewer=dora, name="Rosa Inventada")] == [person_id]
    reseal_identity(by=bruno, person_id=person_id, identity=Identity(family_names="Corregida"))
    assert [c.person_id for c in search_own(viewer=dora, name="Corregida")] == [person_id]
    assert search_own(viewer=dora, name="Inventada") == []


def test_many_are_granted_and_released_at_once(bruno: Actor, carla: Actor) -> None:
    people = [new_id() for _ in range(520)]
    seal_identities(by=bruno, identities={pk: Identity(given_names="Persona") for pk in people})
    assert grant_keys(by=bruno, grants=[(pk, HARBOUR) for pk in people]) == 520
    assert release_keys(by=carla, person_ids=people) == 520
    assert grant_keys(by=bruno, grants=[(people[0], HARBOUR), (people[0], "health-south")]) == 1
    assert release_keys(by=carla, person_ids=people) == 0
    assert {row.agency_code for row in rows_of(PersonKey, person_id=people[0])} == {
        bruno.agency_code,
        HARBOUR,
        "health-south",
    }


def test_a_person_without_an_identity_is_passed_over(bruno: Actor, carla: Actor) -> None:
    assert grant_key(by=bruno, person_id=new_id(), to_agency=HARBOUR) == 0
    assert release_key(by=carla, person_id=new_id()) == 0


def test_nobody_grants_a_key_the_own_agency_does_not_hold(bruno: Actor, alma: Actor, carla: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    with pytest.raises(Missing):
        grant_key(by=alma, person_id=person_id, to_agency=HARBOUR)
    grant_key(by=bruno, person_id=person_id, to_agency=HARBOUR)
    with pytest.raises(Missing):
        grant_key(by=carla, person_id=person_id, to_agency="health-south")


def test_a_key_taken_back_opens_and_finds_nothing(bruno: Actor, carla: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    grant_key(by=bruno, person_id=person_id, to_agency=HARBOUR)
    release_key(by=carla, person_id=person_id)
    assert withdraw_key(by=bruno, person_id=person_id, agency_code=HARBOUR, pending_only=True) is False
    assert withdraw_key(by=bruno, person_id=person_id, agency_code=HARBOUR) is True
    with pytest.raises(Missing):
        open_identity(viewer=carla, person_id=person_id, purpose=PURPOSE)
    assert rows_of(BlindToken, agency_code=HARBOUR) == []
    assert withdraw_key(by=bruno, person_id=person_id, agency_code=HARBOUR) is False
    events = rows_of(AuditEvent, action="identity.withdrawn")
    assert [event.detail["count"] for event in events] == [0, 1, 0]


def test_the_recipient_may_hand_its_key_back(bruno: Actor, carla: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    grant_key(by=bruno, person_id=person_id, to_agency=HARBOUR)
    assert withdraw_key(by=carla, person_id=person_id, agency_code=HARBOUR, pending_only=True) is True


def test_a_third_agency_takes_nothing_away(bruno: Actor, alma: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    grant_key(by=bruno, person_id=person_id, to_agency=HARBOUR)
    with pytest.raises(Forbidden):
        withdraw_key(by=alma, person_id=person_id, agency_code=HARBOUR)


def test_the_last_key_is_not_taken_away_by_accident(bruno: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    grant_key(by=bruno, person_id=person_id, to_agency=HARBOUR)  # pending: it could not keep the identity alive
    for by in (bruno, SYSTEM):
        with pytest.raises(Refusal):
            withdraw_key(by=by, person_id=person_id, agency_code=bruno.agency_code)
