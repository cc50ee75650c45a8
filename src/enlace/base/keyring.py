"""The master key and the keys derived from it. Whoever holds the database without this key holds nothing readable.

The key comes from ``ENLACE_MASTER_KEY`` (64 hexadecimal digits, put there by a key-management service) or from
``keys/master.key`` under ``ENLACE_HOME``, created on first use with mode 0600.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from enlace.base.errors import EnlaceError

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyUnavailable(EnlaceError):
    """The key is absent or is not the one the data were written under."""


def key_file() -> Path:
    return Path(settings.ENLACE_HOME) / "keys" / "master.key"


@lru_cache(maxsize=1)
def master_key() -> bytes:
    """The 32-byte root key of this installation."""
    if text := os.environ.get("ENLACE_MASTER_KEY", "").strip():
        return _parse(text, "ENLACE_MASTER_KEY")
    path = key_file()
    if not path.exists():
        _create(path)
    return _parse(path.read_text().strip(), "keys/master.key")


@lru_cache(maxsize=4096)
def derive(purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA-256): the same purpose always gives the same key."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(master_key())


def seal(purpose: str, text: str) -> str:
    """Encrypt a short text under the purpose's key (AES-256-GCM); hexadecimal."""
    return seal_bytes(purpose, text.encode()).hex()


def unseal(purpose: str, sealed: str) -> str:
    """The text that ``seal`` hid. Raises ``KeyUnavailable`` when key, purpose or text do not fit together."""
    try:
        return unseal_bytes(purpose, bytes.fromhex(sealed)).decode()
    except ValueError as error:
        raise KeyUnavailable("This value was sealed under another key.") from error


def seal_bytes(purpose: str, data: bytes) -> bytes:
    """The same for a file held in memory."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(derive(purpose)).encrypt(nonce, data, purpose.encode())


def unseal_bytes(purpose: str, blob: bytes) -> bytes:
    """What ``seal_bytes`` hid. Raises ``KeyUnavailable`` when key, purpose or bytes do not fit together."""
    try:
        return AESGCM(derive(purpose)).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], purpose.encode())
    except (ValueError, InvalidTag) as error:
        raise KeyUnavailable("This value was sealed under another key.") from error


def _create(path: Path) -> None:
    """Put a new key there at once and whole: whoever starts at the same moment reads this one or wrote the first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())  # a key lost to a power cut closes everything written under it
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was first
        pass
    finally:
        draft.unlink()


def _parse(text: str, source: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(f"{source} must hold {KEY_BYTES * 2} hexadecimal digits.")
    return key
