"""Reads of complaints; always ``viewer=``, always behind the wall of ``permissions.visible``."""

from uuid import UUID

from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.pages import Page, page
from enlace.base.rows import seeing_as
from enlace.complaints import rules
from enlace.complaints.models import Complaint, ComplaintStep
from enlace.complaints.permissions import visible
from enlace.country.queries import current
from enlace.intake.permissions import check_public
from enlace.intake.queries import OFFICIAL, Message, messages_in
from enlace.vault.queries import open_part_data, open_record

ORDER = ("-received_at", "-id")
WAITING = (rules.RECEIVED, rules.READ)


def receiving_kind() -> str:
    """The kind of agency that receives complaints in this country."""
    return current().codes("report_topic").by_code[OFFICIAL].extra["agency_kind"]


def route(accused_code: str, state_code: str) -> str:
    """The agency that receives a complaint about ``accused_code``: never that one. Raises ``Refusal`` when none is left."""
    others = [agency for agency in agencies(kind=receiving_kind()) if agency.pk != accused_code]
    if not others:
        raise Refusal(
            _("Complaints about this agency cannot be received here, because it would read them itself. Go to a court.")
        )
    by_state = {agency.state_code: str(agency.pk) for agency in reversed(others)}
    return by_state.get(state_code) or by_state.get("") or str(others[0].pk)


def accusable() -> dict[str, str]:
    """The agencies of government that a complaint may be about: code -> name."""
    kinds = current().codes("agency_kind")
    return {
        str(agency.pk): agency.name
        for agency in agencies()
        if (kind := kinds.get(agency.kind_code)) and kind.extra["government"] == "yes"
    }


def complaint(*, viewer: Actor, complaint_id: UUID) -> Complaint:
    """One complaint. Raises ``Missing``, in words that do not say what it would have been."""
    found = visible(viewer).filter(pk=complaint_id).first()
    if found is None:
        raise Missing(_("There is no such page."))
    return found


def complaint_page(*, viewer: Actor, status: str = "", cursor: str = "", size: int = 25) -> Page:
    rows = visible(viewer)
    return page(rows.filter(status=status) if status else rows, order=ORDER, cursor=cursor, size=size)


def complaints_waiting(*, viewer: Actor, limit: int) -> list[Complaint]:
    """What nobody has answered yet, the most urgent first."""
    return list(visible(viewer).filter(status__in=WAITING).order_by("due_at")[:limit])


def complaint_steps(*, viewer: Actor, complaint_id: UUID) -> list[ComplaintStep]:
    rows = ComplaintStep.objects.filter(complaint__in=visible(viewer).filter(pk=complaint_id))
    return list(rows.order_by("at", "id"))


def complaint_messages(*, viewer: Actor, complaint_id: UUID, purpose: str) -> list[Message]:
    """Everything in a complaint, oldest first; the reading is on record, with its purpose."""
    found = complaint(viewer=viewer, complaint_id=complaint_id)
    if found.status == rules.WITHDRAWN:
        return []
    return messages_in(open_record(viewer=viewer, record_id=found.record_id, purpose=purpose))


def complaint_file(*, viewer: Actor, complaint_id: UUID, part_id: UUID, purpose: str) -> bytes:
    """One file of a complaint; a reading of its own on record."""
    found = complaint(viewer=viewer, complaint_id=complaint_id)
    return open_part_data(viewer=viewer, record_id=found.record_id, part_id=part_id, purpose=purpose)


def complaint_of_author(*, viewer: Actor, complaint_id: UUID) -> tuple[Complaint, list[Message]]:
    """What the receipt shows to whoever complained."""
    check_public(viewer)
    with seeing_as(viewer):
        found = Complaint.objects.exclude(status=rules.BEGUN).filter(pk=complaint_id).first()
        if found is None:
            raise Missing(_("There is no such complaint."))
        if found.status == rules.WITHDRAWN:
            return found, []
        return found, messages_in(open_record(viewer=viewer, record_id=found.record_id))
