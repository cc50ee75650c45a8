"""Places with their units and beds, as pages show them, and the sealed record of where one is."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.pages import Page, page
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.directory.models import Bed, BedUnit, Criterion, Site, SiteContact
from enlace.directory.permissions import holds_place, is_own, kept_sites, kept_units, own_sites, visible_sites
from enlace.directory.queries.served import taking
from enlace.directory.queries.supply import CONDITION, IN_SERVICE, condition
from enlace.directory.rules import Criterion as Condition
from enlace.vault.queries import open_record

ORDER = ("name", "id")


@dataclass(frozen=True)
class Wanted:
    """The filters of the list of places. ``age`` in years; "" and None mean all."""

    service_code: str = ""
    state_code: str = ""
    sex_code: str = ""
    age: int | None = None


def site_page(*, viewer: Actor, wanted: Wanted, cursor: str = "", size: int = 25) -> Page:
    """Open places that may take such a person, by name. What the units ask besides is seen on the place's page."""
    rows = taking(visible_sites(viewer).filter(is_open=True), wanted.sex_code, wanted.age, unit=None)
    if wanted.state_code:
        rows = rows.filter(state_code=wanted.state_code)
    if wanted.service_code:
        rows = rows.filter(programmes__service_code=wanted.service_code, programmes__is_open=True)
    return page(rows.select_related("agency").prefetch_related("programmes"), order=ORDER, cursor=cursor, size=size)


def own_site_page(*, viewer: Actor, cursor: str = "", size: int = 25) -> Page:
    """The places that the viewer edits, closed ones too, with their units and how many beds are in service."""
    rows = own_sites(viewer).select_related("agency").prefetch_related("programmes")
    return page(rows, order=ORDER, cursor=cursor, size=size)


def site(*, viewer: Actor, site_id: UUID) -> Site:
    """One place that the viewer may see. Raises ``Missing``."""
    found = visible_sites(viewer).select_related("agency").filter(pk=site_id).first()
    if found is None:
        raise Missing(_("There is no such place."))
    return found


def own_site(*, viewer: Actor, site_id: UUID) -> Site:
    """One place that the viewer edits. Raises ``Missing``."""
    found = own_sites(viewer).select_related("agency").filter(pk=site_id).first()
    if found is None:
        raise Missing(_("Your agency keeps no such place."))
    return found


def own_unit(*, viewer: Actor, unit_id: UUID) -> BedUnit:
    """One unit of a place that the viewer edits. Raises ``Missing``."""
    found = BedUnit.objects.filter(site__in=own_sites(viewer), pk=unit_id).select_related("site").first()
    if found is None:
        raise Missing(_("Your agency keeps no such beds."))
    return found


def own_site_names(*, viewer: Actor) -> dict[UUID, str]:
    """The names of the places that the viewer edits."""
    return dict(own_sites(viewer).order_by("name").values_list("pk", "name"))


def site_names(*, viewer: Actor, site_ids: Collection[UUID]) -> dict[UUID, str]:
    """The neutral names of places; those that the viewer may not see are absent."""
    return dict(visible_sites(viewer).filter(pk__in=site_ids).values_list("pk", "name"))


def contacts(*, viewer: Actor, site_id: UUID) -> list[SiteContact]:
    """How agencies reach a site, as far as it may be told outside the vault."""
    rows = SiteContact.objects.filter(site__in=visible_sites(viewer).filter(pk=site_id))
    return list(rows.order_by("kind", "value"))


def criteria(*, viewer: Actor, site_id: UUID, unit_id: UUID | None = None) -> list[Condition]:
    """Whom a site takes, or what one of its units asks besides."""
    rows = Criterion.objects.filter(site__in=visible_sites(viewer).filter(pk=site_id), unit_id=unit_id)
    return [condition(row) for row in rows.order_by("fact", "must", "id").values(*CONDITION)]


@dataclass(frozen=True)
class UnitRow:
    """A unit for a page: its beds in service and out of it."""

    unit: BedUnit
    in_service: int
    out_of_service: int


def units(*, viewer: Actor, site_ids: Collection[UUID]) -> dict[UUID, list[UnitRow]]:
    """The units of places, by place: of the own ones, and of others unless they are secret."""
    shown = visible_sites(viewer).filter(pk__in=site_ids)
    found: dict[UUID, list[UnitRow]] = defaultdict(list)
    rows = BedUnit.objects.filter(site__in=shown).select_related("site").order_by("name", "id")
    for row in rows.annotate(total=Count("beds"), working=Count("beds", filter=IN_SERVICE)):
        if is_own(viewer, row.site) or (row.is_open and not row.site.is_secret):
            found[row.site_id].append(UnitRow(row, row.working, row.total - row.working))
    return found


def kept_site(*, viewer: Actor, site_id: UUID) -> Site:
    """One place whose beds the viewer keeps. Raises ``Missing``."""
    found = kept_sites(viewer).filter(pk=site_id).first()
    if found is None:
        raise Missing(_("Your agency keeps no such place."))
    return found


def kept_unit(*, viewer: Actor, unit_id: UUID) -> BedUnit:
    """One unit whose beds the viewer keeps. Raises ``Missing``."""
    found = kept_units(viewer).select_related("site").filter(pk=unit_id).first()
    if found is None:
        raise Missing(_("Your agency keeps no such beds."))
    return found


def beds_of(*, viewer: Actor, unit_id: UUID) -> list[Bed]:
    """The beds of a unit that the viewer keeps, by number."""
    return list(Bed.objects.filter(unit__in=kept_units(viewer).filter(pk=unit_id)).order_by("number"))


def kept_bed(*, viewer: Actor, bed_id: UUID) -> Bed:
    """One bed that the viewer keeps. Raises ``Missing``."""
    found = Bed.objects.filter(unit__in=kept_units(viewer)).select_related("unit__site").filter(pk=bed_id).first()
    if found is None:
        raise Missing(_("Your agency keeps no such beds."))
    return found


def stale_units(*, viewer: Actor, at: datetime, limit: int) -> list[BedUnit]:
    """Units with beds that nobody has confirmed within the limit ``vacancy_stale``, the oldest first."""
    since = at - current().limits["vacancy_stale"]
    rows = kept_units(viewer).filter(is_open=True, site__is_open=True)
    rows = rows.filter(Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=since))
    rows = rows.filter(Exists(Bed.objects.filter(unit=OuterRef("pk"), out_of_service_since__isnull=True)))
    return list(rows.select_related("site").order_by(F("confirmed_at").asc(nulls_first=True), "id")[:limit])


def open_place(*, viewer: Actor, site_id: UUID, purpose: str) -> dict[str, str]:
    """Where a site of the viewer's agency is: address, directions, contact. The reading is on record first.

    ``purpose`` is a code of the pack's list "access_purpose". Raises ``Missing`` for every other agency and when nothing
    was sealed, and records that too.
    """
    check(viewer, "WHEREABOUTS_READ")
    if purpose not in current().codes("access_purpose"):
        raise Refusal(_("Choose the purpose from the list."))
    found = visible_sites(viewer).filter(pk=site_id).first()
    record_id = found.place_record_id if found and holds_place(viewer, found) else None
    told: dict[str, str] = {}
    with audited(by=viewer, action="place.read", subject=("site", site_id), data_class="B", purpose=purpose) as event:
        if record_id is None:
            event.action = "place.refused"
        else:
            told = open_record(viewer=viewer, record_id=record_id, purpose=purpose)[-1].content
    if record_id is None:
        raise Missing(_("Your agency holds no address of such a place."))
    return {name: text for name, text in told.items() if text}
