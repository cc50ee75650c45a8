"""Writes of assisted voluntary return, and what agencies abroad say of their half-years."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency
from enlace.assistance.actions.followups import Ending, plan_follow_ups
from enlace.assistance.models import AssistedReturn, HalfReport
from enlace.assistance.permissions import locked, visible_returns
from enlace.assistance.queries.returns import consent_to_return, readiness
from enlace.assistance.rules import RETURN, permits, returns
from enlace.assistance.turns import turn_of
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.cases.permissions import locked as locked_case
from enlace.cases.rules import check_open
from enlace.country.queries import current
from enlace.vault.actions import add_to_record, seal_record

LONGEST_TEXT = 4000


@dataclass(frozen=True, kw_only=True)
class ReturnStep:
    """One step of a return.

    ``code`` means with "check_risks" the decision, with "confirm" and "arrive" who receives the person (list
    "receiving_side"). ``sealed`` is who they are and how to reach them: it goes into the vault.
    """

    return_id: UUID
    verb: str
    on: date
    code: str = ""
    risks: Mapping[str, str] = field(default_factory=dict)
    measures: str = ""
    sealed: str = ""
    note: str = ""


def open_return(
    *, by: Actor, case_id: UUID, kind_code: str, country_code: str, on: date, return_id: UUID | None = None
) -> AssistedReturn:
    """Begin to prepare a return that the person asks for; nothing is decided with it."""
    check(by, "RETURN_RECORD")
    pack = current()
    if pack.codes("return_kind").get(kind_code) is None:
        raise Refusal(_("Choose the kind of return from the list."))
    if pack.codes("country").get(country_code) is None:
        raise Refusal(_("Choose the country to which the person goes."))
    permits.check_order(on, date.min, timezone.localdate())
    with audited(by=by, action="return.opened", subject=("case", case_id), detail={"kind": kind_code}):
        case = locked_case(by, case_id)
        check_open(case.status)
        if AssistedReturn.objects.filter(case=case, status__in=(returns.PREPARING, returns.TRAVELLING)).exists():
            raise Refusal(_("A return is being prepared in this case already."))
        found = AssistedReturn.objects.create(
            id=return_id or new_id(),
            case=case,
            kind_code=kind_code,
            agency_code=by.agency_code,
            country_code=country_code,
            opened_by=by.id,
            opened_on=on,
        )
        turn_of(found, "open", on, by).save()
    return found


def move_return(*, by: Actor, row: ReturnStep) -> AssistedReturn:
    """One step of a return: check_risks, confirm, depart, turn_back, arrive or cancel. Any agency on the case may."""
    check(by, "RETURN_RECORD")
    _check_step(row)
    with audited(by=by, action="return.moved", detail={"verb": row.verb}, data_class="C") as event:
        found = locked(visible_returns(by), row.return_id)
        event.about("case", found.case_id)
        if row.verb not in RETURN.verbs(found.status):
            raise Refusal(_("Something has changed since the page was opened."))
        permits.check_order(row.on, found.departed_on or found.opened_on, timezone.localdate())
        CARRY_OUT[row.verb](found, row, by)
        found.status = RETURN.after(found.status, row.verb)
        found.save()
        turn_of(found, row.verb, row.on, by, code=row.code, note=row.note).save()
        if row.verb == "arrive":
            plan_follow_ups(by=by, rows=[Ending(case_id=found.case_id, ended_on=row.on)])
    return found


def report_half(*, by: Actor, half: str) -> HalfReport:
    """Say that everybody whom an agency abroad met in a half-year is recorded; without it the half is missing, not zero."""
    check(by, "RETURN_RECORD")
    _first, last = returns.span_of(half)
    if last >= timezone.localdate():
        raise Refusal(_("This half-year has not ended yet."))
    kind = current().codes("agency_kind").get(agency(by.agency_code).kind_code)
    if kind is None or kind.extra["abroad"] != "yes":
        raise Refusal(_("Only agencies abroad report by half-year."))
    with audited(by=by, action="half.reported", detail={"half": half}):
        said = {"reported_by": by.id, "reported_at": timezone.now()}
        report, is_new = HalfReport.objects.get_or_create(agency_code=by.agency_code, half=half, defaults=said)
        if not is_new:
            raise Refusal(_("Your agency has already reported this half-year."))
    return report


def _check_risks(found: AssistedReturn, row: ReturnStep, by: Actor) -> None:
    known = [code.code for code in current().codes("return_risk")]
    returns.check_risks(row.risks, known, row.code, row.measures)
    found.risks, found.risk_code, found.risk_measures = dict(row.risks), row.code, row.measures.strip()
    found.risk_checked_on, found.risk_checked_by = row.on, by.id


def _confirm(found: AssistedReturn, row: ReturnStep, by: Actor) -> None:
    found.receiver_code, found.confirmed_on, found.confirmed_by = row.code, row.on, by.id
    if not row.sealed.strip():
        return
    if found.agency_code != by.agency_code:
        raise Refusal(_("The agency that prepares the return keeps who receives the person."))
    if not found.is_sealed:
        seal_record(by=by, record_id=found.pk, content={"kind": "return"})
        found.is_sealed = True
    add_to_record(by=by, record_id=found.pk, content={"text": row.sealed.strip()})


def _depart(found: AssistedReturn, row: ReturnStep, by: Actor) -> None:
    """Consent is asked for again here: what was revoked meanwhile carries nobody."""
    found.consent = consent_to_return(viewer=by, found=found, on=row.on)
    returns.check_may_depart(readiness(found))
    found.departed_on = row.on


def _turn_back(found: AssistedReturn, row: ReturnStep, by: Actor) -> None:
    """Back to preparing: what was found before the journey is looked at again."""
    found.departed_on = None
    found.risks, found.risk_code, found.risk_measures = {}, "", ""
    found.risk_checked_on, found.risk_checked_by = None, ""


def _arrive(found: AssistedReturn, row: ReturnStep, by: Actor) -> None:
    found.arrived_on = row.on


def _cancel(found: AssistedReturn, row: ReturnStep, by: Actor) -> None:
    """A step that changes the state alone: the person may say no at any time."""


CARRY_OUT = {
    "check_risks": _check_risks,
    "confirm": _confirm,
    "depart": _depart,
    "turn_back": _turn_back,
    "arrive": _arrive,
    "cancel": _cancel,
}


def _check_step(row: ReturnStep) -> None:
    if row.verb in ("confirm", "arrive") and current().codes("receiving_side").get(row.code) is None:
        raise Refusal(_("Choose who receives the person."))
    if max(len(row.note), len(row.measures), len(row.sealed)) > LONGEST_TEXT:
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": LONGEST_TEXT})
