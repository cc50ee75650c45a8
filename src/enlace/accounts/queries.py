"""Reads about agencies, accounts and sessions."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.codes import digest
from enlace.accounts.models import Agency, Invitation, Recovery, RoleGrant, SignIn, User
from enlace.accounts.permissions import approvable, manageable, manageable_agencies
from enlace.base.actor import NONE, Actor
from enlace.base.errors import Missing
from enlace.base.remember import once
from enlace.country.labels import language
from enlace.country.queries import current
from enlace.country.roles import Role

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def actor_for(user: User, role_code: str | None = None) -> Actor:
    """Who ``user`` is while acting in one of the roles held now: the one asked for, or the first of the pack's order.

    Someone without any role is an actor who may do nothing.
    """
    roles = roles_of(user)
    role = next((r for r in roles if r.code == role_code), roles[0] if roles else None)
    agency = user.agency
    return Actor(
        id=str(user.pk),
        agency_code=agency.pk,
        role_code=role.code if role else "",
        scope=role.scope if role else NONE,
        can=role.permissions if role and agency.is_active else frozenset(),
        display_name=user.display_name,
        agency_name=agency.name,
        role_label=role.label(language()) if role else "",
        state_code=agency.state_code,
    )


def roles_of(user: User) -> tuple[Role, ...]:
    """The pack's roles that a person holds now, in the pack's order. A role the pack no longer has gives nothing."""
    held = set(RoleGrant.objects.filter(_standing(timezone.now()), user=user).values_list("role_code", flat=True))
    return tuple(role for role in current().roles if role.code in held)


def grants_of(user: User) -> QuerySet[RoleGrant]:
    """Every role ever granted to a person, newest first; the caller has checked its right to see the account."""
    return RoleGrant.objects.filter(user=user).order_by("-since", "-id")


def agency(code: str) -> Agency:
    """One agency, active or not. Raises ``Missing``."""
    found = Agency.objects.filter(pk=code).first()
    if found is None:
        raise Missing(_("There is no such agency."))
    return found


def agencies(*, kind: str | None = None, state: str | None = None, active: bool | None = True) -> QuerySet[Agency]:
    """Agencies by name. ``state`` "" means the national ones; ``active=None`` includes the closed ones."""
    rows = Agency.objects.order_by("name", "code")
    if kind is not None:
        rows = rows.filter(kind_code=kind)
    if state is not None:
        rows = rows.filter(state_code=state)
    return rows if active is None else rows.filter(is_active=active)


@once
def agency_names() -> dict[str, str]:
    """Code -> name of every agency, closed ones included."""
    return dict(Agency.objects.values_list("code", "name"))


def users(
    viewer: Actor, *, text: str = "", agency_code: str = "", role_code: str = "", state: str = ""
) -> QuerySet[User]:
    """The accounts that ``viewer`` manages. ``state`` is active, invited (no password yet) or disabled."""
    rows = manageable(viewer).select_related("agency").order_by("username")
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    if agency_code:
        rows = rows.filter(agency_id=agency_code)
    if role_code:
        now = timezone.now()
        holders = RoleGrant.objects.filter(_standing(now), role_code=role_code).values("user_id")
        rows = rows.filter(pk__in=holders)
    invited = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if state == "invited":
        return rows.filter(invited, is_active=True)
    if state == "disabled":
        return rows.filter(is_active=False)
    return rows.filter(~invited, is_active=True) if state == "active" else rows


def user(viewer: Actor, user_id: UUID) -> User:
    """One account that ``viewer`` manages. Raises ``Missing`` for every other."""
    found = manageable(viewer).select_related("agency", "office").filter(pk=user_id).first()
    if found is None:
        raise Missing(_("There is no such account among those you manage."))
    return found


def user_by_name(viewer: Actor, username: str) -> User:
    """The same, by username."""
    found = manageable(viewer).filter(username=username.strip().lower()).first()
    if found is None:
        raise Missing(_("There is no such account among those you manage."))
    return found


def role_codes_of(user_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The roles standing now, for the rows of a list in one query."""
    found: dict[UUID, list[str]] = {}
    grants = RoleGrant.objects.filter(_standing(timezone.now()), user_id__in=list(user_ids)).order_by("role_code")
    for user_id, role_code in grants.values_list("user_id", "role_code"):
        found.setdefault(user_id, []).append(role_code)
    return found


def agencies_to_manage(viewer: Actor) -> QuerySet[Agency]:
    return manageable_agencies(viewer).filter(is_active=True).order_by("name", "code")


def recoveries_to_approve(viewer: Actor) -> QuerySet[Recovery]:
    """Open recoveries within reach, oldest first. ``viewer`` may decide those that others asked for others."""
    rows = approvable(viewer).filter(used_at__isnull=True, approved_at__isnull=True, expires_at__gt=timezone.now())
    return rows.select_related("user__agency", "asked_by").order_by("asked_at")


def recovery_to_approve(viewer: Actor, recovery_id: UUID) -> Recovery:
    found = approvable(viewer).select_related("user__agency", "asked_by").filter(pk=recovery_id).first()
    if found is None:
        raise Missing(_("There is no such recovery among those you may approve."))
    return found


def invitation(code: str) -> Invitation:
    """The invitation that a code belongs to, whatever its state. Raises ``Missing``."""
    found = Invitation.objects.select_related("user__agency").filter(code_digest=digest(code)).first()
    if found is None:
        raise Missing(_("This invitation is not known. Check the address, or ask for a new one."))
    return found


def recovery(code: str) -> Recovery:
    """The recovery that the first half of a code belongs to, whatever its state. Raises ``Missing``."""
    found = Recovery.objects.select_related("user__agency").filter(code_digest=digest(code)).first()
    if found is None:
        raise Missing(_("This recovery is not known. Check the address, or ask for a new one."))
    return found


def sign_ins(viewer: Actor, limit: int = 10) -> list[SignIn]:
    """The viewer's own sessions, newest first."""
    return list(SignIn.objects.filter(user_id=viewer.id).order_by("-started_at")[:limit])


def open_sign_in(sign_in_id: str | None, user_id: UUID) -> SignIn | None:
    """The session's own row with its user and agency, while nobody has ended it."""
    mine = SignIn.objects.filter(user_id=user_id, ended_at__isnull=True).select_related("user__agency")
    return mine.filter(pk=sign_in_id).first() if sign_in_id else None


def display_names(actor_ids: Collection[str]) -> dict[str, str]:
    """Who the actors of the record are: actor id -> name. The system's own processes and strangers are left out."""
    people = [value for value in actor_ids if UUID_TEXT.fullmatch(value)]
    return {str(pk): name for pk, name in User.objects.filter(pk__in=people).values_list("pk", "display_name")}


def actor_id(username: str) -> str:
    """The id under which a person appears in the record; one that nobody has when there is no such account."""
    found = User.objects.filter(username=username.strip().lower()).values_list("pk", flat=True).first()
    return str(found or "-")


def _standing(now: datetime) -> Q:
    return Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))


def agency_kinds() -> dict[str, str]:
    """The kind of every agency, active or not."""
    return dict(Agency.objects.values_list("code", "kind_code"))


def actor_for_cli(username: str, permission: str) -> Actor:
    """An account's actor for a command run by hand, in whichever of its roles holds the permission."""
    user = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    if user is None:
        raise Missing(_("There is no such active account."))
    actors = [actor_for(user, role.code) for role in roles_of(user)]
    return next((actor for actor in actors if actor.may(permission)), actor_for(user))
