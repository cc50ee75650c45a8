"""Reads of referrals; always ``viewer=``, always filtered."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency_names
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.base.remember import once
from enlace.base.rows import seeing_as
from enlace.cases.rules import OPEN
from enlace.people.queries import grants_of
from enlace.people.rules import stands
from enlace.referrals.models import Partner, Referral, ReferralStep
from enlace.referrals.permissions import SYSTEM, helped_unnamed, inbox, outbox, visible
from enlace.referrals.rules import CAME_BACK, COMPLETED, ONGOING, SENT, WAITING, is_disclosed

ORDER, BY_CLOCK = ("-sent_at", "-id"), ("due_at", "id")
NEWS = timedelta(days=7)  # how long what came of a referral stands in the sender's queue


@dataclass(frozen=True)
class ReferralFilter:
    box: str = "in"  # in | out
    status: str = ""


def referral(*, viewer: Actor, referral_id: UUID) -> Referral:
    """One referral that reached or left the viewer's agency. Raises ``Missing`` for all others."""
    found = visible(viewer).select_related("site", "partner").filter(pk=referral_id).first()
    if found is None:
        raise Missing(_("No such referral reached or left your agency."))
    return _as_read_by(viewer, [found])[0]


def referrals_by_id(*, viewer: Actor, ids: Collection[UUID]) -> dict[UUID, Referral]:
    """Those of the referrals that reached or left the viewer's agency."""
    return {row.pk: row for row in _as_read_by(viewer, visible(viewer).filter(pk__in=ids))}


def read_referral(*, viewer: Actor, referral_id: UUID) -> Referral:
    """The same, with its message: class D, so the reading leaves a record."""
    found = referral(viewer=viewer, referral_id=referral_id)
    record_read(by=viewer, action="referral.read", subject=("referral", referral_id), data_class="D")
    return found


def steps(*, viewer: Actor, referral_id: UUID) -> Sequence[ReferralStep]:
    rows = ReferralStep.objects.filter(referral__in=visible(viewer).filter(pk=referral_id))
    return list(rows.order_by("at", "id"))


def asked_at_once(*, viewer: Actor, found: Referral) -> list[Referral]:
    """The others that were asked at the same time, for who asked them; a recipient does not learn who they are."""
    if not found.group_id:
        return []
    return list(outbox(viewer).filter(group_id=found.group_id).exclude(pk=found.pk).order_by("recipient_code"))


def successors(*, viewer: Actor, found: Referral) -> list[Referral]:
    """Whom the sender, or the clock in its name, asked in the stead of this one or of those asked with it."""
    instead = {"previous__group_id": found.group_id} if found.group_id else {"previous_id": found.pk}
    return list(outbox(viewer).filter(**instead).order_by("sent_at", "id"))


def referral_page(*, viewer: Actor, wanted: ReferralFilter, cursor: str = "", size: int = 25) -> Page:
    """Newest first; what waits for an answer by its clock."""
    rows = outbox(viewer) if wanted.box == "out" else inbox(viewer)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    order = BY_CLOCK if wanted.status == SENT and wanted.box == "in" else ORDER
    found = page(rows, order=order, cursor=cursor, size=size)
    return Page(_as_read_by(viewer, found.rows), found.older, found.is_first)


def waiting_for_us(*, viewer: Actor, limit: int) -> list[Referral]:
    return list(inbox(viewer).filter(status__in=WAITING).order_by("due_at")[:limit])


def ongoing_with_us(*, viewer: Actor, limit: int) -> list[Referral]:
    return list(inbox(viewer).filter(status__in=ONGOING).order_by("sent_at")[:limit])


def came_back(*, viewer: Actor, limit: int) -> list[Referral]:
    """What this agency sent, was declined, expired or interrupted, and nothing followed: somebody is without help.

    Of those asked at the same time one stands for all, and none while another of them helps or may yet.
    """
    rows = _left_over(outbox(viewer).filter(case__status=OPEN, status__in=CAME_BACK))
    return list(rows.order_by("-sent_at")[:limit])


def sent_onward(*, viewer: Actor, limit: int) -> list[Referral]:
    """What the clock sent on in this agency's name and nobody has answered yet, with what came back before."""
    rows = outbox(viewer).filter(status=SENT, previous__isnull=False, sent_by=SYSTEM.id)
    return list(rows.select_related("previous").order_by("-sent_at")[:limit])


def told_lately(*, viewer: Actor, limit: int) -> list[Referral]:
    """What recipients told these days about what came of the viewer's referrals, the newest first."""
    rows = outbox(viewer).filter(feedback_at__gte=timezone.now() - NEWS)
    return list(rows.order_by("-feedback_at")[:limit])


def without_help(*, viewer: Actor, unplaced_before: datetime | None = None, limit: int = 1000) -> list[Referral]:
    """For the clocks: what came back in open cases and nothing followed, the longest ago first. Nobody is lost.

    ``unplaced_before`` leaves out those of whom it was written since then that there is no place for them.
    """
    rows = _left_over(visible(viewer).filter(case__status=OPEN, status__in=CAME_BACK))
    if unplaced_before is not None:
        rows = rows.exclude(unplaced_at__gte=unplaced_before)
    with seeing_as(viewer):
        return list(rows.select_related("case").order_by("ended_at", "id")[:limit])


def asked_before(*, viewer: Actor, referral: Referral) -> frozenset[UUID]:
    """The sites that were asked in the chain that leads to this referral, with those asked at the same time."""
    rows = visible(viewer).filter(case_id=referral.case_id)
    by_id = {pk: (previous, group, site) for pk, previous, group, site in rows.values_list(
        "pk", "previous_id", "group_id", "site_id")}  # fmt: skip
    found: set[UUID] = set()
    link: UUID | None = referral.pk
    while link in by_id:
        previous, group, site = by_id[link]
        together = {own for _previous, asked, own in by_id.values() if group and asked == group}
        found |= {pk for pk in {site, *together} if pk}
        link = previous
    return frozenset(found)


def referrals_of_case(*, viewer: Actor, case_id: UUID) -> QuerySet[Referral]:
    return visible(viewer).filter(case_id=case_id).order_by("-sent_at")


def waiting_in_case(*, viewer: Actor, case_id: UUID) -> int:
    return visible(viewer).filter(case_id=case_id, status__in=WAITING).count()


def sites_under_way(*, viewer: Actor, case_id: UUID, service_codes: Collection[str]) -> set[UUID]:
    """The places that have still to answer for a case, or that help already, with any of these services."""
    rows = visible(viewer).filter(case_id=case_id, site_id__isnull=False, status__in=(*WAITING, *ONGOING))
    asked = rows.values_list("site_id", "service_codes")
    return {site_id for site_id, codes in asked if site_id and set(codes) & set(service_codes)}


def ongoing_in_case(*, viewer: Actor, case_id: UUID) -> list[Referral]:
    """Referrals this agency accepted and has not ended: what a service given may belong to."""
    return list(inbox(viewer).filter(case_id=case_id, status__in=ONGOING).order_by("-sent_at"))


def ongoing_unnamed(*, viewer: Actor, referral_id: UUID) -> Referral:
    """One that this agency accepted without being told whom, and has not ended. Raises ``Missing``."""
    found = helped_unnamed(viewer).filter(pk=referral_id, status__in=ONGOING).first()
    if found is None:
        raise Missing(_("Your agency helps nobody under this referral now whose case it does not see."))
    return found


def steps_of_case(*, viewer: Actor, case_id: UUID) -> list[ReferralStep]:
    rows = ReferralStep.objects.filter(referral__in=visible(viewer).filter(case_id=case_id))
    return list(rows.order_by("-at", "-id"))


@once
def party_names() -> dict[str, str]:
    """Code -> name of every agency and of every partner outside."""
    return agency_names() | dict(Partner.objects.values_list("code", "name"))


def _left_over(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Those that nothing followed; ``rules.is_left_over`` says the same, slowly."""
    together = Referral.objects.filter(group_id=OuterRef("group_id"))
    helping = together.filter(status__in=(*WAITING, *ONGOING, COMPLETED))
    first = together.filter(status__in=CAME_BACK, pk__lt=OuterRef("pk"))
    alone = rows.filter(followed_at=None)
    return alone.filter(~Exists(helping), ~Exists(first))


def _as_read_by(viewer: Actor, rows: Iterable[Referral]) -> list[Referral]:
    """The rows as the viewer may read them: slice and message only where they are disclosed to the recipient now."""
    found = list(rows)
    received = [r for r in found if r.recipient_code == viewer.agency_code and not viewer.is_system]
    resting = [r for r in received if r.status == SENT and r.is_consented]
    standing = _standing(resting)
    for row in received:
        if not is_disclosed(row.status, row.is_consented, row.pk in standing):
            row.slice, row.message = {}, ""
    return found


def _standing(rows: Sequence[Referral]) -> set[UUID]:
    """Those whose consent stands at this moment."""
    if not rows:
        return set()
    today = timezone.localdate()
    with seeing_as(SYSTEM):  # the recipient does not know the person yet
        ids = [row.pk for row in rows]
        people = dict(Referral.objects.filter(pk__in=ids).values_list("pk", "case__person_id"))
        grants = grants_of(viewer=SYSTEM, person_ids=set(people.values()), purpose_code="referral")
    return {r.pk for r in rows if stands(grants.get(people[r.pk], ()), "referral", r.recipient_code, today)}
