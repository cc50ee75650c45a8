"""The supply as the matcher, the map and the planner read it: facts without names or addresses."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.directory.models import Agreement, BedUnit, Criterion, Programme, Site
from enlace.directory.permissions import visible_agreements
from enlace.directory.queries.law import KindInLaw, kinds_in_law, security_levels
from enlace.directory.queries.served import taking
from enlace.directory.rules import AgreementFacts, SiteFacts, UnitFacts
from enlace.directory.rules import Criterion as Condition

IN_SERVICE = Q(beds__isnull=False, beds__out_of_service_since__isnull=True)
SITE = (
    "id", "agency_id", "kind_code", "state_code", "security_code", "language_codes", "accessibility_codes",
    "max_stay_days", "extension_days", "may_go_out_alone", "only_while_trial", "accepts_trafficking",
)  # fmt: skip
CONDITION = ("must", "fact", "values", "least", "most", "basis")
Asked = Mapping[tuple[UUID, UUID | None], tuple[Condition, ...]]


def site_facts(
    *, viewer: Actor, services: Collection[str] = (), state: str = "", taken: Mapping[UUID, int] | None = None
) -> list[SiteFacts]:
    """Every open site as the matcher reads it, ordered by id; barred ones too, so that it can say why.

    ``services`` keeps the sites that offer at least one of them, ``state`` those of one state. ``taken``: the beds that are
    held or slept in by unit, from who knows the stays; without it no free beds are known (-1). Four queries, however many
    sites.
    """
    check(viewer, "DIRECTORY_READ")
    rows = Site.objects.filter(is_open=True, agency__is_active=True)
    if state:
        rows = rows.filter(state_code=state)
    if services:
        giving = Programme.objects.filter(site=OuterRef("pk"), is_open=True, service_code__in=services)
        rows = rows.filter(Exists(giving))
    asked = _conditions(rows)
    given, housed = _programmes(rows), _units(rows, asked, taken)
    law, levels = kinds_in_law(), security_levels()
    nothing_known = KindInLaw(barred=False, specialised=False, article="")  # a kind that the pack no longer has
    return [
        _facts(row, law.get(row["kind_code"], nothing_known), levels, given, asked, housed)
        for row in rows.order_by("pk").values(*SITE)
    ]


def agreements(*, viewer: Actor, on: date) -> list[AgreementFacts]:
    """The agreements between states in force on a day."""
    rows = _in_force(visible_agreements(viewer), on).order_by("from_state", "to_state", "id")
    return [AgreementFacts(row.from_state, row.to_state, row.site_id, row.service_code) for row in rows]


@dataclass(frozen=True)
class Supply:
    """What a state has: open places that take victims of trafficking, those specialised among them, beds in service."""

    sites: int
    specialised: int
    beds: int
    stale_beds: int  # of those beds, how many nobody confirmed in time


def places_by_state(
    *, viewer: Actor, sex_code: str = "", age: int | None = None, service_code: str = ""
) -> dict[str, Supply]:
    """The offer of every state of the pack, for anybody or for a person of this sex and age: the map and its table.

    Places that the law bars, or that take no victims of trafficking, are no offer. Nothing is "missing" here: a state
    without a place has none in the directory, which is itself the news.
    """
    if not viewer.may("NEED_READ"):
        check(viewer, "DIRECTORY_READ")
    law = kinds_in_law()
    rows = Site.objects.filter(is_open=True, agency__is_active=True, accepts_trafficking=True)
    rows = rows.exclude(kind_code__in=[code for code, kind in law.items() if kind.barred])
    if service_code:
        rows = rows.filter(programmes__service_code=service_code, programmes__is_open=True)
    kept = list(taking(rows, sex_code, age, unit=None).values_list("pk", "state_code", "kind_code"))
    beds = _beds(sex_code, age)
    found = {state.code: [0, 0, 0, 0] for state in current().states}
    for site_id, state, kind in kept:
        total, stale = beds.get(site_id, (0, 0))
        is_special = int(kind in law and law[kind].specialised)
        for place, amount in enumerate((1, is_special, total, stale)):
            found[state][place] += amount
    return {state: Supply(*counted) for state, counted in found.items()}


def _facts(
    row: Mapping[str, Any],
    law: KindInLaw,
    levels: Mapping[str, int],
    given: Mapping[UUID, set[str]],
    asked: Asked,
    housed: Mapping[UUID, Sequence[UnitFacts]],
) -> SiteFacts:
    pk = row["id"]
    return SiteFacts(
        site_id=pk,
        agency_code=row["agency_id"],
        kind=row["kind_code"],
        state=row["state_code"],
        barred=law.barred,
        article=law.article,
        specialised=law.specialised,
        security=levels.get(row["security_code"], 0),
        services=frozenset(given.get(pk, ())),
        languages=frozenset(row["language_codes"]),
        accessibility=frozenset(row["accessibility_codes"]),
        criteria=asked.get((pk, None), ()),
        max_stay_days=row["max_stay_days"],
        extension_days=row["extension_days"],
        may_go_out_alone=row["may_go_out_alone"],
        only_while_trial=row["only_while_trial"],
        accepts_trafficking=row["accepts_trafficking"],
        units=tuple(housed.get(pk, ())),
    )


def _programmes(sites: QuerySet[Site]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Programme.objects.filter(site__in=sites, is_open=True)
    for site_id, code in rows.values_list("site_id", "service_code"):
        found[site_id].add(code)
    return found


def _conditions(sites: QuerySet[Site]) -> Asked:
    """Conditions by (site, unit); those of the site itself stand under None. Many places ask the same: it is kept once."""
    found: dict[tuple[UUID, UUID | None], list[Condition]] = defaultdict(list)
    once: dict[tuple[Any, ...], Condition] = {}
    rows = Criterion.objects.filter(site__in=sites).order_by("fact", "must", "id")
    for site_id, unit_id, must, fact, values, least, most, basis in rows.values_list("site_id", "unit_id", *CONDITION):
        said = (must, fact, tuple(values), least, most, basis)
        if said not in once:
            once[said] = Condition(must, fact, frozenset(values), least, most, basis)
        found[site_id, unit_id].append(once[said])
    return {key: tuple(listed) for key, listed in found.items()}


def condition(row: Mapping[str, Any]) -> Condition:
    return Condition(row["must"], row["fact"], frozenset(row["values"]), row["least"], row["most"], row["basis"])


def _units(sites: QuerySet[Site], asked: Asked, taken: Mapping[UUID, int] | None) -> dict[UUID, list[UnitFacts]]:
    """Open units with their beds in service, and how many of them are free, by site."""
    found: dict[UUID, list[UnitFacts]] = defaultdict(list)
    rows = BedUnit.objects.filter(site__in=sites, is_open=True).annotate(total=Count("beds", filter=IN_SERVICE))
    for pk, site_id, confirmed_at, total in rows.order_by("id").values_list("id", "site_id", "confirmed_at", "total"):
        free = -1 if taken is None else max(0, total - taken.get(pk, 0))
        found[site_id].append(UnitFacts(pk, total, confirmed_at, asked.get((site_id, pk), ()), free))
    return found


def _beds(sex_code: str, age: int | None) -> dict[UUID, tuple[int, int]]:
    """(beds in service, those with a stale count) of the units that take such a person, by site."""
    since = timezone.now() - current().limits["vacancy_stale"]
    rows = taking(BedUnit.objects.filter(is_open=True, site__is_open=True), sex_code, age, unit="pk")
    found: dict[UUID, tuple[int, int]] = {}
    for row in rows.annotate(total=Count("beds", filter=IN_SERVICE)).values("site_id", "confirmed_at", "total"):
        total, stale = found.get(row["site_id"], (0, 0))
        is_stale = row["confirmed_at"] is None or row["confirmed_at"] < since
        found[row["site_id"]] = (total + row["total"], stale + row["total"] * is_stale)
    return found


def _in_force(rows: QuerySet[Agreement], on: date) -> QuerySet[Agreement]:
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
