"""Every write: an estimation is asked for, begun, ended in one of four ways, or repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.base.worker import enqueue
from enlace.prevalence import rules
from enlace.prevalence.labels import said_of
from enlace.prevalence.models import Estimation
from enlace.prevalence.permissions import locked
from enlace.prevalence.queries import captures_of, is_abandoned, options_of
from reckon.prevalence import BadCaptures, Captures
from reckon.prevalence.results import Options, Study
from reckon.prevalence.stored import plain, to_json
from reckon.prevalence.strata import Rates
from reckon.prevalence.study import check_study

SOURCES = ("cases", "table", "people")
TASK = "enlace.prevalence.tasks.compute"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an analyst asks for. ``source`` says where the captures come from, ``source_detail`` what to know of it.

    ``groups`` are the same people by (history, sex, age, form, people), ``populations`` how many there are in the country
    by covariate and level: both for the rates of indicator 16.2.2, and empty when the source does not tell.
    """

    title: str
    period: str
    source: str
    captures: Captures
    options: Options
    source_detail: Mapping[str, Any] = field(default_factory=dict)
    groups: Sequence[tuple[int, str, str, str, int]] = ()
    populations: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def ask_estimation(*, by: Actor, asked: Asked) -> Estimation:
    """Keep the captures and the options; the worker does the rest."""
    check(by, "PREVALENCE_RUN")
    if asked.source not in SOURCES:
        raise Refusal(_("Choose where the lists come from."))
    try:
        check_study(asked.captures, asked.options)
    except BadCaptures as error:
        raise Refusal(said_of(str(error))) from error
    if not asked.title.strip() or not asked.period.strip():
        raise Refusal(_("Say which people and which period the estimate is about."))
    return _ask(by, asked, None)


def repeat_estimation(*, by: Actor, estimation_id: UUID) -> Estimation:
    """Compute a finished estimation again from the same captures, options and seed, to see that it is the same."""
    check(by, "PREVALENCE_RUN")
    with audited(by=by, action="estimation.repeated", subject=("estimation", estimation_id)):
        row = locked(by, estimation_id)
        if row.status != rules.DONE:
            raise Refusal(_("Only a finished estimate can be repeated."))
        asked = Asked(
            title=row.title,
            period=row.period,
            source=row.source,
            source_detail=row.source_detail,
            captures=captures_of(row),
            options=options_of(row),
            groups=[tuple(group) for group in row.groups],
            populations=row.populations,
        )
        return _ask(by, asked, row)


def begin_estimation(*, by: Actor, estimation_id: UUID) -> Estimation | None:
    """The worker takes it up; ``None`` when there is nothing to do any more (it was cancelled, or another took it)."""
    with audited(by=by, action="estimation.begun", subject=("estimation", estimation_id)):
        row = locked(by, estimation_id)
        if row.status != rules.QUEUED:
            return None
        _move(row, "begin", began_at=timezone.now())
    return row


def finish_estimation(*, by: Actor, estimation_id: UUID, study: Study, rates: Sequence[Rates] = ()) -> None:
    """Store the result, unless the estimation was cancelled meanwhile."""
    with audited(by=by, action="estimation.finished", subject=("estimation", estimation_id)) as event:
        row = locked(by, estimation_id)
        if row.status == rules.RUNNING:
            _move(row, "finish", ended_at=timezone.now(), result=to_json(study), rates=[plain(one) for one in rates])
        event.detail["status"] = row.status


def fail_estimation(*, by: Actor, estimation_id: UUID, reason: str) -> None:
    """Keep why there is no result, in words for the analyst."""
    with audited(by=by, action="estimation.failed", subject=("estimation", estimation_id)):
        row = locked(by, estimation_id)
        if row.status == rules.RUNNING:
            _move(row, "fail", ended_at=timezone.now(), reason=reason)


def cancel_estimation(*, by: Actor, estimation_id: UUID) -> None:
    """Stop it: the worker sees this at its next step."""
    check(by, "PREVALENCE_RUN")
    with audited(by=by, action="estimation.cancelled", subject=("estimation", estimation_id)):
        _move(locked(by, estimation_id), "cancel", ended_at=timezone.now())


def queue_again(*, by: Actor, estimation_id: UUID) -> None:
    """Hand an estimation whose worker stopped to another one. Raises ``Refusal`` while it may still be alive."""
    check(by, "PREVALENCE_RUN")
    with audited(by=by, action="estimation.queued_again", subject=("estimation", estimation_id)):
        row = locked(by, estimation_id)
        if not is_abandoned(row):
            raise Refusal(_("This estimate is being computed. Wait for it, or cancel it."))
        _move(row, "queue_again", began_at=None)
        enqueue(TASK, str(row.pk))


def _ask(by: Actor, asked: Asked, repeats: Estimation | None) -> Estimation:
    captures = asked.captures
    with audited(by=by, action="estimation.asked", detail={"digest": captures.digest()}) as event:
        row = Estimation.objects.create(
            title=asked.title.strip(),
            period=asked.period.strip(),
            source=asked.source,
            source_detail=dict(asked.source_detail),
            lists=list(captures.lists),
            masks=captures.masks.tolist(),
            counts=captures.counts.tolist(),
            groups=[list(group) for group in asked.groups],
            populations=dict(asked.populations),
            digest=captures.digest(),
            options=plain(asked.options),
            asked_by=by.id,
            asked_at=timezone.now(),
            repeats=repeats,
        )
        event.about("estimation", row.pk)
        enqueue(TASK, str(row.pk))
    return row


def _move(row: Estimation, verb: str, **values: object) -> None:
    row.status = rules.ESTIMATION.after(row.status, verb)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *values])
