"""Writes of permits of stay and the like. Nothing here asks for testimony, and a refusal for lack of it is marked."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.assistance.models import Permit
from enlace.assistance.permissions import locked, visible_permits
from enlace.assistance.rules import PERMIT, given, permits
from enlace.assistance.turns import turn_of
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.cases.permissions import locked as locked_case
from enlace.country.queries import current
from enlace.intake.files import clean
from enlace.people.permissions import visible as visible_people
from enlace.vault.actions import add_to_record, seal_record

LONGEST_TEXT = 4000


@dataclass(frozen=True, kw_only=True)
class PermitStep:
    """One step of a permit.

    ``code`` means with "inform" who was told (list "consent_giver"), with "refuse" why ("permit_refusal"), with "convert"
    into which permit ("permit_kind"), with "end" why ("permit_end"). ``valid_to`` is the last day written on the permit.
    """

    permit_id: UUID
    verb: str
    on: date
    code: str = ""
    language_code: str = ""
    interpreter_code: str = ""
    valid_to: date | None = None
    note: str = ""


LISTS = {"inform": "consent_giver", "refuse": "permit_refusal", "convert": "permit_kind", "end": "permit_end"}


def open_permit(*, by: Actor, case_id: UUID, kind_code: str, on: date, permit_id: UUID | None = None) -> Permit:
    """Write down that the person may ask for a permit. Raises ``Refusal`` for whom this kind is not for."""
    check(by, "PERMIT_RECORD")
    kind = current().codes("permit_kind").get(kind_code)
    if kind is None:
        raise Refusal(_("Choose the kind of permit from the list."))
    permits.check_order(on, date.min, timezone.localdate())
    with audited(by=by, action="permit.opened", subject=("case", case_id), detail={"kind": kind_code}):
        case = locked_case(by, case_id)
        person = visible_people(by).get(pk=case.person_id)
        is_foreign = kind.extra["foreign"] == "yes"
        home = current().country_iso2
        if not permits.is_entitled(person.citizenship_codes, home, case.identification, is_foreign):
            raise Refusal(_("This permit is for people from abroad who are presumed or identified as victims."))
        if Permit.objects.filter(case=case, kind_code=kind_code).exclude(status=permits.ENDED).exists():
            raise Refusal(_("There is such a permit in this case already."))
        permit = Permit.objects.create(
            id=permit_id or new_id(),
            case=case,
            kind_code=kind_code,
            agency_code=by.agency_code,
            opened_by=by.id,
            opened_on=on,
            moved_on=on,
        )
        turn_of(permit, "open", on, by).save()
    return permit


def move_permit(*, by: Actor, row: PermitStep) -> Permit:
    """One step of a permit: inform, apply, withdraw, grant, refuse, renew, convert or end. Any agency on the case may."""
    check(by, "PERMIT_RECORD")
    _check_step(row)
    with audited(by=by, action="permit.moved", detail={"verb": row.verb}, data_class="C") as event:
        permit = locked(visible_permits(by), row.permit_id)
        event.about("case", permit.case_id)
        if row.verb not in PERMIT.verbs(permit.status):
            raise Refusal(_("Something has changed since the page was opened."))
        permits.check_order(row.on, permit.moved_on, timezone.localdate())
        permit.status, permit.moved_on = PERMIT.after(permit.status, row.verb), row.on
        CARRY_OUT.get(row.verb, _nothing)(permit, row, by)
        permit.save()
        turn_of(permit, row.verb, row.on, by, code=row.code, note=row.note).save()
    return permit


def seal_paper(*, by: Actor, permit_id: UUID, text: str = "", original: bytes = b"") -> None:
    """Keep a copy or the number of a paper in the vault: only the agency that follows the permit opens it, for a purpose."""
    check(by, "PERMIT_RECORD")
    if not text.strip() and not original:
        raise Refusal(_("Choose a file, or write what is on the paper."))
    if len(text) > LONGEST_TEXT:
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": LONGEST_TEXT})
    file = clean(original) if original else None
    with audited(by=by, action="permit.sealed", data_class="A") as event:
        permit = locked(visible_permits(by), permit_id)
        event.about("case", permit.case_id)
        if permit.agency_code != by.agency_code:
            raise Refusal(_("The agency that follows the permit keeps its papers."))
        if not permit.is_sealed:
            seal_record(by=by, record_id=permit.pk, content={"kind": "permit"})
            permit.is_sealed = True
            permit.save(update_fields=["is_sealed"])
        about = file.about if file else {}
        add_to_record(
            by=by, record_id=permit.pk, content={"text": text.strip(), **about}, data=file.data if file else b""
        )


def _inform(permit: Permit, row: PermitStep, by: Actor) -> None:
    permit.informed_on, permit.informed_by, permit.informed_code = row.on, by.id, row.code
    permit.informed_language_code, permit.informed_interpreter_code = row.language_code, row.interpreter_code


def _apply(permit: Permit, row: PermitStep, by: Actor) -> None:
    permit.applied_on = row.on
    permit.decision_due_on = permits.decision_due(row.on, _limit(permit, "decision_limit"))
    permit.decided_on, permit.refusal_code, permit.is_contrary_to_law = None, "", False


def _withdraw(permit: Permit, row: PermitStep, by: Actor) -> None:
    permit.applied_on = permit.decision_due_on = None


def _grant(permit: Permit, row: PermitStep, by: Actor) -> None:
    permit.decided_on = row.on
    _keep_span(permit, row)


def _refuse(permit: Permit, row: PermitStep, by: Actor) -> None:
    reason = current().codes("permit_refusal").by_code[row.code]
    permit.decided_on, permit.refusal_code = row.on, row.code
    permit.is_contrary_to_law = reason.extra["lawful"] == "no"


def _keep_span(permit: Permit, row: PermitStep) -> None:
    permit.valid_from = row.on
    permit.valid_to = permits.valid_until(row.on, row.valid_to, _limit(permit, "valid_limit"))


def _renew(permit: Permit, row: PermitStep, by: Actor) -> None:
    _keep_span(permit, row)


def _convert(permit: Permit, row: PermitStep, by: Actor) -> None:
    permit.converted_code = row.code
    permit.valid_from, permit.valid_to = row.on, row.valid_to


def _end(permit: Permit, row: PermitStep, by: Actor) -> None:
    permit.ended_on, permit.end_code = row.on, row.code


def _nothing(permit: Permit, row: PermitStep, by: Actor) -> None:
    """A step that changes the state alone."""


CARRY_OUT = {
    "inform": _inform,
    "apply": _apply,
    "withdraw": _withdraw,
    "grant": _grant,
    "refuse": _refuse,
    "renew": _renew,
    "convert": _convert,
    "end": _end,
}


def _limit(permit: Permit, column: str) -> timedelta | None:
    """The span that the pack sets for this kind of permit; None where it sets none."""
    kind = current().codes("permit_kind").get(permit.kind_code)
    return current().limits.get(kind.extra[column]) if kind else None


def _check_step(row: PermitStep) -> None:
    pack = current()
    wanted = LISTS.get(row.verb)
    if wanted and pack.codes(wanted).get(row.code) is None:
        raise Refusal(_("Choose one of the list: who was told, the reason, or the new permit."))
    if row.verb == "inform" and pack.codes("language").get(row.language_code) is None:
        raise Refusal(_("Say in which language the person was told."))
    given.check_interpreter(row.interpreter_code, row.language_code)
    if row.valid_to and row.valid_to < row.on:
        raise Refusal(_("The end is before the start."))
    if len(row.note) > LONGEST_TEXT:
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": LONGEST_TEXT})
