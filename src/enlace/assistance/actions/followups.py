"""Writes of follow-up: planned when help ends, recorded each time, and the way back for who is exploited again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.assistance.models import FollowUp
from enlace.assistance.permissions import locked, visible_follow_ups
from enlace.assistance.queries.followups import followed_reasons, outcome_of
from enlace.assistance.rules import FOLLOW_UP, followups
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.actions import Ruling, decide_cases, reopen_case
from enlace.cases.permissions import locked as locked_case
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.rules import CLOSED
from enlace.country.queries import current

GROUND = "followup"
BROUGHT_BACK = frozenset(("CASE_READ", "CASE_REOPEN", "CASE_DECIDE"))
LONGEST_TEXT = 4000
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Ending:
    """That the help of a case ended on a day."""

    case_id: UUID
    ended_on: date


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What came of one follow-up; ``outcome_code`` is a code of the list "followup_outcome"."""

    follow_up_id: UUID
    outcome_code: str
    done_on: date
    remark: str = ""


def plan_follow_ups(*, by: Actor, rows: Sequence[Ending]) -> list[FollowUp]:
    """Plan when each person is asked again after the help ended; the agency that leads the case does it.

    A case whose follow-up is running, or has run to its end, gets no second one.
    """
    _check_may_plan(by)
    today = timezone.localdate()
    for row in rows:
        followups.check_end(row.ended_on, today)
    with audited(by=by, action="followup.planned") as event:
        ended = {row.case_id: row.ended_on for row in rows}
        cases = list(visible_cases(by).select_for_update(of=("self",)).filter(pk__in=ended).order_by("pk"))
        if len(cases) != len(ended):
            raise Missing(_("Your agency does not work on such a case."))
        planned = [row for case in cases for row in _series(case.pk, case.lead_agency_code, ended[case.pk], by)]
        FollowUp.objects.bulk_create(planned, batch_size=500)
        if len(ended) == 1:
            event.about("case", rows[0].case_id)
        event.detail["count"] = len(planned)
    return planned


def cancel_follow_ups(*, by: Actor, case_id: UUID) -> int:
    """Help is taken up again: what was planned for after its end no longer is. Returns how many."""
    _check_may_plan(by)
    with audited(by=by, action="followup.cancelled", subject=("case", case_id)) as event:
        rows = FollowUp.objects.filter(case=locked_case(by, case_id), status=followups.PLANNED)
        event.detail["count"] = count = rows.update(status=followups.CANCELLED)
    return int(count)


def record_follow_up(*, by: Actor, row: Heard) -> FollowUp:
    """Record how the person is. Who is exploited again is back under protection at once, the case open and presumed."""
    check(by, "FOLLOWUP_RECORD")
    outcome = outcome_of(row.outcome_code)
    if outcome is None:
        raise Refusal(_("Say what came of the follow-up."))
    if len(row.remark) > LONGEST_TEXT:
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": LONGEST_TEXT})
    with audited(by=by, action="followup.recorded", data_class="D", detail={"outcome": row.outcome_code}) as event:
        found = visible_follow_ups(by).filter(pk=row.follow_up_id).first()
        if found is None:
            raise Missing(_("Your agency knows of no such thing."))
        case = visible_cases(by).select_for_update(of=("self",)).get(pk=found.case_id)  # the case before its rows
        follow_up = locked(visible_follow_ups(by), row.follow_up_id)
        event.about("case", case.pk)
        if outcome.verb not in FOLLOW_UP.verbs(follow_up.status):
            raise Refusal(_("This follow-up was already recorded, or is no longer planned."))
        followups.check_done(row.done_on, follow_up.base_on, timezone.localdate())
        if not outcome.ends and not outcome.reexploited:
            followups.check_time(row.done_on, _due_before(follow_up), follow_up.due_on)
        follow_up.status = FOLLOW_UP.after(follow_up.status, outcome.verb)
        follow_up.outcome_code, follow_up.done_on = row.outcome_code, row.done_on
        follow_up.remark, follow_up.recorded_by, follow_up.recorded_at = row.remark.strip(), by.id, timezone.now()
        follow_up.save()
        if outcome.ends or outcome.reexploited:
            cancel_follow_ups(by=by, case_id=case.pk)
        if outcome.reexploited:
            _bring_back(by, case.pk, case.status, case.identification)
    return follow_up


def follow_closed_cases(*, by: Actor, at: datetime) -> int:
    """Plan the follow-up of cases that were closed with a reason that asks for it; returns how many times people are asked.

    For the clock: safe to run twice, and after a stop it finds all that were closed meanwhile.
    """
    with seeing_as(by):
        ended = _closed_without(by, at)
    return len(plan_follow_ups(by=by, rows=ended)) if ended else 0


def _closed_without(by: Actor, at: datetime) -> list[Ending]:
    """Closed within the longest follow-up, and in no series that runs or has run to its end (``rules.needs_series``)."""
    codes = current().codes("followup_outcome")
    again = [code.code for code in codes if code.extra["reexploited"] == "yes"]
    ending = [code.code for code in codes if code.extra["ends"] == "yes"]
    same = FollowUp.objects.filter(case=OuterRef("case"), series=OuterRef("series"))
    is_cut = Exists(same.filter(status=followups.CANCELLED)) & ~Exists(same.filter(outcome_code__in=ending))
    standing = FollowUp.objects.filter(case=OuterRef("pk")).exclude(status=followups.CANCELLED)
    standing = standing.exclude(Exists(same.filter(outcome_code__in=again))).exclude(is_cut)
    rows = visible_cases(by).filter(status=CLOSED, closure_reason_code__in=followed_reasons(), closed_at__lte=at)
    rows = rows.filter(closed_at__gt=at - max(current().followups)).exclude(Exists(standing))
    found = rows.order_by("closed_at", "pk").values_list("pk", "closed_at")[:AT_ONCE]
    return [Ending(case_id=pk, ended_on=timezone.localdate(closed_at)) for pk, closed_at in found if closed_at]


def _newest(case_id: UUID) -> tuple[int, list[followups.Past]]:
    """The number of the newest series of a case (0: none yet) and what stands in it."""
    rows = list(FollowUp.objects.filter(case_id=case_id).order_by("-series", "number"))
    series = rows[0].series if rows else 0
    return series, [_past(row) for row in rows if row.series == series]


def _past(row: FollowUp) -> followups.Past:
    outcome = outcome_of(row.outcome_code)
    return followups.Past(row.status, bool(outcome and outcome.reexploited), bool(outcome and outcome.ends))


def _due_before(row: FollowUp) -> date:
    """When the one before it was due; the end of help for the first."""
    same = FollowUp.objects.filter(case_id=row.case_id, series=row.series, number=row.number - 1)
    return same.values_list("due_on", flat=True).first() or row.base_on


def _series(case_id: UUID, agency_code: str, ended_on: date, by: Actor) -> list[FollowUp]:
    """The follow-ups that the end of help begins; none while others run or have run to their end."""
    last, past = _newest(case_id)
    if not followups.needs_series(past):
        return []
    now, days = timezone.now(), followups.due_days(ended_on, current().followups)
    return [
        FollowUp(
            case_id=case_id,
            agency_code=agency_code,
            series=last + 1,
            number=number,
            base_on=ended_on,
            due_on=due_on,
            planned_by=by.id,
            planned_at=now,
        )
        for number, due_on in enumerate(days, start=1)
    ]


def _check_may_plan(by: Actor) -> None:
    """Whoever ends help plans what comes after it: from a plan, from a return, or by itself."""
    if not any(by.may(name) for name in ("PLAN_EDIT", "RETURN_RECORD")):
        check(by, "FOLLOWUP_RECORD")


def _bring_back(by: Actor, case_id: UUID, status: str, identification: str) -> None:
    """Whoever hears of it acts at once: no role may stand between a person and protection."""
    whoever = replace(by, can=by.can | BROUGHT_BACK)
    if status == CLOSED:
        reopen_case(by=whoever, case_id=case_id)
    if verb := followups.way_back(identification):
        decide_cases(by=whoever, rows=[Ruling(case_id=case_id, verb=verb, ground_code=GROUND)])
