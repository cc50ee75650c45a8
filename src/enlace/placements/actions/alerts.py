"""Alerts about stays: worked out from what is stored and the hour, so that it may be done twice at once, and late."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.placements.models import Stay, StayAlert
from enlace.placements.queries.alerts import AlertChange, due_changes
from enlace.placements.rules.stays import ADMITTED

WATCHING = Actor.system("placements.alerts")


def watch_stays(*, by: Actor, at: datetime, ids: Collection[UUID] | None = None) -> int:
    """Raise and end what stands out about stays (``ids``: only these); returns how many alerts changed. Ends no stay.

    Leaves a record only when something changed.
    """
    with seeing_as(WATCHING):
        stays = Stay.objects.filter(status=ADMITTED) if ids is None else Stay.objects.filter(pk__in=ids)
        if not due_changes(stays, at):
            return 0
        with audited(by=by, action="stay.watched") as event, seeing_as(WATCHING):
            changes = due_changes(stays.all(), at)
            for change in changes:
                _write(change, at)
            event.detail["count"] = len(changes)
    return len(changes)


def _write(change: AlertChange, at: datetime) -> None:
    standing = StayAlert.objects.filter(stay_id=change.stay_id, kind=change.kind, ended_at__isnull=True)
    if change.reasons is None:
        standing.update(ended_at=Greatest(F("raised_at"), Value(at)))
        return
    if not standing.update(reason_codes=change.reasons):
        raised = StayAlert(stay_id=change.stay_id, kind=change.kind, reason_codes=change.reasons, raised_at=at)
        StayAlert.objects.bulk_create([raised], ignore_conflicts=True)  # another clock raised it at the same moment
