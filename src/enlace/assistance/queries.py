"""Reads of help given; always ``viewer=``, always filtered."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.assistance.models import ServiceGiven
from enlace.assistance.permissions import visible
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page

ORDER = ("-started_on", "-id")


def services_of_case(*, viewer: Actor, case_id: UUID) -> QuerySet[ServiceGiven]:
    return visible(viewer).filter(case_id=case_id).order_by("-started_on", "-id")


def service_page(*, viewer: Actor, service_code: str = "", cursor: str = "", size: int = 25) -> Page:
    """What the own agency gave, newest first; rows with their case. Services are class D: the reading leaves a record."""
    rows = visible(viewer).filter(agency_code=viewer.agency_code).select_related("case")
    record_read(by=viewer, action="services.read", subject=("agency", viewer.agency_code), data_class="D")
    if service_code:
        rows = rows.filter(service_code=service_code)
    return page(rows, order=ORDER, cursor=cursor, size=size)


def own_service(*, viewer: Actor, service_id: UUID) -> ServiceGiven:
    """One service that the own agency gave. Raises ``Missing`` for all others."""
    found = visible(viewer).filter(agency_code=viewer.agency_code, pk=service_id).select_related("case").first()
    if found is None:
        raise Missing(_("Your agency gave no such service."))
    return found
