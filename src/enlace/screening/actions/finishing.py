"""Finishing: the answers are complete enough, the engine weighs them, and somebody with the right decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.screening import asked, rules
from enlace.screening.actions.finding import REPEATED, Weighing
from enlace.screening.models import Finding, Screening
from enlace.screening.permissions import check_draft, locked
from enlace.screening.queries import Standing, newest_answers, protocol_of


@dataclass(frozen=True, kw_only=True)
class Finish:
    """One screening to finish."""

    screening_id: UUID
    at: datetime | None = None


def finish_screenings(*, by: Actor, rows: Sequence[Finish]) -> list[Finding]:
    """Finish screenings and keep what the engine finds. Only required questions stop it; what is open is told, not forced.

    A child's screening reaches child protection, a presumed victim in detention raises an alert, too little information
    schedules a second screening: all in the same transaction.
    """
    check(by, "SCREENING_RECORD")
    with audited(by=by, action="screening.finished", detail={"count": len(rows)}, data_class="C") as event:
        found = locked(by, [row.screening_id for row in rows])
        newest = newest_answers(list(found.values()))
        findings = []
        for row in rows:
            screening = found[row.screening_id]
            at = row.at or timezone.now()
            _check_complete(screening, Standing(protocol_of(screening), newest[screening.pk]), at)
            screening.status = rules.SCREENING.after(screening.status, "finish")
            screening.finished_at, screening.finished_by = at, by.id
            findings.append(Weighing(by, screening, at).find(newest[screening.pk]))
            screening.save(update_fields=["status", "finished_at", "finished_by", *REPEATED])
        if len(rows) == 1:
            event.about("screening", rows[0].screening_id)
    return findings


def _check_complete(screening: Screening, standing: Standing, at: datetime) -> None:
    check_draft(screening)
    if screening.safety_at is None:
        raise Refusal(_("First see to the steps before the first question."))
    if not screening.started_at <= at <= timezone.now():
        raise Refusal(_("The end lies between the start and now."))
    if missing := rules.missing_required(standing.protocol, standing.values):
        raise Refusal(
            _("These questions need an answer, or the reason why there is none: %(questions)s")
            % {"questions": asked.names(standing.protocol, missing)}
        )
