"""Reads of reports from the public: the recipients' inbox, and what a receipt shows to whoever holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.pages import Page, page
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.intake import receipts, rules
from enlace.intake.models import Receipt, Report, ReportStep, WrongTries
from enlace.intake.permissions import visible_reports
from enlace.vault.queries import Part, open_part_data, open_record

OFFICIAL = "official"  # the topic that leads to the complaints, before anything is written
ORDER = ("-received_at", "-id")
WAITING = (rules.RECEIVED, rules.READ)


@dataclass(frozen=True)
class ReportFilter:
    status: str = ""
    topic_code: str = ""


@dataclass(frozen=True, repr=False)
class Message:
    """One part of a sealed report, opened. ``words`` are answers by question; it prints as nothing.

    ``kind`` is report, added, file, answer, ask or note; ``agency_code`` is blank for the author.
    """

    id: UUID
    at: datetime
    kind: str
    agency_code: str = ""
    text: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    size: int = 0
    original_digest: str = ""


def route(topic_code: str, state_code: str) -> str:
    """The agency that receives such a report: of the state, else national, else the first of its kind.

    Raises ``Refusal`` when the country has no agency of that kind.
    """
    topic = current().codes("report_topic").get(topic_code)
    if topic is None or topic_code == OFFICIAL:
        raise Refusal(_("Choose what it is about."))
    found = [(agency.state_code, agency.pk) for agency in agencies(kind=topic.extra["agency_kind"])]
    if not found:
        raise Refusal(_("No agency receives this kind of report here. Choose another, or call the hotline."))
    by_state = dict(reversed(found))
    return str(by_state.get(state_code) or by_state.get("") or found[0][1])


def by_receipt(*, viewer: Actor, kind: str, number: str) -> UUID | None:
    """What a receipt number opens, without counting the try: ``actions.open_receipt`` is what pages use."""
    with seeing_as(viewer):
        found = Receipt.objects.filter(digest=receipts.digest(kind, number)).values_list("subject_id", flat=True)
        return found.first()


def receipt_is_fresh(*, kind: str, number: str, within: timedelta) -> bool:
    """Whether the number was given out so lately that its page may be shown once more."""
    with seeing_as(Actor.system("receipts")):
        found = Receipt.objects.filter(digest=receipts.digest(kind, number), issued_at__gte=timezone.now() - within)
        return found.exists()


def receipts_given_lately() -> int:
    """How many receipts were given out in the last hour, whoever took them: what makes the next one dearer."""
    with seeing_as(Actor.system("effort")):
        return Receipt.objects.filter(issued_at__gte=timezone.now() - timedelta(hours=1)).count()


def wrong_tries_lately() -> int:
    """How many wrong numbers were tried in this hour."""
    with seeing_as(Actor.system("effort")):
        found = WrongTries.objects.filter(bucket=receipts.hour_bucket(timezone.now())).first()
    return found.count if found else 0


def report(*, viewer: Actor, report_id: UUID) -> Report:
    """One report sent to the viewer's agency. Raises ``Missing`` for all others."""
    found = visible_reports(viewer).filter(pk=report_id).first()
    if found is None:
        raise Missing(_("No such report was sent to your agency."))
    return found


def report_page(*, viewer: Actor, wanted: ReportFilter, cursor: str = "", size: int = 25) -> Page:
    rows = visible_reports(viewer)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.topic_code:
        rows = rows.filter(topic_code=wanted.topic_code)
    return page(rows, order=ORDER, cursor=cursor, size=size)


def reports_waiting(*, viewer: Actor, limit: int) -> list[Report]:
    """What nobody of the agency has answered yet, the most urgent first."""
    rows = visible_reports(viewer).filter(status__in=WAITING)
    return list(rows.order_by(Coalesce("due_at", "begun_at"))[:limit])


def report_steps(*, viewer: Actor, report_id: UUID) -> list[ReportStep]:
    rows = ReportStep.objects.filter(report__in=visible_reports(viewer).filter(pk=report_id))
    return list(rows.order_by("at", "id"))


def report_messages(*, viewer: Actor, report_id: UUID, purpose: str) -> list[Message]:
    """Everything in a report of the viewer's agency, oldest first; the reading is on record, with its purpose."""
    found = report(viewer=viewer, report_id=report_id)
    if found.is_erased:
        return []
    return messages_in(open_record(viewer=viewer, record_id=found.record_id, purpose=purpose))


def report_file(*, viewer: Actor, report_id: UUID, part_id: UUID, purpose: str) -> bytes:
    """One file of a report of the viewer's agency; a reading of its own on record."""
    found = report(viewer=viewer, report_id=report_id)
    return open_part_data(viewer=viewer, record_id=found.record_id, part_id=part_id, purpose=purpose)


def report_of_author(*, viewer: Actor, report_id: UUID) -> tuple[Report, list[Message]]:
    """What the receipt shows: the report and its exchange, without what agencies told one another."""
    with seeing_as(viewer):
        found = visible_reports(viewer).filter(pk=report_id).first()
        if found is None:
            raise Missing(_("There is no such report."))
        if found.is_erased:
            return found, []
        parts = open_record(viewer=viewer, record_id=found.record_id)
    return found, [message for message in messages_in(parts) if message.kind != "note"]


def messages_in(parts: list[Part]) -> list[Message]:
    """The parts of a sealed report or complaint as messages; the empty first one is left out."""
    return [_message(part) for part in parts if part.content.get("kind") != "begun"]


def _message(part: Part) -> Message:
    said = dict(part.content)
    return Message(
        id=part.id,
        at=part.at,
        kind=said.pop("kind"),
        agency_code=said.pop("agency", ""),
        text=said.pop("text", ""),
        file=said.pop("file", ""),
        size=int(said.pop("size", 0)),
        original_digest=said.pop("sha256", ""),
        words=said,
    )
