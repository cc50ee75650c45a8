"""Erasing a person by destroying the key."""

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.rows import seeing_as
from enlace.vault.actions import (
    erase_person,
    grant_key,
    release_key,
    reseal_identity,
    save_draft,
    seal_identities,
    withdraw_key,
)
from enlace.vault.models import BlindToken, NationalToken, PersonKey, SealedDraft, SealedItem
from enlace.vault.queries import open_identity, search_own
from enlace.vault.rules import Identity
from tests.vault.material import PURPOSE, ROSA, SYSTEM, new_id, rows_of


def test_nothing_that_opens_or_finds_the_person_is_left(bruno: Actor, carla: Actor) -> None:
    person_id, other = new_id(), new_id()
    seal_identities(by=bruno, identities={person_id: ROSA, other: ROSA})
    grant_key(by=bruno, person_id=person_id, to_agency=carla.agency_code)
    release_key(by=carla, person_id=person_id)
    save_draft(by=bruno, form="correct", subject=str(person_id), values={})
    erase_person(by=SYSTEM, person_id=person_id)
    for model in (PersonKey, BlindToken, NationalToken):
        assert {row.person_id for row in rows_of(model)} == {other}
    assert rows_of(SealedDraft) == []
    assert [c.person_id for c in search_own(viewer=bruno, name="Rosa")] == [other]
    assert search_own(viewer=carla_search(carla), name="Rosa") == []
    assert rows_of(AuditEvent, action="identity.erased")[0].subject_id == str(person_id)


def test_items_restored_from_an_older_copy_stay_closed(bruno: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    backup = rows_of(SealedItem)
    erase_person(by=SYSTEM, person_id=person_id)
    with seeing_as(SYSTEM):
        SealedItem.objects.all().delete()
        SealedItem.objects.bulk_create(backup)
    with pytest.raises(Missing):
        open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE)
    reseal_identity(by=bruno, person_id=new_id(), identity=ROSA)  # the agency's key itself still works


def test_a_person_erased_can_be_sealed_anew(bruno: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    erase_person(by=bruno, person_id=person_id)
    again = Identity(given_names="Nombre Nuevo")
    seal_identities(by=bruno, identities={person_id: again})
    assert open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE) == again


def test_an_agency_does_not_erase_what_another_also_holds(bruno: Actor, carla: Actor, alma: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    grant_key(by=bruno, person_id=person_id, to_agency=carla.agency_code)
    with pytest.raises(Refusal):
        erase_person(by=bruno, person_id=person_id)
    with pytest.raises(Missing):
        erase_person(by=alma, person_id=person_id)
    withdraw_key(by=bruno, person_id=person_id, agency_code=carla.agency_code)
    erase_person(by=bruno, person_id=person_id)
    assert rows_of(PersonKey) == []


def carla_search(carla: Actor) -> Actor:
    return Actor(id=carla.id, agency_code=carla.agency_code, can=carla.can | {"PERSON_SEARCH"})
