"""Every write of a report from the public: what its author does by receipt, and what its recipients do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.ids import new_code
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.intake import rules
from enlace.intake.actions.contacts import Entry, record_contacts
from enlace.intake.actions.receipts import issue_receipt
from enlace.intake.files import Clean, max_count
from enlace.intake.models import Contact, Report, ReportStep
from enlace.intake.permissions import check_public, locked_begun, locked_of_author, locked_report
from enlace.intake.queries.reports import route
from enlace.vault.actions import add_to_record, erase_record, move_files, seal_record, share_record

KIND = "report"
UNSENT_LIFE = timedelta(hours=3)
SYSTEM = Actor.system("reports")


@dataclass(frozen=True, kw_only=True, repr=False)
class Told:
    """What somebody reports. ``words`` are sealed; it prints as nothing, so that no log or traceback can show it."""

    topic_code: str
    state_code: str = ""
    words: Mapping[str, str]


def hold_files(*, by: Actor, report_id: UUID, told: Told, files: Sequence[Clean]) -> None:
    """Keep files of a report that is not sent yet, sealed; no agency sees it. ``report_id`` is the form's own token."""
    check_public(by)
    with audited(by=by, action="report.begun", detail={"files": len(files)}):
        report = locked_begun(report_id) or _begin(by, report_id, told)
        _check_count(report.file_count, files)
        _add_files(by, report, files)


def send_report(*, by: Actor, report_id: UUID, told: Told, number: str, files_held: int = 0) -> Report:
    """Send what was written, and the files held before, to the agency of its topic; ``number`` becomes its receipt."""
    check_public(by)
    now = timezone.now()
    with audited(by=by, action="report.received"):
        report = locked_begun(report_id) or _begin(by, report_id, told)
        if report.file_count != files_held:
            raise Refusal(_("The files were kept for a few hours only. Choose them again."))
        to_agency = route(told.topic_code, told.state_code)
        if report.to_agency != to_agency:
            report.record_id = move_files(by=by, record_id=report.record_id, to_agency=to_agency)
            report.to_agency = to_agency
        add_to_record(by=by, record_id=report.record_id, content={"kind": "report", **told.words})
        report.topic_code, report.state_code = told.topic_code, told.state_code
        report.received_at, report.due_at = now, now + current().limits["report_answer"]
        _move(report, "send", by)
        report.save()
        issue_receipt(by=by, kind=KIND, subject_id=report.pk, number=number)
    return report


def add_to_report(*, by: Actor, report_id: UUID, text: str, files: Sequence[Clean] = ()) -> Report:
    """Its author adds words or files: it waits to be read again, whatever its state was."""
    check_public(by)
    if not text.strip() and not files:
        raise Refusal(_("Write something, or choose a file."))
    with audited(by=by, action="report.added", detail={"files": len(files)}):
        report = locked_of_author(report_id)
        _check_count(report.file_count, files)
        if text.strip():
            add_to_record(by=by, record_id=report.record_id, content={"kind": "added", "text": text.strip()})
        _add_files(by, report, files)
        _move(report, "add", by)
        report.due_at, report.ended_at = timezone.now() + current().limits["report_answer"], None
        report.save()
    return report


def withdraw_report(*, by: Actor, report_id: UUID) -> Report:
    """Its author takes it back: its keys are destroyed, unless an authority has taken it up already."""
    check_public(by)
    with audited(by=by, action="report.withdrawn"):
        report = locked_of_author(report_id)
        _move(report, "withdraw", by)
        report.ended_at = timezone.now()
        if not report.is_passed_on:
            erase_record(by=by, record_id=report.record_id)
            report.is_erased = True
        report.save()
    return report


def read_report(*, by: Actor, report_id: UUID) -> Report:
    """The recipient has opened it; its author sees that. Opening what is sealed leaves a record of its own."""
    check(by, "REPORT_READ")
    with audited(by=by, action="report.read", subject=("report", report_id), data_class="D"):
        report = locked_report(by, report_id)
        if report.status == rules.RECEIVED:
            _move(report, "read", by)
            report.save(update_fields=["status"])
    return report


def answer_report(*, by: Actor, report_id: UUID, verb: str, text: str) -> Report:
    """Write to the author: an ``answer``, or something to ``ask``."""
    check(by, "REPORT_ANSWER")
    if verb not in ("answer", "ask") or not text.strip():
        raise Refusal(_("Write what the person will read."))
    with audited(by=by, action="report.answered", subject=("report", report_id)) as event:
        report = locked_report(by, report_id)
        _move(report, verb, by)
        content = {"kind": verb, "agency": by.agency_code, "text": text.strip()}
        add_to_record(by=by, record_id=report.record_id, content=content)
        report.save(update_fields=["status"])
        event.detail["verb"] = verb
    return report


def pass_report_on(*, by: Actor, report_id: UUID, to_agency: str, note: str = "") -> Report:
    """Hand the report to the agency that can act; it leaves the own inbox and its author is told where it is."""
    check(by, "REPORT_ANSWER")
    if to_agency == by.agency_code or not agencies().filter(pk=to_agency).exists():
        raise Refusal(_("Choose another agency from the list."))
    subject = ("report", report_id)
    with audited(by=by, action="report.passed_on", subject=subject, detail={"to": to_agency}):
        report = locked_report(by, report_id)
        _move(report, "pass_on", by, to_agency)
        if note.strip():
            content = {"kind": "note", "agency": by.agency_code, "text": note.strip()}
            add_to_record(by=by, record_id=report.record_id, content=content)
        share_record(by=by, record_id=report.record_id, to_agency=to_agency)
        report.to_agency, report.is_passed_on = to_agency, True
        report.due_at = timezone.now() + current().limits["report_answer"]
        with seeing_as(SYSTEM):  # once it is another agency's, the own one no longer sees the row it writes
            report.save()
    return report


def close_report(*, by: Actor, report_id: UUID, text: str = "") -> Report:
    """Nothing more is to be done; ``text`` tells the author what came of it."""
    check(by, "REPORT_ANSWER")
    with audited(by=by, action="report.closed", subject=("report", report_id)):
        report = locked_report(by, report_id)
        _move(report, "close", by)
        if text.strip():
            content = {"kind": "answer", "agency": by.agency_code, "text": text.strip()}
            add_to_record(by=by, record_id=report.record_id, content=content)
        report.ended_at = timezone.now()
        report.save(update_fields=["status", "ended_at"])
    return report


def record_report_contact(*, by: Actor, report_id: UUID, entry: Entry) -> Contact:
    """Take the report up as a contact, from which screening and a case follow. Once only."""
    check(by, "REPORT_ANSWER")
    with audited(by=by, action="report.taken_up", subject=("report", report_id)) as event:
        report = locked_report(by, report_id)
        if report.contact_id:
            raise Refusal(_("A contact was already made of this report."))
        if report.status in (rules.RECEIVED, rules.WITHDRAWN):
            raise Refusal(_("Read the report first; one that was withdrawn cannot be taken up."))
        contact = record_contacts(by=by, rows=[entry])[0]
        report.contact_id, report.is_passed_on = contact.pk, True
        report.save(update_fields=["contact_id", "is_passed_on"])
        event.detail["contact"] = contact.code
    return contact


def drop_unsent_reports(*, by: Actor, at: datetime) -> int:
    """Destroy what was begun and not sent within ``UNSENT_LIFE``; returns how many. Safe to run twice at once."""
    check_public(by)
    with audited(by=by, action="report.unsent_dropped") as event:
        old = Report.objects.select_for_update().filter(status=rules.BEGUN, begun_at__lt=at - UNSENT_LIFE)
        found = list(old.order_by("begun_at")[:500])
        for report in found:
            erase_record(by=by, record_id=report.record_id)
            report.delete()
        event.detail["count"] = len(found)
    return len(found)


def drop_files(*, by: Actor, report_id: UUID) -> None:
    """Destroy the files of a report that is not sent yet."""
    check_public(by)
    with audited(by=by, action="report.files_dropped"):
        if report := locked_begun(report_id):
            erase_record(by=by, record_id=report.record_id)
            report.delete()


def _begin(by: Actor, report_id: UUID, told: Told) -> Report:
    to_agency = route(told.topic_code, told.state_code)
    report = Report(
        id=report_id,
        code=new_code("B"),
        topic_code=told.topic_code,
        state_code=told.state_code,
        to_agency=to_agency,
        begun_at=timezone.now(),
    )
    seal_record(by=by, record_id=report.record_id, content={"kind": "begun"}, agency_code=to_agency)
    report.save(force_insert=True)
    return report


def _add_files(by: Actor, report: Report, files: Sequence[Clean]) -> None:
    for file in files:
        add_to_record(by=by, record_id=report.record_id, content={"kind": "file", **file.about}, data=file.data)
    report.file_count += len(files)
    report.save(update_fields=["file_count"])


def _check_count(held: int, files: Sequence[Clean]) -> None:
    if held + len(files) > max_count():
        raise Refusal(_("%(most)d files are the most.") % {"most": max_count()})


def _move(report: Report, verb: str, by: Actor, to_agency: str = "") -> None:
    if verb not in rules.REPORT.verbs(report.status):
        raise Refusal(_("Something has changed since the page was opened."))
    report.status = rules.REPORT.after(report.status, verb)
    _step(report, verb, by, to_agency)


def _step(report: Report, verb: str, by: Actor, to_agency: str = "") -> None:
    ReportStep.objects.create(
        report=report, verb=verb, at=timezone.now(), by=by.id, agency_code=by.agency_code, to_agency=to_agency
    )
