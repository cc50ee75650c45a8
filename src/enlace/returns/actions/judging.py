"""A submitted return is checked, accepted or given back by others than who submitted it, and published with a release."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.returns import facts, queries, rules
from enlace.returns.models import PeriodicReturn
from enlace.returns.permissions import locked


def check_return(*, by: Actor, return_id: UUID) -> PeriodicReturn:
    """Say that its numbers were looked at, beside those of the period before and of casework, counted anew."""
    check(by, "PERIODIC_RETURN_CHECK")
    row = queries.periodic_return(viewer=by, return_id=return_id)
    counted = queries.casework(queries.template_of(row), row.state_code, rules.period_of(row.period))
    with audited(by=by, action="periodic_return.checked", subject=("periodic_return", return_id)):
        row = locked(by, return_id)
        row.status = rules.RETURN.after(row.status, "check")
        _check_another(by, row)
        row.checked_by, row.checked_at, row.casework = by.id, timezone.now(), counted
        row.save(update_fields=["status", "checked_by", "checked_at", "casework"])
    return row


def accept_return(*, by: Actor, return_id: UUID) -> PeriodicReturn:
    """Its numbers become facts. Raises ``Refusal`` for whoever submitted it."""
    check(by, "PERIODIC_RETURN_ACCEPT")
    with audited(by=by, action="periodic_return.accepted", subject=("periodic_return", return_id)):
        row = locked(by, return_id)
        row.status = rules.RETURN.after(row.status, "accept")
        _check_another(by, row)
        row.decided_by, row.decided_at = by.id, timezone.now()
        row.save(update_fields=["status", "decided_by", "decided_at"])
    return row


def give_back_return(*, by: Actor, return_id: UUID, because: str) -> PeriodicReturn:
    """Send it back to whoever answered, with what to put right; they correct it in a new revision."""
    check(by, "PERIODIC_RETURN_ACCEPT")
    with audited(by=by, action="periodic_return.given_back", subject=("periodic_return", return_id)):
        row = locked(by, return_id)
        if not because.strip():
            raise Refusal(_("Say what has to be put right."))
        row.status = rules.RETURN.after(row.status, "give_back")
        row.decided_by, row.decided_at = by.id, timezone.now()
        row.decided_because = because.strip().replace("\x00", "")[:4000]
        row.save(update_fields=["status", "decided_by", "decided_at", "decided_because"])
    return row


def publish_returns(*, by: Actor, start: date, end: date, only: Collection[str]) -> int:
    """Mark as published the newest accepted revision of every return inside the span that is one of ``only`` (ids).

    The release that publishes them calls this: what was accepted after it was prepared is not in it.
    """
    check(by, "RELEASE_APPROVE")
    with audited(by=by, action="periodic_returns.published") as event:
        newest = PeriodicReturn.objects.filter(pk__in=facts.newest(start, end), status=rules.ACCEPTED)
        rows = newest.filter(pk__in=only)
        status = rules.RETURN.after(rules.ACCEPTED, "publish")
        published = rows.update(status=status, published_at=timezone.now())
        event.detail.update(start=start.isoformat(), end=end.isoformat(), published=published)
    return published


def _check_another(by: Actor, row: PeriodicReturn) -> None:
    if row.submitted_by == by.id:
        raise Refusal(_("You submitted this return: another person has to check and accept it."))
