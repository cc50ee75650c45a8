"""The directory is open to everyone who may refer; an agency edits its own places and keeps its own beds."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.directory.models import Agreement, Bed, BedUnit, ServiceOffer, Site


def visible(viewer: Actor) -> QuerySet[ServiceOffer]:
    check(viewer, "DIRECTORY_READ")
    return ServiceOffer.objects.filter(agency__is_active=True)


def visible_sites(viewer: Actor) -> QuerySet[Site]:
    """Open places of active agencies, and the closed ones too for who edits them."""
    if not viewer.may("DIRECTORY_EDIT"):
        check(viewer, "DIRECTORY_READ")
    if _is_national(viewer):
        return Site.objects.all()
    shown = Q(is_open=True, agency__is_active=True) if viewer.may("DIRECTORY_READ") else Q()
    own = Q(agency_id=viewer.agency_code)
    return Site.objects.filter(shown | own if shown else own)


def own_sites(viewer: Actor) -> QuerySet[Site]:
    """The places that the viewer edits: those of the own agency, or all of them for the national scope."""
    check(viewer, "DIRECTORY_EDIT")
    return Site.objects.filter(_reach(viewer))


def kept_sites(viewer: Actor) -> QuerySet[Site]:
    """The places whose beds the viewer keeps."""
    check(viewer, "BEDS_KEEP")
    return Site.objects.filter(_reach(viewer))


def kept_units(viewer: Actor) -> QuerySet[BedUnit]:
    """The units whose beds the viewer keeps."""
    check(viewer, "BEDS_KEEP")
    return BedUnit.objects.filter(_reach(viewer, "site__"))


def visible_agreements(viewer: Actor) -> QuerySet[Agreement]:
    if not viewer.may("DIRECTORY_EDIT"):
        check(viewer, "DIRECTORY_READ")
    return Agreement.objects.all()


def may_end(viewer: Actor, agreement: Agreement) -> bool:
    """An agreement for one place is its agency's to end, one between states the national scope's."""
    if agreement.site_id is None:
        return viewer.may("DIRECTORY_EDIT") and (viewer.is_system or viewer.scope == NATIONAL)
    return own_sites(viewer).filter(pk=agreement.site_id).exists()


def is_own(viewer: Actor, site: Site) -> bool:
    """Whether the viewer may see all that is kept of the site outside the vault."""
    return _is_national(viewer) or site.agency_id == viewer.agency_code


def holds_place(viewer: Actor, site: Site) -> bool:
    """Whether the sealed address of the site is the viewer's agency's to open."""
    return viewer.is_system or site.agency_id == viewer.agency_code


def locked_site(by: Actor, site_id: UUID) -> Site:
    """The place, for writing. Not there and not yours are told in the same words."""
    found = own_sites(by).select_for_update(of=("self",)).filter(pk=site_id).first()
    if found is None:
        raise Missing(_("Your agency keeps no such place."))
    return found


def locked_unit(by: Actor, unit_id: UUID) -> BedUnit:
    found = kept_units(by).select_for_update(of=("self",)).filter(pk=unit_id).first()
    if found is None:
        raise Missing(_("Your agency keeps no such beds."))
    return found


def locked_units(by: Actor, ids: Sequence[UUID]) -> list[BedUnit]:
    """The units, for writing; ``Missing`` unless every one is there and kept by the actor."""
    found = list(kept_units(by).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if not ids or len(found) != len(set(ids)):
        raise Missing(_("Your agency keeps no such beds."))
    return found


def locked_beds(by: Actor, ids: Sequence[UUID]) -> list[Bed]:
    """The beds, for writing; ``Missing`` unless every one is there and kept by the actor."""
    kept = Bed.objects.filter(unit__in=kept_units(by))
    found = list(kept.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if not ids or len(found) != len(set(ids)):
        raise Missing(_("Your agency keeps no such beds."))
    return found


def _is_national(actor: Actor) -> bool:
    return actor.is_system or (actor.scope == NATIONAL and actor.may("DIRECTORY_EDIT"))


def _reach(actor: Actor, path: str = "") -> Q:
    """All places for the national scope, else those of the own agency; ``path`` leads from a row to its site."""
    if actor.is_system or actor.scope == NATIONAL:
        return Q()
    return Q(**{f"{path}agency_id": actor.agency_code})
