"""Correcting an identity: what is given replaces, what is empty stays, nothing is lost."""

from dataclasses import replace
from uuid import UUID

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.vault.actions import grant_key, protect_person, release_key, reseal_identity, seal_identities
from enlace.vault.models import SealedItem
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.vault.material import PURPOSE, ROSA, actor, new_id, rows_of


@pytest.fixture
def rosa(bruno: Actor) -> UUID:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    return person_id


def test_only_what_differs_is_sealed_again_and_the_old_stays(bruno: Actor, rosa: UUID) -> None:
    before = {row.pk for row in rows_of(SealedItem)}
    reseal_identity(by=bruno, person_id=rosa, identity=Identity(family_names="Corregida", phones=ROSA.phones))
    now = open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE)
    assert now == replace(ROSA, family_names="Corregida")
    rows = rows_of(SealedItem)
    assert len(rows) == len(before) + 1
    assert [row.kind for row in rows if row.replaced_at] == ["family_names"]
    assert rows_of(AuditEvent, action="identity.corrected")[0].detail == {"kinds": ["family_names"]}


def test_an_unsafe_phone_can_be_removed(bruno: Actor, rosa: UUID) -> None:
    reseal_identity(by=bruno, person_id=rosa, identity=Identity(), clear=["phones"])
    assert open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE) == replace(ROSA, phones=())


def test_who_cannot_see_whereabouts_cannot_remove_them(bruno: Actor, rosa: UUID) -> None:
    lupe = actor("lupe", bruno.agency_code, "R02")
    given = Identity(addresses=("Otra Calle 1",), places={"prs_MailingPostalCode": "X", "prs_MailingCity": "Y"})
    reseal_identity(by=lupe, person_id=rosa, identity=given)
    now = open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE)
    assert now.addresses == (*ROSA.addresses, "Otra Calle 1")
    assert now.places == {"prs_MailingPostalCode": "CP-00777", "prs_MailingCity": "Y"}
    with pytest.raises(Forbidden):
        reseal_identity(by=lupe, person_id=rosa, identity=Identity(), clear=["addresses"])


def test_a_recipient_corrects_for_everybody(bruno: Actor, rosa: UUID) -> None:
    dora = actor("dora", "ngo-harbour", "R06")
    grant_key(by=bruno, person_id=rosa, to_agency="ngo-harbour")
    with pytest.raises(Missing):
        reseal_identity(by=dora, person_id=rosa, identity=Identity(given_names="Antes"))
    release_key(by=dora, person_id=rosa)
    reseal_identity(by=dora, person_id=rosa, identity=Identity(given_names="Después"))
    assert open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE).given_names == "Después"


def test_a_person_registered_without_a_name_gets_one_later(bruno: Actor) -> None:
    person_id = new_id()
    reseal_identity(by=bruno, person_id=person_id, identity=ROSA)
    assert open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE) == ROSA


def test_nobody_corrects_or_protects_what_the_agency_does_not_hold(alma: Actor, rosa: UUID) -> None:
    with pytest.raises(Missing):
        reseal_identity(by=alma, person_id=rosa, identity=Identity(given_names="Ajena"))
    lena = actor("lena", "police-north", "R06")
    with pytest.raises(Missing):
        protect_person(by=lena, person_id=rosa)


def test_an_actor_of_no_agency_corrects_nothing(rosa: UUID) -> None:
    with pytest.raises(Refusal):
        reseal_identity(by=Actor.system("import"), person_id=rosa, identity=ROSA)
