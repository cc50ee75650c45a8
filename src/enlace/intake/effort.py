"""Effort instead of tracking: what a form costs that needs no account, the same for everybody and kept about nobody.

With a script the browser solves a puzzle: a number ``n`` such that SHA-256 of ``challenge:n`` begins with so many zero
bits, the proof of work of Dwork and Naor (1992) as in Hashcash. Without one the person answers a plain question of the
pack, and the form counts only some seconds after it was opened: a wait that whoever types does not notice. Both ways
carry the same signed challenge, which runs out and is spent by one sending. There are no pictures to decipher: they
shut out people who cannot see them and the readers that speak to them.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils import timezone

from enlace.base.ids import new_id

SALT = "intake.effort"
LIFE = timedelta(hours=2)
BASE_BITS, MOST_BITS = 15, 20
BASE_WAIT, MOST_WAIT = 4, 60  # seconds
QUIET_HOUR = 100  # sendings or wrong tries an hour that cost nothing more


@dataclass(frozen=True)
class Demand:
    """What is asked of one form: so many zero bits of who has a script, so many seconds of who has none."""

    bits: int
    seconds: int


@dataclass(frozen=True)
class Challenge:
    """One form's puzzle. ``token`` is spent by the sending; ``text`` is what the page carries."""

    text: str
    token: UUID
    demand: Demand
    age: timedelta = timedelta(0)


def demand(recent: int) -> Demand:
    """The price of a form when there were ``recent`` sendings (or wrong tries) in this hour: it doubles as they double."""
    doublings = max(0, recent // QUIET_HOUR).bit_length()
    return Demand(min(MOST_BITS, BASE_BITS + doublings), min(MOST_WAIT, BASE_WAIT * 2**doublings))


def new_challenge(asked: Demand) -> Challenge:
    """A fresh challenge, signed: it cannot be made cheaper, older or younger."""
    token = new_id()
    made = timezone.now().timestamp()
    return Challenge(signing.dumps([str(token), asked.bits, asked.seconds, made], salt=SALT), token, asked)


def read_challenge(text: str) -> Challenge | None:
    """The challenge that a form brings back; ``None`` when it is forged or has run out."""
    try:
        token, bits, seconds, made = signing.loads(text, salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError):
        return None
    age = timedelta(seconds=timezone.now().timestamp() - made)
    return Challenge(text, UUID(token), Demand(bits, seconds), age)


def is_solved(challenge: Challenge, solution: str) -> bool:
    """Whether ``solution`` (decimal digits) solves the puzzle."""
    if not solution.isascii() or not solution.isdigit() or len(solution) > 20:
        return False
    found = hashlib.sha256(f"{challenge.text}:{solution}".encode()).digest()
    return int.from_bytes(found) >> (256 - challenge.demand.bits) == 0


def has_waited(challenge: Challenge) -> bool:
    """Whether the form is old enough to have been filled in by a person."""
    return challenge.age.total_seconds() >= challenge.demand.seconds


def solve(challenge: Challenge) -> str:
    """The smallest solution, slowly: for whoever sends reports by a program of their own, and for tests."""
    number = 0
    while not is_solved(challenge, str(number)):
        number += 1
    return str(number)
