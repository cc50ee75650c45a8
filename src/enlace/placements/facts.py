"""Rows for statistics: stays, unmet needs and occupancy. Pseudonymous and coarse, without free text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from enlace.cases.facts import CaseFact, OfCases, case_facts, midnight, next_day, only_of
from enlace.placements.models import Stay, UnmetNeed
from enlace.placements.rules.stays import LIVED


@dataclass(frozen=True, slots=True)
class StayFact:
    """One stay of the person of a case; companions are in the beds of ``occupancy`` and not here.

    ``hours_to_bed``: from the sending of the referral to the admission, ``None`` without a referral. ``ended``: ``None``
    while it goes on. ``began_by_transfer``: the person came from another bed, so the stay is a part of a longer one.
    """

    about: CaseFact
    stay_id: UUID
    agency_code: str
    state_code: str
    site_kind_code: str
    on: date
    ended: date | None
    hours_to_bed: float | None
    began_by_transfer: bool
    status: str
    exit_reason_code: str
    destination_code: str


@dataclass(frozen=True, slots=True)
class NeedFact:
    """One unmet need as it was recorded; ``resolved`` and ``resolution`` when it was met later, or the case closed."""

    about: CaseFact
    need_id: UUID
    service_code: str
    reason_code: str
    on: date
    resolved: date | None
    resolution: str


@dataclass(frozen=True, slots=True)
class OccupancyFact:
    """How many beds of a site were held or slept in at noon of a day."""

    site_id: UUID
    agency_code: str
    state_code: str
    on: date
    held: int
    occupied: int


STAY = (
    "case_id", "pk", "agency_code", "site__state_code", "site__kind_code", "admitted_at", "ended_at", "referral__sent_at",
    "before", "status", "exit_reason_code", "destination_code",
)  # fmt: skip


def stays_begun(start: date, end: date, case_ids: OfCases = None) -> Iterator[StayFact]:
    """Stays that began from ``start`` to ``end``, both included (days of the country's time zone)."""
    rows = Stay.objects.filter(status__in=LIVED, companion_of__isnull=True, **_between("admitted_at", start, end))
    return _stays(only_of(rows, case_ids), end)


def stays_going_on(start: date, end: date) -> Iterator[StayFact]:
    """Stays of which at least a moment falls between the two days, both included."""
    rows = Stay.objects.filter(status__in=LIVED, companion_of__isnull=True, admitted_at__lt=midnight(next_day(end)))
    return _stays(rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=midnight(start))), end)


def needs_recorded(start: date, end: date, case_ids: OfCases = None) -> Iterator[NeedFact]:
    """Unmet needs recorded from ``start`` to ``end``, both included, with what was known of the person on that day."""
    rows = only_of(UnmetNeed.objects.filter(**_between("at", start, end)), case_ids)
    columns = rows.values_list(
        "pk", "case_id", "case__person_id", "sex_code", "age_group_code", "form_code", "state_code",
        "service_code", "reason_code", "at", "resolved_at", "resolution_code",
    )  # fmt: skip
    for pk, case_id, person_id, sex, age, form, state, service, reason, at, resolved, how in columns.iterator(5000):
        about = CaseFact(person_id, case_id, sex, age, form, state)
        yield NeedFact(about, pk, service, reason, timezone.localdate(at), _day(resolved), how)


def occupancy(start: date, end: date) -> Iterator[OccupancyFact]:
    """Each site on each day from ``start`` to ``end`` on which a bed of it was taken at noon; companions count too."""
    rows = Stay.objects.filter(occupied_from__lt=midnight(next_day(end)))
    rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=midnight(start)))
    columns = rows.values_list(
        "site_id", "agency_code", "site__state_code", "occupied_from", "admitted_at", "ended_at"
    ).order_by("site_id")
    counted: dict[tuple[UUID, str, str, date], list[int]] = {}
    for site_id, agency, state, since, admitted, ended in columns.iterator(5000):
        assert since is not None  # a bed that is only asked for is not taken
        for day in _noons(max(since, midnight(start)), ended, end):
            beds = counted.setdefault((site_id, agency, state, day), [0, 0])
            beds[int(admitted is not None and admitted <= _noon(day))] += 1
    for (site_id, agency, state, day), (held, occupied) in sorted(counted.items(), key=lambda row: str(row[0])):
        yield OccupancyFact(site_id, agency, state, day, held, occupied)


def _stays(rows: QuerySet[Stay], end: date) -> Iterator[StayFact]:
    about = case_facts(rows.values("case_id"), end)
    for case_id, pk, agency, state, kind, admitted, ended, sent, before, status, reason, to in (
        rows.annotate(before=Exists(Stay.objects.filter(transferred_to=OuterRef("pk"))))
        .values_list(*STAY)
        .iterator(5000)
    ):
        yield StayFact(
            about=about[case_id],
            stay_id=pk,
            agency_code=agency,
            state_code=state,
            site_kind_code=kind,
            on=timezone.localdate(admitted),
            ended=_day(ended),
            hours_to_bed=None if sent is None else max(0.0, (admitted - sent).total_seconds() / 3600),
            began_by_transfer=before,
            status=status,
            exit_reason_code=reason,
            destination_code=to,
        )


def _between(column: str, start: date, end: date) -> dict[str, datetime]:
    return {f"{column}__gte": midnight(start), f"{column}__lt": midnight(next_day(end))}


def _day(at: datetime | None) -> date | None:
    return None if at is None else timezone.localdate(at)


def _noon(day: date) -> datetime:
    return midnight(day) + timedelta(hours=12)


def _noons(since: datetime, until: datetime | None, end: date) -> Iterator[date]:
    """The days whose noon falls into a span that ends before ``until``, up to ``end``."""
    day = timezone.localdate(since)
    while day <= end and (until is None or _noon(day) < until):
        if _noon(day) >= since:
            yield day
        day = next_day(day)
