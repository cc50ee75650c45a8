"""The only way to open a transaction, and the record it leaves."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.models import Anchor, AuditEvent, ChainHead
from enlace.audit.rules import FIRST, KEY_PURPOSE, NATIONAL_CHAIN, Entry, anchor_digest, digest_of
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.models import Submission
from enlace.base.rows import seeing_as


@dataclass
class Event:
    """The record being written. An action may complete it before its block ends."""

    action: str
    subject_kind: str = ""
    subject_id: str = ""
    data_class: str = ""
    purpose: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def about(self, kind: str, subject: UUID | str) -> None:
        self.subject_kind, self.subject_id = kind, str(subject)


class AlreadyDone(Refusal):
    """The same form was sent before; ``url`` is where its first sending led."""

    def __init__(self, url: str) -> None:
        super().__init__(_("This form was already sent. Nothing was done twice."))
        self.url = url


@contextmanager
def audited(
    *,
    by: Actor,
    action: str,
    subject: tuple[str, UUID | str] | None = None,
    data_class: str = "",
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Iterator[Event]:
    """Open a transaction that ends with one audit row, or leaves nothing at all.

    On PostgreSQL the block sees the rows that ``by`` may see. ``detail`` must hold plain values and no identity.
    """
    event = Event(action, data_class=data_class, purpose=purpose, detail=dict(detail or {}))
    if subject:
        event.about(*subject)
    with transaction.atomic(), seeing_as(by):
        yield event
        _append(event, by)


def record_read(
    *, by: Actor, action: str, subject: tuple[str, UUID | str], data_class: str, purpose: str = "", **detail: Any
) -> None:
    """Leave a record that something of class A, B or D was read."""
    with audited(by=by, action=action, subject=subject, data_class=data_class, purpose=purpose, detail=detail):
        pass


def claim_submission(*, by: Actor, token: UUID) -> Submission:
    """Use a form token, inside the transaction it protects. Raises ``AlreadyDone`` when it was used before."""
    try:
        with transaction.atomic():
            return Submission.objects.create(token=token, actor_id=by.id)
    except IntegrityError:
        earlier = Submission.objects.get(token=token)
        raise AlreadyDone(earlier.url if earlier.actor_id == by.id else "") from None


def anchor(*, by: Actor) -> Anchor:
    """Freeze all heads into one signed line that can be kept outside; returns it."""
    with audited(by=by, action="audit.anchored") as event:
        _locked_head(NATIONAL_CHAIN)  # one anchor at a time
        heads = {h.chain: [h.seq, h.digest] for h in ChainHead.objects.order_by("chain")}
        last = Anchor.objects.order_by("-number").first()
        number, previous = (last.number + 1, last.digest) if last else (1, FIRST)
        at = timezone.now()
        digest = anchor_digest(number, at.isoformat(), heads, previous, keyring.derive(KEY_PURPOSE))
        event.detail["number"] = number
        return Anchor.objects.create(number=number, at=at, heads=heads, previous=previous, digest=digest)


def _append(event: Event, by: Actor) -> None:
    chain = by.agency_code or NATIONAL_CHAIN
    head = _locked_head(chain)
    at = timezone.now()
    entry = Entry(
        chain=chain,
        seq=head.seq + 1,
        at=at.isoformat(),
        actor_id=by.id,
        role_code=by.role_code,
        action=event.action,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        data_class=event.data_class,
        purpose=event.purpose,
        detail=event.detail,
        previous=head.digest,
    )
    digest = digest_of(entry, keyring.derive(KEY_PURPOSE))
    stored = {name: getattr(entry, name) for name in Entry.__slots__} | {"at": at, "digest": digest}
    AuditEvent.objects.create(**stored)
    ChainHead.objects.filter(chain=chain).update(seq=entry.seq, digest=digest)


def _locked_head(chain: str) -> ChainHead:
    """The newest place of a chain, made on first use, held until the transaction ends."""
    heads = ChainHead.objects.select_for_update().filter(chain=chain)
    if found := heads.first():
        return found
    ChainHead.objects.bulk_create(
        [ChainHead(chain=chain, digest=FIRST)], ignore_conflicts=True
    )  # somebody may be first
    return heads.get()


def once(*, by: Actor, token: UUID, act: Callable[[], str]) -> str:
    """Run ``act`` and remember the address it answers, so that the same form sent again does nothing and leads there.

    Raises ``AlreadyDone`` with that address on the second sending; of two at once, one waits for the other.
    """
    with transaction.atomic():
        submission = claim_submission(by=by, token=token)
        submission.url = act()
        submission.save(update_fields=["url"])
        return submission.url
