"""Receipt numbers: sixteen digits that open one report, how they are kept, and how dear a wrong guess becomes.

A number is drawn from 10**16 by the operating system's generator and stored only as HMAC-SHA-256 under a key derived
from the installation's master key: the table does not give the numbers back, and without the key nobody can test one.

How likely is it that somebody guesses? With ``N`` numbers in use and ``T`` tries, ``N * T / 10**16``. ``DAY_LIMIT``
bounds ``T`` at 20,000 a day for the whole installation: with N = 100,000 that is 2e-7 a day and 7e-5 a year, for any
report at all. Who has seen three of the four groups over somebody's shoulder has 10**4 candidates left, so each group
has a counter of its own: ``GROUP_LIMIT`` tries a day, a chance of 0.3 % a day. The same 20,000 tries spread over the
10**4 values of a group touch each twice a day, far below that limit: honest people are not locked out by a blind search.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

from enlace.base import keyring

DIGITS, GROUP = 16, 4
DAY_LIMIT, GROUP_LIMIT = 20_000, 30
PURPOSE = "intake.receipts"


def new_number() -> str:
    """Sixteen random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def grouped(number: str) -> str:
    """As it is shown and read aloud: ``1234 5678 9012 3456``."""
    return " ".join(number[start : start + GROUP] for start in range(0, len(number), GROUP))


def read_number(text: str) -> str:
    """The digits of what was typed, however it was spaced; at most twice as many as a number has."""
    return "".join(c for c in text[:200] if c in "0123456789")[: 2 * DIGITS]


def digest(kind: str, number: str) -> str:
    """What is stored of a number: 64 hexadecimal digits. The same number of another kind is another digest."""
    return _keyed(f"{kind}:{number}")


def buckets(number: str, at: datetime) -> dict[str, int]:
    """The counters that a wrong number raises on this day, with the most that each allows.

    The keys are digests: what was mistyped by one digit cannot be read from the counters.
    """
    day = at.date().isoformat()
    found = {_keyed(f"all:{day}")[:24]: DAY_LIMIT}
    if len(number) == DIGITS:
        for position, group in enumerate(grouped(number).split()):
            found[_keyed(f"group:{day}:{position}:{group}")[:24]] = GROUP_LIMIT
    return found


def hour_bucket(at: datetime) -> str:
    """The counter of all wrong tries in this hour: the more there are, the dearer the next (``effort.demand``)."""
    return _keyed(f"hour:{at:%Y-%m-%dT%H}")[:24]


def _keyed(text: str) -> str:
    return hmac.new(keyring.derive(PURPOSE), text.encode(), hashlib.sha256).hexdigest()
