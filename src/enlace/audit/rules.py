"""The hash chain: pure functions over plain values, used to write it and to check it (privacy reference, section C)."""

import hashlib
import hmac
import json
from collections import Counter
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


@dataclass(frozen=True, slots=True)
class KeptAnchor:
    """What an anchor said when it was exported: the number and digest of the last row of every chain."""

    number: int
    heads: Mapping[str, tuple[int, str]]
    digest: str


def read_anchor(line: str) -> KeptAnchor:
    """One line as ``enlace audit anchor`` printed it. Raises ``ValueError`` for any other text."""
    try:
        said = json.loads(line)
        heads = {str(chain): (int(seq), str(digest)) for chain, (seq, digest) in said["heads"].items()}
        return KeptAnchor(int(said["number"]), heads, str(said["digest"]))
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("not a line of anchors") from error


def digest_of(entry: Entry, key: bytes) -> str:
    """HMAC-SHA-256 over the canonical JSON of the entry, its predecessor's digest included; hexadecimal."""
    text = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def faults(rows: Iterable[tuple[Entry, str]], key: bytes, end: int | None = None) -> list[Fault]:
    """What is wrong with one chain, given its rows (entry, stored digest) in the order they were stored.

    ``end`` is the number of the last row that the chain is known to have. A forged row beside the true one or after the
    end is named ``inserted``, a row that says something else than it was written with ``changed``, and only a number
    that no row bears ``removed``. The number of a forged row proves nothing about the rows before it.
    """
    stored_rows = list(rows)
    times = Counter(entry.seq for entry, _ in stored_rows)
    found: list[Fault] = []
    expected = 1
    previous: str | None = FIRST  # None after a changed row, whose digest proves nothing
    for entry, stored in stored_rows:
        seq, is_authentic = entry.seq, digest_of(entry, key) == stored
        if not is_authentic:
            is_extra = seq < 1 or times[seq] > 1 or (end is not None and seq > end)
            found.append(Fault(entry.chain, seq, "inserted" if is_extra else "changed"))
            if is_extra or seq != expected:
                continue
        elif seq < expected:
            found.append(Fault(entry.chain, seq, "reordered"))
            continue
        elif seq == expected and previous is not None and entry.previous != previous:
            found.append(Fault(entry.chain, seq, "inserted"))
        found += [Fault(entry.chain, gone, "removed") for gone in range(expected, seq) if not times[gone]]
        previous, expected = stored if is_authentic else None, seq + 1
    return found


def broken_promises(rows: Iterable[tuple[Entry, str]], promised: Iterable[tuple[str, int, str]]) -> list[Fault]:
    """Where a chain lacks what a head or an anchor (chain, number, digest) says that it had.

    ``truncated``: it ends before; ``changed``: it was cut off and has grown anew, or the row was written again.
    """
    digests = {entry.seq: stored for entry, stored in rows}
    last = max(digests, default=0)
    found = []
    for chain, seq, digest in promised:
        if seq > last:
            found.append(Fault(chain, seq, "truncated"))
        elif digests.get(seq, digest) != digest:
            found.append(Fault(chain, seq, "changed"))
    return found


def anchor_digest(number: int, at: str, heads: Mapping[str, Any], previous: str, key: bytes) -> str:
    """Digest of one anchor: all chain heads at one moment, chained to the anchor before."""
    text = json.dumps([number, at, heads, previous], sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
