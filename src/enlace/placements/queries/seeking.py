"""Finding a place: what is known of the person and what was asked, the places of the directory, and the matcher between."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency_names
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.permissions import check
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.queries import forms_by_case
from enlace.country.queries import current
from enlace.directory import queries as directory
from enlace.directory.rules import SiteFacts
from enlace.people.queries import age_bands, grants_of
from enlace.people.rules import Grant, stands
from enlace.placements.models import Search
from enlace.placements.queries.distances import kilometres
from enlace.placements.queries.stays import all_taken
from enlace.placements.rules import Child, Limits, Need, Offer, Ranked, SiteTable, match_in
from enlace.referrals.actions import CONSENT_PURPOSE
from enlace.referrals.permissions import visible as visible_referrals
from enlace.referrals.rules import DECLINED, EXPIRED

SHOWN = 50  # of a national directory: what fits, and what comes nearest


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked about a person besides what the case knows. ``None`` and "" mean that nobody asked."""

    service_codes: tuple[str, ...]
    children: tuple[tuple[str, int | None], ...] | None = None  # sex and age of each who comes along
    family: bool | None = None
    pregnant: bool | None = None
    disability: bool | None = None
    lgbti: bool | None = None
    exclusion_codes: tuple[str, ...] | None = None
    security_code: str = ""
    accessibility_codes: tuple[str, ...] = ()
    avoid_states: tuple[str, ...] = ()
    refused_sites: tuple[str, ...] = ()
    days: int | None = None
    ground_code: str = ""
    tells_nothing: bool = False  # the place is asked without a word about the person

    @property
    def beds(self) -> int:
        """How many beds in one unit; none for help without lodging."""
        return 1 + len(self.children or ()) if lodging() & set(self.service_codes) else 0

    def stored(self) -> dict[str, Any]:
        """As JSON; ``read_asked`` reads it back."""
        return asdict(self)


def read_asked(stored: Mapping[str, Any]) -> Asked:
    """What ``Asked.stored`` wrote."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    if values.get("children") is not None:
        values["children"] = tuple((str(sex), age) for sex, age in values["children"])
    return Asked(**values)


def lodging() -> set[str]:
    """The services that come with a bed, as the pack says."""
    return {item.code for item in current().codes("service") if item.extra["lodging"] == "yes"}


@dataclass(frozen=True)
class Places:
    """The answer about one person: every site with its reasons, and the names of those that are shown."""

    case: Any
    asked: Asked
    need: Need
    ranked: Ranked
    fits: Sequence[Offer]
    others: Sequence[Offer]
    barred: Sequence[Offer]
    sites: Mapping[UUID, SiteFacts]
    names: Mapping[UUID, str]
    agency_names: Mapping[str, str]

    @property
    def other_count(self) -> int:
        """How many sites do not fit, those that are not shown too."""
        return sum(not offer.fits for offer in self.ranked.offers)


@dataclass(frozen=True)
class Supply:
    """Every open site with its free beds of one moment, once as facts and once as the matcher takes them."""

    sites: Sequence[SiteFacts]
    table: SiteTable


def supply(*, viewer: Actor, at: datetime) -> Supply:
    """What the directory offers at an hour; made once for many people."""
    sites = sites_now(viewer=viewer)
    return Supply(sites, SiteTable(sites, directory.agreements(viewer=viewer, on=timezone.localdate(at))))


def places(
    *, viewer: Actor, case_id: UUID, asked: Asked, at: datetime | None = None, offered: Supply | None = None
) -> Places:
    """Every site of the directory for the person of a case, ranked and explained. Raises ``Missing`` for others' cases."""
    check(viewer, "PLACE_FIND")
    when = at or timezone.now()
    found = visible_cases(viewer).filter(pk=case_id).select_related("person").first()
    if found is None:
        raise Missing(_("Your agency does not work on such a case."))
    need = needs_of(viewer=viewer, cases=[found], asked={found.pk: asked}, at=when)[0]
    offered = offered or supply(viewer=viewer, at=when)
    ranked = match_in(need, offered.table, when, limits())
    fits = [offer for offer in ranked.offers if offer.fits][:SHOWN]
    others = [offer for offer in ranked.offers if not offer.fits][:SHOWN]
    barred = ranked.barred_by_law[:SHOWN]
    shown = {offer.site_id for offer in (*fits, *others, *barred)}
    return Places(
        case=found,
        asked=asked,
        need=need,
        ranked=ranked,
        fits=fits,
        others=others,
        barred=barred,
        sites={row.site_id: row for row in offered.sites if row.site_id in shown},
        names=directory.site_names(viewer=viewer, site_ids=shown),
        agency_names=agency_names(),
    )


def sites_now(*, viewer: Actor) -> list[SiteFacts]:
    """Every open site with its free beds of this moment."""
    return directory.site_facts(viewer=viewer, taken=all_taken())


def limits() -> Limits:
    """The country's measures for the matcher."""
    return Limits(vacancy_stale=current().limits["vacancy_stale"], kilometres=kilometres())


def needs_of(*, viewer: Actor, cases: Sequence[Any], asked: Mapping[UUID, Asked], at: datetime) -> list[Need]:
    """The need of each case (with its person): what is recorded, and what was asked. In two queries, however many."""
    forms = forms_by_case(viewer=viewer, case_ids=[case.pk for case in cases])
    people = {case.person_id for case in cases}
    grants = grants_of(viewer=viewer, person_ids=people, purpose_code=CONSENT_PURPOSE)
    return [_need(case, asked[case.pk], forms.get(case.pk, ()), grants.get(case.person_id, ()), at) for case in cases]


def last_asked(case_ids: Collection[UUID]) -> dict[UUID, Asked]:
    """What was asked at the last search for each case, for the clocks; absent where nobody searched."""
    rows = Search.objects.filter(case_id__in=case_ids).order_by("at", "id")
    return {row.case_id: read_asked(row.asked) for row in rows}


def sites_asked_before(*, viewer: Actor, case_id: UUID, at: datetime) -> set[UUID]:
    """The sites that declined the person of a case, or let it expire, too short a time ago to be asked again.

    Of an agency that was asked without naming a site, all of them.
    """
    check(viewer, "PLACE_FIND")
    since = at - current().limits["place_ask_again"]
    rows = visible_referrals(viewer).filter(case_id=case_id, status__in=(DECLINED, EXPIRED), ended_at__gt=since)
    asked = set(rows.values_list("recipient_code", "site_id"))
    whole = {agency for agency, site in asked if site is None}
    named = {site for _agency, site in asked if site is not None}
    return named | {site.site_id for site in directory.site_facts(viewer=viewer) if site.agency_code in whole}


def need_of_asked(asked: Asked | None, *, services: Collection[str], **known: Any) -> Need:
    """What was asked as the matcher reads it; ``known`` are the facts that stand elsewhere, by their names in ``Need``."""
    said = asked or Asked(service_codes=())
    said = replace(said, service_codes=tuple(services))
    children = tuple(Child(sex, age) for sex, age in said.children) if said.children is not None else None
    values: dict[str, Any] = {
        "children": children,
        "family": said.family,
        "pregnant": said.pregnant,
        "disability": said.disability,
        "lgbti": said.lgbti,
        "exclusions": None if said.exclusion_codes is None else frozenset(said.exclusion_codes),
        "security": directory.security_levels().get(said.security_code),
        "services": frozenset(services),
        "accessibility": frozenset(said.accessibility_codes),
        "avoid_states": frozenset(said.avoid_states),
        "refused_sites": frozenset(UUID(pk) for pk in said.refused_sites),
        "days": said.days,
        "beds": said.beds,
        "has_consent_or_ground": True,
    }
    return Need(**(values | known))


def _need(case: Any, asked: Asked, forms: Collection[str], grants: Sequence[Grant], at: datetime) -> Need:
    person, on = case.person, timezone.localdate(at)
    for_all, named, refused = _consents(grants, on)
    needs_none = bool(asked.ground_code) or asked.tells_nothing
    known: dict[str, Any] = {
        "sex": person.sex_code,
        "gender": person.gender_code,
        "age_span": _span(person.birth_year, person.age_group_code, on.year),
        "nationality": _nationality(person.citizenship_codes),
        "migration_status": person.migration_status_code,
        "forms": frozenset(forms),
        "state": case.state_code,
        "languages": frozenset({person.language_code, person.second_language_code} - {""}),
        "needs_interpreter": person.needs_interpreter,
        "has_consent_or_ground": for_all or needs_none,
        "consented_agencies": named,
        "refused_agencies": frozenset() if needs_none else refused,
    }
    if asked.children is None and person.children_count == 0:
        known["children"] = ()
    return need_of_asked(asked, services=asked.service_codes, **known)


def _consents(grants: Sequence[Grant], on: date) -> tuple[bool, frozenset[str], frozenset[str]]:
    """Whether anybody may be told, which agencies by name, and which not whoever else may."""
    by_name = {grant.recipient_code for grant in grants} - {""}
    named = frozenset(code for code in by_name if stands(grants, CONSENT_PURPOSE, code, on))
    return stands(grants, CONSENT_PURPOSE, "", on), named, frozenset(by_name) - named


def _span(birth_year: int | None, stated: str, year: int) -> tuple[int, int]:
    """The ages that a person may have: the group stated by whoever met the person, else the two that a year of birth leaves."""
    band = next((band for band in age_bands() if band.code == stated and (band.low is not None or band.high)), None)
    by_year = (0, 130) if birth_year is None else (max(0, year - birth_year - 1), max(0, year - birth_year))
    if band is None:
        return by_year
    low, high = band.low or 0, 130 if band.high is None else band.high
    inside = (max(low, by_year[0]), min(high, by_year[1]))
    return inside if inside[0] <= inside[1] else (low, high)


def _nationality(citizenships: Iterable[str]) -> str:
    known = list(citizenships)
    if not known:
        return ""
    return "national" if current().head.country_iso2 in known else "foreign"
