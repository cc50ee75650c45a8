"""Reads of partners outside and of the packages for them."""

from uuid import UUID

from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.referrals.models import DisclosurePackage, Partner
from enlace.referrals.permissions import own_partners, visible_packages, visible_partners


def partner_page(*, viewer: Actor, state_code: str = "", cursor: str = "", size: int = 25) -> Page:
    """The register by name; a state keeps the partners of the whole country too."""
    rows = visible_partners(viewer)
    if state_code:
        rows = rows.filter(state_code__in=[state_code, ""])
    return page(rows, order=("name", "id"), cursor=cursor, size=size)


def partner_names(*, viewer: Actor) -> dict[str, str]:
    """Who can be asked now: partner id -> name."""
    rows = visible_partners(viewer).filter(is_active=True).order_by("name", "id")
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def own_partner(*, viewer: Actor, partner_id: UUID) -> Partner:
    """One that the viewer's agency wrote down. Raises ``Missing``."""
    found = own_partners(viewer).filter(pk=partner_id).first()
    if found is None:
        raise Missing(_("Your agency wrote down no such partner."))
    return found


def package_of(*, viewer: Actor, referral_id: UUID) -> DisclosurePackage | None:
    """The package of a referral that the viewer's agency sent; ``None`` for all others."""
    return visible_packages(viewer).filter(referral_id=referral_id).first()
