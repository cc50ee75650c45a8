"""The decision of a person about a finding, and what a case confirmed later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.intake.actions import Result, record_outcomes
from enlace.screening import rules
from enlace.screening.actions.finding import Weighing
from enlace.screening.models import Confirmation, Finding, Ruling, Screening
from enlace.screening.permissions import locked

TELLING = Actor.system("screening")  # whoever decides a case does not see the screenings of other agencies
LONGEST_REASON = 4000
OUTCOMES = {
    rules.PRESUMED: "screened_presumed",
    rules.POSSIBLE: "screened_possible",
    rules.INSUFFICIENT: "screened_insufficient",
    rules.NOTHING: "screened_no_indication",
}
CONFIRMATIONS = ("identified", "not_confirmed")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody with the right decides about one screening; it may differ from the engine's class."""

    screening_id: UUID
    class_code: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What a case decided about a person: ``identified`` or ``not_confirmed``."""

    person_id: UUID
    outcome: str
    at: datetime


def decide_screenings(*, by: Actor, rows: Sequence[Decision]) -> list[Ruling]:
    """Decide what screenings mean, each with a reason; the desk of the contact is told.

    The decision rests on the newest finding and stands beside it: neither replaces the other. What is decided stays decided;
    new facts belong to a second screening.
    """
    check(by, "SCREENING_DECIDE")
    for row in rows:
        _check_decision(row)
    with audited(by=by, action="screening.decided", detail={"count": len(rows)}, data_class="C") as event:
        found = locked(by, [row.screening_id for row in rows])
        newest = _newest_findings(found)
        rulings = [_ruling(row, found[row.screening_id], newest, by) for row in rows]
        if len(rows) == 1:
            event.about("screening", rows[0].screening_id)
            event.detail["differs"] = rulings[0].class_code != rulings[0].finding.class_code
        Ruling.objects.bulk_create(rulings, batch_size=500)
        told = [
            Result(
                kind=OUTCOMES[ruling.class_code],
                person_id=ruling.screening.person_id,
                contact_id=ruling.screening.contact_id,
                at=ruling.at,
            )
            for ruling in rulings
        ]
        record_outcomes(by=by, rows=told)
    return rulings


def record_confirmations(*, by: Actor, rows: Sequence[Confirmed]) -> int:
    """Tell the screenings of these people what a case decided; returns how many were told.

    Asks for no permission of its own: it is called by the action that decided, inside its transaction. Screenings
    finished later than the decision are passed over.
    """
    if any(row.outcome not in CONFIRMATIONS for row in rows):
        raise Refusal(_("This is no decision about identification."))
    with seeing_as(TELLING):
        screened = _screened({row.person_id for row in rows})
    told = [
        Confirmation(screening_id=pk, outcome=row.outcome, at=row.at, agency_code=by.agency_code)
        for row in rows
        for pk, finished_at in screened.get(row.person_id, [])
        if finished_at <= row.at
    ]
    if not told:
        return 0
    with audited(by=by, action="screening.confirmation_told", detail={"count": len(told)}), seeing_as(TELLING):
        Confirmation.objects.bulk_create(told, batch_size=500, ignore_conflicts=True)
    return len(told)


def _ruling(row: Decision, screening: Screening, newest: dict[UUID, Finding], by: Actor) -> Ruling:
    at = row.at or timezone.now()
    if screening.finished_at is None:
        raise Refusal(_("Finish the screening first; the decision rests on what was found."))
    if screening.status != rules.FINISHED:
        raise Refusal(_("This screening was already decided. New facts belong to a second screening."))
    if at < screening.finished_at:
        raise Refusal(_("A decision cannot be dated before the screening was finished."))
    screening.status = rules.SCREENING.after(screening.status, "decide")
    screening.decided_at, screening.decided_code = at, row.class_code
    Weighing(by, screening, at).follow(row.class_code, bool(newest[screening.pk].outcome["settled"]))
    changed = ["status", "decided_at", "decided_code", "second_due_at", "child_notified_at"]
    screening.save(update_fields=changed)
    return Ruling(
        screening=screening,
        finding=newest[screening.pk],
        class_code=row.class_code,
        reason=row.reason.strip(),
        by=by.id,
        agency_code=by.agency_code or screening.agency_code,
        at=at,
    )


def _check_decision(row: Decision) -> None:
    if row.class_code not in OUTCOMES:
        raise Refusal(_("Choose what the screening means."))
    if not row.reason.strip() or len(row.reason) > LONGEST_REASON:
        raise Refusal(_("Say why: the reason stays with the decision."))


def _newest_findings(screening_ids: Collection[UUID]) -> dict[UUID, Finding]:
    ids = list(screening_ids)
    found: dict[UUID, Finding] = {}
    for start in range(0, len(ids), 500):
        for row in Finding.objects.filter(screening__in=ids[start : start + 500]).order_by("at", "id"):
            found[row.screening_id] = row
    return found


def _screened(person_ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, datetime]]]:
    """The finished screenings of people: person -> (screening, when it was finished)."""
    found: dict[UUID, list[tuple[UUID, datetime]]] = {}
    ids = sorted(person_ids)
    for start in range(0, len(ids), 500):
        rows = Screening.objects.filter(person_id__in=ids[start : start + 500], finished_at__isnull=False)
        for person_id, pk, finished_at in rows.values_list("person_id", "pk", "finished_at"):
            if finished_at:
                found.setdefault(person_id, []).append((pk, finished_at))
    return found
