"""Rows for statistics: one for each finished screening; frozen, pseudonymous, no free text."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from enlace.screening.models import Answer, Confirmation, Screening

SEVERAL = "several"
IDENTIFIED = "identified"


@dataclass(frozen=True, slots=True)
class ScreeningFact:
    """One screening that was finished, with what a person decided about it and what a case confirmed later.

    ``risk_code`` is the group at risk: "" when none was noted, ``several`` when there is more than one, so that margins
    add up. ``to_decision`` is the time from the first question to the decision, ``None`` while nobody has decided.
    """

    screening_id: UUID
    person_id: UUID
    protocol_code: str
    protocol_version: int
    agency_code: str
    screener: str
    risk_code: str
    on: date
    class_code: str
    decided_code: str
    to_decision: timedelta | None
    is_confirmed: bool

    @property
    def protocol(self) -> tuple[str, int]:
        return self.protocol_code, self.protocol_version


def screenings(
    start: date, end: date, agency_code: str = "", screening_ids: Collection[UUID] | None = None
) -> Iterator[ScreeningFact]:
    """Screenings finished from ``start`` to ``end``, both included, oldest first; of one agency, or ("") of all.

    ``screening_ids``: of these screenings only.
    """
    newest = Confirmation.objects.filter(screening=OuterRef("pk")).order_by("-at", "-id")
    rows = _finished(start, end, agency_code).annotate(confirmed=Subquery(newest.values("outcome")[:1]))
    rows = rows if screening_ids is None else rows.filter(pk__in=screening_ids)
    for row in rows.order_by("finished_at", "id").iterator(2000):
        assert row.finished_at
        yield ScreeningFact(
            screening_id=row.pk,
            person_id=row.person_id,
            protocol_code=row.protocol_code,
            protocol_version=row.protocol_version,
            agency_code=row.agency_code,
            screener=row.screener,
            risk_code=risk_code(row.risk_codes),
            on=timezone.localdate(row.finished_at),
            class_code=row.class_code,
            decided_code=row.decided_code,
            to_decision=row.decided_at - row.started_at if row.decided_at else None,
            is_confirmed=row.confirmed == IDENTIFIED,
        )


def answered(start: date, end: date, agency_code: str = "") -> dict[tuple[str, int], dict[str, int]]:
    """How often each question got an answer in those screenings: (protocol, version) -> question -> screenings."""
    rows = (
        Answer.objects.filter(
            screening__in=_finished(start, end, agency_code), superseded_by__isnull=True, state="given"
        )
        .values_list("protocol_code", "protocol_version", "question_code")
        .annotate(times=Count("screening", distinct=True))
    )
    found: dict[tuple[str, int], dict[str, int]] = {}
    for code, version, question, times in rows:
        found.setdefault((code, version), {})[question] = times
    return found


def risk_code(codes: list[str]) -> str:
    """The group at risk under which a screening is counted."""
    distinct = sorted(set(codes))
    return SEVERAL if len(distinct) > 1 else (distinct[0] if distinct else "")


def _finished(start: date, end: date, agency_code: str) -> QuerySet[Screening]:
    rows = Screening.objects.filter(finished_at__gte=midnight(start), finished_at__lt=midnight(end + timedelta(days=1)))
    return rows.filter(agency_code=agency_code) if agency_code else rows


def midnight(day: date) -> datetime:
    """The first moment of a day in the country's time zone."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))
