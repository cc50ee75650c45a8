"""The link and the code of a package for a partner outside, and the encryption that needs both.

A link holds 256 random bits and goes one way (a message, paper), the code has eight digits and goes another (by voice).
The package is sealed under AES-256-GCM (NIST SP 800-38D) with a key that HKDF-SHA-256 (RFC 5869) makes of the link, the
code and the installation's own key: the database alone opens nothing, nor does the installation without link and code.
Stored are keyed digests only (HMAC-SHA-256), so that a copy of the table gives back neither.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from enlace.base import keyring
from enlace.base.keyring import KEY_BYTES, NONCE_BYTES, KeyUnavailable

PURPOSE = "referrals.packages"
LINK_BYTES, DIGITS = 32, 8


def new_link() -> str:
    """The secret part of the address, 43 characters."""
    return secrets.token_urlsafe(LINK_BYTES)


def new_code() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def grouped(code: str) -> str:
    """As it is read aloud: ``1234 5678``."""
    return f"{code[:4]} {code[4:]}"


def read_code(text: str) -> str:
    """The digits of what was typed, however it was spaced."""
    return "".join(c for c in text[:100] if c in "0123456789")


def link_digest(link: str) -> str:
    """What is stored of a link: 64 hexadecimal digits."""
    return _keyed(f"link:{link}")


def code_digest(package_id: UUID, code: str) -> str:
    """What is stored of a code. The same code of another package is another digest."""
    return _keyed(f"code:{package_id}:{code}")


def is_code(package_id: UUID, code: str, digest: str) -> bool:
    return hmac.compare_digest(code_digest(package_id, code), digest)


def seal(package_id: UUID, link: str, code: str, content: Mapping[str, Any]) -> str:
    """The content as JSON, encrypted; hexadecimal."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    text = json.dumps(dict(content), ensure_ascii=False).encode()
    return (nonce + AESGCM(_key(package_id, link, code)).encrypt(nonce, text, package_id.bytes)).hex()


def unseal(package_id: UUID, link: str, code: str, sealed: str) -> dict[str, Any]:
    """What ``seal`` hid. Raises ``KeyUnavailable`` unless package, link and code are the right ones."""
    try:
        blob = bytes.fromhex(sealed)
        plain = AESGCM(_key(package_id, link, code)).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], package_id.bytes)
    except (ValueError, InvalidTag) as error:
        raise KeyUnavailable("This package was sealed with another link or code.") from error
    found: dict[str, Any] = json.loads(plain)
    return found


def _key(package_id: UUID, link: str, code: str) -> bytes:
    secret = keyring.derive(PURPOSE) + f"{link}|{code}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=package_id.bytes, info=PURPOSE.encode()).derive(secret)


def _keyed(text: str) -> str:
    return hmac.new(keyring.derive(PURPOSE), text.encode(), hashlib.sha256).hexdigest()
