"""Reads of permits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.assistance.models import AssistedReturn, CareTurn, FollowUp, Permit
from enlace.assistance.permissions import visible_permits
from enlace.assistance.rules import followups, permits
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.portal.permissions import own_id
from enlace.vault.queries import Part, open_part_data, open_record

ORDER = ("-opened_on", "-id")
FOR_HER = Actor.system("own page")  # a person without an account sees through no agency's wall


@dataclass(frozen=True)
class Lapse:
    """A permit that somebody has to act on, and until when."""

    permit: Permit
    due_on: date
    reason: str  # decision | lapse | contrary


def permit(*, viewer: Actor, permit_id: UUID) -> Permit:
    """One permit, with its case. Raises ``Missing`` for those of cases the agency does not work on."""
    found = visible_permits(viewer).select_related("case__person").filter(pk=permit_id).first()
    if found is None:
        raise Missing(_("Your agency knows of no such permit."))
    return found


def read_permit(*, viewer: Actor, permit_id: UUID) -> tuple[Permit, Sequence[CareTurn]]:
    """A permit with its steps, the newest first. The reading leaves a record."""
    found = permit(viewer=viewer, permit_id=permit_id)
    record_read(by=viewer, action="permit.read", subject=("case", found.case_id), data_class="C")
    return found, list(found.turns.order_by("-on", "-at"))


def permits_of_case(*, viewer: Actor, case_id: UUID) -> list[Permit]:
    return list(visible_permits(viewer).filter(case_id=case_id).order_by("-opened_on", "-pk"))


def permit_page(*, viewer: Actor, status: str = "", cursor: str = "") -> Page:
    """The permits that the own agency follows, the newest first."""
    rows = visible_permits(viewer).filter(agency_code=viewer.agency_code).select_related("case")
    return page(rows.filter(status=status) if status else rows, order=ORDER, cursor=cursor)


def kinds_open_to(*, citizenship_codes: Sequence[str], identification: str, there: Sequence[Permit]) -> list[str]:
    """The kinds of permit that a person may ask for; ``there`` are those of the case already."""
    running, home = {row.kind_code for row in there if row.status != permits.ENDED}, current().country_iso2
    return [
        kind.code
        for kind in current().codes("permit_kind")
        if kind.code not in running
        and permits.is_entitled(citizenship_codes, home, identification, kind.extra["foreign"] == "yes")
    ]


def permits_to_act_on(*, viewer: Actor, on: date, limit: int) -> list[Lapse]:
    """Own permits with a decision overdue, about to lapse or lapsed, or refused against the law; the most urgent first."""
    rows = visible_permits(viewer).filter(agency_code=viewer.agency_code).select_related("case")
    soon = on + current().limits["permit_lapse_alert"]
    waiting = Q(status=permits.APPLIED, decision_due_on__lte=on)
    lapsing = Q(status__in=permits.IN_FORCE, valid_to__lte=soon)
    contrary = Q(status=permits.REFUSED, is_contrary_to_law=True)
    found = [_lapse(row) for row in rows.filter(waiting | lapsing | contrary).order_by("moved_on", "pk")[: 4 * limit]]
    return sorted(found, key=lambda lapse: lapse.due_on)[:limit]


def open_papers(*, viewer: Actor, record_id: UUID, purpose: str) -> list[Part]:
    """What is sealed of a permit or a return, without its first, empty part; the reading is on record."""
    return [part for part in open_record(viewer=viewer, record_id=record_id, purpose=purpose) if not _is_cover(part)]


def open_paper(*, viewer: Actor, permit_id: UUID, part_id: UUID, purpose: str) -> tuple[str, bytes]:
    """The file of one paper: what kind it is, and its bytes."""
    found = permit(viewer=viewer, permit_id=permit_id)
    kinds = {
        part.id: part.content.get("file", "")
        for part in open_papers(viewer=viewer, record_id=found.pk, purpose=purpose)
    }
    data = open_part_data(viewer=viewer, record_id=found.pk, part_id=part_id, purpose=purpose)
    return kinds[part_id], data


def _is_cover(part: Part) -> bool:
    return "kind" in part.content


def _lapse(row: Permit) -> Lapse:
    if row.status == permits.APPLIED and row.decision_due_on:
        return Lapse(row, row.decision_due_on, "decision")
    if row.status == permits.REFUSED:
        return Lapse(row, row.moved_on, "contrary")
    return Lapse(row, row.valid_to or timezone.localdate(), "lapse")


@dataclass(frozen=True)
class OwnPage:
    """What a person sees of this on her own page: permits, the states of her returns, and when she is next asked."""

    permits: Sequence[Permit]
    returns: Sequence[str]
    asked_on: date | None


def own_page(*, viewer: Actor) -> OwnPage:
    """For the person herself, and for nobody else; nothing of it says where she is or goes."""
    of_hers = {"case__person_id": own_id(viewer)}
    with seeing_as(FOR_HER):
        asked = FollowUp.objects.filter(**of_hers, status=followups.PLANNED).order_by("due_on").first()
        return OwnPage(
            permits=list(Permit.objects.filter(**of_hers).order_by("-opened_on")),
            returns=list(
                AssistedReturn.objects.filter(**of_hers).order_by("-opened_on").values_list("status", flat=True)
            ),
            asked_on=asked.due_on if asked else None,
        )
