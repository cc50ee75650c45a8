"""What follows when nobody helped: the next place is asked, or it is said that there is none. For the clocks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.cases.rules import OPEN
from enlace.people.queries import basis
from enlace.referrals import rules
from enlace.referrals.actions.sending import CONSENT_PURPOSE, Request, send_referrals
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.permissions import SYSTEM, locked_with_group, on_behalf_of


@dataclass(frozen=True, kw_only=True)
class Onward:
    """Whom to ask in the stead of a referral that came back."""

    previous_id: UUID
    recipient_code: str
    site_id: UUID | None = None
    alternatives: tuple[tuple[str, UUID | None], ...] = ()


def reroute_referrals(*, by: Actor, rows: Sequence[Onward]) -> list[Referral]:
    """Ask the next place in the name of who asked the first, for the same help and on the same ground.

    Without consent for the next recipient and without a ground nothing is told, and the person is helped all the same.
    A referral that somebody has followed meanwhile, or whose case was closed, is passed over: safe to run twice at once.
    """
    check(by, "REFERRAL_SEND")
    found: list[Referral] = []
    for row in rows:
        with audited(by=by, action="referral.rerouted") as event:
            previous = _left_over(row.previous_id)
            if previous:
                event.about("case", previous.case_id)
                found += send_referrals(by=on_behalf_of(previous.sender_code), rows=[_request(row, previous)])
    return found


def mark_unplaced(*, by: Actor, referral_ids: Collection[UUID]) -> int:
    """Write down that nobody was found to ask in the stead of these; returns of how many it was not written before."""
    check(by, "REFERRAL_SEND")
    with audited(by=by, action="referral.unplaced") as event:
        now = timezone.now()
        rows = Referral.objects.select_for_update().filter(pk__in=referral_ids, unplaced_at=None, followed_at=None)
        found = list(rows.filter(status__in=rules.CAME_BACK).order_by("pk"))
        for referral in found:
            referral.unplaced_at = now
            referral.save(update_fields=["unplaced_at"])
        ReferralStep.objects.bulk_create([ReferralStep.of(r, rules.UNPLACED, now, SYSTEM) for r in found])
        event.detail["count"] = len(found)
    return len(found)


def _left_over(referral_id: UUID) -> Referral | None:
    (found,), _group = locked_with_group(Referral.objects.select_related("case"), [referral_id])
    is_waiting = found.status in rules.CAME_BACK and found.followed_at is None
    return found if is_waiting and found.case.status == OPEN else None


def _request(row: Onward, previous: Referral) -> Request:
    found = basis(
        viewer=SYSTEM,
        person_id=previous.case.person_id,
        purpose_code=CONSENT_PURPOSE,
        recipient_code=row.recipient_code,
        on=timezone.localdate(),
    )
    tells_nothing = previous.is_anonymous or (found is None and not previous.ground_code)
    return Request(
        case_id=previous.case_id,
        recipient_code=row.recipient_code,
        service_codes=tuple(previous.service_codes),
        reason_code=previous.reason_code,
        message="" if tells_nothing else previous.message,
        ground_code=previous.ground_code,
        is_anonymous=tells_nothing,
        shares_identity=previous.shares_identity and not tells_nothing,
        site_id=row.site_id,
        previous_id=previous.pk,
        alternatives=row.alternatives,
    )
