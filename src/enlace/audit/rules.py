"""The hash chain: pure functions over plain values, used to write it and to check it (privacy reference, section C)."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

KEY_PURPOSE = "audit.chain"
NATIONAL_CHAIN = "national"
FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What one audit row says, without its digest. ``at`` is ISO 8601 in UTC; ``detail`` holds no identity."""

    chain: str
    seq: int
    at: str
    actor_id: str
    role_code: str
    action: str
    subject_kind: str
    subject_id: str
    data_class: str
    purpose: str
    detail: Mapping[str, Any]
    previous: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a chain: where, and what was done to it."""

    chain: str
    seq: int
    what: str  # changed | removed | inserted | reordered | truncated


def digest_of(entry: Entry, key: bytes) -> str:
    """HMAC-SHA-256 over the canonical JSON of the entry, its predecessor's digest included; hexadecimal."""
    text = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def faults(rows: Iterable[tuple[Entry, str]], key: bytes) -> list[Fault]:
    """What is wrong with one chain, given its rows (entry, stored digest) in the order they were stored."""
    found: list[Fault] = []
    previous, expected = FIRST, 1
    for entry, stored in rows:
        if entry.seq < expected:
            found.append(Fault(entry.chain, entry.seq, "reordered"))
        elif entry.seq > expected:
            found.extend(Fault(entry.chain, seq, "removed") for seq in range(expected, entry.seq))
        if digest_of(entry, key) != stored:
            found.append(Fault(entry.chain, entry.seq, "changed"))
        elif entry.seq == expected and entry.previous != previous:
            found.append(Fault(entry.chain, entry.seq, "inserted"))
        previous, expected = stored, max(expected, entry.seq + 1)
    return found


def anchor_digest(number: int, at: str, heads: Mapping[str, Any], previous: str, key: bytes) -> str:
    """Digest of one anchor: all chain heads at one moment, chained to the anchor before."""
    text = json.dumps([number, at, heads, previous], sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
