"""The narrow door: does another agency know the person? Yes or no, to two strong identifiers, a few times an hour."""

from datetime import timedelta
from uuid import UUID

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.vault.actions import (
    grant_key,
    protect_person,
    release_key,
    reseal_identity,
    seal_identities,
    withdraw_key,
)
from enlace.vault.models import NationalToken
from enlace.vault.queries import known_elsewhere
from enlace.vault.rules import MATCHES_PER_HOUR, Identity
from tests.vault.material import PLANTED, PURPOSE, ROSA, actor, everything_stored, new_id, rows_of, traces

PASSPORT = ("passport", "g 0011 223344")
NATIONAL_ID = ("national_id", "invx960309mdfnns07")
BORN = ("birth_date", "1996-03-09")


@pytest.fixture
def rosa(bruno: Actor) -> UUID:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    return person_id


@pytest.fixture
def lena(db: None) -> Actor:
    """Case coordinator of a third agency, who meets the same person."""
    return actor("lena", "police-north", "R06")


def asks(viewer: Actor, *identifiers: tuple[str, str]) -> bool:
    return known_elsewhere(viewer=viewer, identifiers=identifiers, purpose=PURPOSE)


@pytest.mark.parametrize("pair", [(PASSPORT, NATIONAL_ID), (NATIONAL_ID, PASSPORT), (PASSPORT, BORN), (BORN, PASSPORT)])
def test_two_strong_identifiers_that_both_agree_are_answered_yes(
    rosa: UUID, lena: Actor, pair: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    assert asks(lena, *pair) is True


@pytest.mark.parametrize(
    "pair",
    [
        (PASSPORT, ("national_id", "INVX960309MDFNNS08")),
        (PASSPORT, ("birth_date", "1996-03-10")),
        (("national_id", "G0011223344"), BORN),
    ],
)
def test_one_that_differs_is_answered_no(rosa: UUID, lena: Actor, pair: tuple[tuple[str, str], ...]) -> None:
    assert asks(lena, *pair) is False


@pytest.mark.parametrize(
    "identifiers",
    [
        (),
        (PASSPORT,),
        (BORN,),
        (BORN, BORN),
        (PASSPORT, PASSPORT),
        (PASSPORT, ("passport", "")),
        (("birth_certificate", "12345678"), BORN),
        (("phone", "5500011122"), BORN),
        (PASSPORT, ("birth_date", "1996")),
        (PASSPORT, NATIONAL_ID, BORN),
    ],
)
def test_less_than_two_strong_identifiers_is_refused(
    rosa: UUID, lena: Actor, identifiers: tuple[tuple[str, str], ...]
) -> None:
    with pytest.raises(Refusal):
        asks(lena, *identifiers)
    assert rows_of(AuditEvent, action="person.match_asked") == []


def test_the_nation_holds_pairs_only_never_a_single_identifier(rosa: UUID) -> None:
    assert sorted(row.kind for row in rows_of(NationalToken)) == [
        "document_and_birth",
        "document_and_birth",
        "two_documents",
    ]


def test_weak_documents_leave_no_national_token(bruno: Actor) -> None:
    weak = Identity(documents=(("birth_certificate", "12345678"),), birth_date=ROSA.birth_date, phones=ROSA.phones)
    alone = Identity(documents=(("passport", "G0011223344"),))
    seal_identities(by=bruno, identities={new_id(): weak, new_id(): alone})
    assert rows_of(NationalToken) == []


def test_what_the_own_agency_knows_is_not_elsewhere(rosa: UUID, bruno: Actor, carla: Actor) -> None:
    assert asks(bruno, PASSPORT, BORN) is False
    grant_key(by=bruno, person_id=rosa, to_agency=carla.agency_code)
    asker = Actor(id=carla.id, agency_code=carla.agency_code, can=carla.can | {"PERSON_MATCH"})
    assert asks(asker, PASSPORT, BORN) is True
    release_key(by=carla, person_id=rosa)
    assert asks(asker, PASSPORT, BORN) is False


def test_a_protected_person_never_matches(bruno: Actor, lena: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA}, protected=[person_id])
    assert asks(lena, PASSPORT, BORN) is False
    reseal_identity(by=bruno, person_id=person_id, identity=Identity(phones=("5512121212",)))
    assert asks(lena, PASSPORT, BORN) is False
    reseal_identity(by=bruno, person_id=person_id, identity=Identity(), protected=False)
    assert asks(lena, PASSPORT, BORN) is True


def test_a_person_protected_later_stops_matching_and_a_correction_does_not_undo_it(
    rosa: UUID, bruno: Actor, lena: Actor
) -> None:
    protect_person(by=bruno, person_id=rosa)
    reseal_identity(by=bruno, person_id=rosa, identity=ROSA)
    assert asks(lena, PASSPORT, BORN) is False
    assert rows_of(NationalToken) == []


def test_a_person_handed_over_is_still_known(rosa: UUID, bruno: Actor, carla: Actor, lena: Actor) -> None:
    grant_key(by=bruno, person_id=rosa, to_agency=carla.agency_code)
    release_key(by=carla, person_id=rosa)
    withdraw_key(by=bruno, person_id=rosa, agency_code=bruno.agency_code)
    assert asks(lena, PASSPORT, BORN) is True
    assert {row.agency_code for row in rows_of(NationalToken)} == {carla.agency_code}


def test_every_question_is_on_record_with_its_purpose_and_no_identity(rosa: UUID, lena: Actor) -> None:
    asks(lena, PASSPORT, BORN)
    event = rows_of(AuditEvent, action="person.match_asked")[0]
    assert (event.actor_id, event.purpose, event.data_class) == ("lena", PURPOSE, "A")
    assert event.detail == {"kind": "document_and_birth", "known": True}
    assert traces(everything_stored(), PLANTED) == []


def test_after_twenty_questions_in_an_hour_the_door_is_shut(
    rosa: UUID, lena: Actor, bruno: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MATCHES_PER_HOUR):
        asks(lena, PASSPORT, ("birth_date", "1996-03-10"))
    with pytest.raises(Refusal, match="20"):
        asks(lena, PASSPORT, BORN)
    assert len(rows_of(AuditEvent, action="person.match_refused")) == 1
    assert asks(bruno, PASSPORT, BORN) is False  # another person may still ask
    from enlace.vault import queries

    later = queries.timezone.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr("enlace.vault.queries.timezone.now", lambda: later)
    assert asks(lena, PASSPORT, BORN) is True


def test_the_question_needs_the_right_and_a_purpose(rosa: UUID, lena: Actor, alma: Actor) -> None:
    with pytest.raises(Forbidden):
        asks(actor("carla", "ngo-harbour", "R08"), PASSPORT, BORN)
    with pytest.raises(Refusal):
        known_elsewhere(viewer=lena, identifiers=[PASSPORT, BORN], purpose="curiosity")
