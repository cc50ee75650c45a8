"""Identifiers: random row ids, and short codes a person can read over the phone."""

import os
import secrets
import time
from uuid import UUID

# No vowels (no words by accident), no 0/O, 1/I/L: 26 symbols, an even number as ISO 7064 asks for.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWX"
BODY_LENGTH = 8


def new_id() -> UUID:
    """A time-ordered random id (RFC 9562, version 7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | (0x7 << 76) | (0x2 << 62))


def check_character(body: str) -> str:
    """The check character of ISO 7064, hybrid system MOD N+1,N, over ``ALPHABET``."""
    n = len(ALPHABET)
    total = n
    for symbol in body:
        total = (total + ALPHABET.index(symbol)) % n or n
        total = total * 2 % (n + 1)
    return ALPHABET[(n + 1 - total) % n]


def new_code(prefix: str, value: int | None = None) -> str:
    """A code such as ``P-7K2X-9QRM-4``: prefix, eight symbols, one check character.

    ``value`` makes it reproducible (any non-negative integer); without it the symbols are random.
    """
    n = len(ALPHABET)
    number = secrets.randbelow(n**BODY_LENGTH) if value is None else value % n**BODY_LENGTH
    body = ""
    for _ in range(BODY_LENGTH):
        number, digit = divmod(number, n)
        body += ALPHABET[digit]
    return f"{prefix}-{body[:4]}-{body[4:]}-{check_character(body)}"


def read_code(text: str) -> str | None:
    """The code as stored, from however it was typed; ``None`` when the check character does not fit."""
    symbols = "".join(c for c in text.upper() if c.isalnum())
    if len(symbols) != BODY_LENGTH + 2:
        return None
    prefix, body, check = symbols[0], symbols[1:-1], symbols[-1]
    if any(c not in ALPHABET for c in body + check) or check_character(body) != check:
        return None
    return f"{prefix}-{body[:4]}-{body[4:]}-{check}"
