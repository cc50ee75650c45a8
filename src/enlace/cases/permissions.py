"""Who may see which case: the agencies that work on it, each its part."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.cases.models import Case, CaseAgency, Note
from enlace.people.permissions import opened_people


def visible(viewer: Actor) -> QuerySet[Case]:
    check(viewer, "CASE_READ")
    if viewer.is_system:
        return Case.objects.all()
    return Case.objects.filter(agencies__agency_code=viewer.agency_code)


def opened_in_emergency(viewer: Actor) -> QuerySet[Case]:
    """Cases that the viewer may read now, and only read, because an emergency opened their person."""
    check(viewer, "CASE_READ")
    return Case.objects.filter(person__in=opened_people(viewer))


def own_work(viewer: Actor) -> QuerySet[CaseAgency]:
    """The viewer's agency's part in each case: what lists are made of."""
    check(viewer, "CASE_READ")
    return CaseAgency.objects.filter(agency_code=viewer.agency_code)


def visible_notes(viewer: Actor, case: Case) -> QuerySet[Note]:
    return Note.objects.filter(case=case).filter(Q(agency_code=viewer.agency_code) | Q(is_shared=True))


def locked(by: Actor, case_id: UUID) -> Case:
    """The case, for writing, or ``Missing``: not there and not yours are told in the same words."""
    case = visible(by).select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise Missing(_("Your agency does not work on such a case."))
    return case
