"""Every write of a complaint: what its author does by receipt, and what the agency that receives it does.

What the public does leaves the same records as a report does, so that the record does not tell that somebody complained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import actor_id, users
from enlace.audit.actions import audited
from enlace.audit.queries import events
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.ids import new_code
from enlace.base.permissions import check
from enlace.complaints import rules
from enlace.complaints.models import Complaint, ComplaintExclusion, ComplaintStep
from enlace.complaints.permissions import locked, locked_begun, locked_of_author, mark
from enlace.complaints.queries import route
from enlace.country.queries import current
from enlace.intake.actions import issue_receipt
from enlace.intake.files import Clean, max_count
from enlace.intake.permissions import check_public
from enlace.vault.actions import add_to_record, erase_record, move_files, seal_record

KIND = "complaint"
UNSENT_LIFE = timedelta(hours=3)
ACCUSED, NAMED = "accused", "named"
NOBODY = "-"


@dataclass(frozen=True, kw_only=True, repr=False)
class Accusation:
    """What somebody complains about. ``words`` are sealed; it prints as nothing, so that no log can show it."""

    accused_code: str
    level_code: str
    state_code: str = ""
    words: Mapping[str, str]


def hold_files(*, by: Actor, complaint_id: UUID, told: Accusation, files: Sequence[Clean]) -> None:
    """Keep files of a complaint that is not sent yet, sealed; nobody sees it. ``complaint_id`` is the form's own token."""
    check_public(by)
    with audited(by=by, action="report.begun", detail={"files": len(files)}):
        complaint = locked_begun(complaint_id) or _begin(by, complaint_id, told)
        _add_files(by, complaint, files)


def send_complaint(*, by: Actor, complaint_id: UUID, told: Accusation, number: str, files_held: int = 0) -> Complaint:
    """Send it to the agency that receives complaints, closed from now on to everybody who belongs to the accused one."""
    check_public(by)
    _check(told)
    with audited(by=by, action="report.received"):
        complaint = locked_begun(complaint_id) or _begin(by, complaint_id, told)
        if complaint.file_count != files_held:
            raise Refusal(_("The files were kept for a few hours only. Choose them again."))
        to_agency = route(told.accused_code, told.state_code)
        if complaint.to_agency != to_agency:
            complaint.record_id = move_files(by=by, record_id=complaint.record_id, to_agency=to_agency)
            complaint.to_agency = to_agency
        complaint.accused_code, complaint.level_code = told.accused_code, told.level_code
        complaint.state_code = told.state_code
        add_to_record(by=by, record_id=complaint.record_id, content={"kind": "report", **told.words})
        complaint.received_at = timezone.now()
        complaint.due_at = complaint.received_at + current().limits["report_answer"]
        _move(complaint, "send", by)
        complaint.save()
        _exclude(complaint, _of_the_accused(complaint), ACCUSED)
        issue_receipt(by=by, kind=KIND, subject_id=complaint.pk, number=number)
    return complaint


def add_to_complaint(*, by: Actor, complaint_id: UUID, text: str, files: Sequence[Clean] = ()) -> Complaint:
    """Its author adds words or files: it waits to be read again, whatever its state was."""
    check_public(by)
    if not text.strip() and not files:
        raise Refusal(_("Write something, or choose a file."))
    with audited(by=by, action="report.added", detail={"files": len(files)}):
        complaint = locked_of_author(complaint_id)
        if text.strip():
            add_to_record(by=by, record_id=complaint.record_id, content={"kind": "added", "text": text.strip()})
        _add_files(by, complaint, files)
        _move(complaint, "add", by)
        complaint.due_at, complaint.ended_at = timezone.now() + current().limits["report_answer"], None
        complaint.save()
    return complaint


def withdraw_complaint(*, by: Actor, complaint_id: UUID) -> Complaint:
    """Its author takes it back: its keys are destroyed, so that nobody reads it any more."""
    check_public(by)
    with audited(by=by, action="report.withdrawn"):
        complaint = locked_of_author(complaint_id)
        _move(complaint, "withdraw", by)
        complaint.ended_at = timezone.now()
        erase_record(by=by, record_id=complaint.record_id)
        complaint.save()
    return complaint


def read_complaint(*, by: Actor, complaint_id: UUID) -> Complaint:
    """The recipient has opened it; its author sees that."""
    check(by, "COMPLAINT_READ")
    with audited(by=by, action="complaint.read", subject=("complaint", mark(complaint_id)), data_class="G"):
        complaint = locked(by, complaint_id)
        if complaint.status == rules.RECEIVED:
            _move(complaint, "read", by)
            complaint.save(update_fields=["status"])
    return complaint


def answer_complaint(*, by: Actor, complaint_id: UUID, verb: str, text: str) -> Complaint:
    """Write to the author: an ``answer``, or something to ``ask``."""
    check(by, "COMPLAINT_ANSWER")
    if verb not in ("answer", "ask") or not text.strip():
        raise Refusal(_("Write what the person will read."))
    with audited(by=by, action="complaint.answered", subject=("complaint", mark(complaint_id))):
        complaint = locked(by, complaint_id)
        _move(complaint, verb, by)
        content = {"kind": verb, "agency": by.agency_code, "text": text.strip()}
        add_to_record(by=by, record_id=complaint.record_id, content=content)
        complaint.save(update_fields=["status"])
    return complaint


def close_complaint(*, by: Actor, complaint_id: UUID, text: str = "") -> Complaint:
    """Its reception is finished; ``text`` tells the author what came of it."""
    check(by, "COMPLAINT_ANSWER")
    with audited(by=by, action="complaint.closed", subject=("complaint", mark(complaint_id))):
        complaint = locked(by, complaint_id)
        _move(complaint, "close", by)
        if text.strip():
            content = {"kind": "answer", "agency": by.agency_code, "text": text.strip()}
            add_to_record(by=by, record_id=complaint.record_id, content=content)
        complaint.ended_at = timezone.now()
        complaint.save(update_fields=["status", "ended_at"])
    return complaint


def exclude_official(*, by: Actor, complaint_id: UUID, username: str) -> None:
    """The complaint names somebody who could open it: from now on that account cannot. It cannot be undone."""
    check(by, "COMPLAINT_ANSWER")
    named = actor_id(username)
    if named == NOBODY:
        raise Refusal(_("There is no account of this name."))
    with audited(by=by, action="complaint.excluded", subject=("complaint", mark(complaint_id))):
        complaint = locked(by, complaint_id)
        _exclude(complaint, {named}, NAMED)


def drop_files(*, by: Actor, complaint_id: UUID) -> None:
    """Destroy the files of a complaint that is not sent yet."""
    check_public(by)
    with audited(by=by, action="report.files_dropped"):
        if complaint := locked_begun(complaint_id):
            erase_record(by=by, record_id=complaint.record_id)
            complaint.delete()


def drop_unsent_complaints(*, by: Actor, at: datetime) -> int:
    """Destroy what was begun and not sent within ``UNSENT_LIFE``; returns how many. Safe to run twice at once."""
    check_public(by)
    with audited(by=by, action="report.unsent_dropped"):
        old = Complaint.objects.select_for_update().filter(status=rules.BEGUN, begun_at__lt=at - UNSENT_LIFE)
        found = list(old.order_by("begun_at")[:500])
        for complaint in found:
            erase_record(by=by, record_id=complaint.record_id)
            complaint.delete()
    return len(found)


def _check(told: Accusation) -> None:
    if current().codes("official_level").get(told.level_code) is None:
        raise Refusal(_("Choose a level from the list."))


def _begin(by: Actor, complaint_id: UUID, told: Accusation) -> Complaint:
    to_agency = route(told.accused_code, told.state_code)
    complaint = Complaint(
        id=complaint_id,
        code=new_code("Q"),
        accused_code=told.accused_code,
        level_code=told.level_code,
        state_code=told.state_code,
        to_agency=to_agency,
        begun_at=timezone.now(),
    )
    seal_record(by=by, record_id=complaint.record_id, content={"kind": "begun"}, agency_code=to_agency)
    complaint.save(force_insert=True)
    return complaint


def _add_files(by: Actor, complaint: Complaint, files: Sequence[Clean]) -> None:
    if complaint.file_count + len(files) > max_count():
        raise Refusal(_("%(most)d files are the most.") % {"most": max_count()})
    for file in files:
        add_to_record(by=by, record_id=complaint.record_id, content={"kind": "file", **file.about}, data=file.data)
    complaint.file_count += len(files)
    complaint.save(update_fields=["file_count"])


def _of_the_accused(complaint: Complaint) -> set[str]:
    """Accounts of the accused agency, and those of the receiving one that ever acted for the accused one."""
    if not complaint.accused_code:
        return set()
    system = Actor.system("complaints")
    own = {str(user.pk) for user in users(system, agency_code=complaint.accused_code)}
    receiving = [str(user.pk) for user in users(system, agency_code=complaint.to_agency)]
    moved = events(viewer=system).filter(actor_id__in=receiving, chain=complaint.accused_code)
    return own | set(moved.values_list("actor_id", flat=True).distinct())


def _exclude(complaint: Complaint, actor_ids: set[str], reason: str) -> None:
    now = timezone.now()
    rows = [
        ComplaintExclusion(complaint=complaint, actor_id=actor, reason=reason, at=now) for actor in sorted(actor_ids)
    ]
    ComplaintExclusion.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _move(complaint: Complaint, verb: str, by: Actor) -> None:
    if verb not in rules.COMPLAINT.verbs(complaint.status):
        raise Refusal(_("Something has changed since the page was opened."))
    complaint.status = rules.COMPLAINT.after(complaint.status, verb)
    ComplaintStep.objects.create(
        complaint=complaint, verb=verb, at=timezone.now(), by=by.id, agency_code=by.agency_code
    )
