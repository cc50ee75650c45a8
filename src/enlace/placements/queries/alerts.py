"""What stands out about stays: what the rules say at an hour, beside what is stored; and what is shown of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, When

from enlace.base.actor import Actor
from enlace.country.queries import current
from enlace.placements.models import Stay, StayAlert
from enlace.placements.permissions import visible
from enlace.placements.rules import stays as rules

FEW = 500


@dataclass(frozen=True)
class AlertChange:
    """What a clock has to write: the alert's reasons from now on, or ``None`` when it is over."""

    stay_id: UUID
    kind: str
    reasons: list[str] | None


def due_changes(stays: Iterable[Stay], at: datetime) -> list[AlertChange]:
    """Wherever what is stored of these stays is not what the rules say at the hour. For the clock, which sees all."""
    rows = {stay.pk: stay for stay in stays}
    stored, limits = _stored(rows), current().limits
    changes = []
    for pk, stay in rows.items():
        due = rules.alerts_of(lived(stay), at, limits) if stay.status == rules.ADMITTED else {}
        for kind in rules.ALERTS:
            wanted = list(due[kind]) if kind in due else None
            if wanted != stored.get((pk, kind)):
                changes.append(AlertChange(pk, kind, wanted))
    return changes


def _stored(rows: Mapping[UUID, Stay]) -> dict[tuple[UUID, str], list[str]]:
    standing = StayAlert.objects.filter(ended_at__isnull=True)
    if len(rows) <= FEW:
        standing = standing.filter(stay_id__in=rows)
    return {(alert.stay_id, alert.kind): alert.reason_codes for alert in standing}


def lived(stay: Stay) -> rules.Lived:
    """A stay that goes on, as its clocks read it."""
    assert stay.admitted_at is not None
    assert stay.agreed_at is not None
    return rules.Lived(
        admitted_at=stay.admitted_at,
        agreed_at=stay.agreed_at,
        may_go_out=stay.may_go_out,
        limit_at=stay.limit_at,
        has_exit_plan=stay.exit_plan_at is not None,
        wants_out_at=stay.wants_out_at,
    )


def open_alerts(*, viewer: Actor, limit: int) -> list[StayAlert]:
    """What somebody has to look at, the gravest kind first, then the oldest; rows with their stay."""
    rows = StayAlert.objects.filter(ended_at__isnull=True, stay__in=visible(viewer)).select_related("stay")
    gravest_first = Case(*(When(kind=kind, then=place) for place, kind in enumerate(rules.ALERTS)))
    return list(rows.order_by(gravest_first, "raised_at")[:limit])


def alerts_of_stays(*, viewer: Actor, stay_ids: Sequence[UUID]) -> dict[UUID, list[StayAlert]]:
    """The open alerts of stays that the viewer may see: stay id -> alerts, the gravest first."""
    rows = StayAlert.objects.filter(ended_at__isnull=True, stay__in=visible(viewer).filter(pk__in=stay_ids))
    found: dict[UUID, list[StayAlert]] = {}
    for row in sorted(rows, key=lambda alert: rules.ALERTS.index(alert.kind)):
        found.setdefault(row.stay_id, []).append(row)
    return found
