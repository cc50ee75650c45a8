"""A return is opened: by whoever answers it, or on the day before it is due, with a reminder."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency
from enlace.audit.actions import audited
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.country.returns import ReturnTemplate
from enlace.returns import queries, rules
from enlace.returns.models import PeriodicReturn, Template
from enlace.returns.permissions import check_may_answer
from enlace.returns.rules import Period

DAY = timedelta(days=1)
REMINDED_FOR = timedelta(days=60)
"""An answer that is overdue for longer stays on the lists and the map; nobody is reminded of it for the first time."""


def open_return(*, by: Actor, template_id: str, period: str, state_code: str) -> PeriodicReturn:
    """Begin the return of a state (or "", the federation) for a period; the one under way if there is one already."""
    check(by, "PERIODIC_RETURN_SUBMIT")
    span = rules.period_of(period)
    template = queries.template_for(template_id, span)
    check_may_answer(by, template, state_code)
    _check_asked(template, span, state_code)
    found = _newest(template_id, period, state_code)
    if found is None:
        found = _open(by, template, span, state_code) or _newest(template_id, period, state_code)
    if found is None or found.status != rules.OPEN:
        raise Refusal(_("This return was already submitted. Open it to see where it stands, or to correct it."))
    return found


def remind_returns(*, by: Actor, at: datetime) -> int:
    """Open what nobody has begun, from the day before it is due, and mark what is overdue; returns how many reminders.

    Each shows in the work queue of the agency that is asked. Safe to run twice at once: nothing is opened or marked twice.
    """
    today = timezone.localdate(at)
    missing = [line for template in current().return_templates for line in _not__begun(template, at)]
    first = PeriodicReturn.objects.filter(status=rules.OPEN, reminded_at=None, due_on__lte=today + DAY)
    late = PeriodicReturn.objects.filter(status=rules.OPEN, overdue_at=None, due_on__lt=today)
    if not missing and not first.exists() and not late.exists():
        return 0
    with audited(by=by, action="periodic_returns.reminded") as event:
        rows = [PeriodicReturn(**_begun(*line), opened_by=by.id, opened_at=at) for line in missing]
        PeriodicReturn.objects.bulk_create(rows, ignore_conflicts=True)
        reminded, overdue = first.update(reminded_at=at), late.update(overdue_at=at)
        event.detail.update(opened=len(rows), reminded=reminded, overdue=overdue)
    return reminded + overdue


def _newest(template_id: str, period: str, state_code: str) -> PeriodicReturn | None:
    rows = PeriodicReturn.objects.filter(template_code=template_id, period=period, state_code=state_code)
    return rows.order_by("-revision").first()


def _open(by: Actor, template: ReturnTemplate, span: Period, state_code: str) -> PeriodicReturn | None:
    """The new row; ``None`` when somebody else opened it at the same moment."""
    agency_code, kind = _answering(by, template, state_code)
    try:
        with audited(by=by, action="periodic_return.opened") as event:
            row = PeriodicReturn.objects.create(
                **_begun(template, span, state_code, agency_code, kind), opened_by=by.id, opened_at=timezone.now()
            )
            event.about("periodic_return", row.pk)
            event.detail.update(template=template.id, period=span.name, state=state_code)
            return row
    except IntegrityError:
        return None


def _begun(template: ReturnTemplate, span: Period, state_code: str, agency_code: str, kind: str) -> dict[str, Any]:
    """The columns of a return that begins, and its template kept as it is today."""
    kept, _made = Template.objects.get_or_create(
        digest=template.digest,
        defaults={
            "code": template.id,
            "version": template.version,
            "content": template.content(),
            "since": timezone.now(),
        },
    )
    return {
        "template": kept,
        "template_code": template.id,
        "period": span.name,
        "starts_on": span.start,
        "ends_on": span.end,
        "due_on": span.due(template.due_days),
        "state_code": state_code,
        "agency_code": agency_code,
        "agency_kind": kind,
    }


def _answering(by: Actor, template: ReturnTemplate, state_code: str) -> tuple[str, str]:
    """Whose return it is: the agency of whoever opens it, unless the commission does so for the one that is asked."""
    if by.scope != NATIONAL:
        return by.agency_code, agency(by.agency_code).kind_code
    return queries.answering_agencies(template).get(state_code, (by.agency_code, template.kinds[0]))


def _check_asked(template: ReturnTemplate, span: Period, state_code: str) -> None:
    """Raises ``Refusal`` when nobody is asked for this."""
    if state_code not in template.states_of(tuple(state.code for state in current().states)):
        raise Refusal(_("This template does not ask that state."))
    if span.kind != template.periodicity:
        raise Refusal(_("This template is answered for periods of another length."))
    if span.end >= timezone.localdate():
        raise Refusal(_("This period has not ended yet. Its return can be opened on the day after."))


def _not__begun(template: ReturnTemplate, at: datetime) -> Iterator[tuple[ReturnTemplate, Period, str, str, str]]:
    """The returns of a template that are due and that nobody has begun, with the agency that is asked."""
    today = timezone.localdate(at)
    span = timedelta(days=template.due_days)
    due = [
        period
        for period in queries.ended(template, today - REMINDED_FOR - span, today)
        if today - REMINDED_FOR <= period.due(template.due_days) <= today + DAY
    ]
    if not due:
        return
    rows = PeriodicReturn.objects.filter(template_code=template.id, period__in=[period.name for period in due])
    known = set(rows.values_list("period", "state_code"))
    asked = queries.answering_agencies(template)
    for period in due:
        for state in template.states_of(tuple(state.code for state in current().states)):
            if state in asked and (period.name, state) not in known:
                yield template, period, state, *asked[state]
