"""Reads of stays. Where a person is, is class B: what shows it leaves a record."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.base.rows import seeing_as
from enlace.directory.permissions import kept_units
from enlace.directory.queries import beds_of
from enlace.placements.models import Stay, StayStep
from enlace.placements.permissions import own, visible
from enlace.placements.rules.stays import HELD, IN_A_BED, RELEASED, WAITING

COUNTING = Actor.system("placements.beds")
ORDER = ("-requested_at", "-id")
NEWS = timedelta(days=14)


@dataclass(frozen=True)
class Vacancy:
    """The beds of a unit: in service, and free of them (neither held nor slept in)."""

    free: int
    total: int


def free_beds(unit_ids: Collection[UUID]) -> dict[UUID, Vacancy]:
    """How many beds of each unit are free now. Says nothing of who is in the others, so everybody may know it.

    Two queries, however many units. A bed out of service has nobody in it: the database sees to that.
    """
    with seeing_as(COUNTING):
        units = kept_units(COUNTING).filter(pk__in=unit_ids)
        taken = Stay.objects.filter(status__in=IN_A_BED, bed__unit_id__in=unit_ids)
        in_service = Count("beds", filter=Q(beds__out_of_service_since__isnull=True))
        totals = dict(units.annotate(total=in_service).values_list("pk", "total"))
        rows = taken.values("bed__unit_id").annotate(count=Count("pk")).order_by("bed__unit_id")
        used = dict(rows.values_list("bed__unit_id", "count"))
    return {pk: Vacancy(max(0, totals.get(pk, 0) - used.get(pk, 0)), totals.get(pk, 0)) for pk in unit_ids}


def all_taken() -> dict[UUID, int]:
    """How many beds of each unit of the nation are held or slept in; units with none are absent. One query."""
    with seeing_as(COUNTING):
        rows = (
            Stay.objects.filter(status__in=IN_A_BED, bed__isnull=False).values("bed__unit_id").annotate(n=Count("pk"))
        )
        return dict(rows.order_by().values_list("bed__unit_id", "n"))


def taken_beds(unit_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many beds of each unit are held and slept in: unit id -> status -> count. As ``free_beds``, for everybody."""
    with seeing_as(COUNTING):
        taken = Stay.objects.filter(status__in=IN_A_BED, bed__unit_id__in=unit_ids)
        rows = list(taken.values_list("bed__unit_id", "status").annotate(count=Count("pk")).order_by())
    found: dict[UUID, dict[str, int]] = {pk: {} for pk in unit_ids}
    for unit_id, status, count in rows:
        if unit_id:
            found[unit_id][status] = count
    return found


def free_beds_of(*, viewer: Actor, unit_id: UUID, at: datetime) -> list[UUID]:
    """The beds of a unit that the viewer keeps, in service, that nobody holds or sleeps in from an hour on, by number."""
    beds = [bed.pk for bed in beds_of(viewer=viewer, unit_id=unit_id) if bed.out_of_service_since is None]
    later = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    taken = set(own(viewer).filter(later, bed_id__in=beds).values_list("bed_id", flat=True))
    return [pk for pk in beds if pk not in taken]


def stay(*, viewer: Actor, stay_id: UUID) -> Stay:
    """One stay that the viewer may see. Raises ``Missing``."""
    found = visible(viewer).filter(pk=stay_id, companion_of__isnull=True).select_related("site", "referral").first()
    if found is None:
        raise Missing(_("Nobody stays with your agency under this code."))
    return found


def read_stay(*, viewer: Actor, stay_id: UUID) -> Stay:
    """The same with its place, which leaves a record."""
    found = stay(viewer=viewer, stay_id=stay_id)
    record_read(by=viewer, action="stay.read", subject=("case", found.case_id), data_class="B", stay=found.code)
    return found


def stays_of_case(*, viewer: Actor, case_id: UUID) -> QuerySet[Stay]:
    """The stays of a case, the newest first, companions left out."""
    return visible(viewer).filter(case_id=case_id, companion_of__isnull=True).order_by(*ORDER)


def steps(*, viewer: Actor, stay_id: UUID) -> list[StayStep]:
    rows = StayStep.objects.filter(stay__in=visible(viewer).filter(pk=stay_id))
    return list(rows.order_by("at", "id"))


def steps_of_case(*, viewer: Actor, case_id: UUID) -> list[StayStep]:
    rows = StayStep.objects.filter(stay__in=stays_of_case(viewer=viewer, case_id=case_id)).select_related("stay")
    return list(rows.order_by("-at", "-id"))


def stay_page(*, viewer: Actor, status: str = "", cursor: str = "", size: int = 25) -> Page:
    """Who stays, waits or stayed in the sites of the own agency. It shows who is where, so the reading leaves a record."""
    rows = own(viewer).filter(companion_of__isnull=True).select_related("site", "bed__unit")
    record_read(by=viewer, action="stays.read", subject=("agency", viewer.agency_code), data_class="B")
    if status:
        rows = rows.filter(status=status)
    return page(rows, order=ORDER, cursor=cursor, size=size)


def waiting_for_us(*, viewer: Actor, limit: int) -> list[Stay]:
    """Beds held and requests in the line of the own sites: the hold that runs out first comes first."""
    rows = own(viewer).filter(status__in=WAITING, companion_of__isnull=True)
    found = list(rows.filter(status=HELD).order_by("held_until")[:limit])
    return [*found, *rows.exclude(status=HELD).order_by("requested_at")[: limit - len(found)]]


def lapsed(*, viewer: Actor, limit: int) -> list[Stay]:
    """People of open cases who did not come while a bed was held, these weeks, and have no other bed since; newest first."""
    later = Stay.objects.filter(case_id=OuterRef("case_id"), requested_at__gte=OuterRef("ended_at"))
    rows = visible(viewer).filter(status=RELEASED, steps__verb="lapse", ended_at__gte=timezone.now() - NEWS)
    rows = rows.filter(case__status="open", case__agencies__agency_code=viewer.agency_code)
    rows = rows.filter(~Exists(later)).exclude(case__stays__status__in=IN_A_BED)
    return list(rows.select_related("case").order_by("-ended_at")[:limit])


def companions_of(*, viewer: Actor, stay_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many people came along in each stay."""
    rows = visible(viewer).filter(companion_of__in=stay_ids).values_list("companion_of", flat=True)
    return Counter(pk for pk in rows if pk)
