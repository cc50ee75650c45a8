"""New keys: everything is still read, nothing sealed is touched, and the old key opens nothing."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from enlace.audit.queries import verify
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.base.keyring import KeyUnavailable
from enlace.vault import envelope, sealing
from enlace.vault.actions import (
    grant_key,
    release_key,
    rotate_agency_key,
    rotate_master_key,
    save_draft,
    seal_identities,
)
from enlace.vault.models import AgencyKey, PersonKey, SealedItem
from enlace.vault.queries import draft, open_identity, search_own
from tests.vault.material import PURPOSE, ROSA, SYSTEM, change, new_id, rows_of

NEW = bytes(range(32))


@pytest.fixture(autouse=True)
def own_home(settings: object, tmp_path: Path) -> None:
    """A home of its own: these tests replace keys."""
    settings.ENLACE_HOME = tmp_path


@pytest.fixture
def rosa(bruno: Actor) -> UUID:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    return person_id


def everything_still_opens(bruno: Actor, rosa: UUID) -> None:
    assert open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE) == ROSA
    assert [c.person_id for c in search_own(viewer=bruno, name="Rosa Inventada")] == [rosa]


def test_after_a_new_agency_key_all_is_read_and_no_item_was_touched(bruno: Actor, carla: Actor, rosa: UUID) -> None:
    save_draft(by=bruno, form="register", values={"name": ["Rosa"]})
    grant_key(by=bruno, person_id=rosa, to_agency=carla.agency_code)
    before = [bytes(row.ciphertext) for row in rows_of(SealedItem)]
    seen: list[tuple[int, int]] = []
    count = rotate_agency_key(
        by=SYSTEM, agency_code=bruno.agency_code, progress=lambda done, total: seen.append((done, total))
    )
    assert count == 2
    assert seen[-1] == (2, 2)
    assert [bytes(row.ciphertext) for row in rows_of(SealedItem)] == before
    everything_still_opens(bruno, rosa)
    assert draft(viewer=bruno, form="register") == {"name": ["Rosa"]}
    release_key(by=carla, person_id=rosa)
    assert open_identity(viewer=carla, person_id=rosa, purpose=PURPOSE).given_names == ROSA.given_names


def test_a_key_granted_before_the_recipient_rotates_can_still_be_released(
    bruno: Actor, carla: Actor, rosa: UUID
) -> None:
    grant_key(by=bruno, person_id=rosa, to_agency=carla.agency_code)
    rotate_agency_key(by=SYSTEM, agency_code=carla.agency_code)
    release_key(by=carla, person_id=rosa)
    assert open_identity(viewer=carla, person_id=rosa, purpose=PURPOSE).given_names == ROSA.given_names


def test_the_old_wrap_of_a_person_opens_nothing_after_a_new_agency_key(bruno: Actor, rosa: UUID) -> None:
    old = rows_of(PersonKey)[0]
    rotate_agency_key(by=SYSTEM, agency_code=bruno.agency_code)
    with pytest.raises(KeyUnavailable):
        sealing.unwrapped(old, sealing.keys_to_read(bruno.agency_code))
    change(old, wrapped=old.wrapped, agency_key_version=old.agency_key_version)  # a restored backup of the table
    with pytest.raises(KeyUnavailable):
        open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE)
    assert bytes(rows_of(AgencyKey, use="data", version=1)[0].wrapped) == b""


def test_what_is_sealed_after_a_rotation_is_read_too(bruno: Actor, rosa: UUID) -> None:
    for _time in range(3):
        rotate_agency_key(by=SYSTEM, agency_code=bruno.agency_code)
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    assert {row.agency_key_version for row in rows_of(PersonKey)} == {4}
    assert open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE) == ROSA


def test_an_agency_without_a_key_is_refused(db: None) -> None:
    for agency_code in ("nobody", ""):
        with pytest.raises(Refusal):
            rotate_agency_key(by=SYSTEM, agency_code=agency_code)


def test_a_new_master_key_wraps_agency_keys_only(bruno: Actor, alma: Actor, rosa: UUID) -> None:
    seal_identities(by=alma, identities={new_id(): ROSA})
    wraps = {row.pk: bytes(row.wrapped) for row in rows_of(PersonKey)}
    assert rotate_master_key(by=SYSTEM, new_key=NEW) == len(rows_of(AgencyKey))
    assert {row.pk: bytes(row.wrapped) for row in rows_of(PersonKey)} == wraps
    assert envelope.master_keys() == [NEW]
    assert envelope.key_file().stat().st_mode & 0o777 == 0o600
    everything_still_opens(bruno, rosa)


def test_the_former_master_key_no_longer_opens_anything(bruno: Actor, rosa: UUID) -> None:
    rotate_master_key(by=SYSTEM, new_key=NEW)
    envelope.key_file().unlink()
    with pytest.raises(KeyUnavailable):
        open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE)


def test_a_new_master_key_leaves_the_access_log_provable(bruno: Actor, rosa: UUID) -> None:
    rotate_master_key(by=SYSTEM, new_key=NEW)
    assert verify() == []


def test_stopped_before_the_end_the_rotation_loses_nothing_and_can_be_finished(
    bruno: Actor, rosa: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(envelope, "use_coming_key", lambda: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            rotate_master_key(by=SYSTEM, new_key=NEW)
    everything_still_opens(bruno, rosa)
    with pytest.raises(KeyUnavailable, match="same key"):
        rotate_master_key(by=SYSTEM, new_key=os.urandom(32))
    rotate_master_key(by=SYSTEM, new_key=NEW)
    everything_still_opens(bruno, rosa)
    assert not envelope.coming_key_file().exists()


def test_stopped_before_anything_was_wrapped_both_old_and_new_people_open(bruno: Actor, rosa: UUID) -> None:
    envelope.keep_coming_key(NEW)
    seal_identities(by=Actor(id="a", agency_code="new", can=bruno.can), identities={new_id(): ROSA})
    everything_still_opens(bruno, rosa)
    rotate_master_key(by=SYSTEM, new_key=NEW)
    assert all(envelope.unwrap_agency_key(bytes(row.wrapped), [NEW]) for row in rows_of(AgencyKey))


def test_with_keys_from_the_environment_none_is_written_to_disk(
    bruno: Actor, rosa: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(envelope.ENVIRONMENT, keyring.master_key().hex())
    rotate_master_key(by=SYSTEM, new_key=NEW)
    assert not envelope.key_file().exists()
    assert not envelope.coming_key_file().exists()
    with pytest.raises(KeyUnavailable, match="master key"):
        open_identity(viewer=bruno, person_id=rosa, purpose=PURPOSE)
    monkeypatch.setenv(envelope.ENVIRONMENT, NEW.hex())
    everything_still_opens(bruno, rosa)


def test_the_key_in_use_is_no_new_key(bruno: Actor, rosa: UUID) -> None:
    with pytest.raises(Refusal):
        rotate_master_key(by=SYSTEM, new_key=keyring.master_key())


def test_nobody_rotates_keys_from_the_application(bruno: Actor) -> None:
    with pytest.raises(Forbidden):
        rotate_agency_key(by=bruno, agency_code=bruno.agency_code)
    with pytest.raises(Forbidden):
        rotate_master_key(by=bruno, new_key=NEW)


@pytest.mark.parametrize("text", ["", "zz" * 32, "00" * 31, "00" * 33, "contraseña"])
def test_a_key_that_is_not_64_digits_is_refused(text: str) -> None:
    with pytest.raises(KeyUnavailable, match="64"):
        envelope.read_key(text)
