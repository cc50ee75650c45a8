"""Who sees which returns: an agency those it may answer, a state's people their state's, the commission all."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency
from enlace.base.actor import NATIONAL, OWN, STATE, Actor
from enlace.base.errors import Forbidden, Missing
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.country.returns import ReturnTemplate
from enlace.returns.models import PeriodicReturn


def visible(viewer: Actor) -> QuerySet[PeriodicReturn]:
    check(viewer, "PERIODIC_RETURN_READ")
    rows = PeriodicReturn.objects.all()
    if viewer.scope == NATIONAL:
        return rows
    if viewer.scope == STATE:
        return rows.filter(state_code=viewer.state_code).exclude(state_code="")
    if viewer.scope == OWN:
        asked = [template.id for template in answerable(viewer)]
        return rows.filter(Q(agency_code=viewer.agency_code) | Q(state_code=viewer.state_code, template_code__in=asked))
    return rows.none()


def answerable(viewer: Actor) -> list[ReturnTemplate]:
    """The templates that the viewer may answer for somebody: the commission all, an agency those that ask its kind."""
    if not viewer.may("PERIODIC_RETURN_SUBMIT"):
        return []
    templates = current().return_templates
    if viewer.scope == NATIONAL:
        return list(templates)
    if viewer.scope == STATE:
        return [template for template in templates if template.level != "federal" and viewer.state_code]
    kind = agency(viewer.agency_code).kind_code if viewer.agency_code else ""
    fitting = ("federal", "both") if not viewer.state_code else ("state", "both")
    return [template for template in templates if kind in template.kinds and template.level in fitting]


def check_may_answer(by: Actor, template: ReturnTemplate, state_code: str) -> None:
    """Raises ``Forbidden`` for a return that is another's to answer."""
    check(by, "PERIODIC_RETURN_SUBMIT")
    own_state = by.scope == NATIONAL or by.state_code == state_code
    if not own_state or template.id not in {one.id for one in answerable(by)}:
        raise Forbidden(_("This return is answered by another agency."))


def locked(by: Actor, return_id: UUID) -> PeriodicReturn:
    """The return, for writing; ``Missing`` when there is none that the actor sees."""
    row = visible(by).select_for_update().filter(pk=return_id).first()
    if row is None:
        raise Missing(_("There is no such return among those you see."))
    return row
