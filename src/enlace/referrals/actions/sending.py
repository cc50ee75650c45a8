"""Sending referrals to agencies: one, or several at once, or the next in the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

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
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.queries import forms_by_case
from enlace.cases.rules import check_open
from enlace.country.queries import current
from enlace.directory.permissions import visible_sites
from enlace.intake.actions import Result, record_outcomes
from enlace.people.actions import Disclosed, record_disclosures
from enlace.people.queries import Basis, age_group_of, hold_bases
from enlace.referrals import rules
from enlace.referrals.models import Partner, Referral, ReferralStep
from enlace.referrals.permissions import SYSTEM, locked_with_group, outbox
from enlace.vault.actions import grant_keys

CONSENT_PURPOSE = "referral"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of which agency for the person of a case.

    Rows with one ``group_id`` are asked at the same time: the first to accept receives the person. ``previous_id`` came
    back without help, and this is sent in its stead. ``alternatives`` are (agency code, site id), the best first.
    """

    case_id: UUID
    recipient_code: str
    service_codes: tuple[str, ...]
    reason_code: str = ""
    message: str = ""
    ground_code: str = ""
    is_anonymous: bool = False
    shares_identity: bool = False
    site_id: UUID | None = None
    group_id: UUID | None = None
    previous_id: UUID | None = None
    alternatives: tuple[tuple[str, UUID | None], ...] = ()
    sent_at: datetime | None = None
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class Outside:
    """What a referral to a partner has besides: until when it may answer, and the fields chosen to be told."""

    partner: Partner
    due_at: datetime
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class _Sending:
    """What all rows of one sending are made from."""

    by: Actor
    now: datetime
    cases: Mapping[UUID, Any]
    forms: Mapping[UUID, Sequence[str]]
    bases: Mapping[tuple[UUID, str, str, datetime], Basis]
    previous: Mapping[UUID, Referral]


def send_referrals(*, by: Actor, rows: Sequence[Request]) -> list[Referral]:
    """Send referrals to agencies' inboxes; identity goes along only with consent, sealed until it is accepted."""
    check(by, "REFERRAL_SEND")
    known = {a.code for a in agencies()}
    for row in rows:
        if row.recipient_code not in known:
            raise Refusal(_("Choose an agency that is in the directory."))
        if row.recipient_code == by.agency_code:
            raise Refusal(_("A referral goes to another agency."))
        if {code for code, _site in row.alternatives} - known:
            raise Refusal(_("Choose an agency that is in the directory."))
    _check_sites(by, rows)
    return _write(by, rows, None)


def send_outside(*, by: Actor, row: Request, outside: Outside) -> Referral:
    """The referral to a partner whose package the caller seals in the same transaction."""
    check(by, "REFERRAL_SEND")
    return _write(by, [row], outside)[0]


def _write(by: Actor, rows: Sequence[Request], outside: Outside | None) -> list[Referral]:
    """Store referrals whose recipients were checked."""
    for row in rows:
        _check_request(row)
    now = timezone.now()
    with audited(by=by, action="referral.sent", detail={"count": len(rows)}, data_class="C") as event:
        sending = _gather(by, rows, now)
        referrals = [_referral(row, sending, outside) for row in rows]
        if len(referrals) == 1:
            event.about("case", referrals[0].case_id)
            event.detail["recipient"] = referrals[0].recipient_code
        Referral.objects.bulk_create(referrals, batch_size=500)
        ReferralStep.objects.bulk_create([ReferralStep.of(r, "send", r.sent_at, by) for r in referrals], batch_size=500)
        shared = {(sending.cases[r.case_id].person_id, r.recipient_code) for r in referrals if r.shares_identity}
        if shared:
            grant_keys(by=by, grants=shared, purpose_code=CONSENT_PURPOSE)
        if not outside:  # a package tells nothing before it is opened
            record_disclosures(by=by, rows=_disclosed(rows, referrals, sending))
        _tell_desks(by, referrals)
    return referrals


def _gather(by: Actor, rows: Sequence[Request], now: datetime) -> _Sending:
    """Lock what the rows rest on: referrals before cases, as every action of the house does."""
    previous = _follow(by, rows, now)
    _check_groups(rows)
    found = visible_cases(by).select_for_update(of=("self",)).filter(pk__in={r.case_id for r in rows})
    cases = {c.pk: c for c in found.select_related("person").order_by("pk")}
    if len(cases) != len({r.case_id for r in rows}):
        raise Missing(_("Your agency does not work on such a case."))
    told = [row for row in rows if not row.is_anonymous]
    with seeing_as(SYSTEM):
        bases = hold_bases([_wanted(row, cases[row.case_id], now) for row in told])
    return _Sending(
        by=by,
        now=now,
        cases=cases,
        forms=forms_by_case(viewer=by, case_ids=cases),
        bases=bases,
        previous=previous,
    )


def _follow(by: Actor, rows: Sequence[Request], now: datetime) -> dict[UUID, Referral]:
    """The referrals in whose stead these are sent, marked so that nobody is asked twice in the stead of one."""
    stead = {row.previous_id: row.case_id for row in rows if row.previous_id}
    if not stead:
        return {}
    found, groups = locked_with_group(outbox(by), sorted(stead))
    for row in found:
        if row.case_id != stead[row.pk]:
            raise Missing(_("No such referral reached or left your agency."))
        if row.status not in rules.CAME_BACK:
            raise Refusal(_("The earlier referral has not come back. Withdraw it first, or wait for its answer."))
        if row.followed_at:
            raise Refusal(_("Another place was already asked in its stead. Look at the case before sending again."))
    ended = {row.pk: row for row in [*found, *(row for group in groups.values() for row in group)]}
    for row in ended.values():
        row.followed_at = now
    store(ended.values(), ["followed_at"])
    return {row.pk: row for row in found}


def _referral(row: Request, sending: _Sending, outside: Outside | None) -> Referral:
    case = sending.cases[row.case_id]
    check_open(case.status)
    sent_at = row.sent_at or sending.now
    basis = sending.bases.get(_wanted(row, case, sending.now))
    consented = basis is not None and basis.kind == "consent"
    ground = "" if consented or row.is_anonymous else row.ground_code or (basis.ground_code if basis else "")
    rules.check_ground(consented, ground, row.is_anonymous)
    if outside:
        rules.check_chosen(outside.chosen, consented, ground)
    previous = sending.previous.get(row.previous_id) if row.previous_id else None
    return Referral(
        id=row.id,
        code=new_code("R", row.code_value),
        case=case,
        sender_code=sending.by.agency_code,
        recipient_code=row.recipient_code,
        partner=outside.partner if outside else None,
        site_id=row.site_id,
        group_id=row.group_id,
        previous=previous,
        attempt=previous.attempt + 1 if previous else 1,
        alternatives=[[code, str(site or "")] for code, site in row.alternatives],
        service_codes=list(dict.fromkeys(row.service_codes)),
        reason_code=row.reason_code,
        message=row.message.strip(),
        is_consented=consented,
        ground_code=ground,
        is_anonymous=row.is_anonymous,
        shares_identity=consented and row.shares_identity,
        slice=rules.slice_of(_facts(case, sending, sent_at), consented, ground, outside.chosen if outside else None),
        sent_by=sending.by.id,
        sent_at=sent_at,
        due_at=outside.due_at if outside else rules.due(sent_at, row.service_codes, current().limits),
    )


def _wanted(row: Request, case: Any, now: datetime) -> tuple[UUID, str, str, datetime]:
    """The consent or recorded ground that a referral asks for."""
    return case.person_id, CONSENT_PURPOSE, row.recipient_code, row.sent_at or now


def _facts(case: Any, sending: _Sending, at: datetime) -> dict[str, object]:
    """All that may be disclosed of a case and its person."""
    person, day = case.person, timezone.localdate(at)
    return {
        "age_group_code": age_group_of(person.birth_year, day, person.age_group_code),
        "sex_code": person.sex_code,
        "citizenship_codes": person.citizenship_codes,
        "language_code": person.language_code,
        "needs_interpreter": person.needs_interpreter,
        "identification": case.identification,
        "forms": list(sending.forms.get(case.pk, ())),
        "state_code": case.state_code,
    }


def _disclosed(rows: Sequence[Request], referrals: Sequence[Referral], sending: _Sending) -> list[Disclosed]:
    """What the recipients can read from now on."""
    found = []
    for row, referral in zip(rows, referrals, strict=True):
        fields = rules.told_fields(referral.slice, referral.message)
        if fields:
            case = sending.cases[row.case_id]
            is_recorded = _wanted(row, case, sending.now) in sending.bases
            about = Disclosed(
                person_id=case.person_id,
                kind="slice",
                fields=fields,
                purpose_code=CONSENT_PURPOSE,
                recipient_code=referral.recipient_code,
                ground_code="" if is_recorded else referral.ground_code,
                source="referral",
                source_id=referral.pk,
                at=referral.sent_at,
            )
            found.append(about)
    return found


def _tell_desks(by: Actor, referrals: Sequence[Referral]) -> None:
    """What was sent, to the desks that met the people before."""
    rows = [
        Result(kind="referred", person_id=r.case.person_id, at=r.sent_at, service_codes=tuple(r.service_codes))
        for r in referrals
    ]
    record_outcomes(by=by, rows=rows)


def _check_request(row: Request) -> None:
    pack = current()
    if not row.service_codes or any(pack.codes("service").get(code) is None for code in row.service_codes):
        raise Refusal(_("Choose at least one service from the list."))
    if row.ground_code and pack.codes("consent_ground").get(row.ground_code) is None:
        raise Refusal(_("This legal ground is not in the list."))
    if row.reason_code and pack.codes("referral_reason").get(row.reason_code) is None:
        raise Refusal(
            _("“%(code)s” is not in the list “%(list)s”.") % {"code": row.reason_code, "list": "referral_reason"}
        )
    if row.is_anonymous:
        rules.check_anonymous(row.message, row.shares_identity)


def _check_sites(by: Actor, rows: Sequence[Request]) -> None:
    """The sites that are asked for are open, and of the agencies that are asked."""
    wanted = {row.site_id for row in rows if row.site_id}
    if not wanted:
        return
    sites = dict(visible_sites(by).filter(pk__in=wanted, is_open=True).values_list("pk", "agency_id"))
    if any(row.site_id and sites.get(row.site_id) != row.recipient_code for row in rows):
        raise Refusal(_("Choose an open place of the agency that is asked."))


def _check_groups(rows: Sequence[Request]) -> None:
    """Those asked at the same time are asked for one person, each once, and together."""
    places: dict[UUID, list[tuple[str, UUID | None]]] = {}
    cases: dict[UUID, set[UUID]] = {}
    for row in rows:
        if row.group_id:
            places.setdefault(row.group_id, []).append((row.recipient_code, row.site_id))
            cases.setdefault(row.group_id, set()).add(row.case_id)
    if any(len(set(found)) < len(found) for found in places.values()):
        raise Refusal(_("The same place is asked twice."))
    if any(len(found) > 1 for found in cases.values()):
        raise Refusal(_("Those asked at the same time are asked for one person."))
    with seeing_as(SYSTEM):
        if Referral.objects.filter(group_id__in=list(places)).exists():
            raise Refusal(_("Those asked at the same time are asked together."))
