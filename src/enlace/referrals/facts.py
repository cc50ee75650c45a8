"""Rows for statistics: that a person was referred, what was asked for, and what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from enlace.accounts.queries import agencies
from enlace.cases.facts import CaseFact, OfCases, case_facts, midnight, next_day, only_of
from enlace.referrals.models import Partner, Referral
from enlace.referrals.rules import EXPIRED, HELPED

COLUMNS = (
    "pk", "case_id", "sent_at", "sender_code", "recipient_code", "status", "service_codes", "answered_at", "decline_reason_code",
    "interruption_reason_code", "attempt", "group_id", "partner_id", "is_anonymous", "is_consented", "feedback_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """One referral sent, whatever its answer. Each member of a group asked at the same time is one.

    ``attempt`` is its place in the chain of those sent in each other's stead; ``group_id`` joins those asked at the same
    time; kinds and states are those of the agencies, or of the partner; ``hours_to_answer`` is ``None`` without an answer.
    """

    about: CaseFact
    referral_id: UUID
    on: date
    sender_code: str
    recipient_code: str
    was_accepted: bool
    status: str
    sender_kind: str
    sender_state: str
    recipient_kind: str
    recipient_state: str
    is_to_partner: bool
    is_anonymous: bool
    rests_on: str  # consent | ground | nothing
    service_codes: tuple[str, ...]
    was_answered: bool
    was_expired: bool
    decline_reason_code: str
    interruption_reason_code: str
    hours_to_answer: float | None
    attempt: int
    group_id: UUID | None
    feedback_code: str


def referrals_sent(start: date, end: date, case_ids: OfCases = None) -> Iterator[ReferralFact]:
    """Referrals sent from ``start`` to ``end``, both included. Persons who did not consent are here as well."""
    sent = Referral.objects.filter(sent_at__gte=midnight(start), sent_at__lt=midnight(next_day(end)))
    sent = only_of(sent, case_ids)
    about = case_facts(sent.values("case_id"), end)
    parties = _parties()
    for row in sent.values(*COLUMNS).iterator(5000):
        yield _fact(row, about[row["case_id"]], parties)


def _fact(row: dict[str, Any], about: CaseFact, parties: dict[str, tuple[str, str]]) -> ReferralFact:
    sender, recipient = row["sender_code"], row["recipient_code"]
    return ReferralFact(
        about=about,
        referral_id=row["pk"],
        on=timezone.localdate(row["sent_at"]),
        sender_code=sender,
        recipient_code=recipient,
        was_accepted=row["status"] in HELPED,
        status=row["status"],
        sender_kind=parties.get(sender, ("", ""))[0],
        sender_state=parties.get(sender, ("", ""))[1],
        recipient_kind=parties.get(recipient, ("", ""))[0],
        recipient_state=parties.get(recipient, ("", ""))[1],
        is_to_partner=row["partner_id"] is not None,
        is_anonymous=row["is_anonymous"],
        rests_on="consent" if row["is_consented"] else "nothing" if row["is_anonymous"] else "ground",
        service_codes=tuple(row["service_codes"]),
        was_answered=row["answered_at"] is not None,
        was_expired=row["status"] == EXPIRED,
        decline_reason_code=row["decline_reason_code"],
        interruption_reason_code=row["interruption_reason_code"],
        hours_to_answer=_hours(row["sent_at"], row["answered_at"]),
        attempt=row["attempt"],
        group_id=row["group_id"],
        feedback_code=row["feedback_code"],
    )


def _parties() -> dict[str, tuple[str, str]]:
    """Code -> (kind, state) of every agency, closed ones included, and of every partner outside."""
    found = {a.code: (a.kind_code, a.state_code) for a in agencies(active=None)}
    return found | {p.code: (p.kind_code, p.state_code) for p in Partner.objects.all()}


def _hours(sent_at: datetime, answered_at: datetime | None) -> float | None:
    return None if answered_at is None else (answered_at - sent_at).total_seconds() / 3600
