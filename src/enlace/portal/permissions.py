"""Who sees which page and which request: agencies that know the person, and the person herself, who sees only her own."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.people import permissions as people
from enlace.portal.models import OwnPage, PersonRequest

# Looks up numbers and opens her sealed requests for her: whoever holds the number has no account and no key.
PAGE = Actor.system("own page")
OWN = "PORTAL_OWN"


def person_actor(person_id: UUID, code: str) -> Actor:
    """The person herself, behind her number: she may read her own page, and nothing else."""
    role = next(role for role in current().roles if OWN in role.permissions)
    return Actor(id=f"own:{code}", role_code=role.code, can=frozenset({OWN}), person_id=str(person_id))


def own_id(viewer: Actor) -> UUID:
    """Whose page it is. Raises ``Forbidden`` for everybody but a person on her own page: every panel of it asks here."""
    check(viewer, OWN)
    if not viewer.person_id:
        raise Forbidden(_("Only the person can open this, with the number that was given on paper."))
    return UUID(viewer.person_id)


def visible_pages(viewer: Actor) -> QuerySet[OwnPage]:
    """The pages of people the viewer's agency knows, whoever gave the number: a lost paper is closed anywhere."""
    check(viewer, "PORTAL_ISSUE")
    return OwnPage.objects.filter(person__in=people.visible(viewer))


def own_pages(viewer: Actor) -> QuerySet[OwnPage]:
    return OwnPage.objects.filter(person_id=own_id(viewer))


def visible_requests(viewer: Actor) -> QuerySet[PersonRequest]:
    """What people asked of the viewer's agency."""
    check(viewer, "PORTAL_ANSWER")
    return PersonRequest.objects.filter(to_agency=viewer.agency_code)


def own_requests(viewer: Actor) -> QuerySet[PersonRequest]:
    return PersonRequest.objects.filter(person_id=own_id(viewer))


def locked(rows: QuerySet[PersonRequest], request_id: UUID) -> PersonRequest:
    """The request, for writing, or ``Missing``: not there and not yours are told in the same words."""
    found = rows.select_for_update().filter(pk=request_id).first()
    if found is None:
        raise Missing(_("There is no such request."))
    return found
