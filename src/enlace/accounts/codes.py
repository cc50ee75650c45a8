"""One-time codes: long enough not to be guessed, easy to read over the phone, kept only as a keyed digest."""

import hashlib
import hmac
import secrets

from enlace.base import keyring
from enlace.base.ids import ALPHABET

KEY_PURPOSE = "accounts.codes"
LENGTH = 16  # of 26 symbols: 75 bits


def new_code() -> str:
    """Such as ``7K2X-9QRM-4BCD-FGHJ``."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(symbols[start : start + 4] for start in range(0, LENGTH, 4))


def digest(code: str) -> str:
    """What is stored: HMAC-SHA-256 over the symbols, however the code was typed; hexadecimal."""
    symbols = "".join(symbol for symbol in code.upper() if symbol.isalnum())
    return hmac.new(keyring.derive(KEY_PURPOSE), symbols.encode(), hashlib.sha256).hexdigest()


def matches(code: str, stored: str) -> bool:
    return hmac.compare_digest(digest(code), stored)
