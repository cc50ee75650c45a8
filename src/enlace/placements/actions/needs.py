"""Unmet needs: recorded when nothing fits, and ended when the person was helped after all or the case is over."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.placements.models import UnmetNeed
from enlace.placements.permissions import locked_cases, open_needs_of
from enlace.placements.queries.gaps import Gap
from enlace.placements.queries.needs import ended_needs

RESOLVING = Actor.system("placements.needs")
PLACED, HELPED, CLOSED = "placed", "helped", "closed"


def record_needs(*, by: Actor, rows: Sequence[Gap]) -> list[UnmetNeed]:
    """Record unmet needs; one that is open already stays, with the newest reason. Returns the open ones, as asked."""
    check(by, "PLACE_FIND")
    services = current().codes("service")
    if any(row.service_code not in services for row in rows):
        raise Refusal(_("Choose a service from the list."))
    with audited(by=by, action="need.recorded", detail={"count": len(rows)}, data_class="C") as event:
        cases = {row.case_id for row in rows}
        locked_cases(by, cases)
        if len(cases) == 1:
            event.about("case", rows[0].case_id)
        with seeing_as(RESOLVING):  # an open one may be another agency's
            UnmetNeed.objects.bulk_create([_need(row, by) for row in rows], ignore_conflicts=True, batch_size=500)
            found = {(need.case_id, need.service_code): need for need in open_needs_of(cases)}
            for row in rows:
                need = found[row.case_id, row.service_code]
                if need.pk != row.id:
                    need.reason_code, need.changes, need.asked = row.reason_code, list(row.changes), dict(row.asked)
                    need.sought_at = max(need.sought_at, row.at or timezone.now())
                    need.save(update_fields=["reason_code", "changes", "asked", "sought_at"])
    return [found[row.case_id, row.service_code] for row in rows]


def resolve_needs(
    *, by: Actor, case_ids: Collection[UUID], resolution: str, at: datetime, service_codes: Collection[str] = ()
) -> int:
    """End the open needs of cases (of these services, or all); returns how many. Leaves a record only if there were any."""
    with seeing_as(RESOLVING):
        needs = open_needs_of(case_ids)
        if service_codes:
            needs = needs.filter(service_code__in=service_codes)
        if not needs.exists():
            return 0
        with audited(by=by, action="need.resolved", detail={"as": resolution}) as event, seeing_as(RESOLVING):
            ended = Greatest(F("at"), Value(at))
            count = needs.update(resolved_at=ended, resolution_code=resolution)
            event.detail["count"] = count
    return count


def watch_needs(*, by: Actor, at: datetime) -> int:
    """End the needs that help has met meanwhile, or whose case was closed; returns how many. Safe to run twice at once."""
    with seeing_as(RESOLVING):
        ended = ended_needs()
    count = 0
    for resolution, keys in ended.items():
        for case_id, service_code in keys:
            count += resolve_needs(
                by=by, case_ids=[case_id], resolution=resolution, at=at, service_codes=[service_code]
            )
    return count


def _need(row: Gap, by: Actor) -> UnmetNeed:
    return UnmetNeed(
        id=row.id,
        case_id=row.case_id,
        agency_code=by.agency_code,
        service_code=row.service_code,
        sex_code=row.sex_code,
        age_group_code=row.age_group_code,
        state_code=row.state_code,
        form_code=row.form_code,
        reason_code=row.reason_code,
        changes=[dict(change) for change in row.changes],
        asked=dict(row.asked),
        at=row.at or timezone.now(),
        sought_at=row.at or timezone.now(),
        recorded_by=by.id,
    )
