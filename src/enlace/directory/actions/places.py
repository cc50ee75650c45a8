"""Sites: what they are, what they give, whom they take, how they are reached, and the sealed record of where they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.actions import audited
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.directory import rules
from enlace.directory.actions.offers import Offer, publish_offers
from enlace.directory.models import (
    AGENCIES,
    CONTACT_KINDS,
    PUBLIC,
    Criterion,
    Programme,
    ServiceOffer,
    Site,
    SiteContact,
)
from enlace.directory.permissions import locked_site, own_sites
from enlace.directory.queries import kinds_in_law
from enlace.vault.actions import erase_record, seal_record

PLACE = ("address", "directions", "contact")  # the parts of a sealed place
CODED = {"kind_code": "site_kind", "security_code": "security_level", "funding_code": "funding_source"}
LISTED = {"language_codes": "language", "accessibility_codes": "accessibility"}
MOST_DAYS = 3660


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site as it should be. With the id of one that exists, that one is changed."""

    agency_code: str
    name: str
    kind_code: str
    state_code: str
    security_code: str
    is_secret: bool = True
    accepts_trafficking: bool = True
    may_go_out_alone: bool = True
    only_while_trial: bool = False
    max_stay_days: int | None = None
    extension_days: int | None = None
    language_codes: tuple[str, ...] = ()
    accessibility_codes: tuple[str, ...] = ()
    hours: str = ""
    funding_code: str = ""
    inspected_on: date | None = None
    is_open: bool = True
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class Reach:
    """One way to reach a site. ``confidentiality``: "public", or "agencies" for the people of agencies alone."""

    kind: str
    value: str
    confidentiality: str = AGENCIES


def save_sites(*, by: Actor, rows: Sequence[Place]) -> list[Site]:
    """Add or change sites. What a closed site offered is no longer offered, unless another one of the agency does.

    Raises ``Missing`` for a site of another agency, ``Refusal`` for what is in no list of the pack.
    """
    check(by, "DIRECTORY_EDIT")
    known = {agency.pk for agency in agencies()}
    for row in rows:
        _check_place(by, row, known)
    now = timezone.now()
    with audited(by=by, action="site.saved", detail={"count": len(rows)}) as event:
        if len(rows) == 1:
            event.about("site", rows[0].id)
        before = _existing(by, rows)
        places = {(site.agency_id, site.state_code) for site in before.values()}
        sites = [_site(row, before.get(row.id), now) for row in rows]
        _check_secrets([site for site in sites if site.is_secret])
        fields = [f.name for f in Site._meta.concrete_fields if f.name not in ("id", "code")]
        Site.objects.bulk_create(
            sites, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=500
        )
        if before:  # a new site has no programme yet
            _offers_follow(by, sites, places)
    return sites


def save_programmes(*, by: Actor, site_id: UUID, service_codes: Collection[str]) -> None:
    """The services that a site gives from now on; the agency's offers in its state follow."""
    check(by, "DIRECTORY_EDIT")
    services = current().codes("service")
    for code in service_codes:
        if code not in services:
            raise Refusal(_("The service “%s” is not in the list.") % code)
    wanted = set(service_codes)
    with audited(by=by, action="site.programmes_saved", subject=("site", site_id)) as event:
        site = locked_site(by, site_id)
        known = {row.service_code: row for row in site.programmes.all()}
        for code, row in known.items():
            row.is_open = code in wanted
        Programme.objects.bulk_update(known.values(), ["is_open"], batch_size=500)
        new = [Programme(site=site, service_code=code) for code in sorted(wanted - known.keys())]
        Programme.objects.bulk_create(new)
        _touch(site)
        _offers_follow(by, [site], set())
        event.detail.update(services=sorted(wanted))


def save_criteria(*, by: Actor, site_id: UUID, rows: Sequence[rules.Criterion], unit_id: UUID | None = None) -> None:
    """Whom a site takes, or one of its units besides: these conditions instead of those before."""
    check(by, "DIRECTORY_EDIT")
    for row in rows:
        rules.check_criterion(row)
        _check_values(row)
    with audited(by=by, action="site.criteria_saved", subject=("site", site_id)) as event:
        site = locked_site(by, site_id)
        if unit_id and not site.units.filter(pk=unit_id).exists():
            raise Missing(_("Your agency keeps no such beds."))
        removed, _by_table = site.criteria.filter(unit_id=unit_id).delete()
        Criterion.objects.bulk_create([_criterion(site, unit_id, row) for row in rows], batch_size=500)
        _touch(site)
        event.detail.update(before=removed, after=len(rows))


def save_contacts(*, by: Actor, site_id: UUID, rows: Sequence[Reach]) -> None:
    """How a site is reached: these ways instead of those before. A secret place has none outside the vault."""
    check(by, "DIRECTORY_EDIT")
    for row in rows:
        _check_contact(row)
    with audited(by=by, action="site.contacts_saved", subject=("site", site_id), detail={"count": len(rows)}):
        site = locked_site(by, site_id)
        if rows and site.is_secret:
            raise Refusal(_("A secret place has no contacts here: write them with its sealed address."))
        site.contacts.all().delete()
        SiteContact.objects.bulk_create(
            [SiteContact(site=site, **vars(row)) for row in {(r.kind, r.value): r for r in rows}.values()]
        )
        _touch(site)


def seal_place(*, by: Actor, site_id: UUID, content: Mapping[str, str]) -> None:
    """Write where a site is (parts of ``PLACE``) into a new sealed record of its agency; an earlier one is destroyed."""
    check(by, "DIRECTORY_EDIT")
    told = {name: str(content.get(name, "")).strip() for name in PLACE}
    if not told["address"]:
        raise Refusal(_("Write the address."))
    with audited(by=by, action="place.sealed", subject=("site", site_id), data_class="B"):
        site = locked_site(by, site_id)
        if not by.is_system and site.agency_id != by.agency_code:
            raise Missing(_("Your agency keeps no such place."))
        if site.place_record_id:
            erase_record(by=by, record_id=site.place_record_id)
        site.place_record_id = new_id()
        agency = site.agency_id if by.is_system else ""
        seal_record(by=by, record_id=site.place_record_id, content=told, agency_code=agency)
        site.save(update_fields=["place_record_id"])


def _check_place(by: Actor, row: Place, agencies_known: Collection[str]) -> None:
    pack = current()
    if row.agency_code not in agencies_known:
        raise Refusal(_("Choose an agency that is in the directory."))
    if row.agency_code != by.agency_code and not by.is_system and by.scope != NATIONAL:
        raise Forbidden(_("An agency edits only its own places."))
    if not 0 < len(row.name.strip()) <= 120:
        raise Refusal(_("Give the place a name of at most 120 characters that does not tell where it is."))
    if row.state_code not in pack.states_by_code:
        raise Refusal(_("Choose the state."))
    for name, list_name in CODED.items():
        code = getattr(row, name)
        if (code or name != "funding_code") and code not in pack.codes(list_name):
            raise Refusal(_("The code “%s” is not in the list.") % code)
    for name, list_name in LISTED.items():
        for code in getattr(row, name):
            if code not in pack.codes(list_name):
                raise Refusal(_("The code “%s” is not in the list.") % code)
    _check_stay(row)


def _check_stay(row: Place) -> None:
    if any(days is not None and not 0 < days <= MOST_DAYS for days in (row.max_stay_days, row.extension_days)):
        raise Refusal(_("A length of stay is between 1 and %(most)d days.") % {"most": MOST_DAYS})
    if row.extension_days is not None and row.max_stay_days is None:
        raise Refusal(_("Without a longest stay there is nothing to extend."))
    if row.inspected_on and row.inspected_on > timezone.localdate():
        raise Refusal(_("An inspection is not in the future."))
    if len(row.hours) > 200:
        raise Refusal(_("Say the hours in at most 200 characters."))


def _existing(by: Actor, rows: Sequence[Place]) -> dict[UUID, Site]:
    """The sites that are changed, locked. One of another agency is told as not there."""
    ids = [row.id for row in rows]
    if len(ids) != len(set(ids)):
        raise Refusal(_("The same place stands twice in what was sent."))
    found: dict[UUID, Site] = {}
    for start in range(0, len(ids), 500):
        batch = ids[start : start + 500]
        kept = own_sites(by).select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk")
        found |= {site.pk: site for site in kept}
        if Site.objects.filter(pk__in=batch).count() != len(found.keys() & set(batch)):
            raise Missing(_("Your agency keeps no such place."))
    for row in rows:
        if row.id in found and found[row.id].agency_id != row.agency_code:
            raise Refusal(_("A place stays with its agency."))
    return found


def _site(row: Place, before: Site | None, now: datetime) -> Site:
    values = {name: value for name, value in vars(row).items() if name not in ("id", "agency_code", "code_value")}
    values |= {"name": row.name.strip(), "hours": row.hours.strip()}
    values |= {name: list(dict.fromkeys(getattr(row, name))) for name in LISTED}
    return Site(
        id=row.id,
        agency_id=row.agency_code,
        code=before.code if before else new_code("S", row.code_value),
        place_record_id=before.place_record_id if before else None,
        updated_at=now,
        **values,
    )


def _check_secrets(sites: Sequence[Site]) -> None:
    """A place that becomes secret keeps no contact that could lead to it."""
    ids = [site.pk for site in sites]
    for start in range(0, len(ids), 500):
        if SiteContact.objects.filter(site_id__in=ids[start : start + 500]).exists():
            raise Refusal(_("Remove the contacts of this place first: a secret place has none outside the vault."))


def _check_values(row: rules.Criterion) -> None:
    """The codes of a condition are codes of the pack."""
    if row.fact not in rules.CODED:
        return
    list_name = rules.CODED[row.fact]
    known: Collection[str] = current().codes(list_name).by_code if list_name else rules.NATIONALITIES
    for value in sorted(row.values):
        if value not in known:
            raise Refusal(_("The code “%s” is not in the list.") % value)


def _check_contact(row: Reach) -> None:
    if row.kind not in CONTACT_KINDS or row.confidentiality not in (PUBLIC, AGENCIES):
        raise Refusal(_("Choose the kind of contact and who may read it."))
    if not 0 < len(row.value.strip()) <= 200:
        raise Refusal(_("Write the contact in at most 200 characters."))


def _criterion(site: Site, unit_id: UUID | None, row: rules.Criterion) -> Criterion:
    return Criterion(
        site=site,
        unit_id=unit_id,
        must=row.must,
        fact=row.fact,
        values=sorted(row.values),
        least=row.least,
        most=row.most,
        basis=row.basis.strip()[:200],
    )


def _touch(site: Site) -> None:
    site.updated_at = timezone.now()
    site.save(update_fields=["updated_at"])


def _offers_follow(by: Actor, sites: Sequence[Site], earlier: Collection[tuple[str, str]]) -> None:
    """What the agency offers in a state follows what its open places there give; ``earlier``: where the sites were.

    A place that the law bars, or that takes no victims of trafficking, makes no offer.
    """
    where = {(site.agency_id, site.state_code) for site in sites} | set(earlier)
    agency_codes = {agency for agency, _state in where}
    given = {row for row in _given(agency_codes) if row[:2] in where}
    publish_offers(by=by, rows=[Offer(agency, code, state) for agency, state, code in sorted(given)])
    touched = set(Programme.objects.filter(site__in=sites).values_list("site__agency_id", "service_code"))
    gone = [
        offer.pk
        for offer in ServiceOffer.objects.filter(is_open=True, agency_id__in=agency_codes)
        if (offer.agency_id, offer.state_code) in where
        and (offer.agency_id, offer.service_code) in touched
        and (offer.agency_id, offer.state_code, offer.service_code) not in given
    ]
    ServiceOffer.objects.filter(pk__in=gone).update(is_open=False)


def _given(agency_codes: Collection[str]) -> set[tuple[str, str, str]]:
    """(agency, state, service) that open places of these agencies give to victims of trafficking."""
    rows = Programme.objects.filter(is_open=True, site__is_open=True, site__accepts_trafficking=True)
    rows = rows.filter(site__agency_id__in=agency_codes)
    rows = rows.exclude(site__kind_code__in=[kind for kind, law in kinds_in_law().items() if law.barred])
    return set(rows.values_list("site__agency_id", "site__state_code", "service_code"))
