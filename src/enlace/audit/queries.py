"""Reading the record, and proving that nobody touched it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from enlace.audit.models import Anchor, AuditEvent, ChainHead
from enlace.audit.rules import FIRST, KEY_PURPOSE, Entry, Fault, anchor_digest, digest_of, faults
from enlace.base import keyring
from enlace.base.actor import NATIONAL, Actor
from enlace.base.permissions import check


def events(*, viewer: Actor) -> QuerySet[AuditEvent]:
    """The record of the viewer's own agency (of all chains for a national auditor)."""
    check(viewer, "AUDIT_READ")
    rows = AuditEvent.objects.all()
    return rows if viewer.is_system or viewer.scope == NATIONAL else rows.filter(chain=viewer.agency_code)


def reads_of(subject: UUID | str, *, chain: str | None = None) -> QuerySet[AuditEvent]:
    """Who opened what is sealed about one person or case, newest first; the caller has checked its own right to ask."""
    rows = AuditEvent.objects.filter(subject_id=str(subject)).exclude(data_class="").order_by("-id")
    return rows.filter(chain=chain) if chain is not None else rows


def verify(kept_anchors: list[dict[str, Any]] | None = None) -> list[Fault]:
    """Every fault in every chain: rows changed, removed, inserted or reordered, and a tail cut off.

    A cut tail is found against the stored head and the anchors, or against ``kept_anchors`` (exported earlier and kept
    elsewhere), which also find a database put back to an older state.
    """
    key = keyring.derive(KEY_PURPOSE)
    found: list[Fault] = []
    tails: dict[str, tuple[int, str]] = {}
    chains = set(AuditEvent.objects.values_list("chain", flat=True).distinct())
    chains |= set(ChainHead.objects.values_list("chain", flat=True))
    for chain in sorted(chains):
        rows = list(_rows(chain))
        found += faults(rows, key)
        tails[chain] = max(((e.seq, d) for e, d in rows), default=(0, FIRST))
    heads = {h.chain: (h.seq, h.digest) for h in ChainHead.objects.all()}
    found += [Fault(c, heads[c][0], "truncated") for c in sorted(heads) if heads[c][0] > tails.get(c, (0, ""))[0]]
    return found + _anchor_faults(tails, key, kept_anchors or [])


def _rows(chain: str) -> Iterator[tuple[Entry, str]]:
    for row in AuditEvent.objects.filter(chain=chain).order_by("id").iterator(2000):
        values = {name: getattr(row, name) for name in Entry.__slots__} | {"at": row.at.isoformat()}
        yield Entry(**values), row.digest


def _anchor_faults(tails: dict[str, tuple[int, str]], key: bytes, kept: list[dict[str, Any]]) -> list[Fault]:
    found: list[Fault] = []
    previous = FIRST
    stored = list(Anchor.objects.order_by("number"))
    for expected, row in enumerate(stored, start=1):
        digest = anchor_digest(row.number, row.at.isoformat(), row.heads, row.previous, key)
        if row.number != expected or row.digest != digest or row.previous != previous:
            found.append(Fault("anchors", row.number, "changed"))
        previous = row.digest
    known = {row.number: row.digest for row in stored}
    for line in kept:
        if known.get(line["number"]) != line["digest"]:
            found.append(Fault("anchors", line["number"], "removed"))
    all_heads = [row.heads for row in stored] + [line["heads"] for line in kept]
    for heads in all_heads[-1:] + [line["heads"] for line in kept]:
        found += [
            Fault(chain, seq, "truncated") for chain, (seq, _) in sorted(heads.items()) if seq > tails.get(chain, (0, ""))[0]
        ]
    return list(dict.fromkeys(found))


def entry_is_intact(row: AuditEvent) -> bool:
    """Whether one row still carries the digest it was written with."""
    values = {name: getattr(row, name) for name in Entry.__slots__} | {"at": row.at.isoformat()}
    return digest_of(Entry(**values), keyring.derive(KEY_PURPOSE)) == row.digest
