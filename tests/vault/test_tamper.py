"""Whoever can write to the database without the keys changes nothing that would be believed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.actor import Actor
from enlace.base.keyring import KeyUnavailable
from enlace.vault import envelope, sealing
from enlace.vault.actions import reseal_identity, seal_identities
from enlace.vault.models import PersonKey, SealedItem
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.vault.material import PLANTED, PURPOSE, ROSA, change, new_id, rows_of, traces

KEY = envelope.new_key()
PLACE = envelope.item_place("person", "item", "phone", "")


@pytest.fixture
def two(bruno: Actor) -> tuple[UUID, UUID]:
    first, second = new_id(), new_id()
    seal_identities(by=bruno, identities={first: ROSA, second: Identity(given_names="Otra", family_names="Supuesta")})
    return first, second


def items(person_id: UUID) -> dict[str, SealedItem]:
    return {row.kind: row for row in rows_of(SealedItem, person_id=person_id, replaced_at=None)}


@given(st.integers(min_value=0), st.text(max_size=30))
def test_any_flipped_bit_is_noticed(place: int, text: str) -> None:
    blob = bytearray(envelope.encrypt(KEY, text, place=PLACE))
    byte, bit = divmod(place % (8 * len(blob)), 8)
    blob[byte] ^= 1 << bit
    with pytest.raises(KeyUnavailable):
        envelope.decrypt(KEY, bytes(blob), place=PLACE)


@given(st.binary(max_size=80))
def test_bytes_that_were_never_sealed_are_refused(blob: bytes) -> None:
    with pytest.raises(KeyUnavailable):
        envelope.decrypt(KEY, blob, place=PLACE)
    with pytest.raises(KeyUnavailable):
        envelope.unwrap(blob, KEY)


def test_the_version_of_the_key_cannot_be_changed() -> None:
    blob = envelope.encrypt(KEY, "texto", place=PLACE, version=2)
    assert envelope.HEAD.unpack(blob[: envelope.HEAD.size]) == (1, 2)
    with pytest.raises(KeyUnavailable):
        envelope.decrypt(KEY, envelope.HEAD.pack(1, 3) + blob[envelope.HEAD.size :], place=PLACE)


def swap_between_people(first: dict[str, SealedItem], second: dict[str, SealedItem]) -> None:
    change(first["given_names"], ciphertext=second["given_names"].ciphertext)


def swap_between_fields(first: dict[str, SealedItem], second: dict[str, SealedItem]) -> None:
    change(first["phone"], ciphertext=first["email"].ciphertext)


def move_to_another_person(first: dict[str, SealedItem], second: dict[str, SealedItem]) -> None:
    change(second["family_names"], person_id=first["phone"].person_id)


def rename_the_kind(first: dict[str, SealedItem], second: dict[str, SealedItem]) -> None:
    change(first["address"], kind="phone")


def rename_the_document(first: dict[str, SealedItem], second: dict[str, SealedItem]) -> None:
    change(first["document"], name="birth_certificate")


def flip_a_bit(first: dict[str, SealedItem], second: dict[str, SealedItem]) -> None:
    blob = bytearray(first["phone"].ciphertext)
    blob[-1] ^= 1
    change(first["phone"], ciphertext=bytes(blob))


def swap_the_keys(first: dict[str, SealedItem], second: dict[str, SealedItem]) -> None:
    keys = [rows_of(PersonKey, person_id=each["given_names"].person_id)[0] for each in (first, second)]
    change(keys[0], wrapped=keys[1].wrapped)


@pytest.mark.parametrize(
    "tamper",
    [
        swap_between_people,
        swap_between_fields,
        move_to_another_person,
        rename_the_kind,
        rename_the_document,
        flip_a_bit,
        swap_the_keys,
    ],
)
def test_a_tampered_identity_does_not_open(
    bruno: Actor,
    two: tuple[UUID, UUID],
    tamper: Callable[[dict[str, SealedItem], dict[str, SealedItem]], None],
) -> None:
    tamper(items(two[0]), items(two[1]))
    with pytest.raises(KeyUnavailable) as error:
        open_identity(viewer=bruno, person_id=two[0], purpose=PURPOSE)
    assert traces(str(error.value).encode(), PLANTED) == []


def test_an_old_ciphertext_put_into_the_new_row_is_refused(bruno: Actor, two: tuple[UUID, UUID]) -> None:
    old = items(two[0])["phone"]
    reseal_identity(by=bruno, person_id=two[0], identity=Identity(phones=("5599998888",)))
    change(items(two[0])["phone"], ciphertext=old.ciphertext)
    with pytest.raises(KeyUnavailable):
        open_identity(viewer=bruno, person_id=two[0], purpose=PURPOSE)


def test_a_key_copied_to_another_agency_opens_nothing_there(bruno: Actor, carla: Actor, two: tuple[UUID, UUID]) -> None:
    seal_identities(by=carla_as_writer(carla), identities={new_id(): Identity(given_names="Propia")})
    key = rows_of(PersonKey, person_id=two[0])[0]
    change(key, agency_code=carla.agency_code)
    with pytest.raises(KeyUnavailable):
        open_identity(viewer=carla, person_id=two[0], purpose=PURPOSE)


def test_one_agency_key_does_not_open_what_another_wrapped(bruno: Actor, alma: Actor) -> None:
    for by in (bruno, alma):
        seal_identities(by=by, identities={new_id(): ROSA})
    row = rows_of(PersonKey, agency_code=bruno.agency_code)[0]
    with pytest.raises(KeyUnavailable):
        sealing.unwrapped(row, sealing.keys_to_read(alma.agency_code))


def carla_as_writer(carla: Actor) -> Actor:
    return Actor(id=carla.id, agency_code=carla.agency_code, can=carla.can | {"IDENTITY_WRITE"})
