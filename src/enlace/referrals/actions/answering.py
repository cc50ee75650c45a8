"""Every step after the sending: answers, help, withdrawal, expiry, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.bulk import store
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.actions import join_cases
from enlace.country.queries import current
from enlace.people.actions import Disclosed, make_known, record_disclosures
from enlace.people.queries import hold_bases
from enlace.referrals import rules
from enlace.referrals.actions.closing import close_packages
from enlace.referrals.actions.sending import CONSENT_PURPOSE
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.permissions import (
    SYSTEM,
    check_partner,
    helped_by,
    inbox,
    locked,
    locked_with_group,
    outbox,
    to_partners,
)
from enlace.vault.actions import release_keys, withdraw_key

CHANGED = ["status", "answered_at", "ended_at", "decline_reason_code", "interruption_reason_code"]
TOLD = ["is_consented", "ground_code", "is_anonymous", "shares_identity", "slice", "message"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One step that an agency takes on a referral."""

    referral_id: UUID
    verb: str
    reason_code: str = ""
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What came of a referral, told back to who sent it: a code of the list "referral_result", and words."""

    referral_id: UUID
    result_code: str
    text: str = ""
    at: datetime | None = None


def answer_referrals(*, by: Actor, rows: Sequence[Answer]) -> list[Referral]:
    """Accept or decline what reached the own inbox. Accepting opens the case to the agency, its part of it.

    Of several asked at the same time the first to accept receives the person; for the others it is withdrawn.
    """
    check(by, "REFERRAL_ANSWER")
    return _take_steps(by, inbox(by), rows, ("accept", "decline"))


def deliver_referrals(*, by: Actor, rows: Sequence[Answer]) -> list[Referral]:
    """Start, complete or interrupt the help that was promised."""
    check(by, "REFERRAL_DELIVER")
    return _take_steps(by, inbox(by), rows, ("start", "complete", "interrupt"))


def answer_for_partners(*, by: Actor, rows: Sequence[Answer]) -> list[Referral]:
    """Write down what a partner outside answered or did, as it told the own agency by telephone."""
    check(by, "REFERRAL_SEND")
    verbs = ("accept", "decline", "start", "complete", "interrupt")
    return _take_steps(by, to_partners(by), rows, verbs)


def withdraw_referral(*, by: Actor, referral_id: UUID, note: str = "") -> Referral:
    """Take back a referral nobody has answered yet; a package that nobody has opened is destroyed."""
    check(by, "REFERRAL_SEND")
    rows = [Answer(referral_id=referral_id, verb="withdraw", note=note)]
    return _take_steps(by, outbox(by), rows, ("withdraw",))[0]


def take_step(*, by: Actor, row: Answer) -> Referral:
    """Any one step that a person takes, by its verb."""
    if row.verb == "withdraw":
        return withdraw_referral(by=by, referral_id=row.referral_id, note=row.note)
    if to_partners(by).filter(pk=row.referral_id).exists():
        return answer_for_partners(by=by, rows=[row])[0]
    if row.verb in ("accept", "decline"):
        return answer_referrals(by=by, rows=[row])[0]
    return deliver_referrals(by=by, rows=[row])[0]


def expire_referrals(*, by: Actor, at: datetime) -> int:
    """Mark as expired what nobody answered in time; returns how many. Safe to run twice at once."""
    with audited(by=by, action="referral.expired") as event:
        late = Referral.objects.select_for_update().filter(status=rules.SENT, due_at__lt=at)
        answers = [Answer(referral_id=r.pk, verb="expire", at=at) for r in late.order_by("pk")]
        event.detail["count"] = len(answers)
        _take_steps(by, Referral.objects.all(), answers, ("expire",))
    return len(answers)


def expire_referral(*, by: Actor, referral_id: UUID, at: datetime) -> Referral:
    """Send one back to its sender before its time: its package can no longer be opened."""
    check_partner(by)
    answer = Answer(referral_id=referral_id, verb="expire", at=at)
    return _take_steps(by, Referral.objects.filter(partner__isnull=False), [answer], ("expire",))[0]


def answer_outside(*, by: Actor, row: Answer, partner_code: str) -> Referral:
    """What a partner answers on the page of its package, which the caller has opened and locked."""
    check_partner(by)
    among = Referral.objects.filter(partner__code=partner_code)
    return _take_steps(by, among, [row], ("accept", "decline"), partner_code)[0]


def give_feedback(*, by: Actor, row: Feedback) -> Referral:
    """Tell the sender what came of it (in Spanish "contrarreferencia"); said again, the later counts and both are kept."""
    mine = helped_by(by)
    if current().codes("referral_result").get(row.result_code) is None:
        raise Refusal(_("Choose what came of the referral."))
    with audited(by=by, action="referral.fed_back", data_class="D") as event:
        referral = locked(mine, [row.referral_id])[0]
        if referral.status not in rules.HELPED:
            raise Refusal(_("What came of it is told once the referral was accepted."))
        at = row.at or timezone.now()
        referral.feedback_code, referral.feedback, referral.feedback_at = row.result_code, row.text.strip(), at
        referral.save(update_fields=["feedback_code", "feedback", "feedback_at"])
        ReferralStep.of(referral, rules.FEEDBACK, at, by, row.text).save(force_insert=True)
        event.about("case", referral.case_id)
        event.detail.update(referral=referral.code, result=row.result_code)
    return referral


def _take_steps(
    by: Actor, among: QuerySet[Referral], rows: Sequence[Answer], verbs: Sequence[str], agency_code: str = ""
) -> list[Referral]:
    """Take one step of each referral, all or none. ``agency_code`` names a partner that acts without an account."""
    for row in rows:
        _check_answer(row, verbs)
    action = f"referral.{rows[0].verb}" if rows else "referral.none"
    with audited(by=by, action=action, detail={"count": len(rows)}) as event:
        referrals, groups = _lock(among, rows)
        shared = {r.pk for r in referrals if r.shares_identity}
        for referral, row in zip(referrals, rows, strict=True):
            _check_first(referral, row, groups)
            _move(referral, row)
        if len(referrals) == 1:
            event.about("case", referrals[0].case_id)
            event.detail["referral"] = referrals[0].code
        people = _people(referrals)
        withdrawn = _keep_to_consent(referrals, people)
        store(referrals, [*CHANGED, *TOLD] if withdrawn else CHANGED)
        now = timezone.now()
        taken = zip(referrals, rows, strict=True)
        steps = [ReferralStep.of(r, a.verb, a.at or now, by, a.note, agency_code) for r, a in taken]
        steps += [ReferralStep.of(r, rules.UNDISCLOSED, r.answered_at or now, by) for r in withdrawn]
        ReferralStep.objects.bulk_create(steps, batch_size=500)
        _supersede(referrals, groups)
        _follow_up(by, referrals, people, shared)
    return referrals


def _lock(
    among: QuerySet[Referral], rows: Sequence[Answer]
) -> tuple[list[Referral], Mapping[UUID, Sequence[Referral]]]:
    ids = [row.referral_id for row in rows]
    if any(row.verb == "accept" for row in rows):
        return locked_with_group(among, ids)
    return locked(among, ids), {}


def _check_first(referral: Referral, row: Answer, groups: Mapping[UUID, Sequence[Referral]]) -> None:
    others = groups.get(referral.group_id, ()) if referral.group_id else ()
    if row.verb == "accept" and any(o.pk != referral.pk and o.status in rules.HELPED for o in others):
        raise Refusal(_("Another place accepted first: the person has help, and nothing more is asked of your agency."))


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


def _people(referrals: Sequence[Referral]) -> dict[UUID, UUID]:
    """Whom each referral is about. The recipient does not see the case yet: what is addressed to it gives it the right."""
    if all(r.status not in (rules.ACCEPTED, *rules.REFUSED) for r in referrals):
        return {}
    with seeing_as(SYSTEM):
        ids = [r.pk for r in referrals]
        found = [Referral.objects.filter(pk__in=ids[at : at + 500]) for at in range(0, len(ids), 500)]
        return {pk: person for rows in found for pk, person in rows.values_list("pk", "case__person_id")}


def _keep_to_consent(referrals: Sequence[Referral], people: Mapping[UUID, UUID]) -> list[Referral]:
    """Consent withdrawn since the sending stops disclosure at once: help is given, nothing more is told.

    Answers the referrals that were changed so; what had been written is destroyed.
    """
    resting = [r for r in referrals if r.status == rules.ACCEPTED and r.is_consented]
    if not resting:
        return []
    now = timezone.now()
    wanted = {r.pk: (people[r.pk], CONSENT_PURPOSE, r.recipient_code, r.answered_at or now) for r in resting}
    with seeing_as(SYSTEM):
        bases = hold_bases(list(wanted.values()))
    withdrawn = []
    for referral in resting:
        basis = bases.get(wanted[referral.pk])
        if basis is None or basis.kind != "consent":
            withdrawn.append(referral)
            referral.is_consented, referral.shares_identity, referral.message = False, False, ""
            referral.is_anonymous, referral.ground_code = basis is None, basis.ground_code if basis else ""
            kept = rules.allowed_fields(False, referral.ground_code)
            referral.slice = {name: value for name, value in referral.slice.items() if name in kept}
    return withdrawn


def _supersede(referrals: Sequence[Referral], groups: Mapping[UUID, Sequence[Referral]]) -> None:
    """Withdraw what the others were asked at the same time: somebody has accepted."""
    won = {r.group_id: r.answered_at or timezone.now() for r in referrals if r.group_id and r.status == rules.ACCEPTED}
    others = [(o, at) for group_id, at in won.items() for o in groups.get(group_id, ()) if o.status == rules.SENT]
    if not others:
        return
    with seeing_as(SYSTEM):
        for other, at in others:
            other.status, other.ended_at = rules.REFERRAL.after(other.status, "supersede"), at
        store([other for other, _at in others], CHANGED)
        ReferralStep.objects.bulk_create([ReferralStep.of(other, "supersede", at, SYSTEM) for other, at in others])
        lost = [other for other, _at in others]
        _follow_up(SYSTEM, lost, _people(lost), {o.pk for o in lost if o.shares_identity})


def _follow_up(by: Actor, referrals: Sequence[Referral], people: Mapping[UUID, UUID], shared: set[UUID]) -> None:
    """What an answer opens or shuts: the case and the person for who accepts, waiting keys and packages otherwise."""
    accepted = [r for r in referrals if r.status == rules.ACCEPTED]
    refused = [r for r in referrals if r.status in rules.REFUSED]
    _let_in(by, [r for r in accepted if not r.is_anonymous and not r.partner_id], people)
    released = _release(by, [r for r in accepted if r.shares_identity], people)
    with seeing_as(SYSTEM):
        for referral in (r for r in [*refused, *accepted] if r.pk in shared and people[r.pk] not in released):
            agency_code = referral.recipient_code
            withdraw_key(by=by, person_id=people[referral.pk], agency_code=agency_code, pending_only=True)
        outside = [r for r in refused if r.partner_id]
        if outside:
            verb = "expire" if outside[0].status == rules.EXPIRED else "withdraw"
            ended_at = outside[0].ended_at or timezone.now()
            close_packages(by=SYSTEM, referral_ids={r.pk for r in outside}, verb=verb, at=ended_at)


def _release(by: Actor, accepted: Sequence[Referral], people: Mapping[UUID, UUID]) -> set[UUID]:
    """Open the identities that travelled along, sealed; where there were any, they are on record as disclosed."""
    found = {people[r.pk] for r in accepted}
    with seeing_as(SYSTEM):
        count = release_keys(by=by, person_ids=found) if found else 0
    told = [
        Disclosed(
            person_id=people[r.pk],
            kind="identity",
            fields=("identity",),
            purpose_code=CONSENT_PURPOSE,
            recipient_code=r.recipient_code,
            agency_code=r.sender_code,
            source="referral",
            source_id=r.pk,
            at=r.answered_at,
        )
        for r in accepted
    ]
    if count:
        record_disclosures(by=by, rows=told)
    return found


def _let_in(by: Actor, accepted: Sequence[Referral], people: Mapping[UUID, UUID]) -> None:
    """The case and the person, for each agency that accepted."""
    with seeing_as(SYSTEM):
        for agency_code in {r.recipient_code for r in accepted}:
            own = [r for r in accepted if r.recipient_code == agency_code]
            make_known(by=by, person_ids={people[r.pk] for r in own}, agency_code=agency_code)
            joins = {r.case_id: r.answered_at or timezone.now() for r in own}
            join_cases(by=by, joins=joins, agency_code=agency_code)


def _check_answer(row: Answer, verbs: Sequence[str]) -> None:
    pack = current()
    if row.verb not in verbs:
        raise Refusal(_("This step is not possible here."))
    if row.verb == "decline" and pack.codes("decline_reason").get(row.reason_code) is None:
        raise Refusal(_("Say why the referral is declined: it is how gaps become known."))
    if row.verb == "interrupt" and pack.codes("interruption_reason").get(row.reason_code) is None:
        raise Refusal(_("Say why the help was interrupted."))
