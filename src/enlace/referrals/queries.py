"""Reads of referrals; always ``viewer=``, always filtered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.permissions import inbox, outbox, visible
from enlace.referrals.rules import CAME_BACK, ONGOING, WAITING

ORDER = ("-sent_at", "-id")


@dataclass(frozen=True)
class ReferralFilter:
    box: str = "in"  # in | out
    status: str = ""


def referral(*, viewer: Actor, referral_id: UUID) -> Referral:
    """One referral that reached or left the viewer's agency. Raises ``Missing`` for all others."""
    found = visible(viewer).filter(pk=referral_id).first()
    if found is None:
        raise Missing(_("No such referral reached or left your agency."))
    return found


def referrals_by_id(*, viewer: Actor, ids: Collection[UUID]) -> dict[UUID, Referral]:
    """Those of the referrals that reached or left the viewer's agency."""
    return {row.pk: row for row in visible(viewer).filter(pk__in=ids)}


def read_referral(*, viewer: Actor, referral_id: UUID) -> Referral:
    """The same, with its message: class D, so the reading leaves a record."""
    found = referral(viewer=viewer, referral_id=referral_id)
    record_read(by=viewer, action="referral.read", subject=("referral", referral_id), data_class="D")
    return found


def steps(*, viewer: Actor, referral_id: UUID) -> Sequence[ReferralStep]:
    rows = ReferralStep.objects.filter(referral__in=visible(viewer).filter(pk=referral_id))
    return list(rows.order_by("at", "id"))


def referral_page(*, viewer: Actor, wanted: ReferralFilter, cursor: str = "", size: int = 25) -> Page:
    rows = outbox(viewer) if wanted.box == "out" else inbox(viewer)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return page(rows, order=ORDER, cursor=cursor, size=size)


def waiting_for_us(*, viewer: Actor, limit: int) -> list[Referral]:
    return list(inbox(viewer).filter(status__in=WAITING).order_by("due_at")[:limit])


def ongoing_with_us(*, viewer: Actor, limit: int) -> list[Referral]:
    found = _each(inbox(viewer), ONGOING, "sent_at", limit)
    return sorted(found, key=lambda row: row.sent_at)[:limit]


def came_back(*, viewer: Actor, limit: int) -> list[Referral]:
    """What this agency sent and was declined, expired or interrupted: somebody is still without help."""
    found = _each(outbox(viewer).filter(case__status="open"), CAME_BACK, "-sent_at", limit)
    return sorted(found, key=lambda row: row.sent_at, reverse=True)[:limit]


def _each(rows: QuerySet[Referral], statuses: Collection[str], order: str, limit: int) -> list[Referral]:
    """The first rows of each status, asked for one by one: so an index gives them in order, however many there are."""
    return [row for status in statuses for row in rows.filter(status=status).order_by(order)[:limit]]


def referrals_of_case(*, viewer: Actor, case_id: UUID) -> QuerySet[Referral]:
    return visible(viewer).filter(case_id=case_id).order_by("-sent_at")


def waiting_in_case(*, viewer: Actor, case_id: UUID) -> int:
    return visible(viewer).filter(case_id=case_id, status__in=WAITING).count()


def ongoing_in_case(*, viewer: Actor, case_id: UUID) -> list[Referral]:
    """Referrals this agency accepted and has not ended: what a service given may belong to."""
    return list(inbox(viewer).filter(case_id=case_id, status__in=ONGOING).order_by("-sent_at"))


def steps_of_case(*, viewer: Actor, case_id: UUID) -> list[ReferralStep]:
    rows = ReferralStep.objects.filter(referral__in=visible(viewer).filter(case_id=case_id))
    return list(rows.order_by("-at", "-id"))
