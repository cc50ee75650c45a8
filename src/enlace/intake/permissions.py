"""Who may see which contact and which notice: agencies, not named users."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.permissions import check
from enlace.intake import rules
from enlace.intake.models import Contact, Notice, Report

# Acts for whoever reports: nobody knows who it is.
PUBLIC = Actor.system("public report")


def visible_contacts(viewer: Actor) -> QuerySet[Contact]:
    """The contacts that the viewer's agency recorded."""
    check(viewer, "CONTACT_READ")
    return Contact.objects.all() if viewer.is_system else Contact.objects.filter(agency_code=viewer.agency_code)


def visible_notices(viewer: Actor) -> QuerySet[Notice]:
    """The notices that reached or left the viewer's agency."""
    check(viewer, "NOTICE_READ")
    if viewer.is_system:
        return Notice.objects.all()
    return Notice.objects.filter(Q(to_agency=viewer.agency_code) | Q(from_agency=viewer.agency_code))


def inbox(viewer: Actor) -> QuerySet[Notice]:
    check(viewer, "NOTICE_READ")
    return Notice.objects.filter(to_agency=viewer.agency_code)


def outbox(viewer: Actor) -> QuerySet[Notice]:
    check(viewer, "NOTICE_READ")
    return Notice.objects.filter(from_agency=viewer.agency_code)


def locked_contact(by: Actor, contact_id: UUID) -> Contact:
    """The contact, for writing, or ``Missing``: not there and not yours are told in the same words."""
    found = visible_contacts(by).select_for_update().filter(pk=contact_id).first()
    if found is None:
        raise Missing(_("Your agency recorded no such contact."))
    return found


def locked_notices(rows: QuerySet[Notice], ids: Sequence[UUID]) -> list[Notice]:
    """The notices, for writing, in the order asked; ``Missing`` unless every one is there and may be seen."""
    found = {row.pk: row for row in rows.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(found) != len(set(ids)) or len(ids) != len(set(ids)):
        raise Missing(_("No such notice reached or left your agency."))
    return [found[pk] for pk in ids]


def visible_reports(viewer: Actor) -> QuerySet[Report]:
    """The reports from the public that were sent to the viewer's agency, or passed on to it."""
    check(viewer, "REPORT_READ")
    sent = Report.objects.exclude(status=rules.BEGUN)
    return sent if viewer.is_system else sent.filter(to_agency=viewer.agency_code)


def locked_report(by: Actor, report_id: UUID) -> Report:
    """The report, for writing, or ``Missing``: not there and not yours are told in the same words."""
    found = visible_reports(by).select_for_update().filter(pk=report_id).first()
    if found is None:
        raise Missing(_("No such report was sent to your agency."))
    return found


def check_public(by: Actor) -> None:
    """What the public does is done by the system on its behalf, never by an account."""
    if not by.is_system:
        raise Forbidden(_("Only the person who reported can do this, with the receipt number."))


def locked_begun(report_id: UUID) -> Report | None:
    """A report not sent yet, for writing; ``None`` when nothing was kept of it. Raises ``Refusal`` when it was sent."""
    found = Report.objects.select_for_update().filter(pk=report_id).first()
    if found and found.status != rules.BEGUN:
        raise Refusal(_("This form was already sent. Nothing was done twice."))
    return found


def locked_of_author(report_id: UUID) -> Report:
    """A report that was sent, for its author to write to; ``Refusal`` when it was withdrawn."""
    found = Report.objects.select_for_update().exclude(status=rules.BEGUN).filter(pk=report_id).first()
    if found is None:
        raise Missing(_("There is no such report."))
    if found.status == rules.WITHDRAWN:
        raise Refusal(_("You withdrew this report. To tell something new, make a new report."))
    return found
