"""Reads of notices."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.pages import Page, page
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.intake.models import Notice
from enlace.intake.permissions import inbox, outbox, visible_contacts, visible_notices
from enlace.intake.rules import RETURNED, WAITING
from enlace.people.queries import consent_stands
from enlace.vault.queries import Part, open_record

ASKING = Actor.system("intake")  # the agency addressed does not see the person, whose consent counts all the same
ORDER = ("-sent_at", "-id")


@dataclass(frozen=True)
class NoticeFilter:
    box: str = "in"  # in | out
    status: str = ""


def notice(*, viewer: Actor, notice_id: UUID) -> Notice:
    """One notice that reached or left the viewer's agency. Raises ``Missing`` for all others."""
    found = visible_notices(viewer).select_related("person", "contact").filter(pk=notice_id).first()
    if found is None:
        raise Missing(_("No such notice reached or left your agency."))
    return found


def open_notice(*, viewer: Actor, notice_id: UUID, purpose: str) -> list[Part]:
    """The words and the extract of a notice; the reading leaves a record.

    Raises ``Refusal`` to the agency addressed when it needs the person's consent and the person has taken it back since.
    """
    found = notice(viewer=viewer, notice_id=notice_id)
    if found.to_agency == viewer.agency_code:
        _check_consent(found)
    return open_record(viewer=viewer, record_id=notice_id, purpose=purpose) if found.is_sealed else []


def notice_page(*, viewer: Actor, wanted: NoticeFilter, cursor: str = "", size: int = 25) -> Page:
    rows = outbox(viewer) if wanted.box == "out" else inbox(viewer)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return page(rows, order=ORDER, cursor=cursor, size=size)


def notices_of_contact(*, viewer: Actor, contact_id: UUID) -> list[Notice]:
    """What the own agency sent about one of its contacts, and what came of it."""
    own = visible_contacts(viewer).filter(pk=contact_id)
    return list(Notice.objects.filter(contact__in=own, from_agency=viewer.agency_code).order_by("-sent_at"))


def waiting_for_us(*, viewer: Actor, limit: int) -> list[Notice]:
    """What stands in the inbox and is not closed, by its clock; overdue ones come first and stay."""
    return list(inbox(viewer).filter(status__in=WAITING).order_by("due_at")[:limit])


def came_back(*, viewer: Actor, limit: int) -> list[Notice]:
    """What was returned to this agency and waits for another way."""
    return list(outbox(viewer).filter(status=RETURNED).order_by("-sent_at")[:limit])


def _check_consent(found: Notice) -> None:
    kind = current().codes("notice_kind").get(found.kind_code)
    purpose = kind.extra["consent_purpose"] if kind else ""
    if not purpose or found.person_id is None:
        return
    with seeing_as(ASKING):
        stands = consent_stands(
            viewer=ASKING,
            person_id=found.person_id,
            purpose_code=purpose,
            recipient_code=found.to_agency,
            on=timezone.localdate(),
        )
    if not stands:
        raise Refusal(_("The person has withdrawn the consent: this opens no more. Return the notice."))
