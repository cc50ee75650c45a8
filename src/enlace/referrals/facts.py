"""Rows for statistics: that a person was referred, with what is counted about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from enlace.cases.facts import CaseFact, case_facts, midnight, next_day
from enlace.referrals.models import Referral


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """One referral sent, whatever its answer."""

    about: CaseFact
    on: date
    sender_code: str
    recipient_code: str
    was_accepted: bool


def referrals_sent(start: date, end: date) -> Iterator[ReferralFact]:
    """Referrals sent from ``start`` to ``end``, both included. Persons who did not consent are here as well."""
    sent = Referral.objects.filter(sent_at__gte=midnight(start), sent_at__lt=midnight(next_day(end)))
    about = case_facts(sent.values("case_id"), end)
    rows = sent.values_list("case_id", "sent_at", "sender_code", "recipient_code", "status")
    for case_id, at, sender, recipient, status in rows.iterator(5000):
        accepted = status in ("accepted", "started", "completed", "interrupted")
        yield ReferralFact(about[case_id], timezone.localdate(at), sender, recipient, accepted)
