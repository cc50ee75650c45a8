"""Writes of services: begun, ended, and what they mean for the referral that asked for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.assistance import rules
from enlace.assistance.models import ServiceGiven
from enlace.assistance.permissions import visible
from enlace.assistance.rules import given
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.cases.rules import check_open
from enlace.country.queries import current
from enlace.referrals.actions import Answer, deliver_referrals
from enlace.referrals.permissions import locked_cases
from enlace.referrals.queries import referrals_by_id
from enlace.referrals.rules import ACCEPTED, ONGOING


@dataclass(frozen=True, kw_only=True)
class Given:
    """One service given. ``completes`` says that the referral's help is done with it."""

    case_id: UUID
    service_code: str
    started_on: date
    ended_on: date | None = None
    quantity: Decimal | None = None
    unit_code: str = ""
    language_code: str = ""
    interpreter_code: str = ""
    remark: str = ""
    referral_id: UUID | None = None
    completes: bool = False
    id: UUID = field(default_factory=new_id)


def record_services(*, by: Actor, rows: Sequence[Given]) -> list[ServiceGiven]:
    """Record services; a referral they answer is started, and completed when the row says so."""
    check(by, "SERVICE_RECORD")
    today = timezone.localdate()
    for row in rows:
        _check_given(row, today)
    with audited(by=by, action="service.recorded", detail={"count": len(rows)}, data_class="D") as event:
        for case in locked_cases(by, {row.case_id for row in rows}):
            check_open(case.status)
        if len(rows) == 1:
            event.about("case", rows[0].case_id)
        status = _status_of_referrals(by, rows)
        services = ServiceGiven.objects.bulk_create([_service(row, by) for row in rows], batch_size=500)
        _move_referrals(by, rows, status)
    return services


def end_service(*, by: Actor, service_id: UUID, on: date) -> ServiceGiven:
    """Record the last day of a service that was still going on."""
    check(by, "SERVICE_RECORD")
    with audited(by=by, action="service.ended", data_class="D") as event:
        own = visible(by).filter(agency_code=by.agency_code)
        service = own.select_for_update(of=("self",)).filter(pk=service_id).first()
        if service is None:
            raise Missing(_("Your agency gave no such service."))
        event.about("case", service.case_id)
        if service.ended_on:
            raise Refusal(_("The end of this service was already recorded."))
        rules.check_dates(service.started_on, on, timezone.localdate())
        service.ended_on = on
        service.save(update_fields=["ended_on"])
    return service


def _status_of_referrals(by: Actor, rows: Sequence[Given]) -> dict[UUID, str]:
    """The referrals that the services answer, each of its case, to this agency and going on."""
    asked = {row.referral_id: row for row in rows if row.referral_id}
    known = referrals_by_id(viewer=by, ids=asked.keys()) if asked else {}
    for row in rows:
        if row.referral_id is None:
            continue
        referral = known.get(row.referral_id)
        if referral is None or referral.case_id != row.case_id or referral.recipient_code != by.agency_code:
            raise Refusal(_("This referral belongs to another case."))
        if referral.status not in ONGOING:
            raise Refusal(_("This referral is not going on: accept it first, or record the service without it."))
    return {pk: referral.status for pk, referral in known.items()}


def _move_referrals(by: Actor, rows: Sequence[Given], status: Mapping[UUID, str]) -> None:
    asked = [row for row in rows if row.referral_id]
    first = {r.referral_id: r for r in reversed(asked) if r.referral_id and status[r.referral_id] == ACCEPTED}
    if first:
        deliver_referrals(by=by, rows=[_step(row, "start", row.started_on) for row in first.values()])
    last = {r.referral_id: r for r in asked if r.completes}
    if last:
        deliver_referrals(by=by, rows=[_step(row, "complete", row.ended_on or row.started_on) for row in last.values()])


def _step(row: Given, verb: str, on: date) -> Answer:
    """A step of the referral on the day of the help: now when that is today, midday when it is recorded later."""
    assert row.referral_id is not None
    now = timezone.now()
    midday = timezone.make_aware(datetime.combine(on, time(12)))
    return Answer(referral_id=row.referral_id, verb=verb, at=now if on >= timezone.localdate() else midday)


def _service(row: Given, by: Actor) -> ServiceGiven:
    return ServiceGiven(
        id=row.id,
        case_id=row.case_id,
        referral_id=row.referral_id,
        agency_code=by.agency_code,
        service_code=row.service_code,
        started_on=row.started_on,
        ended_on=row.ended_on,
        quantity=row.quantity,
        unit_code=row.unit_code,
        language_code=row.language_code,
        interpreter_code=row.interpreter_code,
        remark=row.remark.strip(),
        recorded_by=by.id,
        recorded_at=timezone.now(),
    )


def _check_given(row: Given, today: date) -> None:
    if current().codes("service").get(row.service_code) is None:
        raise Refusal(_("Choose a service from the list."))
    rules.check_dates(row.started_on, row.ended_on, today)
    rules.check_amount(row.quantity, row.unit_code)
    given.check_interpreter(row.interpreter_code, row.language_code)
    if row.language_code and current().codes("language").get(row.language_code) is None:
        raise Refusal(_("Choose a language from the list."))
