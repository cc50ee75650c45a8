"""Ending the alert of a detained person: only somebody who knows of the release does, never a clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.screening import rules
from enlace.screening.models import DetentionAlert
from enlace.screening.permissions import visible_alerts

ENDS = ("released", "mistaken")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How one alert ended: the person was ``released``, or was not detained at all (``mistaken``)."""

    alert_id: UUID
    end_code: str
    at: datetime | None = None


def end_alerts(*, by: Actor, rows: Sequence[Ended]) -> list[DetentionAlert]:
    """Record that people were released; of two who do so at once the second is refused."""
    check(by, "SCREENING_RECORD")
    if any(row.end_code not in ENDS for row in rows):
        raise Refusal(_("Say how the detention ended."))
    with audited(by=by, action="screening.alert_ended", detail={"count": len(rows)}, data_class="C") as event:
        ids = sorted({row.alert_id for row in rows})
        found = {a.pk: a for a in visible_alerts(by).select_for_update().filter(pk__in=ids).order_by("pk")}
        if len(found) != len(ids):
            raise Missing(_("Your agency has no such alert."))
        for row in rows:
            _end(by, found[row.alert_id], row)
        if len(rows) == 1:
            event.about("screening", found[ids[0]].screening_id)
    return [found[row.alert_id] for row in rows]


def _end(by: Actor, alert: DetentionAlert, row: Ended) -> None:
    at = row.at or timezone.now()
    if "release" not in rules.DETENTION.verbs(alert.status):
        raise Refusal(_("This alert was already ended."))
    if not alert.opened_at <= at <= timezone.now():
        raise Refusal(_("The release lies between the alert and now."))
    alert.status = rules.DETENTION.after(alert.status, "release")
    alert.ended_at, alert.ended_by, alert.end_code = at, by.id, row.end_code
    alert.save(update_fields=["status", "ended_at", "ended_by", "end_code"])
