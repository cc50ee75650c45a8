"""Sealing an identity and opening it again."""

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.vault.actions import seal_identities
from enlace.vault.models import PersonKey, SealedItem
from enlace.vault.queries import open_identities, open_identity
from enlace.vault.rules import Identity, items_of
from tests.vault.material import PLANTED, PURPOSE, ROSA, everything_stored, new_id, rows_of, traces


def test_what_was_sealed_is_what_is_opened(bruno: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    assert open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE) == ROSA


def test_many_are_sealed_at_once_each_under_a_key_of_its_own(bruno: Actor) -> None:
    people = {new_id(): Identity(given_names=f"Persona {number}") for number in range(600)}
    seal_identities(by=bruno, identities=people)
    keys = rows_of(PersonKey)
    assert len({bytes(key.wrapped) for key in keys}) == 600
    person_id, identity = list(people.items())[577]
    assert open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE) == identity


def test_the_same_text_never_gives_the_same_ciphertext(bruno: Actor) -> None:
    seal_identities(by=bruno, identities={new_id(): ROSA, new_id(): ROSA})
    items = rows_of(SealedItem)
    assert len({bytes(item.ciphertext) for item in items}) == len(items)


def test_nothing_of_an_identity_is_stored_in_clear(bruno: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE)
    stored = everything_stored()
    assert b"identity.sealed" in stored
    assert traces(stored, PLANTED) == []


def test_an_identity_prints_as_nothing(bruno: Actor) -> None:
    for shown in (repr(ROSA), str(ROSA), f"{ROSA}", repr(items_of(ROSA)), repr({1: ROSA})):
        assert traces(shown.encode(), PLANTED) == []


def test_sealing_twice_is_refused_without_naming_anybody(bruno: Actor, alma: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    for by in (bruno, alma):
        with pytest.raises(Refusal) as refusal:
            seal_identities(by=by, identities={person_id: ROSA})
        assert traces(str(refusal.value).encode(), PLANTED) == []


def test_only_roles_that_may_seal_and_open_do(bruno: Actor, elena: Actor) -> None:
    person_id = new_id()
    with pytest.raises(Forbidden):
        seal_identities(by=elena, identities={person_id: ROSA})
    seal_identities(by=bruno, identities={person_id: ROSA})
    with pytest.raises(Forbidden):
        open_identity(viewer=elena, person_id=person_id, purpose=PURPOSE)


def test_an_actor_of_no_agency_seals_nothing(bruno: Actor) -> None:
    with pytest.raises(Refusal):
        seal_identities(by=Actor.system("import"), identities={new_id(): ROSA})


def test_another_agency_is_told_the_same_as_for_somebody_who_does_not_exist(bruno: Actor, alma: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    answers = []
    for asked in (person_id, new_id()):
        with pytest.raises(Missing) as missing:
            open_identity(viewer=alma, person_id=asked, purpose=PURPOSE)
        answers.append(str(missing.value))
    assert answers[0] == answers[1]
    assert len(rows_of(AuditEvent, action="identity.refused")) == 2


def test_whereabouts_are_shown_only_to_who_may_read_them(bruno: Actor, alma: Actor) -> None:
    person_id = new_id()
    seal_identities(by=alma, identities={person_id: ROSA})
    seen = open_identity(viewer=alma, person_id=person_id, purpose=PURPOSE)
    assert (seen.addresses, seen.places) == ((), {})
    assert seen.given_names == ROSA.given_names


def test_every_reading_is_on_record_with_its_purpose(bruno: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    with pytest.raises(Refusal):
        open_identity(viewer=bruno, person_id=person_id, purpose="curiosity")
    assert rows_of(AuditEvent, data_class="A") == []
    open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE)
    reads = rows_of(AuditEvent, subject_id=str(person_id), purpose=PURPOSE)
    assert {(row.action, row.data_class, row.actor_id) for row in reads} == {
        ("identity.read", "A", "bruno"),
        ("whereabouts.read", "B", "bruno"),
    }


def test_an_export_opens_many_and_records_each(bruno: Actor, alma: Actor) -> None:
    held, foreign = [new_id(), new_id()], new_id()
    seal_identities(by=bruno, identities=dict.fromkeys(held, ROSA))
    seal_identities(by=alma, identities={foreign: ROSA})
    assert open_identities(viewer=bruno, person_ids=[*held, foreign], purpose=PURPOSE) == dict.fromkeys(held, ROSA)
    for pk in held:
        assert [(row.action, row.data_class) for row in rows_of(AuditEvent, subject_id=str(pk))] == [
            ("identity.read", "AB")
        ]
    assert rows_of(AuditEvent, action="identity.exported")[0].detail == {"count": 2}
    with pytest.raises(Forbidden):
        open_identities(viewer=alma, person_ids=[foreign], purpose=PURPOSE)
