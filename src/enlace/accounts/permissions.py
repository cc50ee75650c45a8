"""Whose accounts an administrator may see and manage: those of the own agency, state or nation, as the role reaches."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.accounts.models import Agency, Recovery, User
from enlace.accounts.rules import reaches
from enlace.base.actor import NATIONAL, NONE, STATE, Actor
from enlace.base.errors import Forbidden
from enlace.base.permissions import check


def manageable(viewer: Actor) -> QuerySet[User]:
    """The accounts that ``viewer`` manages. Raises ``Forbidden`` without USER_MANAGE."""
    check(viewer, "USER_MANAGE")
    return User.objects.filter(_within(viewer, "agency"))


def approvable(viewer: Actor) -> QuerySet[Recovery]:
    """The recoveries that ``viewer`` may decide about, their own askings included."""
    if not viewer.may("USER_MANAGE"):
        check(viewer, "AUDIT_VERIFY")
    return Recovery.objects.filter(_within(viewer, "user__agency"))


def manageable_agencies(viewer: Actor) -> QuerySet[Agency]:
    check(viewer, "USER_MANAGE")
    return Agency.objects.filter(_within(viewer, ""))


def check_reach(by: Actor, agency: Agency) -> None:
    """Raise ``Forbidden`` unless what ``by`` manages includes the agency."""
    scope = NATIONAL if by.is_system else by.scope
    if not reaches(scope, (by.agency_code, by.state_code), (agency.pk, agency.state_code)):
        raise Forbidden(_("You manage accounts of your own agency only."))


def _within(viewer: Actor, path: str) -> Q:
    if viewer.is_system or viewer.scope == NATIONAL:
        return Q()
    if viewer.scope == NONE:
        return Q(pk__in=[])
    prefix = f"{path}__" if path else ""
    own = Q(**{f"{prefix}code": viewer.agency_code})
    if viewer.scope == STATE and viewer.state_code:
        return own | Q(**{f"{prefix}state_code": viewer.state_code})
    return own
