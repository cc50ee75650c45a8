"""Every write of a referral. The single form is the bulk of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.bulk import store
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.actions import join_cases
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.queries import forms_by_case
from enlace.cases.rules import check_open
from enlace.country.queries import current
from enlace.intake.actions import Result, record_outcomes
from enlace.people.actions import make_known
from enlace.people.queries import age_group_of, grants_of
from enlace.people.rules import Grant, stands
from enlace.referrals import rules
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.permissions import inbox, locked, outbox
from enlace.vault.actions import grant_keys, release_keys, withdraw_key

CONSENT_PURPOSE = "referral"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of which agency for the person of a case."""

    case_id: UUID
    recipient_code: str
    service_codes: tuple[str, ...]
    reason_code: str = ""
    message: str = ""
    ground_code: str = ""
    shares_identity: bool = False
    sent_at: datetime | None = None
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One step that an agency takes on a referral."""

    referral_id: UUID
    verb: str
    reason_code: str = ""
    note: str = ""
    at: datetime | None = None


def send_referrals(*, by: Actor, rows: Sequence[Request]) -> list[Referral]:
    """Send referrals to agencies' inboxes; identity goes along only with consent, sealed until it is accepted."""
    check(by, "REFERRAL_SEND")
    _check_requests(rows, by)
    now = timezone.now()
    with audited(by=by, action="referral.sent", detail={"count": len(rows)}, data_class="C") as event:
        found = visible_cases(by).select_for_update(of=("self",)).filter(pk__in={r.case_id for r in rows})
        cases = {c.pk: c for c in found.select_related("person").order_by("pk")}
        if len(cases) != len({r.case_id for r in rows}):
            raise Missing(_("Your agency does not work on such a case."))
        forms = forms_by_case(viewer=by, case_ids=cases)
        people = {c.person_id for c in cases.values()}
        grants = grants_of(viewer=by, person_ids=people, purpose_code=CONSENT_PURPOSE)
        referrals = [
            _referral(
                row,
                cases[row.case_id],
                forms.get(row.case_id, []),
                grants.get(cases[row.case_id].person_id, []),
                by,
                now,
            )
            for row in rows
        ]
        if len(referrals) == 1:
            event.about("case", referrals[0].case_id)
            event.detail["recipient"] = referrals[0].recipient_code
        Referral.objects.bulk_create(referrals, batch_size=500)
        _record_steps([(r, "send", "", r.sent_at) for r in referrals], by)
        shared = {(cases[r.case_id].person_id, r.recipient_code) for r in referrals if r.shares_identity}
        if shared:
            grant_keys(by=by, grants=shared)
        _tell_desks(by, referrals)
    return referrals


def answer_referrals(*, by: Actor, rows: Sequence[Answer]) -> list[Referral]:
    """Accept or decline what reached the own inbox. Accepting opens the case to the agency, its part of it."""
    check(by, "REFERRAL_ANSWER")
    return _take_steps(by, inbox(by), rows, ("accept", "decline"))


def deliver_referrals(*, by: Actor, rows: Sequence[Answer]) -> list[Referral]:
    """Start, complete or interrupt the help that was promised."""
    check(by, "REFERRAL_DELIVER")
    return _take_steps(by, inbox(by), rows, ("start", "complete", "interrupt"))


def withdraw_referral(*, by: Actor, referral_id: UUID, note: str = "") -> Referral:
    """Take back a referral nobody has answered yet."""
    check(by, "REFERRAL_SEND")
    return _take_steps(by, outbox(by), [Answer(referral_id=referral_id, verb="withdraw", note=note)], ("withdraw",))[0]


def take_step(*, by: Actor, row: Answer) -> Referral:
    """Any one step that a person takes, by its verb."""
    if row.verb == "withdraw":
        return withdraw_referral(by=by, referral_id=row.referral_id, note=row.note)
    if row.verb in ("accept", "decline"):
        return answer_referrals(by=by, rows=[row])[0]
    return deliver_referrals(by=by, rows=[row])[0]


def expire_referrals(*, by: Actor, at: datetime) -> int:
    """Mark as expired what nobody answered in time; returns how many. Safe to run twice at once."""
    with audited(by=by, action="referral.expired") as event:
        rows = Referral.objects.select_for_update().filter(status=rules.SENT, due_at__lt=at)
        answers = [Answer(referral_id=r.pk, verb="expire", at=at) for r in rows]
        event.detail["count"] = len(answers)
        _take_steps(by, Referral.objects.all(), answers, ("expire",))
    return len(answers)


def _tell_desks(by: Actor, referrals: Sequence[Referral]) -> None:
    """What was sent, to the desks that met the people before."""
    rows = [
        Result(kind="referred", person_id=r.case.person_id, at=r.sent_at, service_codes=tuple(r.service_codes))
        for r in referrals
    ]
    record_outcomes(by=by, rows=rows)


def _take_steps(by: Actor, among: QuerySet[Referral], rows: Sequence[Answer], verbs: Sequence[str]) -> list[Referral]:
    for row in rows:
        _check_answer(row, verbs)
    action = f"referral.{rows[0].verb}" if rows else "referral.none"
    with audited(by=by, action=action, detail={"count": len(rows)}) as event:
        referrals = locked(among, [row.referral_id for row in rows])
        for referral, row in zip(referrals, rows, strict=True):
            _move(referral, row)
        if len(referrals) == 1:
            event.about("case", referrals[0].case_id)
            event.detail["referral"] = referrals[0].code
        changed = ["status", "answered_at", "ended_at", "decline_reason_code", "interruption_reason_code"]
        store(referrals, changed)
        _record_steps([(r, a.verb, a.note, a.at or timezone.now()) for r, a in zip(referrals, rows, strict=True)], by)
        _follow_up(by, referrals)
    return referrals


def _move(referral: Referral, row: Answer) -> None:
    at = row.at or timezone.now()
    if row.verb not in rules.REFERRAL.verbs(referral.status):
        raise Refusal(_("Something has changed since the page was opened."))
    referral.status = rules.REFERRAL.after(referral.status, row.verb)
    if row.verb in ("accept", "decline"):
        referral.answered_at = at
    if row.verb == "decline":
        referral.decline_reason_code = row.reason_code
    if row.verb == "interrupt":
        referral.interruption_reason_code = row.reason_code
    if not rules.REFERRAL.verbs(referral.status):
        referral.ended_at = at


def _follow_up(by: Actor, referrals: Sequence[Referral]) -> None:
    """What an answer opens or shuts: the case and the person for who accepts, the waiting key otherwise."""
    accepted = [r for r in referrals if r.status == rules.ACCEPTED]
    refused = [r for r in referrals if r.status in (rules.DECLINED, rules.EXPIRED, rules.WITHDRAWN)]
    if not accepted and not any(r.shares_identity for r in refused):
        return
    # The recipient does not see the case yet: the referral addressed to it is what gives it the right.
    with seeing_as(Actor.system("referrals")):
        people = dict(Referral.objects.filter(pk__in=[r.pk for r in referrals]).values_list("pk", "case__person_id"))
        for agency_code in {r.recipient_code for r in accepted}:
            own = [r for r in accepted if r.recipient_code == agency_code]
            make_known(by=by, person_ids={people[r.pk] for r in own}, agency_code=agency_code)
            joins = {r.case_id: r.answered_at or timezone.now() for r in own}
            join_cases(by=by, joins=joins, agency_code=agency_code)
        shared = _still_consented([r for r in accepted if r.shares_identity], people)
        if shared:
            release_keys(by=by, person_ids=shared)
        for referral in [*refused, *accepted]:
            person_id, agency_code = people[referral.pk], referral.recipient_code
            if referral.shares_identity and person_id not in shared:
                withdraw_key(by=by, person_id=person_id, agency_code=agency_code, pending_only=True)


def _still_consented(accepted: Sequence[Referral], people: Mapping[UUID, UUID]) -> set[UUID]:
    """Whose consent stands on the day of the answer: revoked since the sending, it stops disclosure at once."""
    if not accepted:
        return set()
    asked = {people[r.pk] for r in accepted}
    grants = grants_of(viewer=Actor.system("referrals"), person_ids=asked, purpose_code=CONSENT_PURPOSE)
    return {
        people[r.pk]
        for r in accepted
        if stands(
            grants.get(people[r.pk], []),
            CONSENT_PURPOSE,
            r.recipient_code,
            timezone.localdate(r.answered_at or timezone.now()),
        )
    }


def _referral(
    row: Request, case: Any, forms: Sequence[str], grants: Sequence[Grant], by: Actor, now: datetime
) -> Referral:
    check_open(case.status)
    person = case.person
    sent_at = row.sent_at or now
    consented = stands(grants, CONSENT_PURPOSE, row.recipient_code, timezone.localdate(sent_at))
    rules.check_ground(consented, row.ground_code)
    facts = {
        "age_group_code": age_group_of(person.birth_year, timezone.localdate(sent_at), person.age_group_code),
        "sex_code": person.sex_code,
        "citizenship_codes": person.citizenship_codes,
        "language_code": person.language_code,
        "needs_interpreter": person.needs_interpreter,
        "identification": case.identification,
        "forms": list(forms),
        "state_code": case.state_code,
    }
    return Referral(
        id=row.id,
        code=new_code("R", row.code_value),
        case=case,
        sender_code=by.agency_code,
        recipient_code=row.recipient_code,
        service_codes=list(dict.fromkeys(row.service_codes)),
        reason_code=row.reason_code,
        message=row.message.strip(),
        is_consented=consented,
        ground_code="" if consented else row.ground_code,
        shares_identity=consented and row.shares_identity,
        slice=rules.slice_of(facts, consented),
        sent_by=by.id,
        sent_at=sent_at,
        due_at=rules.due(sent_at, row.service_codes, current().limits),
    )


def _record_steps(rows: Sequence[tuple[Referral, str, str, datetime]], by: Actor) -> None:
    ReferralStep.objects.bulk_create(
        [
            ReferralStep(referral=r, verb=verb, at=at, by=by.id, agency_code=by.agency_code, note=note.strip())
            for r, verb, note, at in rows
        ],
        batch_size=500,
    )


def _check_requests(rows: Sequence[Request], by: Actor) -> None:
    pack = current()
    known = {a.code for a in agencies()}
    for row in rows:
        if row.recipient_code not in known:
            raise Refusal(_("Choose an agency that is in the directory."))
        if row.recipient_code == by.agency_code:
            raise Refusal(_("A referral goes to another agency."))
        if not row.service_codes or any(pack.codes("service").get(code) is None for code in row.service_codes):
            raise Refusal(_("Choose at least one service from the list."))
        if row.ground_code and pack.codes("consent_ground").get(row.ground_code) is None:
            raise Refusal(_("This legal ground is not in the list."))
        if row.reason_code and pack.codes("referral_reason").get(row.reason_code) is None:
            raise Refusal(
                _("“%(code)s” is not in the list “%(list)s”.") % {"code": row.reason_code, "list": "referral_reason"}
            )


def _check_answer(row: Answer, verbs: Sequence[str]) -> None:
    pack = current()
    if row.verb not in verbs:
        raise Refusal(_("This step is not possible here."))
    if row.verb == "decline" and pack.codes("decline_reason").get(row.reason_code) is None:
        raise Refusal(_("Say why the referral is declined: it is how gaps become known."))
    if row.verb == "interrupt" and pack.codes("interruption_reason").get(row.reason_code) is None:
        raise Refusal(_("Say why the help was interrupted."))
