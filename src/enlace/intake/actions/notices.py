"""Notices: what another agency must take up by a clock. Late ones stay, marked as late; none is dropped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.intake import rules
from enlace.intake.actions.outcomes import Result, record_outcomes
from enlace.intake.models import Contact, Notice
from enlace.intake.permissions import inbox, locked_notices, visible_contacts, visible_notices
from enlace.people.actions import Disclosed, make_known, record_disclosures
from enlace.people.permissions import visible as visible_people
from enlace.people.queries import age_group_of, basis
from enlace.people.rules import BY_LAW
from enlace.vault.actions import grant_keys, release_keys, seal_record, share_record, withdraw_key

HANDING_OVER = Actor.system("intake")  # the agency addressed does not know the person yet
LONGEST_NOTE = 4000


@dataclass(frozen=True, kw_only=True, repr=False)
class Notification:
    """What is to be taken up: about a person, a contact or both. ``note`` and ``extract`` are sealed.

    ``kind`` is a code of the pack's list ``notice_kind``, which says what kind of agency receives it, by which clock, and
    which consent it needs. It prints as nothing, so that no log or traceback can show what it says.
    """

    kind: str
    person_id: UUID | None = None
    contact_id: UUID | None = None
    state_code: str = ""
    note: str = ""
    extract: Mapping[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a notice ends: ``code`` is a code of ``notice_outcome`` (closing) or ``notice_return`` (returning)."""

    notice_id: UUID
    code: str = ""
    ref: str = ""
    at: datetime | None = None


def notify(*, by: Actor, rows: Sequence[Notification]) -> list[Notice]:
    """Send notices to the agency of the right kind, of the state or else national.

    Nothing is sent where the own agency is the one addressed, or while the same notice is still waiting there: so the answer
    may be shorter than ``rows``. Raises ``Refusal`` when nobody receives such notices, or without the consent it needs.
    """
    check(by, "SCREENING_RECORD" if by.may("SCREENING_RECORD") else "CONTACT_RECORD")
    kinds = [_checked_kind(row) for row in rows]
    sent = []
    with audited(by=by, action="notice.sent", data_class="C") as event:
        for row, kind in zip(rows, kinds, strict=True):
            if notice := _send(by, row, kind):
                sent.append(notice)
        event.detail.update(count=len(sent), kinds=sorted({notice.kind_code for notice in sent}))
        if len(sent) == 1:
            event.about("notice", sent[0].pk)
    return sent


def take_notices(*, by: Actor, ids: Collection[UUID]) -> list[Notice]:
    """Take up what reached the own inbox; of two who do so at once the second is refused.

    With a kind that shares identity the agency comes to know the person.
    """
    check(by, "NOTICE_ANSWER")
    with audited(by=by, action="notice.taken", detail={"count": len(ids)}) as event:
        notices = locked_notices(inbox(by), sorted(ids))
        for notice in notices:
            _move(notice, "take")
            notice.taken_by, notice.taken_at = by.id, timezone.now()
            notice.save(update_fields=["status", "taken_by", "taken_at"])
            _open_to(by, notice)
        if len(notices) == 1:
            event.about("notice", notices[0].pk)
    return notices


def close_notice(*, by: Actor, row: Answer) -> Notice:
    """Say what came of it: the sender is told, and the desk that took the call with it."""
    check(by, "NOTICE_ANSWER")
    outcome = current().codes("notice_outcome").get(row.code)
    if outcome is None:
        raise Refusal(_("Say what came of it."))
    with audited(by=by, action="notice.closed", subject=("notice", row.notice_id)):
        notice = locked_notices(inbox(by), [row.notice_id])[0]
        _end(by, notice, "close", row.at)
        notice.outcome_code = row.code
        notice.save(update_fields=["status", "ended_by", "ended_at", "outcome_code"])
        if kind := outcome.extra["contact_outcome"]:
            ref = row.ref.strip() or notice.code
            told = Result(
                kind=kind, person_id=notice.person_id, contact_id=notice.contact_id, at=notice.ended_at, ref=ref
            )
            record_outcomes(by=by, rows=[told])
    return notice


def return_notice(*, by: Actor, row: Answer) -> Notice:
    """Send it back with a reason; it stands in the sender's queue until the sender has found another way."""
    check(by, "NOTICE_ANSWER")
    if row.code not in current().codes("notice_return"):
        raise Refusal(_("Say why it is returned."))
    with audited(by=by, action="notice.returned", subject=("notice", row.notice_id)):
        notice = locked_notices(inbox(by), [row.notice_id])[0]
        _end(by, notice, "return", row.at)
        notice.return_code = row.code
        notice.save(update_fields=["status", "ended_by", "ended_at", "return_code"])
        if notice.shares_identity and notice.person_id:
            withdraw_key(by=HANDING_OVER, person_id=notice.person_id, agency_code=notice.to_agency, pending_only=True)
    return notice


def settle_notice(*, by: Actor, notice_id: UUID) -> Notice:
    """The sender has found another way for what was returned."""
    check(by, "NOTICE_READ")
    with audited(by=by, action="notice.settled", subject=("notice", notice_id)):
        notice = locked_notices(visible_notices(by), [notice_id])[0]
        if notice.from_agency != by.agency_code:
            raise Refusal(_("Only the agency that sent a notice settles it."))
        _move(notice, "settle")
        notice.save(update_fields=["status"])
    return notice


def _send(by: Actor, row: Notification, kind: Mapping[str, str]) -> Notice | None:
    person = visible_people(by).filter(pk=row.person_id).first() if row.person_id else None
    if row.person_id and person is None:
        raise Missing(_("No such person is known to your agency."))
    contact = _contact(by, row.contact_id)
    state_code = row.state_code or (contact.state_code if contact else "") or by.state_code
    to_agency = _recipient(by, kind, state_code)
    if not to_agency or _is_waiting(by, row, to_agency):
        return None
    sent_at = row.sent_at or timezone.now()
    _check_consent(by, row, kind, to_agency, sent_at)
    content = _content(row)
    notice = Notice(
        id=row.id,
        code=new_code("N", row.code_value),
        kind_code=row.kind,
        from_agency=by.agency_code,
        to_agency=to_agency,
        contact=contact,
        person=person,
        state_code=state_code,
        slice=rules.slice_of(_facts(person, sent_at)) if person and not row.extract else {},
        is_sealed=bool(content),
        shares_identity=kind["shares_identity"] == "yes" and person is not None,
        sent_by=by.id,
        sent_at=sent_at,
        due_at=sent_at + current().limits[kind["limit"]],
    )
    notice.save(force_insert=True)
    if content:
        seal_record(by=by, record_id=notice.pk, content=content)
        share_record(by=by, record_id=notice.pk, to_agency=to_agency)
    if notice.shares_identity and row.person_id and by.may("IDENTITY_READ"):
        grant_keys(by=by, grants=[(row.person_id, to_agency)], purpose_code=kind["consent_purpose"])
    if fields := sorted(row.extract or notice.slice):
        _log(by, notice, "extract" if row.extract else "slice", fields)
    return notice


def _contact(by: Actor, contact_id: UUID | None) -> Contact | None:
    if contact_id is None:
        return None
    found = visible_contacts(by).filter(pk=contact_id).first()
    if found is None:
        raise Missing(_("Your agency recorded no such contact."))
    return found


def _recipient(by: Actor, kind: Mapping[str, str], state_code: str) -> str:
    wanted = kind["agency_kind"]
    by_state = {row.state_code: row.pk for row in agencies(kind=wanted).order_by("-code")}
    return rules.recipient(by.agency_code, by_state, state_code)


def _is_waiting(by: Actor, row: Notification, to_agency: str) -> bool:
    """Whether the same stands in that inbox already; an extract is never the same, and a tip may say something new."""
    if row.person_id is None or row.note.strip() or row.extract:
        return False
    rows = Notice.objects.filter(from_agency=by.agency_code, to_agency=to_agency, status__in=rules.WAITING)
    return rows.filter(kind_code=row.kind, person_id=row.person_id).exists()


def _check_consent(by: Actor, row: Notification, kind: Mapping[str, str], to_agency: str, at: datetime) -> None:
    purpose = kind["consent_purpose"]
    if not purpose:
        return
    if row.person_id is None:
        raise Refusal(_("Say who agreed to this: link the person first."))
    on = timezone.localdate(at)
    if basis(viewer=by, person_id=row.person_id, purpose_code=purpose, recipient_code=to_agency, on=on) is None:
        raise Refusal(_("The person's consent for this purpose is missing. Ask, and record the answer first."))


def _content(row: Notification) -> dict[str, Any]:
    content: dict[str, Any] = {"note": row.note.strip()} if row.note.strip() else {}
    return content | ({"extract": rules.extract_of(row.extract)} if row.extract else {})


def _facts(person: Any, at: datetime) -> dict[str, object]:
    return {
        "age_group_code": age_group_of(person.birth_year, timezone.localdate(at), person.age_group_code),
        "sex_code": person.sex_code,
        "citizenship_codes": person.citizenship_codes,
        "language_code": person.language_code,
        "needs_interpreter": person.needs_interpreter,
    }


def _open_to(by: Actor, notice: Notice) -> None:
    """What taking a notice up opens: the person, for a kind that shares identity, while nobody took the consent back."""
    if not notice.shares_identity or notice.person_id is None:
        return
    with seeing_as(HANDING_OVER):
        if not _is_allowed(notice):
            withdraw_key(by=HANDING_OVER, person_id=notice.person_id, agency_code=notice.to_agency, pending_only=True)
            return
        make_known(by=by, person_ids=[notice.person_id], agency_code=notice.to_agency)
    if by.may("IDENTITY_READ") and release_keys(by=by, person_ids=[notice.person_id]):
        _log(by, notice, "identity", ["identity"])


def _is_allowed(notice: Notice) -> bool:
    purpose, person_id = _purpose(notice), notice.person_id
    if not purpose or person_id is None:
        return True
    on, to = timezone.localdate(), notice.to_agency
    return basis(viewer=HANDING_OVER, person_id=person_id, purpose_code=purpose, recipient_code=to, on=on) is not None


def _purpose(notice: Notice) -> str:
    """The consent that a notice of this kind needs; "" where the law itself demands it."""
    kind = current().codes("notice_kind").get(notice.kind_code)
    return kind.extra["consent_purpose"] if kind else ""


def _log(by: Actor, notice: Notice, kind: str, fields: Sequence[str]) -> None:
    """Write down what left about the person."""
    if notice.person_id is None:
        return
    purpose = _purpose(notice)
    row = Disclosed(
        person_id=notice.person_id,
        kind=kind,
        fields=tuple(fields),
        purpose_code=purpose,
        recipient_code=notice.to_agency,
        ground_code="" if purpose else BY_LAW,
        agency_code=notice.from_agency,
        source="notice",
        source_id=notice.pk,
        at=notice.sent_at if kind != "identity" else None,
    )
    record_disclosures(by=by, rows=[row])


def _end(by: Actor, notice: Notice, verb: str, at: datetime | None) -> None:
    _move(notice, verb)
    notice.ended_by, notice.ended_at = by.id, at or timezone.now()
    if notice.ended_at < notice.sent_at:
        raise Refusal(_("The end is before the start."))


def _move(notice: Notice, verb: str) -> None:
    if verb not in rules.NOTICE.verbs(notice.status):
        raise Refusal(_("Something has changed since the page was opened."))
    notice.status = rules.NOTICE.after(notice.status, verb)


def _checked_kind(row: Notification) -> Mapping[str, str]:
    code = current().codes("notice_kind").get(row.kind)
    if code is None:
        raise Refusal(_("Choose what kind of notice this is."))
    kind = code.extra
    if row.person_id is None and row.contact_id is None:
        raise Refusal(_("A notice is about a person or a contact."))
    if bool(row.extract) != (kind["carries_extract"] == "yes"):
        raise Refusal(_("Only a notice for financial intelligence carries an extract, and never without one."))
    if row.state_code and row.state_code not in current().states_by_code:
        raise Refusal(_("This state is not in the list."))
    if len(row.note) > LONGEST_NOTE:
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": LONGEST_NOTE})
    return kind
