"""Reading the record, and proving that nobody touched it."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet

from enlace.audit.models import Anchor, AuditEvent, ChainHead
from enlace.audit.rules import (
    FIRST,
    KEY_PURPOSE,
    Entry,
    Fault,
    KeptAnchor,
    anchor_digest,
    broken_promises,
    digest_of,
    faults,
)
from enlace.base import keyring
from enlace.base.actor import NATIONAL, Actor
from enlace.base.permissions import check

ANCHORS = "anchors"  # stands for a chain's name in the faults of the anchors themselves


def events(*, viewer: Actor) -> QuerySet[AuditEvent]:
    """The record of the viewer's own agency (of all chains for a national auditor)."""
    check(viewer, "AUDIT_READ")
    rows = AuditEvent.objects.all()
    return rows if viewer.is_system or viewer.scope == NATIONAL else rows.filter(chain=viewer.agency_code)


def reads_of(*subjects: UUID | str, chain: str | None = None) -> QuerySet[AuditEvent]:
    """Who opened what is sealed about a person or case, newest first; the caller has checked its own right to ask."""
    rows = AuditEvent.objects.filter(subject_id__in=[str(subject) for subject in subjects])
    rows = rows.exclude(data_class="").order_by("-id")
    return rows.filter(chain=chain) if chain is not None else rows


def verify(kept_anchors: Sequence[KeptAnchor] = ()) -> list[Fault]:
    """Every fault in every chain: rows changed, removed, inserted or reordered, and a tail cut off.

    A cut tail is found against the stored heads and anchors, or against ``kept_anchors`` (exported earlier and kept
    elsewhere), which also find a database put back to an older state.
    """
    key = keyring.derive(KEY_PURPOSE)
    # Before the rows: what is written meanwhile only makes a chain longer than it says.
    heads = {head.chain: (head.seq, head.digest) for head in ChainHead.objects.all()}
    anchors = list(Anchor.objects.order_by("number"))
    promised = {(chain, seq, digest) for chain, (seq, digest) in heads.items() if seq}
    for kept in [*(row.heads for row in anchors), *(line.heads for line in kept_anchors)]:
        promised |= {(chain, seq, digest) for chain, (seq, digest) in kept.items() if seq}
    found: list[Fault] = []
    chains = set(AuditEvent.objects.values_list("chain", flat=True).distinct()) | {chain for chain, _, _ in promised}
    for chain in sorted(chains):
        rows = list(_rows(chain))
        found += faults(rows, key, end=heads[chain][0] if chain in heads else None)
        found += broken_promises(rows, sorted(promise for promise in promised if promise[0] == chain))
    return list(dict.fromkeys(found + _anchor_faults(anchors, key, kept_anchors)))


def _rows(chain: str) -> Iterator[tuple[Entry, str]]:
    for row in AuditEvent.objects.filter(chain=chain).order_by("id").iterator(2000):
        values = {name: getattr(row, name) for name in Entry.__slots__} | {"at": row.at.isoformat()}
        yield Entry(**values), row.digest


def _anchor_faults(stored: Sequence[Anchor], key: bytes, kept_anchors: Sequence[KeptAnchor]) -> list[Fault]:
    found: list[Fault] = []
    previous = FIRST
    for expected, row in enumerate(stored, start=1):
        digest = anchor_digest(row.number, row.at.isoformat(), row.heads, row.previous, key)
        if row.number != expected or row.digest != digest or row.previous != previous:
            found.append(Fault(ANCHORS, row.number, "changed"))
        previous = row.digest
    known = {row.number: row.digest for row in stored}
    for line in kept_anchors:
        if known.get(line.number) != line.digest:
            found.append(Fault(ANCHORS, line.number, "changed" if line.number in known else "removed"))
    return found


def entry_is_intact(row: AuditEvent) -> bool:
    """Whether one row still carries the digest it was written with."""
    values = {name: getattr(row, name) for name in Entry.__slots__} | {"at": row.at.isoformat()}
    return digest_of(Entry(**values), keyring.derive(KEY_PURPOSE)) == row.digest
