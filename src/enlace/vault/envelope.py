"""Sealing and wrapping: the cryptography of the vault, without a database.

Each person has a random 256-bit data key. What is known of the person is encrypted under it (AES-256-GCM, NIST
SP 800-38D) and bound to its place, so that a ciphertext moved to another person or field fails. The data key is
wrapped (AES key wrap, RFC 3394) by the key of each agency that may read; an agency key is random too, and wrapped by
the vault's master key.

The master key comes from ``ENLACE_VAULT_KEY`` (64 hexadecimal digits), else from ``keys/vault.key`` under
``ENLACE_HOME``, which the first rotation writes, else it is the installation's own. The installation's key also signs
the access log and seals second factors, so replacing that one would break both: that is why the vault can be given a
key of its own.
"""

import json
import os
import secrets
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.utils.translation import gettext as _

from enlace.base import keyring
from enlace.base.keyring import KEY_BYTES, NONCE_BYTES, KeyUnavailable

ENVIRONMENT = "ENLACE_VAULT_KEY"
LAYOUT = 1
HEAD = struct.Struct(">BI")  # layout of the blob, version of the key it was written under


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def subkey(root: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose under a random root key (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(root)


def wrap(key: bytes, under: bytes) -> bytes:
    return aes_key_wrap(under, key)


def unwrap(wrapped: bytes, under: bytes) -> bytes:
    """The wrapped key. Raises ``KeyUnavailable`` when it was wrapped by another key or was changed."""
    try:
        return aes_key_unwrap(under, wrapped)
    except (InvalidUnwrap, ValueError) as error:
        raise _unreadable() from error


def encrypt(key: bytes, text: str, *, place: str, version: int = 1) -> bytes:
    """Layout and key version (5 bytes), nonce (12), ciphertext and tag. ``place`` says where the blob belongs."""
    return encrypt_bytes(key, text.encode(), place=place, version=version)


def decrypt(key: bytes, blob: bytes, *, place: str) -> str:
    """The text. Raises ``KeyUnavailable`` for another key, another place, or a blob changed in any bit."""
    try:
        return decrypt_bytes(key, blob, place=place).decode()
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def encrypt_bytes(key: bytes, data: bytes, *, place: str, version: int = 1) -> bytes:
    """As ``encrypt``, for a file."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return HEAD.pack(LAYOUT, version) + nonce + AESGCM(key).encrypt(nonce, data, _bound(place, version))


def decrypt_bytes(key: bytes, blob: bytes, *, place: str) -> bytes:
    """As ``decrypt``, for a file."""
    try:
        layout, version = HEAD.unpack(blob[: HEAD.size])
        if layout != LAYOUT:
            raise _unreadable()
        nonce, sealed = blob[HEAD.size : HEAD.size + NONCE_BYTES], blob[HEAD.size + NONCE_BYTES :]
        return AESGCM(key).decrypt(nonce, sealed, _bound(place, version))
    except (struct.error, ValueError, InvalidTag) as error:
        raise _unreadable() from error


def item_place(person_id: object, item_id: object, kind: str, name: str) -> str:
    """Where a sealed item belongs. ``encrypt`` adds the key version."""
    return f"{person_id}|{item_id}|{kind}|{name}"


def draft_place(owner_id: str, agency_code: str, form: str, subject: str) -> str:
    return json.dumps(["draft", owner_id, agency_code, form, subject])


def part_place(record_id: object, part_id: object, of: str) -> str:
    """Where one part of a sealed record belongs; ``of`` is "content" or "data"."""
    return f"record|{record_id}|{part_id}|{of}"


def master_keys() -> list[bytes]:
    """The master key in use, and during a rotation the one about to replace it. Read each time: it may be rotated."""
    if text := os.environ.get(ENVIRONMENT, "").strip():
        return [read_key(text)]
    current, coming = _from_file(key_file()) or keyring.master_key(), _from_file(coming_key_file())
    return [current, coming] if coming else [current]


def wrap_agency_key(key: bytes, master: bytes) -> bytes:
    return wrap(key, subkey(master, "vault.agency-keys"))


def unwrap_agency_key(wrapped: bytes, masters: list[bytes]) -> bytes:
    """The agency's key. Raises ``KeyUnavailable`` unless one of the master keys wrapped it."""
    for master in masters:
        try:
            return unwrap(wrapped, subkey(master, "vault.agency-keys"))
        except KeyUnavailable:
            continue
    raise KeyUnavailable(
        _("The identities of this agency were sealed under another master key. Put that key in place and try again.")
    )


def key_file() -> Path:
    return keyring.key_file().with_name("vault.key")


def coming_key_file() -> Path:
    return keyring.key_file().with_name("vault.key.next")


def is_from_environment() -> bool:
    """Whether a key-management service provides the keys, so that none belongs on this disk."""
    return any(os.environ.get(name, "").strip() for name in (ENVIRONMENT, "ENLACE_MASTER_KEY"))


def keep_coming_key(master: bytes) -> None:
    """Write the next master key beside the present one before anything is wrapped by it: a crash loses nothing."""
    path = coming_key_file()
    if (kept := _from_file(path)) == master:
        return
    if kept:
        raise KeyUnavailable(_("An earlier change of the master key did not finish. Run it again with that same key."))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(master.hex() + "\n")


def use_coming_key() -> None:
    """From here on the next master key is the master key; the one before is gone from this machine."""
    coming_key_file().replace(key_file())


def read_key(text: str) -> bytes:
    """32 bytes from 64 hexadecimal digits; raises ``KeyUnavailable`` for anything else."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(_("A master key is %(count)d hexadecimal digits.") % {"count": KEY_BYTES * 2})
    return key


def _from_file(path: Path) -> bytes | None:
    try:
        return read_key(path.read_text())
    except FileNotFoundError:
        return None


def _bound(place: str, version: int) -> bytes:
    return f"{place}|{version}".encode()


def _unreadable() -> KeyUnavailable:
    return KeyUnavailable(_("This was sealed under another key, or was changed. Tell who is in charge of the system."))
